"""The inbox: what providers and debtors told us, once per provider and event, before anything is done about it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import TypeAdapter
from sqlalchemy import Connection, func, select, true

from outreach.domain.event import DeliveryEvent, InboundMessage
from outreach.store import dead_letters
from outreach.store.batch import insert_of, prebuilt, rows_of
from outreach.store.outbox import inbox

_ROW: dict[str, Any] = {
    name: inbox.c[name].type
    for name in ("provider", "event_id", "kind", "payload", "received_at", "look_until", "state", "error")
}
LONGEST_EVENT_ID = 200
#: Rows in one INSERT, and about how many bytes of documents: a bound on memory here and in the database.
BATCH, BATCH_BYTES = 1000, 8_000_000

_EVENT = TypeAdapter(DeliveryEvent)
_MESSAGE = TypeAdapter(InboundMessage)


@dataclass(frozen=True, slots=True)
class Received:
    """A row to be. `kind` is status, inbound or raw; `state` is received, or garbled for what cannot be read.

    `payload` is a JSON document. `received_at` is business time, `look_until` machine time: a row still not settled
    by then is looked at again.
    """

    provider: str
    event_id: str
    kind: str
    payload: str
    received_at: datetime
    look_until: datetime
    state: str = "received"
    error: str = ""


def add(connection: Connection, rows: Sequence[Received]) -> list[int]:
    """Insert what is new and return the ids of what is to be settled; what is there already stays as it is.

    What is garbled is a dead letter from the start.
    """
    ids: list[int] = []
    for batch in batches(rows):
        new = connection.execute(_add(connection), {"v": [_plain(row) for row in batch]}).all()
        received = [id_ for id_, state in new if state == "received"]
        ids += received
        if len(received) < len(new):
            dead_letters.set_aside_garbled(connection, [id_ for id_, state in new if state == "garbled"])
    return sorted(ids)


def wait_for_turn(connection: Connection) -> None:
    """Let one transaction after the other add rows, of those that ask; SQLite's writers wait anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("inbox"))))


def batches(rows: Sequence[Received]) -> Iterator[list[Received]]:
    """`rows` in lists of at most BATCH rows and, unless one row alone is longer, BATCH_BYTES of documents."""
    batch: list[Received] = []
    weight = 0
    for row in rows:
        if batch and (len(batch) == BATCH or weight + len(row.payload) > BATCH_BYTES):
            yield batch
            batch, weight = [], 0
        batch.append(row)
        weight += len(row.payload)
    if batch:
        yield batch


@prebuilt
def _add(dialect: str) -> Any:
    source = rows_of(dialect, _ROW)
    return (
        insert_of(dialect, inbox)
        .from_select([*_ROW], select(*(source.c[name] for name in _ROW)).where(true()))
        .on_conflict_do_nothing()
        .returning(inbox.c.id, inbox.c.state)
    )


def _plain(row: Received) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _ROW} | {"payload": orjson.Fragment(row.payload)}


def document(news: DeliveryEvent | InboundMessage) -> str:
    """The JSON document of an event or message, without what it does not say; readable by both databases."""
    said = {name: value for name in news.__dataclass_fields__ if (value := getattr(news, name)) is not None}
    try:
        written = orjson.dumps(said)
    except TypeError:  # a lone surrogate
        written = b"\\u0000"
    if b"\\u0000" in written:
        written = orjson.dumps({name: clean(value) for name, value in said.items()})
    # A str, for what orjson returns keeps four kilobytes however short it is, and thousands may wait to be stored.
    return written.decode()


def clean(value: Any) -> Any:
    """A text that both databases can keep: PostgreSQL takes no NUL, UTF-8 no lone surrogate; debtors send either."""
    return value.replace("\x00", "\ufffd").encode(errors="replace").decode() if isinstance(value, str) else value


def bounded(event_id: str) -> str:
    """An event id that fits its column; a longer one by its hash."""
    event_id = clean(event_id)
    return event_id if len(event_id) <= LONGEST_EVENT_ID else hashlib.sha256(event_id.encode()).hexdigest()


def event_from_payload(payload: Mapping[str, Any]) -> DeliveryEvent:
    """The event of a row of kind status."""
    return _EVENT.validate_python(payload)


def message_from_payload(payload: Mapping[str, Any]) -> InboundMessage:
    """The message of a row of kind inbound."""
    return _MESSAGE.validate_python(payload)
