"""Receive: what a webhook said is in the inbox before the sender hears that we have it. Settling comes later."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Engine

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Attempt, Parsed, RawWebhook
from outreach.store import inbox

#: What the broker has not brought to an actor after this time, a sweep takes up.
SETTLE_WITHIN = timedelta(seconds=5)
#: The name under which our own pages post to the inbox.
OUTREACH = "outreach"


def receive(
    engine: Engine, provider_name: str, parsed: Parsed, now: datetime, machine_now: datetime | None = None
) -> list[int]:
    """Store events and messages and return the inbox ids of those that are new, committed.

    `now` is business time; `machine_now` differs from it only where a test or a demonstration moves the clock.
    """
    rows = [*map(inbox.status_row, parsed.events), *map(inbox.inbound_row, parsed.messages)]
    with engine.begin() as connection:
        return inbox.add(connection, provider_name, rows, now, (machine_now or now) + SETTLE_WITHIN)


def keep_garbled(engine: Engine, provider_name: str, webhook: RawWebhook, error: str) -> None:
    """Store a verified body that cannot be read, so that a person can: nothing that a provider said is thrown away."""
    payload = {
        "url": webhook.url,
        "content_type": webhook.headers.get("content-type", ""),
        "body_base64": base64.b64encode(webhook.body).decode(),
    }
    row = inbox.Received(hashlib.sha256(webhook.body).hexdigest(), "raw", payload, "garbled", error[:500])
    with engine.begin() as connection:
        inbox.add(connection, provider_name, [row], webhook.received_at, webhook.received_at)


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
