"""Tasks for people, and the timeline of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Insert, func, insert, literal, select, update

from outreach.domain.disposition import Disposition
from outreach.domain.task import rule_of
from outreach.store.batch import among, insert_of, prebuilt, rows_of
from outreach.store.outbox import tasks, timeline
from outreach.store.tables import accounts, debtors


@dataclass(frozen=True, slots=True)
class NewTask:
    """Work for a person. Two tasks of one `dedupe` are one task."""

    kind: str
    title: str
    dedupe: str
    created_at: datetime
    account_id: int | None = None
    debtor_id: int | None = None
    enrolment_id: int | None = None
    step: str = ""
    cycle: int = 0
    position: int = 0
    notice_id: str | None = None
    reply_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to an account; `data` holds what its sentence needs."""

    account_id: int
    at: datetime
    kind: str
    data: dict[str, Any] = field(default_factory=dict)
    actor: str = ""


def add_tasks(connection: Connection, new: Sequence[NewTask]) -> None:
    """Insert tasks whose cause has none yet, in one statement for any number.

    Queue, priority and due time are those of the kind (domain/task.py), the language is the debtor's.
    """
    if new:
        connection.execute(_add_tasks(connection), {"v": [_queued(task) for task in new]})


def _queued(task: NewTask) -> dict[str, Any]:
    rule = rule_of(task.kind)
    due_at = task.created_at + rule.within
    return asdict(task) | {"queue": rule.queue.value, "priority": rule.priority.value, "due_at": due_at}


@prebuilt
def _add_tasks(dialect: str) -> Insert:
    given = [one.name for one in fields(NewTask)] + ["queue", "priority", "due_at"]
    v = rows_of(dialect, {name: tasks.c[name].type for name in given})
    taken = [name for name in given if name != "debtor_id"]
    debtor_id = func.coalesce(v.c.debtor_id, accounts.c.debtor_id)
    columns = [*(v.c[name] for name in taken), debtor_id, func.coalesce(_primary(dialect, debtors.c.language), "")]
    # Without a WHERE, SQLite takes ON CONFLICT for the condition of the join.
    rows = (
        select(*columns)
        .select_from(
            v.outerjoin(accounts, accounts.c.id == v.c.account_id).outerjoin(debtors, debtors.c.id == debtor_id)
        )
        .where(v.c.kind != literal(""))
    )
    return insert_of(dialect, tasks).from_select([*taken, "debtor_id", "language"], rows).on_conflict_do_nothing()


def _primary(dialect: str, tag: ColumnElement[str]) -> ColumnElement[str]:
    """The primary subtag of a BCP 47 tag: people speak Spanish, not es-US."""
    if dialect == "postgresql":
        first = func.split_part(tag, "-", 1)
    else:
        first = func.substr(tag, 1, func.instr(tag.concat("-"), "-") - 1)
    return func.lower(func.substr(first, 1, 8))


def close_tasks(
    connection: Connection, causes: Sequence[str], now: datetime, disposition: Disposition = Disposition.WITHDRAWN
) -> None:
    """Close the open tasks of some causes (`dedupe`), because these are gone."""
    if causes:
        connection.execute(
            update(tasks)
            .where(among(connection, tasks.c.dedupe, causes), tasks.c.state == "open")
            .values(state="done", ended_at=now, disposition=disposition.value)
        )


def tell(connection: Connection, entries: Sequence[Entry]) -> None:
    """Append to timelines."""
    if entries:
        connection.execute(insert(timeline), [asdict(entry) for entry in entries])


def accounts_of(connection: Connection, debtor_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(account id, debtor id) of every account of some debtors."""
    query = select(accounts.c.id, accounts.c.debtor_id).where(
        among(connection, accounts.c.debtor_id, sorted(set(debtor_ids)))
    )
    return [(row.id, row.debtor_id) for row in connection.execute(query)]
