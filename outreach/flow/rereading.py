"""Read again what could not be read when it came, now that the adapter or the database understands more."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime

import orjson

from outreach.domain.sending import Parsed, Provider, RawWebhook, WebhookGarbled
from outreach.flow.receive import as_rows
from outreach.store import inbox
from outreach.store.dead_letters import Webhook
from outreach.store.inbox import Received


def read_again(kept: Webhook, providers: Mapping[str, Provider], machine_now: datetime) -> list[Received]:
    """What a garbled inbox row says, as rows that are not stored yet; its signature was checked when it came.

    Raises WebhookGarbled when it still says nothing.
    """
    body = base64.b64decode(kept.payload["body_base64"])
    parsed = _of_provider(kept, body, providers) if "url" in kept.payload else _of_row(kept, body)
    return as_rows(kept.provider, parsed, kept.received_at, machine_now)


def _of_provider(kept: Webhook, body: bytes, providers: Mapping[str, Provider]) -> Parsed:
    provider = providers.get(kept.provider)
    if provider is None:
        raise WebhookGarbled(f"the provider {kept.provider} is not configured")
    headers = {"content-type": kept.payload["content_type"]}
    return provider.parse(RawWebhook(kept.payload["url"], headers, body, kept.received_at))


def _of_row(kept: Webhook, body: bytes) -> Parsed:
    """A row that the database refused holds what was read already."""
    said = orjson.loads(body)
    if kept.payload["kind"] == "status":
        return Parsed(events=(inbox.event_from_payload(said),))
    return Parsed(messages=(inbox.message_from_payload(said),))


def body_of(kept: Webhook) -> str | None:
    """A garbled body as text, for a person to read; None for a row that was read."""
    encoded = kept.payload.get("body_base64") if isinstance(kept.payload, dict) else None
    return None if encoded is None else base64.b64decode(encoded).decode(errors="replace")
