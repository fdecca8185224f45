"""Tasks for people, and the timeline of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from outreach.store.batch import among, insert_into
from outreach.store.outbox import tasks, timeline
from outreach.store.tables import accounts


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
    """Insert tasks whose cause has none yet."""
    if new:
        connection.execute(insert_into(connection, tasks).on_conflict_do_nothing(), [asdict(task) for task in new])


def close_tasks(connection: Connection, causes: Sequence[str], now: datetime) -> None:
    """Close the open tasks of some causes (`dedupe`), because these are gone."""
    if causes:
        connection.execute(
            update(tasks)
            .where(among(connection, tasks.c.dedupe, causes), tasks.c.state == "open")
            .values(state="done", ended_at=now)
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
