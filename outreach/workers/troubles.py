"""What a process does while the database or the broker is away: it says so once, waits, and goes on by itself."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any

import dramatiq
import redis
from dramatiq.errors import BrokerConnectionError

from outreach.flow.isolating import TRANSIENT

log = logging.getLogger(__name__)

#: Errors that say that the broker is away.
BROKER_AWAY = (redis.ConnectionError, redis.TimeoutError, BrokerConnectionError)
#: Seconds between two tries of work for which the database is away.
PAUSE = 0.5
#: Seconds after which work is left to the sweeps, which find it again.
LONGEST_WAIT = 60.0


class Trouble:
    """Says once that something does not work and once that it works again, however often and where it is noticed."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._lock = threading.Lock()
        self._since: float | None = None

    def noticed(self, error: BaseException, *, trace: bool = False) -> None:
        """It failed; `trace` for failures that nobody foresaw."""
        with self._lock:
            first, self._since = self._since is None, self._since or monotonic()
        if first:
            log.warning("%s fails: %s", self._what, type(error).__name__, exc_info=error if trace else None)

    def over(self) -> None:
        """It worked."""
        if self._since is None:
            return
        with self._lock:
            since, self._since = self._since, None
        if since is not None:
            log.warning("%s works again after %.1f s", self._what, monotonic() - since)


class Patience(dramatiq.Middleware):
    """Work of actors waits while the database is away, instead of failing message after message.

    What the worker leaves when it stops, or after LONGEST_WAIT, is found again by the sweeps.
    """

    def __init__(self) -> None:
        self._database = Trouble("the database")
        self._stopping = threading.Event()

    def before_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:  # noqa: ARG002
        """Dramatiq's hook: the worker stops."""
        self._stopping.set()

    def work(self, flow: Callable[..., Any], *args: object) -> None:
        """Call a flow, which must be safe to call again, until the database lets it end."""
        deadline = monotonic() + LONGEST_WAIT
        while True:
            try:
                flow(*args)
            except TRANSIENT as error:
                self._database.noticed(error)
                if monotonic() > deadline or self._stopping.wait(PAUSE):
                    return
            else:
                self._database.over()
                return
