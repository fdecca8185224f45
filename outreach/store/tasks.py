"""Tasks as people see them: the queues, and one task with who has it and how it ended. What moves is in `claims.py`.

`machine_now` decides whether a lease has run out; `now` (business time) when a task may be worked, and is overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, literal, or_, select, tuple_

from outreach.domain.task import Priority
from outreach.store.batch import among, as_is
from outreach.store.dossier import ReplyLine
from outreach.store.outbox import replies, tasks
from outreach.store.tables import accounts, debtors
from outreach.store.types import Instant

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class TaskRow:
    """A task in a list. `account_ref` is None for news that fits no account; `language` a primary subtag or ''.

    `claimed_by` is who has it, '' when nobody has or the lease ran out.
    """

    id: int
    kind: str
    title: str
    queue: str
    priority: Priority
    state: str
    language: str
    account_id: int | None
    account_ref: str | None
    debtor_id: int | None
    debtor: str
    created_at: datetime
    due_at: datetime
    not_before: datetime | None
    attempts: int
    claimed_by: str
    claimed_until: datetime | None
    disposition: str
    note: str
    closed_by: str
    ended_at: datetime | None
    notice_id: str | None
    reply_id: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which open tasks: of some queues (none given: all), in a language, of one holder, overdue. `after`: a page's last
    (priority, due time, id)."""

    queues: tuple[str, ...] = ()
    language: str = ""
    claimed_by: str = ""
    overdue: bool = False
    after: tuple[int, datetime, int] | None = None


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many tasks of a queue are open, and how many of these are overdue."""

    open: int
    overdue: int


def find(
    connection: Connection, wanted: Wanted, now: datetime, machine_now: datetime, limit: int = PAGE_SIZE
) -> list[TaskRow]:
    """Open tasks in the order in which they are to be worked, claimed and put-off ones too."""
    where = _wanted(connection, wanted, now)
    if wanted.claimed_by:
        where += [tasks.c.claimed_by == wanted.claimed_by, tasks.c.claimed_until > machine_now]
    return _rows(connection, where, limit, machine_now)


def find_free(
    connection: Connection, wanted: Wanted, now: datetime, machine_now: datetime, limit: int
) -> list[TaskRow]:
    """The first open tasks that somebody may claim now."""
    return _rows(connection, [*_wanted(connection, wanted, now), _is_free(now, machine_now)], limit, machine_now)


def get(connection: Connection, task_id: int, machine_now: datetime) -> TaskRow | None:
    """One task, open or not."""
    row = connection.execute(_query().where(tasks.c.id == task_id)).first()
    return None if row is None else _row(row, machine_now)


def counts(connection: Connection, now: datetime) -> dict[str, QueueCount]:
    """What waits in each queue that has anything; one statement on an index."""
    overdue = func.count().filter(tasks.c.due_at < now)
    query = select(tasks.c.queue, func.count(), overdue).where(tasks.c.state == "open").group_by(tasks.c.queue)
    return {queue: QueueCount(number, late) for queue, number, late in connection.execute(query)}


def languages(connection: Connection) -> list[str]:
    """The languages of open tasks, as their filter offers them."""
    query = select(tasks.c.language).where(tasks.c.state == "open", tasks.c.language != "").distinct()
    return sorted(connection.scalars(query))


def reply_of(connection: Connection, reply_id: int) -> ReplyLine | None:
    """What a debtor answered."""
    columns = [replies.c[name] for name in ReplyLine.__dataclass_fields__]
    row = connection.execute(select(*columns).where(replies.c.id == reply_id)).first()
    return None if row is None else ReplyLine(*row)


def zone_of(connection: Connection, task_id: int) -> str:
    """In which zone times of a task's debtor are written: the first where they may be, UTC when none is known."""
    query = select(debtors.c.zones).join(tasks, tasks.c.debtor_id == debtors.c.id).where(tasks.c.id == task_id)
    zones = connection.scalar(query)
    return zones[0] if zones else "UTC"


def debtor_name() -> ColumnElement[str]:
    """The person's name, else the company's, else the creditor's own number for them."""
    person = func.trim(debtors.c.first_name + " " + debtors.c.last_name)
    return func.coalesce(func.nullif(person, ""), func.nullif(debtors.c.company, ""), debtors.c.ref, "")


def _wanted(connection: Connection, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    where = [tasks.c.state == "open"]
    if len(wanted.queues) == 1:
        where.append(tasks.c.queue == wanted.queues[0])
    elif wanted.queues:
        # In the order of all tasks: most are of one of several queues, and what comes first is wanted.
        where.append(among(connection, as_is(tasks.c.queue), wanted.queues))
    if wanted.language:
        where.append(tasks.c.language == wanted.language)
    if wanted.overdue:
        where.append(tasks.c.due_at < now)
    if wanted.after:
        place = (tasks.c.priority, tasks.c.due_at, tasks.c.id)
        priority, due_at, last = wanted.after
        where.append(tuple_(*place) > tuple_(literal(priority), literal(due_at, Instant()), literal(last)))
    return where


def _is_free(now: datetime, machine_now: datetime) -> ColumnElement[bool]:
    return and_(or_(tasks.c.not_before.is_(None), tasks.c.not_before <= now), is_unheld("", machine_now))


def is_unheld(by: str, machine_now: datetime) -> ColumnElement[bool]:
    """Nobody else than `by` has the task; '' for nobody at all."""
    return or_(tasks.c.claimed_by.in_({"", by}), tasks.c.claimed_until.is_(None), tasks.c.claimed_until <= machine_now)


def _query() -> Any:
    elsewhere = {"account_ref": accounts.c.ref, "debtor": debtor_name()}
    columns = [
        elsewhere[name].label(name) if name in elsewhere else tasks.c[name] for name in TaskRow.__dataclass_fields__
    ]
    return (
        select(*columns)
        .outerjoin(accounts, accounts.c.id == tasks.c.account_id)
        .outerjoin(debtors, debtors.c.id == tasks.c.debtor_id)
    )


def _rows(
    connection: Connection, where: Sequence[ColumnElement[bool]], limit: int, machine_now: datetime
) -> list[TaskRow]:
    query = _query().where(*where).order_by(tasks.c.priority, tasks.c.due_at, tasks.c.id).limit(limit)
    return [_row(row, machine_now) for row in connection.execute(query)]


def _row(row: Any, machine_now: datetime) -> TaskRow:
    given = row._asdict()
    is_held = row.claimed_until is not None and row.claimed_until > machine_now
    held = {"claimed_by": row.claimed_by, "claimed_until": row.claimed_until} if is_held else _UNHELD
    return TaskRow(**given | held | {"priority": Priority(row.priority)})


_UNHELD = {"claimed_by": "", "claimed_until": None}
