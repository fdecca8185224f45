"""The inbox on its way to being settled: rows taken, what became of them, and the replies among them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Select, String, Update, insert, select, update

from outreach.store.batch import joined, one_of, prebuilt, rows_of, values
from outreach.store.outbox import inbox, replies
from outreach.store.types import Instant, Key

_SETTLED: dict[str, Any] = {
    "id": Key,
    "state": String,
    "tries": Integer,
    "notice_id": String,
    "error": String,
    "look_until": Instant(),
    "settled_at": Instant(),
}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A stored webhook event that is not settled yet."""

    id: int
    provider: str
    kind: str
    payload: Mapping[str, Any]
    received_at: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a row: settled, unmatched, failed, or (still `received`) to be looked at again at `look_until`."""

    id: int
    state: str
    tries: int
    notice_id: str | None = None
    error: str = ""
    look_until: datetime | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """A debtor's answer as it is kept; `debtor_id` and `account_id` are None when it is not clear whose it is.

    `intent` is a value of Intent, `opt` one of Opt or empty.
    """

    inbox_id: int
    debtor_id: int | None
    account_id: int | None
    notice_id: str | None
    channel: str
    sender: str
    subject: str
    text: str
    intent: str
    at: datetime
    opt: str = ""


def unsettled(connection: Connection, ids: Sequence[int]) -> list[InboxRow]:
    """Those of `ids` that are not settled, in order, locked for this transaction; what another worker has is left."""
    return [InboxRow(*row) for row in connection.execute(_unsettled(connection), {"ids": ids}).all()]


@prebuilt
def _unsettled(dialect: str) -> Select[Any]:
    return (
        select(*(inbox.c[name] for name in InboxRow.__dataclass_fields__))
        .where(one_of(dialect, inbox.c.id), inbox.c.state == "received")
        .order_by(inbox.c.id)
        .with_for_update(skip_locked=True)
    )


def finish(connection: Connection, results: Sequence[Settled]) -> None:
    """Record what became of rows."""
    if not results:
        return
    connection.execute(_finish(connection), {"v": results, "ids": [one.id for one in results]})


@prebuilt
def _finish(dialect: str) -> Update:
    v = rows_of(dialect, _SETTLED)
    changed = {name: v.c[name] for name in _SETTLED if name != "id"}
    return update(inbox).where(joined(dialect, inbox.c.id, v.c.id)).values(changed)


def fail(connection: Connection, why: Mapping[int, str]) -> set[int]:
    """Set rows aside that cannot be settled, and return their ids; what is settled already stays as it is."""
    v = values(connection, [{"id": id_, "error": word} for id_, word in why.items()], {"id": Key, "error": String})
    statement = (
        update(inbox)
        .where(inbox.c.id == v.c.id, inbox.c.state == "received")
        .values(state="failed", error=v.c.error, tries=inbox.c.tries + 1)
    )
    return set(connection.scalars(statement.returning(inbox.c.id)))


def keep_replies(connection: Connection, new: Sequence[Reply]) -> list[int]:
    """Store replies; returns their ids in the same order."""
    if not new:
        return []
    rows = [{name: getattr(reply, name) for name in Reply.__dataclass_fields__} for reply in new]
    statement = insert(replies).returning(replies.c.id, sort_by_parameter_order=True)
    return list(connection.scalars(statement, rows))
