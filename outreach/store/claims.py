"""Who has which task, and how it ended: every move is a compare-and-set on its row, so that one person has it.

`machine_now` decides whether a lease has run out; the other instants are business time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, select, update

from outreach.domain.disposition import Disposition
from outreach.store.batch import among, values
from outreach.store.outbox import tasks
from outreach.store.tables import accounts
from outreach.store.tasks import is_unheld
from outreach.store.types import Instant, Key


def claim(connection: Connection, task_id: int, by: str, until: datetime, machine_now: datetime) -> bool:
    """Give an open task to whoever asks, when nobody else has it. Whether it was given; a row that somebody is just
    changing is not waited for. A task that is put off may be claimed by its id."""
    free = select(tasks.c.id).where(tasks.c.id == task_id, tasks.c.state == "open", is_unheld(by, machine_now))
    if connection.scalar(free.with_for_update(skip_locked=True)) is None:
        return False
    _set(connection, task_id, claimed_by=by, claimed_until=until)
    return True


def assign(connection: Connection, task_id: int, to: str, until: datetime) -> bool:
    """Give an open task to somebody, whoever has it; whether it was open."""
    return _set(connection, task_id, tasks.c.state == "open", claimed_by=to, claimed_until=until)


def release(connection: Connection, task_id: int, by: str) -> bool:
    """Put a task back into its queue; whether `by` had it."""
    mine = [tasks.c.state == "open", tasks.c.claimed_by == by]
    return _set(connection, task_id, *mine, claimed_by="", claimed_until=None)


def put_off(
    connection: Connection, task_id: int, by: str, until: datetime, due_at: datetime, machine_now: datetime, **row: Any
) -> bool:
    """Let an open task that nobody else has rest until a time; it is free then. `row`: further columns."""
    mine = [tasks.c.state == "open", is_unheld(by, machine_now)]
    later = {"not_before": until, "due_at": due_at, "claimed_by": "", "claimed_until": None}
    return _set(connection, task_id, *mine, **later, **row)


def put_off_unclaimed(
    connection: Connection, until: Mapping[int, tuple[datetime, datetime]], machine_now: datetime
) -> None:
    """Let tasks that nobody has rest until a time: `until` has (time, due time) by id."""
    if not until:
        return
    rows = [{"id": id_, "not_before": at, "due_at": due_at} for id_, (at, due_at) in until.items()]
    v = values(connection, rows, {"id": Key, "not_before": Instant, "due_at": Instant})
    free = [tasks.c.id == v.c.id, tasks.c.state == "open", is_unheld("", machine_now)]
    connection.execute(update(tasks).where(*free).values(not_before=v.c.not_before, due_at=v.c.due_at))


def close(
    connection: Connection,
    task_id: int,
    disposition: Disposition,
    note: str,
    by: str,
    now: datetime,
    machine_now: datetime,
    attempts: int,
) -> bool:
    """Close an open task that nobody else has; whether it was so."""
    mine = [tasks.c.state == "open", is_unheld(by, machine_now)]
    ended = {"state": "done", "ended_at": now, "disposition": disposition.value, "note": note, "closed_by": by}
    return _set(connection, task_id, *mine, **ended, claimed_by="", claimed_until=None, attempts=attempts)


def withdraw(
    connection: Connection, reasons: Mapping[int, str], now: datetime, machine_now: datetime
) -> list[tuple[int, int | None, str]]:
    """Close open tasks that nobody has, because their reason is gone; returns (id, account id, title) of each."""
    if not reasons:
        return []
    rows = [{"id": id_, "note": note} for id_, note in reasons.items()]
    v = values(connection, rows, {"id": Key, "note": String})
    statement = (
        update(tasks)
        .where(tasks.c.id == v.c.id, tasks.c.state == "open", is_unheld("", machine_now))
        .values(state="done", ended_at=now, disposition=Disposition.WITHDRAWN.value, note=v.c.note)
        .returning(tasks.c.id, tasks.c.account_id, tasks.c.title)
    )
    return [(row.id, row.account_id, row.title) for row in connection.execute(statement)]


def moot(connection: Connection, kinds: Sequence[str], machine_now: datetime, limit: int) -> list[int]:
    """Open tasks of some kinds that nobody has, on accounts of which nothing is open any more."""
    query = (
        select(tasks.c.id)
        .join(accounts, accounts.c.id == tasks.c.account_id)
        .where(
            tasks.c.state == "open",
            among(connection, tasks.c.kind, kinds),
            accounts.c.balance_minor <= 0,
            is_unheld("", machine_now),
        )
        .order_by(tasks.c.id)
        .limit(limit)
    )
    return list(connection.scalars(query))


def _set(connection: Connection, task_id: int, *condition: ColumnElement[bool], **row: Any) -> bool:
    return connection.execute(update(tasks).where(tasks.c.id == task_id, *condition).values(row)).rowcount == 1
