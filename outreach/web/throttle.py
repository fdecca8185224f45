"""Slows down whoever guesses passwords."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

#: More keys than this and the oldest are forgotten: a stranger must not fill the memory.
MOST_KEYS = 10_000


class Throttle:
    """Counts failures by key in this process. Thread-safe."""

    def __init__(self, tries: int, window: timedelta, now: Callable[[], datetime]) -> None:
        self._tries = tries
        self._window = window
        self._now = now
        self._failures: dict[str, deque[datetime]] = {}
        self._lock = Lock()

    def blocked(self, key: str) -> bool:
        """Whether `key` has failed too often within the window."""
        with self._lock:
            failures = self._failures.get(key, deque())
            while failures and failures[0] <= self._now() - self._window:
                failures.popleft()
            return len(failures) >= self._tries

    def failed(self, key: str) -> None:
        """Count one failure."""
        with self._lock:
            failures = self._failures.pop(key, None) or deque(maxlen=self._tries)
            failures.append(self._now())
            self._failures[key] = failures
            if len(self._failures) > MOST_KEYS:
                del self._failures[next(iter(self._failures))]

    def succeeded(self, key: str) -> None:
        """Forget the failures of `key`."""
        with self._lock:
            self._failures.pop(key, None)
