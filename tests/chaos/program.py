"""The command line of Outreach as chaos runs it. What is wrong with a process comes from its environment:

CHAOS_SKEW       seconds by which its clock is ahead, or behind
CHAOS_DOUBLED    it enqueues every broker message twice
CHAOS_UNGUARDED  it claims without a compare-and-set, for the test that chaos finds out
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import dramatiq
from sqlalchemy import Connection, Row, update

from outreach import cli, wiring
from outreach.cli import context
from outreach.flow.clock import wall_clock
from outreach.store import notice_statements, notices
from outreach.store.batch import among
from outreach.store.outbox import notices as table
from outreach.workers import actors, broker


class SkewedClock:
    """A machine's clock that is off."""

    def __init__(self, seconds: float) -> None:
        self._by = timedelta(seconds=seconds)

    def now(self) -> datetime:
        return wall_clock() + self._by

    def machine(self) -> datetime:
        return wall_clock() + self._by

    def machine_at(self, business: datetime) -> datetime:
        return business


def enqueue_twice(courier: dramatiq.Broker, messages: Sequence[dramatiq.Message[Any]]) -> None:
    broker.enqueue(courier, [message for message in messages for _ in range(2)])


def claim_unguarded(
    connection: Connection, ids: Sequence[str], token: str, now: datetime, lease_until: datetime
) -> Sequence[Row[Any]]:
    """As `store.notices.claim`, but whatever state a notice is in."""
    statement = (
        update(table)
        .where(among(connection, table.c.id, ids))
        .values(state="claimed", claim_token=token, lease_until=lease_until)
        .returning(*notice_statements.columns())
    )
    return connection.execute(statement).all()


def main() -> None:
    """Make the process what its environment says, and run the command."""
    if skew := float(os.environ.get("CHAOS_SKEW", "0")):
        context.open_app = lambda settings: wiring.open_app(settings, SkewedClock(skew))
    if os.environ.get("CHAOS_DOUBLED"):
        actors.enqueue = enqueue_twice
    if os.environ.get("CHAOS_UNGUARDED"):
        notices.claim = claim_unguarded
    cli.main()


if __name__ == "__main__":
    main()
