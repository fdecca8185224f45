"""One kept connection to a vendor: a request written, one answer read to its end, nothing repeated.

Written on sockets because a repeated request is a second message to a debtor, and because of its cost. libcurl sends
again by itself when a kept connection turns out to be dead; urllib3 and http.client cost four to eight times the CPU
a call. The answer is parsed by httptools (llhttp, the parser of Node.js).
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass

import httptools
from multidict import CIMultiDict

#: An answer of a vendor is a few kilobytes; what is longer is not one.
LARGEST_ANSWER = 5_000_000
#: Seconds by which a call may take longer than its timeout.
PRECISION = 0.1
_CHUNK = 65_536
#: What a socket says that is not ready, with TLS and without.
_NOT_YET = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class CutShort(OSError):
    """The answer ended early, came too late, was too long or is not HTTP: whether the request was taken is unknown."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where connections go: `secure` means TLS with a certificate verified for `name`.

    `address`, when set, is called instead of what the name's records say by then.
    """

    secure: bool
    name: str
    port: int
    address: str = ""


class _Answer:
    """The answer that a connection reads, one after the other; httptools calls it. The parser goes on from one to the
    next, since making one costs as much as reading."""

    __slots__ = ("_body", "_headers", "_parser", "_size", "_status", "_stray")

    def __init__(self) -> None:
        self._parser = httptools.HttpResponseParser(self)
        self.begin()

    def begin(self) -> None:
        """Nothing is read yet."""
        self._headers: CIMultiDict[str] = CIMultiDict()
        self._body: list[bytes] = []
        self._size = self._status = 0
        self._stray = False

    def feed(self, data: bytes) -> tuple[int, Mapping[str, str], bytes, bool] | None:
        """Take what was read; `b""` is the end of the connection. Once the answer is whole: status, headers (ignoring
        case), body, and whether the connection may be used again. Raises CutShort."""
        if data:
            self._parse(data)
            return (self._status, self._headers, b"".join(self._body), self._keeps()) if self._status else None
        if not self._headers or _has_length(self._headers):
            raise CutShort("the connection ended before the answer did")
        return self._parser.get_status_code(), self._headers, b"".join(self._body), False

    def on_message_begin(self) -> None:
        self._stray = self._status != 0  # nobody asked for it

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._stray:
            self._headers.add(name.decode("latin-1"), value.decode("latin-1"))

    def on_body(self, part: bytes) -> None:
        if not self._stray:
            self._size += len(part)
            self._body.append(part)

    def on_message_complete(self) -> None:
        if self._stray:
            return
        status: int = self._parser.get_status_code()
        if status < 200:  # it announces the answer (RFC 9110, section 15.2)
            self.begin()
        else:
            self._status = status

    def _parse(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            raise CutShort("the answer is not HTTP") from error
        if self._size > LARGEST_ANSWER:
            raise CutShort("the answer is too long")

    def _keeps(self) -> bool:
        # HTTP/1.0 ends the connection with the answer unless told otherwise (RFC 9112, section 9.3).
        is_new: bool = self._parser.get_http_version() == "1.1"
        return is_new and not self._stray and self._headers.get("Connection", "").lower() != "close"


class Connection:
    """An open connection, used by one thread at a time."""

    def __init__(self, host: Host, deadline: float, context: ssl.SSLContext) -> None:
        """Connect by `deadline` (time.monotonic). Raises OSError: nothing was sent then."""
        self._socket = socket.create_connection((host.address or host.name, host.port), timeout=_left(deadline))
        try:
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if host.secure:
                self._socket.settimeout(_left(deadline))
                self._socket = context.wrap_socket(self._socket, server_hostname=host.name)
        except BaseException:
            self._socket.close()
            raise
        self._timeout = self._socket.gettimeout()
        self._poll = select.poll()
        self._poll.register(self._socket, select.POLLIN)
        self._unsent, self._answer = memoryview(b""), _Answer()
        self.keeps = True

    def is_dropped(self) -> bool:
        """Whether the vendor closed it, or sent what nobody asked for, while it was idle."""
        return bool(self._poll.poll(0))

    def close(self) -> None:
        """Let go of it."""
        self._socket.close()

    def allow(self, deadline: float) -> None:
        """Let the next exchange begin. Raises TimeoutError when its time is over already: nothing was sent then."""
        left = _left(deadline)
        # Each call of settimeout asks the kernel; one that changes nothing is left out.
        if self._timeout is None or abs(left - self._timeout) > PRECISION:
            self._socket.settimeout(left)
            self._timeout = left

    def exchange(self, request: bytes, deadline: float) -> tuple[int, Mapping[str, str], bytes]:
        """Write `request`, read the answer: status, headers (ignoring case), body. Raises OSError: outcome unknown."""
        self.keeps = False
        self._socket.sendall(request)
        self._answer.begin()
        while True:
            self.allow(deadline)
            whole = self._answer.feed(self._socket.recv(_CHUNK))
            if whole is not None:
                status, headers, body, self.keeps = whole
                return status, headers, body

    def begin(self, request: bytes) -> None:
        """Begin an exchange that nobody waits for: `advance` whenever the socket is ready. Raises OSError."""
        self.keeps = False
        if self._timeout != 0.0:
            self._socket.settimeout(0.0)
            self._timeout = 0.0
        self._unsent = memoryview(request)
        self._answer.begin()
        self._push()

    def advance(self) -> tuple[int, Mapping[str, str], bytes] | None:
        """Write and read what can be at once; the answer, once it is whole. Raises OSError: outcome unknown."""
        self._push()
        while True:
            try:
                data = self._socket.recv(_CHUNK)
            except _NOT_YET:
                return None
            whole = self._answer.feed(data)
            if whole is not None:
                status, headers, body, self.keeps = whole
                return status, headers, body

    @property
    def awaits(self) -> int:
        """What a poll is to wait for while an exchange is under way."""
        return select.POLLIN | (select.POLLOUT if self._unsent else 0)

    def fileno(self) -> int:
        """The socket's."""
        return self._socket.fileno()

    def _push(self) -> None:
        while self._unsent:
            try:
                self._unsent = self._unsent[self._socket.send(self._unsent) :]
            except _NOT_YET:
                return


def _has_length(headers: Mapping[str, str]) -> bool:
    return "Content-Length" in headers or "Transfer-Encoding" in headers


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return left
