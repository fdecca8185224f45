"""The inbox: what providers and debtors told us, once per provider and event, before anything is done about it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection

from outreach.domain.event import DeliveryEvent, InboundMessage
from outreach.store.batch import in_batches, insert_into
from outreach.store.outbox import inbox

#: Rows in one INSERT: eight parameters each stay below SQLite's limit of 32766.
BATCH = 1000
LONGEST_EVENT_ID = 200

_EVENT = TypeAdapter(DeliveryEvent)
_MESSAGE = TypeAdapter(InboundMessage)


@dataclass(frozen=True, slots=True)
class Received:
    """A row to be. `kind` is status, inbound or raw; `state` is received, or garbled for what cannot be read."""

    event_id: str
    kind: str
    payload: Mapping[str, Any]
    state: str = "received"
    error: str = ""


def add(
    connection: Connection, provider: str, rows: Sequence[Received], received_at: datetime, look_until: datetime
) -> list[int]:
    """Insert what is new and return its ids in the order of `rows`; what is there already stays as it is.

    `look_until` is machine time: a row still not settled by then is looked at again.
    """
    common = {"provider": provider, "received_at": received_at, "look_until": look_until}
    ids: list[int] = []
    for batch in in_batches(rows, BATCH):
        values = [{**common, **asdict(row), "event_id": _bounded(row.event_id)} for row in batch]
        ids += connection.scalars(
            insert_into(connection, inbox).values(values).on_conflict_do_nothing().returning(inbox.c.id)
        )
    return sorted(ids)


def status_row(event: DeliveryEvent) -> Received:
    """A delivery event as a row."""
    return Received(_clean(event.event_id), "status", _document(event))


def inbound_row(message: InboundMessage) -> Received:
    """A debtor's message as a row."""
    return Received(_clean(message.event_id), "inbound", _document(message))


def event_from_payload(payload: Mapping[str, Any]) -> DeliveryEvent:
    """The event of a row of kind status."""
    return _EVENT.validate_python(payload)


def message_from_payload(payload: Mapping[str, Any]) -> InboundMessage:
    """The message of a row of kind inbound."""
    return _MESSAGE.validate_python(payload)


def _document(news: DeliveryEvent | InboundMessage) -> dict[str, Any]:
    return {key: _plain(value) for key, value in asdict(news).items()}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _clean(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _clean(text: str) -> str:
    # PostgreSQL keeps no NUL and UTF-8 no lone surrogate: a debtor may send either, and it must not block the queue.
    return text.replace("\x00", "\ufffd").encode(errors="replace").decode()


def _bounded(event_id: str) -> str:
    return event_id if len(event_id) <= LONGEST_EVENT_ID else hashlib.sha256(event_id.encode()).hexdigest()
