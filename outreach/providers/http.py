"""The pooled HTTP transport that all HTTP adapters share: keep-alive, one timeout, no retries, no redirects.

A retry below the adapter would send twice, so there is none. The vendors' packages build the requests; their own
transports open a connection or rebuild an opener a call, which costs several times as much.
"""

from __future__ import annotations

import re
import ssl
import time
import weakref
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Generator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from threading import BoundedSemaphore
from types import coroutine
from typing import Any, Self, TypeVar, cast
from urllib.parse import urlsplit

import orjson

from outreach.domain.sending import NotSent, OutcomeUnknown, Reason, Scope, SendError
from outreach.providers.connection import Connection, Host
from outreach.settings import Settings

T = TypeVar("T")

#: A kept connection that was idle for longer is not used again: vendors and their proxies close theirs after a minute.
LONGEST_IDLE = 30.0
#: What may stand in a request line (RFC 3986) and in a header's value (RFC 9110): no control character, no space.
_TARGET = re.compile(r"[!-~]+")
_FIELD = re.compile(r"[\t -~\x80-\xff]*")


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer read to its end. `headers` ignore case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON, or None when it is not JSON."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object; empty when it is none."""
        value = self.json()
        return value if isinstance(value, dict) else {}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request that is ready to leave: what the coroutine of a call waits for."""

    transport: Transport
    host: Host
    request: bytes


#: A call of an adapter, which waits for its exchanges.
Call = Coroutine[Wanted, Reply, T]


@coroutine
def _ask(wanted: Wanted) -> Generator[Wanted, Reply, Reply]:
    return (yield wanted)


def run(call: Call[T]) -> T:
    """Bring a call to its end in this thread. Raises what it raises."""
    return end(call, _with_place)


def end(call: Call[T], exchange: Callable[[Wanted], Reply], wanted: Wanted | None = None) -> T:
    """Bring a call to its end by `exchange`; `wanted` is what it waits for, if it has begun. Raises what it raises."""
    try:
        wanted = wanted or call.send(None)  # type: ignore[arg-type]  # how a coroutine begins
        while True:
            try:
                reply = exchange(wanted)
            except SendError as error:
                wanted = call.throw(error)
            else:
                wanted = call.send(reply)
    except StopIteration as ended:
        return cast("T", ended.value)


def _with_place(wanted: Wanted) -> Reply:
    transport = wanted.transport
    if not transport.enter(wait=True):
        raise NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail="no free connection in time")
    try:
        return transport.exchange(wanted)
    finally:
        transport.leave()


class Transport:
    """Makes one call at a time per thread, for any number of threads, over kept connections.

    `timeout` is in seconds, for the connection and for the answer together; `pool_size` is the most connections
    in use at once; a call that waits longer than `timeout` for one was not sent.
    """

    def __init__(self, *, timeout: float, pool_size: int) -> None:
        self._timeout = timeout
        self._free = BoundedSemaphore(pool_size)
        self._idle: defaultdict[Host, deque[tuple[Connection, float]]] = defaultdict(deque)
        self._context = _trust()
        weakref.finalize(self, _close_all, self._idle)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        return cls(timeout=settings.provider_timeout, pool_size=settings.send_concurrency)

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | str | None = None, address: str = ""
    ) -> Reply:
        """Call once. Any status is an answer. Raises NotSent or OutcomeUnknown when there is none.

        `address`: where to connect to, whatever the name's records say by then.
        """
        return run(self.ask(method, url, headers=headers, body=body, address=address))

    async def ask(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | str | None = None, address: str = ""
    ) -> Reply:
        """The same for a coroutine, which `run` brings to its end, or `Exchanges` together with many others."""
        host, target, authority = _parts(url)
        if address:
            host = replace(host, address=address)
        return await _ask(Wanted(self, host, _written(method, target, {"Host": authority, **headers}, body)))

    def enter(self, *, wait: bool = False) -> bool:
        """Take one of the places for a connection, if there is one (within `timeout`); give it back by `leave`."""
        return self._free.acquire(timeout=self._timeout) if wait else self._free.acquire(blocking=False)

    def leave(self) -> None:
        """Give the place back."""
        self._free.release()

    def exchange(self, wanted: Wanted) -> Reply:
        """One exchange by whoever has a place. Raises NotSent or OutcomeUnknown."""
        deadline = self.deadline()
        connection = self._connection(wanted.host, deadline)
        try:
            status, headers, answer = connection.exchange(wanted.request, deadline)
        except OSError as error:
            connection.close()
            raise unknown(error) from error
        except BaseException:
            connection.close()
            raise
        self.keep(wanted.host, connection)
        return Reply(status, headers, answer)

    def deadline(self) -> float:
        """When (time.monotonic) an exchange that begins now is over."""
        return time.monotonic() + self._timeout

    def keep(self, host: Host, connection: Connection) -> None:
        """Keep a connection whose exchange is over, or close it."""
        if connection.keeps:
            self._idle[host].append((connection, time.monotonic()))
        else:
            connection.close()

    def _connection(self, host: Host, deadline: float) -> Connection:
        """A connection on which nothing was written yet. Raises NotSent."""
        try:
            connection = self.kept(host) or Connection(host, deadline, self._context)
        except OSError as error:
            raise _not_sent(error) from error
        try:
            connection.allow(deadline)
        except OSError as error:
            connection.close()
            raise _not_sent(error) from error
        return connection

    def kept(self, host: Host) -> Connection | None:
        """The connection used last, for it is the warmest, or None when none is kept."""
        idle = self._idle[host]
        while True:
            try:
                connection, since = idle.pop()
            except IndexError:
                return None
            if time.monotonic() - since < LONGEST_IDLE and not connection.is_dropped():
                return connection
            connection.close()


@cache
def _trust() -> ssl.SSLContext:
    """Whom connections trust: the machine's certificates, which take twenty milliseconds to read, once a process."""
    return ssl.create_default_context()


def _not_sent(error: OSError) -> NotSent:
    """Nothing left. The text of the error may hold an address; its kind says enough."""
    return NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__)


def unknown(error: OSError) -> OutcomeUnknown:
    """Something left, and no answer came."""
    return OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__)


def _close_all(idle: Mapping[Host, deque[tuple[Connection, float]]]) -> None:
    for kept in idle.values():
        for connection, _ in kept:
            connection.close()


def _parts(url: str) -> tuple[Host, str, str]:
    base, slash, path = url.partition("//")[2].partition("/")
    host = _host(url[: url.find("//") + 2], base)
    target = slash + path if slash else "/"
    if host is None or not _TARGET.fullmatch(target):
        raise NotSent(Scope.ACCOUNT, Reason.OTHER, detail="the API base in the settings is no http(s) address")
    return host, target, base


@lru_cache(maxsize=64)
def _host(scheme: str, authority: str) -> Host | None:
    if scheme not in ("http://", "https://"):
        return None
    try:
        parts = urlsplit(scheme + authority)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or "@" in authority or not _TARGET.fullmatch(authority):
        return None
    secure = scheme == "https://"
    return Host(secure, parts.hostname, port or (443 if secure else 80))


def _written(method: str, target: str, headers: Mapping[str, str], body: bytes | str | None) -> bytes:
    content = body.encode() if isinstance(body, str) else body or b""
    lines = [f"{method} {target} HTTP/1.1"]
    for name, value in headers.items():
        if not _FIELD.fullmatch(value):
            raise NotSent(Scope.CONTENT, Reason.CONTENT_INVALID, detail=f"the header {name} has characters of control")
        lines.append(f"{name}: {value}")
    if content or method != "GET":
        lines.append(f"Content-Length: {len(content)}")
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content
