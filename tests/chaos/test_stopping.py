"""A worker that is asked to stop finishes what it has begun, gives the rest back, and exits in time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.chaos.cluster import cluster
from tests.chaos.conduct import load_spread
from tests.chaos.verdict import Database, read_ledger

pytestmark = pytest.mark.e2e


def test_a_stopped_worker_leaves_nothing_in_its_hands(folder: Path) -> None:
    with cluster(folder) as town:
        database = Database(town.database_url)
        load_spread(town, range(600), 1)
        for provider in ("twilio", "sendgrid"):
            town.arm({"provider": provider, "kind": "slow", "seconds": 1, "count": 600})
        town.start("scheduler-1", "workers")
        while len(read_ledger(town.ledger).accepted) < 30:
            time.sleep(0.05)
        assert town.terminate("workers") == 0
        states = database.states()
        assert not [state for state in states.values() if state in {"claimed", "sending", "uncertain"}]
        accepted = read_ledger(town.ledger).accepted
        assert {id_ for id_, state in states.items() if state in {"sent", "delivered"}} == set(accepted)
        assert len(accepted) < len(states), "all was sent before the worker was stopped"
