"""A few counts for a terminal that shows what happens."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Engine, Select, func, select, true

from outreach.store.engine import reading
from outreach.store.outbox import notices, replies, tasks
from outreach.store.tables import accounts, contact_points, enrolments


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How many accounts, enrolments, notices by (channel, state), replies, opt-outs and tasks there are."""

    accounts: int
    enrolled: int
    notices: Mapping[tuple[str, str], int]
    waiting_for_approval: int
    replies: int
    opt_outs: int
    open_tasks: int


def read_snapshot(engine: Engine) -> Snapshot:
    """Count, in one transaction."""
    by_state = select(notices.c.channel, notices.c.state, func.count()).group_by(notices.c.channel, notices.c.state)
    waiting = select(func.count()).where(notices.c.needs_approval == true(), notices.c.state == "planned")
    opted_out = select(func.count()).where(contact_points.c.opted_out_at.is_not(None))
    open_tasks = select(func.count()).select_from(tasks).where(tasks.c.state == "open")
    with reading(engine) as connection:

        def number(query: Select[int]) -> int:
            return connection.scalar(query) or 0

        return Snapshot(
            accounts=number(select(func.count()).select_from(accounts)),
            enrolled=number(select(func.count()).select_from(enrolments)),
            notices={(channel, state): found for channel, state, found in connection.execute(by_state)},
            waiting_for_approval=number(waiting),
            replies=number(select(func.count()).select_from(replies)),
            opt_outs=number(opted_out),
            open_tasks=number(open_tasks),
        )
