"""Outcome events: published from what is append-only, and read in the order in which they were published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, Table, and_, func, select, true

from outreach.domain.outcome_event import NOTICE_KINDS, TIMELINE_FIELDS, document
from outreach.store import marks
from outreach.store.marks import Look, Mark
from outreach.store.outbox import notice_events, notices, timeline
from outreach.store.outcome_tables import outcome_marks, outcomes
from outreach.store.rows import insert_rows
from outreach.store.tables import accounts, creditors, debtors

#: Any number, the same in every process: publishers wait for each other (pg_advisory_xact_lock).
_LOCK = 6_870_317
TIMELINE, EVENTS = "timeline", "notice_events"
_SOURCES: dict[str, Table] = {TIMELINE: timeline, EVENTS: notice_events}


@dataclass(frozen=True, slots=True)
class NewOutcome:
    """An outcome event to publish; `at` is when it happened."""

    source: str
    source_id: int
    creditor_id: int
    account_id: int
    account_ref: str
    debtor_ref: str
    kind: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class OutcomeEvent:
    """A published event; `creditor` is the creditor's ref."""

    id: int
    account_id: int
    creditor: str
    account_ref: str
    debtor_ref: str
    kind: str
    at: datetime
    data: dict[str, Any]

    def document(self) -> dict[str, Any]:
        """As it goes out."""
        return document(self.id, self.kind, self.at, self.creditor, self.account_ref, self.debtor_ref, self.data)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which events are meant: ids from `first` to `last`, that happened from `since` until before `until`."""

    creditor_id: int | None = None
    kinds: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    def condition(self) -> ColumnElement[bool]:
        """As a condition on `outcomes`."""
        parts = [
            outcomes.c.creditor_id == self.creditor_id if self.creditor_id is not None else None,
            outcomes.c.kind.in_(self.kinds) if self.kinds else None,
            outcomes.c.id >= self.first if self.first is not None else None,
            outcomes.c.id <= self.last if self.last is not None else None,
            outcomes.c.at >= self.since if self.since is not None else None,
            outcomes.c.at < self.until if self.until is not None else None,
        ]
        return and_(true(), *(part for part in parts if part is not None))


def serialise(connection: Connection) -> None:
    """Wait for other publishers, until the transaction ends: ids are then seen in their order. SQLite has one writer
    anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def any_news(connection: Connection) -> bool:
    """Whether a source has grown beyond its mark."""
    return marks.any_news(connection, outcome_marks, _SOURCES.items())


def look(engine: Engine, source: str) -> Look:
    """Look at a source before it is published."""
    return marks.look(engine, outcome_marks, source, _SOURCES[source])


def set_mark(connection: Connection, mark: Mark) -> None:
    """Keep how far a source is published."""
    marks.put(connection, outcome_marks, mark)


def unpublished(connection: Connection, source: str, above: int, limit: int) -> Sequence[Row[Any]]:
    """The rows of a source with an id above `above` that creditors are told of and were not yet, by id."""
    query = _entries() if source == TIMELINE else _moves()
    table = _SOURCES[source]
    published = select(outcomes.c.id).where(outcomes.c.source == source, outcomes.c.source_id == table.c.id)
    query = query.where(table.c.id > above, ~published.exists()).order_by(table.c.id).limit(limit)
    return connection.execute(query).all()


def _entries() -> Select[Any]:
    whose = (accounts.c.creditor_id, accounts.c.id.label("account_id"), accounts.c.ref.label("account_ref"))
    return (
        select(timeline.c.id, timeline.c.at, timeline.c.kind, timeline.c.data, *whose)
        .add_columns(debtors.c.ref.label("debtor_ref"))
        .join_from(timeline, accounts, accounts.c.id == timeline.c.account_id)
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .where(timeline.c.kind.in_(list(TIMELINE_FIELDS)))
    )


def _moves() -> Select[Any]:
    whose = (accounts.c.creditor_id, accounts.c.id.label("account_id"), accounts.c.ref.label("account_ref"))
    event = notice_events.c
    return (
        select(event.id, event.at, event.state, event.reason, event.code, *whose)
        .add_columns(debtors.c.ref.label("debtor_ref"), notices.c.id.label("notice"))
        .add_columns(notices.c.campaign, notices.c.step, notices.c.channel)
        .join_from(notice_events, notices, notices.c.id == event.notice_id)
        .join(accounts, accounts.c.id == notices.c.account_id)
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .where(event.what == "move", event.applied, event.state.in_([state.value for state in NOTICE_KINDS]))
    )


def publish(connection: Connection, new: Sequence[NewOutcome]) -> None:
    """Append events in their order."""
    insert_rows(connection, outcomes, [asdict(one) for one in new])


def newest_id(connection: Connection) -> int:
    """The last event's id; 0 while there is none. All up to it are there and no further one will come among them."""
    return connection.scalar(select(func.max(outcomes.c.id))) or 0


def published(connection: Connection, selection: Selection, limit: int, after: int = 0) -> list[OutcomeEvent]:
    """Events that are meant, with ids above `after`, in their order."""
    query = reading_events().where(outcomes.c.id > after, selection.condition())
    return [event_of(row) for row in connection.execute(query.order_by(outcomes.c.id).limit(limit))]


def latest(connection: Connection, selection: Selection, limit: int) -> list[OutcomeEvent]:
    """The newest events that are meant, the newest first."""
    query = reading_events().where(selection.condition()).order_by(outcomes.c.id.desc()).limit(limit)
    return [event_of(row) for row in connection.execute(query)]


def reading_events() -> Select[Any]:
    """A query of events for `event_of`."""
    columns = [outcomes.c[name] for name in ("id", "account_id")]
    more = [outcomes.c[name] for name in ("account_ref", "debtor_ref", "kind", "at", "data")]
    return select(*columns, creditors.c.ref.label("creditor"), *more).join(
        creditors, creditors.c.id == outcomes.c.creditor_id
    )


def event_of(row: Any) -> OutcomeEvent:
    """A row of `reading_events`, whatever else was selected with it."""
    return OutcomeEvent(*(getattr(row, name) for name in OutcomeEvent.__dataclass_fields__))


def creditor_id(connection: Connection, ref: str) -> int | None:
    """The id of a creditor."""
    return connection.scalar(select(creditors.c.id).where(creditors.c.ref == ref))
