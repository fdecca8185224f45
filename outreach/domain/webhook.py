"""Webhooks that leave the house: their signature, what an answer means, and when a failed one is tried again."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

#: What may stand before a secret (Standard Webhooks, "Signature scheme").
SECRET_PREFIX = "whsec_"  # noqa: S105 (a word of the standard)
#: Bytes that a secret has (the same): fewer can be guessed, more are none.
SHORTEST, LONGEST = 24, 64
#: Calls to an endpoint in a row that come to nothing before all of it is left alone, not only what failed.
MOST_FAILURES = 5
#: After so long a failing event is dead, and an endpoint that takes nothing is disabled.
GIVE_UP_AFTER = timedelta(days=3)
#: The waits after the first, second, ... failure; the last one goes on.
WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
    timedelta(hours=1),
    timedelta(hours=3),
    timedelta(hours=6),
    timedelta(hours=12),
)
#: By this part a wait is longer or shorter, so that many do not come back in the same moment.
JITTER = 0.2


class BadSecret(ValueError):
    """A secret that signs nothing; the message says what is wrong and the remedy, never the secret."""


class Verdict(StrEnum):
    """What an answer, or none, means."""

    #: taken
    TAKEN = "taken"
    #: something about this event, as far as one can tell: others may go on
    EVENT = "event"
    #: something about the endpoint: it is left alone for a while
    ENDPOINT = "endpoint"
    #: 410 Gone: the receiver wants no more
    GONE = "gone"


#: Statuses that say nothing about the event: a proxy or a guard answered, or the address is wrong.
_OF_ENDPOINT = frozenset({401, 403, 404, 405, 407, 408, 421, 425, 429, 502, 503, 504})


def verdict(status: int) -> Verdict:
    """What an HTTP status means. A redirect is not followed: whoever moved says so by its new address in the file."""
    if 200 <= status < 300:
        return Verdict.TAKEN
    if status == 410:
        return Verdict.GONE
    return Verdict.ENDPOINT if status < 400 or status in _OF_ENDPOINT else Verdict.EVENT


def wait(failures: int, chance: float, retry_after: float | None = None) -> timedelta:
    """How long to wait after the `failures`-th failure in a row (from 1). `chance`: from 0 to below 1.

    `retry_after`, the receiver's own wish in seconds, may make the wait longer, up to the longest one.
    """
    planned = WAITS[min(failures, len(WAITS)) - 1] * (1 + JITTER * (2 * chance - 1))
    wished = timedelta(seconds=min(retry_after or 0.0, WAITS[-1].total_seconds()))
    return max(planned, wished)


def secrets_of(written: str) -> list[bytes]:
    """The keys of a setting: one, or while it is being exchanged two, with a space between. Raises BadSecret."""
    keys = [_key(one) for one in written.split()]
    if not keys:
        raise BadSecret("is empty: write whsec_ and 32 random bytes in base64")
    return keys


def _key(written: str) -> bytes:
    try:
        key = b64decode(written.removeprefix(SECRET_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSecret("is not base64: write whsec_ and 32 random bytes in base64") from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise BadSecret(f"has {len(key)} bytes: write whsec_ and {SHORTEST} to {LONGEST} random bytes in base64")
    return key


def headers(message_id: str, timestamp: int, body: bytes, keys: list[bytes]) -> dict[str, str]:
    """The three headers of Standard Webhooks. `timestamp`: seconds since 1970; a signature for each key."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    signatures = (b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
