"""Where token buckets are kept: in Redis for all processes of a house, or in this one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Protocol

import redis

from outreach.domain.pacing import PATIENCE, Bucket, Grant, Rate, take

log = logging.getLogger(__name__)

#: Seconds that Redis may take to answer before a process paces itself.
_TIMEOUT = 1.0

#: `domain.pacing.take`, on Redis' own clock so that the clocks of workers need not agree. Numbers go back as text:
#: Redis cuts what is returned to whole ones.
_TAKE = """
local rate, burst, wanted, patience = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1e6
local kept = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens = burst
if kept[1] then
  tokens = math.min(burst, tonumber(kept[1]) + math.max(0, now - tonumber(kept[2])) * rate)
end
local count = math.max(0, math.min(wanted, burst, math.floor(tokens + rate * patience + 1e-6)))
local left = tokens - count
local missing = math.min(wanted - count, burst)
redis.call('HSET', KEYS[1], 'tokens', string.format('%.6f', left), 'at', string.format('%.6f', now))
redis.call('PEXPIRE', KEYS[1], math.ceil((burst - left) / rate * 1000) + 1000)
local ready_in = count > 0 and math.max(0, -left / rate) or 0
local next_in = missing > 0 and math.max(0, (missing - left) / rate) or 0
return {count, string.format('%.6f', ready_in), string.format('%.6f', next_in)}
"""


def on_redis(url: str) -> bool:
    """Whether a broker's URL names a Redis."""
    return url.startswith(("redis://", "rediss://", "unix://"))


class Buckets(Protocol):
    """Token buckets by name."""

    def take(self, name: str, rate: Rate, wanted: int) -> Grant:
        """Up to `wanted` messages of the bucket `name`."""
        ...

    def close(self) -> None:
        """Give back what is held open."""
        ...


class LocalBuckets:
    """The buckets of this process."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._kept: dict[str, Bucket] = {}
        self._lock = Lock()

    def take(self, name: str, rate: Rate, wanted: int) -> Grant:
        """Up to `wanted` messages, for whichever thread asks."""
        with self._lock:
            grant, self._kept[name] = take(rate, self._kept.get(name), wanted, self._now())
        return grant

    def close(self) -> None:
        """There is nothing to give back."""


class RedisBuckets:
    """The buckets of all processes on one Redis: one round trip a batch.

    While Redis is away each process paces itself by the same rate, so that a house of n workers is up to n times as
    fast: the broker that brings them work is away, too, so that this ends with the batches in hand.
    """

    def __init__(self, url: str, namespace: str = "outreach") -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=_TIMEOUT, socket_connect_timeout=_TIMEOUT)
        self._script = self._client.register_script(_TAKE)
        self._prefix = f"{namespace}:bucket:"
        self._own = LocalBuckets()

    def take(self, name: str, rate: Rate, wanted: int) -> Grant:
        """Up to `wanted` messages, for whichever process asks."""
        arguments = [rate.per_second, rate.burst, wanted, PATIENCE]
        try:
            count, ready_in, next_in = self._script(keys=[self._prefix + name], args=arguments)
        except redis.RedisError as error:
            log.warning("Redis does not pace %s, this process does: %s", name, type(error).__name__)
            return self._own.take(name, rate, wanted)
        return Grant(int(count), float(ready_in), float(next_in))

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()
