"""A token bucket: how many messages may leave now, and when the next ones may.

A batch asks once. What it is granted may use tokens that come within a moment (`PATIENCE`): the caller then waits for
`ready_in` before it sends, so one question suffices and callers are served in the order in which they ask.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from math import floor

#: How long (seconds) a caller may have to wait for what it is granted: less than its lease by far.
PATIENCE = 1.0
#: Less than any share of a token that counts: sums of seconds and rates are not exact.
_DUST = 1e-6


@dataclass(frozen=True, slots=True)
class Rate:
    """Messages a second; positive. After a pause a second's worth, at least one message, may leave at once:
    in any t seconds at most `burst + per_second * t` do."""

    per_second: float

    @property
    def burst(self) -> int:
        """What a full bucket holds."""
        return max(1, floor(self.per_second))


@dataclass(frozen=True, slots=True)
class Bucket:
    """`tokens` at the instant `at`; below zero when tokens to come are promised already."""

    tokens: float
    at: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """`count` messages may leave in `ready_in` seconds; the rest may ask again in `next_in` seconds."""

    count: int
    ready_in: float = 0.0
    next_in: float = 0.0


def take(rate: Rate, bucket: Bucket | None, wanted: int, now: datetime) -> tuple[Grant, Bucket]:
    """Take up to `wanted` tokens of a bucket (None: a full one) and leave it as it is then.

    A clock that was set back adds nothing and is followed, so that it holds nothing up.
    """
    tokens = float(rate.burst) if bucket is None else _filled(rate, bucket, now)
    payable = floor(tokens + rate.per_second * PATIENCE + _DUST)
    count = max(0, min(wanted, rate.burst, payable))
    left = tokens - count
    missing = min(wanted - count, rate.burst)
    grant = Grant(
        count,
        ready_in=max(0.0, -left / rate.per_second) if count else 0.0,
        next_in=max(0.0, (missing - left) / rate.per_second) if missing else 0.0,
    )
    return grant, Bucket(left, now)


def _filled(rate: Rate, bucket: Bucket, now: datetime) -> float:
    passed = max(0.0, (now - bucket.at).total_seconds())
    return min(float(rate.burst), bucket.tokens + passed * rate.per_second)
