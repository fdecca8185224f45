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
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from threading import BoundedSemaphore
from typing import Any, Self
from urllib.parse import urlsplit

import orjson

from outreach.domain.sending import NotSent, OutcomeUnknown, Reason, Scope
from outreach.providers.connection import Connection, Host
from outreach.settings import Settings

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

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | str | None = None) -> Reply:
        """Call once. Any status is an answer. Raises NotSent or OutcomeUnknown when there is none."""
        host, target, authority = _parts(url)
        request = _written(method, target, {"Host": authority, **headers}, body)
        deadline = time.monotonic() + self._timeout
        if not self._free.acquire(timeout=self._timeout):
            raise NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail="no free connection in time")
        try:
            return self._exchange(self._connection(host, deadline), host, request, deadline)
        finally:
            self._free.release()

    def _exchange(self, connection: Connection, host: Host, request: bytes, deadline: float) -> Reply:
        try:
            status, headers, answer = connection.exchange(request, deadline)
        except OSError as error:
            connection.close()
            raise OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=type(error).__name__) from error
        except BaseException:
            connection.close()
            raise
        if connection.keeps:
            self._idle[host].append((connection, time.monotonic()))
        else:
            connection.close()
        return Reply(status, headers, answer)

    def _connection(self, host: Host, deadline: float) -> Connection:
        """A connection on which nothing was written yet. Raises NotSent."""
        try:
            connection = self._kept(host) or Connection(host, deadline, self._context)
        except OSError as error:
            raise _not_sent(error) from error
        try:
            connection.allow(deadline)
        except OSError as error:
            connection.close()
            raise _not_sent(error) from error
        return connection

    def _kept(self, host: Host) -> Connection | None:
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
