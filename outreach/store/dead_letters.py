"""Dead letters: what was set aside because it fails, until it is tried again or dismissed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, cast, func, literal, select, true, update

from outreach.store.batch import among, in_batches, insert_into, insert_of, prebuilt, rows_of
from outreach.store.outbox import dead_letters, inbox
from outreach.store.tables import accounts

#: Rows in one INSERT, each with a traceback.
BATCH = 1_000

_NEW = {
    name: dead_letters.c[name].type
    for name in ("kind", "subject", "account_id", "what", "error", "detail", "set_aside_at")
}


class Kind(StrEnum):
    """What was set aside, and so what the `subject` of a dead letter is the id of."""

    #: an inbox row: a verified webhook body that cannot be read
    GARBLED = "garbled"
    #: an inbox row: an event about no notice of ours
    UNMATCHED = "unmatched"
    #: an inbox row: an event or a debtor's message that could not be settled
    EVENT = "event"
    #: a notice that failed by our own fault, or whose outcome cannot be found out
    NOTICE = "notice"
    #: an enrolment of which nothing can be decided
    ENROLMENT = "enrolment"
    #: an account that cannot be considered for entry into a campaign
    ACCOUNT = "account"


#: The kinds whose subject is an inbox row.
OF_INBOX = frozenset({Kind.GARBLED, Kind.UNMATCHED, Kind.EVENT})


class Outcome(StrEnum):
    """How a dead letter ended. HEALED: it went well before anybody came."""

    REPLAYED = "replayed"
    DISMISSED = "dismissed"
    HEALED = "healed"


@dataclass(frozen=True, slots=True)
class NewDeadLetter:
    """What to set aside. `what` and `error` must hold no debtor's data, `detail` may."""

    kind: Kind
    subject: str
    error: str
    what: str = ""
    detail: str = ""
    account_id: int | None = None


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A row of the table. `ended_at` is None while it waits for a person."""

    id: int
    kind: Kind
    subject: str
    account_id: int | None
    account_ref: str | None
    what: str
    error: str
    detail: str
    set_aside_at: datetime
    outcome: str
    note: str
    ended_by: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Webhook:
    """The inbox row behind a dead letter, as it is stored."""

    provider: str
    event_id: str
    kind: str
    state: str
    received_at: datetime
    payload: Any


def set_aside(connection: Connection, new: Sequence[NewDeadLetter], at: datetime) -> dict[int, NewDeadLetter]:
    """Insert dead letters and return them by id; what waits for a person already stays as it is, and is left out."""
    by_subject = {(one.kind.value, one.subject): one for one in new}
    kept: dict[int, NewDeadLetter] = {}
    for batch in in_batches(list(by_subject.values()), BATCH):
        rows = [_clean(asdict(one)) | {"set_aside_at": at} for one in batch]
        inserted = connection.execute(_set_aside(connection), {"v": rows})
        kept |= {row.id: by_subject[row.kind, row.subject] for row in inserted}
    return kept


@prebuilt
def _set_aside(dialect: str) -> Any:
    source = rows_of(dialect, _NEW)
    return (
        insert_of(dialect, dead_letters)
        .from_select(list(_NEW), select(*(source.c[name] for name in _NEW)).where(true()))
        .on_conflict_do_nothing()
        .returning(dead_letters.c.id, dead_letters.c.kind, dead_letters.c.subject)
    )


def set_aside_garbled(connection: Connection, inbox_ids: Sequence[int]) -> None:
    """The same for webhook bodies that cannot be read, which are in the inbox with their error."""
    source = select(
        literal(Kind.GARBLED.value),
        cast(inbox.c.id, String(32)),
        inbox.c.provider + " " + inbox.c.kind,
        func.substr(inbox.c.error, 1, 200),
        inbox.c.received_at,
    ).where(among(connection, inbox.c.id, inbox_ids))
    columns = ["kind", "subject", "what", "error", "set_aside_at"]
    connection.execute(insert_into(connection, dead_letters).from_select(columns, source).on_conflict_do_nothing())


def counts(connection: Connection) -> dict[Kind, int]:
    """How many wait for a person, by kind."""
    query = select(dead_letters.c.kind, func.count().label("number")).where(dead_letters.c.ended_at.is_(None))
    found = {str(row.kind): int(row.number) for row in connection.execute(query.group_by(dead_letters.c.kind))}
    return {kind: found[kind] for kind in Kind if kind in found}


def find(
    connection: Connection, kinds: Collection[Kind], limit: int, before: int | None = None, *, ended: bool = False
) -> list[DeadLetter]:
    """Those that wait for a person (or, `ended`, no longer do), newest first; no kinds means all."""
    query = _query().where(_waits(ended=ended)).order_by(dead_letters.c.id.desc()).limit(limit)
    if kinds:
        query = query.where(dead_letters.c.kind.in_(sorted(kinds)))
    if before is not None:
        query = query.where(dead_letters.c.id < before)
    return [_read(row) for row in connection.execute(query)]


def waiting_ids(connection: Connection, kinds: Collection[Kind]) -> list[int]:
    """The ids of all that wait for a person, the oldest first; no kinds means all."""
    query = select(dead_letters.c.id).where(_waits(ended=False)).order_by(dead_letters.c.id)
    if kinds:
        query = query.where(dead_letters.c.kind.in_(sorted(kinds)))
    return list(connection.scalars(query))


def kinds_of(connection: Connection, ids: Sequence[int]) -> dict[int, Kind]:
    """The kinds of dead letters by id, without what they say."""
    query = select(dead_letters.c.id, dead_letters.c.kind).where(among(connection, dead_letters.c.id, ids))
    return {row.id: Kind(row.kind) for row in connection.execute(query)}


def waiting_for(connection: Connection, kind: Kind) -> dict[str, int]:
    """The ids of the dead letters of a kind that wait for a person, by their subjects."""
    query = select(dead_letters.c.subject, dead_letters.c.id).where(dead_letters.c.kind == kind.value)
    return {row.subject: row.id for row in connection.execute(query.where(_waits(ended=False)))}


def get(connection: Connection, ids: Sequence[int]) -> dict[int, DeadLetter]:
    """Dead letters by id, whether they wait or ended."""
    return {row.id: _read(row) for row in connection.execute(_query().where(among(connection, dead_letters.c.id, ids)))}


def take(connection: Connection, ids: Sequence[int]) -> list[DeadLetter]:
    """Those of `ids` that wait for a person, locked for this transaction, so that two people do not replay one."""
    query = _query().where(among(connection, dead_letters.c.id, ids), _waits(ended=False))
    return [
        _read(row) for row in connection.execute(query.order_by(dead_letters.c.id).with_for_update(of=dead_letters))
    ]


def end(
    connection: Connection, ids: Sequence[int], outcome: Outcome, at: datetime, by: str = "", note: str = ""
) -> None:
    """Note how those of `ids` that wait ended, through whom and why."""
    ended = {"outcome": outcome.value, "ended_at": at, "ended_by": by[:320], "note": note[:500]}
    connection.execute(
        update(dead_letters).where(among(connection, dead_letters.c.id, ids), _waits(ended=False)).values(ended)
    )


def webhooks(connection: Connection, inbox_ids: Sequence[int]) -> dict[int, Webhook]:
    """The inbox rows of dead letters by id."""
    names = list(Webhook.__dataclass_fields__)
    query = select(inbox.c.id, *(inbox.c[name] for name in names)).where(among(connection, inbox.c.id, inbox_ids))
    return {row.id: Webhook(*(getattr(row, name) for name in names)) for row in connection.execute(query)}


def storable(text: str) -> str:
    """A text about an error as both databases keep it: what failed may have failed because of such characters."""
    return text.replace("\x00", "\\x00").encode(errors="backslashreplace").decode()


def _query() -> Any:
    columns = [dead_letters.c[name] for name in DeadLetter.__dataclass_fields__ if name != "account_ref"]
    return select(*columns, accounts.c.ref.label("account_ref")).outerjoin(
        accounts, accounts.c.id == dead_letters.c.account_id
    )


def _waits(*, ended: bool) -> ColumnElement[bool]:
    return dead_letters.c.ended_at.is_not(None) if ended else dead_letters.c.ended_at.is_(None)


def _read(row: Any) -> DeadLetter:
    fields = {name: getattr(row, name) for name in DeadLetter.__dataclass_fields__}
    return DeadLetter(**fields | {"kind": Kind(row.kind)})


def _clean(row: dict[str, Any]) -> dict[str, Any]:
    texts = {name: storable(row[name]) for name in ("subject", "error", "what", "detail")}
    return row | texts | {"error": texts["error"][:200], "what": texts["what"][:200]}
