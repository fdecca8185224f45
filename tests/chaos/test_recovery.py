"""After the worst everything is moving again within fifteen seconds, by recorded times."""

from __future__ import annotations

import json
import os
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis

from tests.chaos.cluster import Cluster, cluster
from tests.chaos.conduct import load_spread
from tests.chaos.verdict import Database, read_ledger

pytestmark = pytest.mark.e2e
BOUND = timedelta(seconds=15)
ACCOUNTS = 6_000
#: Longer than any call takes that nobody holds up, and shorter than a lease.
PAUSE = 2.0


def wait_until(moment: datetime) -> None:
    time.sleep(max(0.0, (moment - datetime.now(UTC)).total_seconds()))


def held(database: Database, since: datetime) -> list[str]:
    """Notices whose worker has shown no sign of life since then: others end what they hold within PAUSE."""
    lease = "SELECT id FROM notices WHERE state IN ('claimed', 'sending') AND lease_until <= %s"
    return [id_ for (id_,) in database.rows(lease, since + timedelta(seconds=11))]


def fetched(town: Cluster, since: datetime) -> set[str]:
    """Notices in messages that a worker without a heartbeat since then had fetched and not acknowledged."""
    with redis.Redis.from_url(town.broker.url, decode_responses=True) as client:
        silent = client.zrangebyscore("outreach:__heartbeats__", 0, int(since.timestamp() * 1000) + 100)
        found: set[str] = set()
        for worker in silent:
            for queue in ("sms", "email"):
                for message in client.smembers(f"outreach:__acks__.{worker}.{queue}"):
                    body = client.hget(f"outreach:{queue}.msgs", message)
                    found.update(json.loads(body)["args"][0] if body else ())
    return found


def freeze_one_that_holds_something(town: Cluster, database: Database) -> tuple[int, datetime, list[str]]:
    """Stop a worker process in the middle of its work: its id, since when it has been silent, and what it holds."""
    for turn in range(40):
        worker = town.children("workers")[0]
        os.kill(worker, signal.SIGSTOP)
        silent_since = datetime.now(UTC)
        wait_until(silent_since + timedelta(seconds=PAUSE))
        if holds := held(database, silent_since):
            return worker, silent_since, holds
        os.kill(worker, signal.SIGCONT)
        time.sleep(0.02 * (1 + turn % 5))  # another moment of its work each time
    raise AssertionError("no worker was met at work: give it more to do")


def messages(town: Cluster) -> dict[str, list[str]]:
    """What the broker has, fetched or not: notices by message."""
    with redis.Redis.from_url(town.broker.url, decode_responses=True) as client:
        found = [client.hgetall(f"outreach:{queue}.msgs") for queue in ("sms", "email")]
    return {key: json.loads(body)["args"][0] for part in found for key, body in part.items()}


def dispatched(town: Cluster) -> set[str]:
    """Notices that the broker has."""
    return {id_ for ids in messages(town).values() for id_ in ids}


def late(
    database: Database, town: Cluster, holds: list[str], waiting: set[str], old: set[str], since: datetime
) -> list[str]:
    """Those that are not moving again by now: what the worker held left its hands, what it only fetched was taken up by
    another or is at least in a message that is none of the `old` ones."""
    query = "SELECT DISTINCT notice_id FROM notice_events WHERE at > %s AND notice_id = ANY(%s)"
    moved = {id_ for (id_,) in database.rows(query, since, [*holds, *waiting])}
    again = {id_ for key, ids in messages(town).items() if key not in old for id_ in ids} & waiting
    return [id_ for id_ in (*holds, *waiting) if id_ not in moved | again]


def test_what_a_killed_worker_held_is_moving_again_within_fifteen_seconds(folder: Path) -> None:
    with cluster(folder) as town:
        database = Database(town.database_url)
        load_spread(town, range(ACCOUNTS), 60)
        town.start("scheduler-1", "workers")
        while not read_ledger(town.ledger).accepted:
            time.sleep(0.1)
        worker, silent_since, holds = freeze_one_that_holds_something(town, database)
        waiting, old = fetched(town, silent_since), set(messages(town))
        os.kill(worker, signal.SIGKILL)
        wait_until(silent_since + BOUND)
        found = late(database, town, holds, waiting, old, silent_since)
        assert not found, f"{len(found)} of {len(holds)} held and {len(waiting)} fetched notices were not moving again"


def test_what_the_broker_forgot_is_dispatched_again_though_the_leader_dies_with_it(folder: Path) -> None:
    with cluster(folder) as town:
        load_spread(town, range(300), 1)
        town.start("scheduler-1")
        # There is no worker: what is dispatched stays with the broker.
        while len(dispatched(town)) < 300:
            time.sleep(0.1)
        town.start("scheduler-2")
        while "scheduler runs" not in town.log_tail("scheduler-2"):
            time.sleep(0.1)
        lost_at = datetime.now(UTC)
        town.kill("scheduler-1")
        town.flush_broker()
        wait_until(lost_at + BOUND)
        assert len(dispatched(town)) == 300, "the new leader has not dispatched all that was lost"
