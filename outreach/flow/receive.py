"""Receive: what a webhook said is in the inbox before the sender hears that we have it. Settling comes later."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from outreach.domain.event import DeliveryEvent, EventKind, InboundMessage
from outreach.domain.sending import Attempt, Parsed, RawWebhook
from outreach.flow.isolating import Poisoned, by_halves
from outreach.store import inbox
from outreach.store.engine import is_deadlock
from outreach.store.inbox import Received

log = logging.getLogger(__name__)

#: What the broker has not brought to an actor after this time, a sweep takes up.
SETTLE_WITHIN = timedelta(seconds=5)
#: Times that a transaction is begun again because it and another waited for each other.
MOST_DEADLOCKS = 5
#: Characters that are kept of a debtor's message, sixty pages: reading 30 MB for a STOP would hold up all others.
LONGEST_TEXT = 200_000
#: The longest line of a mail (RFC 5322).
LONGEST_SUBJECT = 998
#: The name under which our own pages post to the inbox.
OUTREACH = "outreach"


def receive(
    engine: Engine, provider_name: str, parsed: Parsed, now: datetime, machine_now: datetime | None = None
) -> list[int]:
    """Store events and messages and return the inbox ids of those that are new, committed.

    `now` is business time; `machine_now` differs from it only where a test or a demonstration moves the clock.
    """
    return keep(engine, as_rows(provider_name, parsed, now, machine_now or now))


def as_rows(provider_name: str, parsed: Parsed, now: datetime, machine_now: datetime) -> list[Received]:
    """What a webhook said as rows of the inbox, not stored yet."""
    look_until = machine_now + SETTLE_WITHIN
    return [
        *(_as_row(provider_name, "status", event, now, look_until) for event in parsed.events),
        *(_as_row(provider_name, "inbound", _bounded(message), now, look_until) for message in parsed.messages),
    ]


def as_garbled(provider_name: str, webhook: RawWebhook, error: str) -> Received:
    """A verified body that cannot be read, for a person to read: nothing that a provider said is thrown away."""
    payload = {
        "url": inbox.clean(webhook.url),
        "content_type": inbox.clean(webhook.headers.get("content-type", "")),
        "body_base64": base64.b64encode(webhook.body).decode(),
    }
    at, event_id = webhook.received_at, hashlib.sha256(webhook.body).hexdigest()
    return Received(provider_name, event_id, "raw", orjson.dumps(payload).decode(), at, at, "garbled", error[:500])


def keep(engine: Engine, rows: Sequence[Received]) -> list[int]:
    """Commit rows, of one webhook or of many, and return the ids of those that are new and to be settled.

    A row that the database refuses is kept as garbled and stops no other. Raises one of `isolating.TRANSIENT` when
    the database does not answer; it is safe to call again with the same rows.
    """
    for tries in range(MOST_DEADLOCKS):
        try:
            return _keep(engine, rows, in_turn=tries > 0)
        except OperationalError as error:
            # Another web stores the same events in another order. Sorting them would mend that, but the order of ids
            # is that in which answers came, and a STOP must not change places with a START.
            if not is_deadlock(error):
                raise
    return _keep(engine, rows, in_turn=True)


def unsubscribe(engine: Engine, notice_id: str, now: datetime, machine_now: datetime | None = None) -> list[int]:
    """Store that the debtor wants no more messages like `notice_id`, as if a provider had told us (RFC 8058)."""
    event = DeliveryEvent(
        event_id=f"unsubscribe:{notice_id}",
        kind=EventKind.UNSUBSCRIBED,
        word="one-click",
        attempt_id=str(Attempt(notice_id, 0)),
        occurred_at=now,
    )
    return receive(engine, OUTREACH, Parsed(events=(event,)), now, machine_now)


def _keep(engine: Engine, rows: Sequence[Received], *, in_turn: bool) -> list[int]:
    """`in_turn`: one after the other with all who begin again, so that each of these meets at most who begins anew."""

    def store(batch: Sequence[Received]) -> list[int]:
        with engine.begin() as connection:
            if in_turn:
                inbox.wait_for_turn(connection)
            return inbox.add(connection, batch)

    stored, refused = by_halves(store, rows)
    for one in refused:
        log.error("an inbox row of %s is kept as garbled: %s", one.row.provider, one.word)
        store([_garbled_row(one)])
    return [id_ for ids in stored for id_ in ids]


def _as_row(
    provider_name: str, kind: str, news: DeliveryEvent | InboundMessage, now: datetime, look_until: datetime
) -> Received:
    return Received(provider_name, inbox.bounded(news.event_id), kind, inbox.document(news), now, look_until)


def _bounded(message: InboundMessage) -> InboundMessage:
    left_out = len(message.text) - LONGEST_TEXT
    text = (
        f"{message.text[:LONGEST_TEXT]}\n[{left_out} more characters were left out]" if left_out > 0 else message.text
    )
    return replace(message, text=text, subject=message.subject[:LONGEST_SUBJECT])


def _garbled_row(refused: Poisoned[Received]) -> Received:
    row, body = refused.row, refused.row.payload.encode()
    payload = {"kind": row.kind, "body_base64": base64.b64encode(body).decode()}
    return replace(
        row,
        event_id=hashlib.sha256(body).hexdigest(),
        kind="raw",
        payload=orjson.dumps(payload).decode(),
        state="garbled",
        error=refused.word[:500],
    )
