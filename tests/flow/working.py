"""Agents at work, for tests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from outreach.domain.disposition import Disposition
from outreach.flow.dispositions import Ending, end
from outreach.flow.tasks import Claimed, Moment, Worker, claim_next
from outreach.store.journal import NewTask, add_tasks
from outreach.store.outbox import tasks, timeline
from outreach.store.tables import accounts
from outreach.store.tasks import Wanted
from outreach.store.users import Role
from tests.flow.house import House

ANN = Worker("ann@lender.example", Role.AGENT)
BEN = Worker("ben@lender.example", Role.AGENT)
CHIEF = Worker("chief@lender.example", Role.OPERATOR)


def at(home: House) -> Moment:
    return Moment(home.clock.now(), home.clock.machine())


def make(home: House, kind: str = "call", *, account: str | None = "A-1", title: str = "", dedupe: str = "") -> int:
    """A task of a kind on an account; returns its id."""
    with home.engine.begin() as connection:
        id_ = connection.scalar(select(accounts.c.id).where(accounts.c.ref == account)) if account else None
        name = title or f"Work on a {kind}"
        cause = dedupe or f"{kind}:{account}:{title}"
        add_tasks(connection, [NewTask(kind, name, cause, home.clock.now(), account_id=id_)])
        return connection.scalars(select(tasks.c.id).where(tasks.c.dedupe == cause)).one()


def take(home: House, worker: Worker = ANN, **wanted: Any) -> Claimed | None:
    return claim_next(home.engine, home.app.desk.law, Wanted(**wanted), worker, at(home))


def finish(
    home: House, task_id: int, disposition: Disposition, worker: Worker = ANN, **details: Any
) -> datetime | None:
    return end(home.engine, home.app.desk.law, task_id, Ending(disposition, **details), worker, at(home))


def row(home: House, task_id: int) -> Row[Any]:
    with home.engine.connect() as connection:
        return connection.execute(select(tasks).where(tasks.c.id == task_id)).one()


def told(home: House, kind: str) -> list[Row[Any]]:
    """The entries of a kind in the timelines, the oldest first."""
    with home.engine.connect() as connection:
        return list(connection.execute(select(timeline).where(timeline.c.kind == kind).order_by(timeline.c.id)))


def many(home: House, number: int, kind: str = "reply") -> None:
    """Tasks that belong to nobody."""
    now = home.clock.now()
    with home.engine.begin() as connection:
        add_tasks(connection, [NewTask(kind, f"{kind} {n}", f"{kind}:{n}", now) for n in range(number)])
