"""Deliver outcome events to their endpoints: at least once, in the order of each account, whoever else fails.

An endpoint is one worker's at a time, by a lease; no transaction is open during a call. What came of a batch counts
only while the lease's token is still there: a worker that was thought dead records nothing over another's work.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import uuid4

from sqlalchemy import Engine

from outreach.domain.webhook import Verdict
from outreach.flow.clock import Clock
from outreach.flow.delivery_results import After, Result, after, disabled_values
from outreach.flow.webhook_calls import Answer, Caller, CannotCall, Target
from outreach.settings import Settings
from outreach.store import journal, outcome_deliveries, webhook_endpoints
from outreach.store.engine import reading
from outreach.store.journal import NewTask
from outreach.store.outcome_deliveries import DEAD, Batch, Due
from outreach.store.webhook_endpoints import Endpoint

log = logging.getLogger(__name__)

#: Events in one batch, and calls to one endpoint at once: those of one account one after the other.
BATCH, LANES = 100, 8
#: Seconds in which calls of a batch may begin, and for which one endpoint is served before others have their turn.
BUDGET, TURN = 2.0, 10.0
#: How long an endpoint is left to the workers before it is enqueued again (machine time).
PATIENCE = timedelta(seconds=5)
#: What a lease leaves beside these and the longest call, to record what came of it.
MARGIN = timedelta(seconds=3)


class Deliveries:
    """Delivers for one process. Its calls run in threads of its own: a slow receiver takes none from sending."""

    def __init__(self, engine: Engine, clock: Clock, settings: Settings, caller: Caller | None = None) -> None:
        self._engine, self._clock = engine, clock
        self._stopping = threading.Event()
        self._caller = caller or Caller(settings)
        self._lease = timedelta(seconds=BUDGET + settings.provider_timeout) + MARGIN

    def serve(self, endpoint_id: int) -> int:
        """Tell one endpoint what waits for it, for a while; returns how many events it took."""
        token, until, taken, more = uuid4().hex, monotonic() + TURN, 0, True
        while more and not self._stopping.is_set():
            claimed = self._claim(endpoint_id, token)
            if claimed is None:
                break
            endpoint, batch = claimed
            results = self._call(endpoint, batch.due)
            count, more = self._record(
                endpoint, batch, results, goes_on=monotonic() < until and not self._stopping.is_set()
            )
            taken += count
        return taken

    def stop(self) -> None:
        """Finish what has begun and begin nothing more."""
        self._stopping.set()

    def _claim(self, endpoint_id: int, token: str) -> tuple[Endpoint, Batch] | None:
        machine_now = self._clock.machine()
        with self._engine.begin() as connection:
            endpoint = webhook_endpoints.claim(connection, endpoint_id, token, machine_now, machine_now + self._lease)
            if endpoint is None:
                return None
            # One that is down is tried with one event: nothing piles up while it is.
            size = 1 if endpoint.give_up_until else BATCH
            return endpoint, outcome_deliveries.next_batch(connection, endpoint, machine_now, size)

    def _call(self, endpoint: Endpoint, due: Sequence[Due]) -> list[Result]:
        if not due:
            return []
        try:
            target = self._caller.target(endpoint.url, endpoint.secret)
        except CannotCall as error:
            return [Result(due[0], Answer(Verdict.ENDPOINT, str(error)))]
        lanes: dict[int, list[Due]] = {}
        for one in due:
            lanes.setdefault(one.event.account_id, []).append(one)
        lane = _Lane(self._caller, target, self._clock)
        with ThreadPoolExecutor(min(LANES, len(lanes)), "outcomes") as pool:
            return [result for results in pool.map(lane.run, lanes.values()) for result in results]

    def _record(
        self, endpoint: Endpoint, batch: Batch, results: Sequence[Result], *, goes_on: bool
    ) -> tuple[int, bool]:
        """How many were taken, and whether to go on at once."""
        now, machine_now = self._clock.now(), self._clock.machine()
        came = after(endpoint, batch, results, machine_now, random.random())  # noqa: S311 (it only spreads retries)
        more = goes_on and not came.down and not came.disabled and bool(batch.due or batch.behind)
        values = came.values | _told(endpoint, came, now) | ({} if more else _RELEASED)
        with self._engine.begin() as connection:
            if not webhook_endpoints.change(connection, endpoint.id, endpoint.lease_token, values):
                return 0, False
            outcome_deliveries.record(connection, endpoint.id, came.left, came.kept)
            if came.disabled:
                journal.add_tasks(connection, [_task(endpoint, came.disabled, now)])
        _say(endpoint, came)
        return len(came.taken), more


def to_deliver(engine: Engine, machine_now: datetime) -> list[int]:
    """Ids of endpoints that wait to be told something. The caller enqueues them."""
    with reading(engine) as connection:
        ids = outcome_deliveries.with_work(connection, machine_now)
    if not ids:
        return []
    with engine.begin() as connection:
        return outcome_deliveries.leave_to_workers(connection, ids, machine_now, machine_now + PATIENCE)


class _Lane:
    """Calls the events of an account one after the other, until one fails; all stop once the endpoint itself fails."""

    def __init__(self, caller: Caller, target: Target, clock: Clock) -> None:
        self._caller, self._target, self._clock = caller, target, clock
        self._until = monotonic() + BUDGET
        self._stop = threading.Event()

    def run(self, lane: Sequence[Due]) -> list[Result]:
        results: list[Result] = []
        for due in lane:
            if self._stop.is_set() or monotonic() > self._until:
                break
            answer = self._call(due)
            results.append(Result(due, answer))
            if answer.verdict in (Verdict.ENDPOINT, Verdict.GONE):
                self._stop.set()
            if answer.verdict is not Verdict.TAKEN:
                break
        return results

    def _call(self, due: Due) -> Answer:
        message_id = f"outcome_{due.event.id}"
        return self._caller.post(self._target, message_id, due.event.document(), self._clock.machine())


#: No worker has it.
_RELEASED: dict[str, Any] = {"lease_token": "", "lease_until": None}


def _told(endpoint: Endpoint, came: After, now: datetime) -> dict[str, Any]:
    """What people are told of an endpoint."""
    values: dict[str, Any] = {}
    if came.taken:
        values |= {"delivered": endpoint.delivered + len(came.taken), "last_success_at": now}
    if came.error:
        values |= {"last_error": came.error[:200], "last_error_at": now}
    return values | disabled_values(now) if came.disabled else values


def _say(endpoint: Endpoint, came: After) -> None:
    if came.disabled:
        log.error("webhook %s is disabled: %s", endpoint.title, came.disabled)
    elif came.down and endpoint.give_up_until is None:
        log.warning("webhook %s fails: %s", endpoint.title, came.error)
    elif came.taken and endpoint.give_up_until is not None:
        log.warning("webhook %s works again", endpoint.title)
    dead = [one.outcome_id for one in came.kept if one.state == DEAD]
    if dead:
        log.error("webhook %s: %d events are dead, first %d: %s", endpoint.title, len(dead), dead[0], came.error)


def _task(endpoint: Endpoint, why: str, now: datetime) -> NewTask:
    title = f"The webhook {endpoint.title} is disabled: {why}. Repair it, then resume it: nothing is lost"
    return NewTask(kind="review", title=title[:300], dedupe=cause_of(endpoint.id, now), created_at=now)


def cause_of(endpoint_id: int, changed_at: datetime) -> str:
    """The cause of the task about an endpoint that was disabled at `changed_at`."""
    return f"webhook_endpoint:{endpoint_id}:{changed_at:%Y%m%dT%H%M%S}"
