"""What the webhooks of all vendors have in common: freshness, ids of events, reading JSON."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from outreach.domain.sending import Parsed, RawWebhook, WebhookGarbled, WebhookInvalid

#: Vendors repeat a webhook for a day with its first timestamp and signature; doubled news is known by its event id.
OLDEST = timedelta(hours=24, minutes=10)
#: How far a vendor's clock may run ahead of ours.
FURTHEST_AHEAD = timedelta(minutes=10)


def header(webhook: RawWebhook, name: str) -> str:
    """A header that must be there. Raises WebhookInvalid."""
    value = webhook.headers.get(name.lower())
    if not value:
        raise WebhookInvalid(f"{name} is missing")
    return value


def check_fresh(timestamp: str, received_at: datetime, *, per_second: int = 1) -> None:
    """Raise WebhookInvalid unless `timestamp` (epoch, `per_second` units a second) is credible at `received_at`."""
    try:
        signed_at = datetime.fromtimestamp(int(timestamp) / per_second, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WebhookInvalid("the signed timestamp is not a number") from error
    age = received_at - signed_at
    if not -FURTHEST_AHEAD <= age <= OLDEST:
        raise WebhookInvalid("the signed timestamp is stale or ahead of the clock")


def digest(*parts: object) -> str:
    """An event id made of what makes the event one, for vendors that give none."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def read_json(webhook: RawWebhook) -> Any:
    """The body as JSON. Raises WebhookGarbled."""
    try:
        return orjson.loads(webhook.body)
    except orjson.JSONDecodeError as error:
        raise WebhookGarbled("the body is not JSON") from error


def text_or_none(value: object) -> str | None:
    """The value when it is a text that says something."""
    return value if isinstance(value, str) and value else None


class NoWebhooks:
    """The receiving half of a provider that calls nothing back over HTTP."""

    def verify(self, webhook: RawWebhook) -> None:
        """Always raises WebhookInvalid: whatever came in is not from it."""
        raise WebhookInvalid(f"nothing is expected at {webhook.url}")

    def parse(self, webhook: RawWebhook) -> Parsed:
        """Always raises WebhookGarbled: it has no words over HTTP."""
        raise WebhookGarbled(f"nothing is expected at {webhook.url}")
