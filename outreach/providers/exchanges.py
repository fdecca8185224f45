"""Many exchanges at once from one thread, where a thread for each would cost more than the exchange itself."""

from __future__ import annotations

import select
import time
from dataclasses import dataclass
from typing import Generic, TypeVar

from outreach.domain.sending import SendError
from outreach.providers.connection import Connection
from outreach.providers.http import Call, Reply, Wanted, end, unknown

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Ended(Generic[K, T]):
    """A call that came to its end, by a result or an error."""

    key: K
    result: T | None
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Open(Generic[K, T]):
    key: K
    call: Call[T]
    wanted: Wanted
    connection: Connection
    deadline: float


class Exchanges(Generic[K, T]):
    """Calls under way, each on a kept connection of its own. Used by one thread."""

    def __init__(self) -> None:
        self._poll = select.poll()
        self._open: dict[int, _Open[K, T]] = {}

    def __len__(self) -> int:
        return len(self._open)

    def begin(self, key: K, call: Call[T]) -> Ended[K, T] | Wanted | None:
        """Begin a call. Returns its end if it has come already, or what it waits for where no connection is kept:
        nothing has left then, and to open one takes time, so that is for a thread to do."""
        return self._step(key, call, None)

    def wait(self, timeout: float) -> list[Ended[K, T]]:
        """The calls that end within `timeout` (seconds), as soon as any does; none when something else wakes it."""
        soonest = min((one.deadline for one in self._open.values()), default=None)
        if soonest is not None:
            timeout = min(timeout, max(0.0, soonest - time.monotonic()))
        ready = self._poll.poll(timeout * 1000)
        ended = [one for fd, _ in ready if fd in self._open and (one := self._advance(fd)) is not None]
        if not ready and soonest is not None and time.monotonic() >= soonest:
            late = [fd for fd, one in self._open.items() if one.deadline <= time.monotonic()]
            failed = [self._fail(fd, TimeoutError("the time is over")) for fd in late]
            ended += [one for one in failed if one is not None]
        return ended

    def close(self) -> None:
        """Let go of what is still under way: whether it arrived is unknown."""
        for one in self._open.values():
            one.call.close()
            one.connection.close()
        self._open.clear()

    def _step(self, key: K, call: Call[T], said: Reply | SendError | None) -> Ended[K, T] | Wanted | None:
        """Let a call go on until it waits for its next exchange, and begin that."""
        try:
            # A coroutine begins with None, which is nothing that it ever gets as an answer.
            wanted = call.throw(said) if isinstance(said, SendError) else call.send(said)  # type: ignore[arg-type]
        except StopIteration as ended:
            return Ended(key, ended.value)
        except Exception as error:  # noqa: BLE001 (the caller judges it)
            return Ended(key, None, error)
        connection = wanted.transport.kept(wanted.host)
        if connection is None:
            return wanted
        try:
            connection.begin(wanted.request)
        except OSError as error:
            connection.close()
            return self._step(key, call, unknown(error))
        self._open[connection.fileno()] = _Open(key, call, wanted, connection, wanted.transport.deadline())
        self._poll.register(connection, connection.awaits)
        return None

    def _advance(self, fd: int) -> Ended[K, T] | None:
        one = self._open[fd]
        try:
            answer = one.connection.advance()
        except OSError as error:
            return self._fail(fd, error)
        if answer is None:
            self._poll.modify(fd, one.connection.awaits)
            return None
        self._poll.unregister(fd)
        del self._open[fd]
        one.wanted.transport.keep(one.wanted.host, one.connection)
        return self._go_on(one, Reply(*answer))

    def _fail(self, fd: int, error: OSError) -> Ended[K, T] | None:
        one = self._open.pop(fd)
        self._poll.unregister(fd)
        one.connection.close()
        return self._go_on(one, unknown(error))

    def _go_on(self, one: _Open[K, T], said: Reply | SendError) -> Ended[K, T] | None:
        ended = self._step(one.key, one.call, said)
        if not isinstance(ended, Wanted):
            return ended
        try:  # a second exchange of the same call, and no connection is kept for it
            return Ended(one.key, end(one.call, ended.transport.exchange, ended))
        except Exception as error:  # noqa: BLE001 (the caller judges it)
            return Ended(one.key, None, error)
