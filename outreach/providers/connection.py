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


class CutShort(OSError):
    """The answer ended early, came too late, was too long or is not HTTP: whether the request was taken is unknown."""


@dataclass(frozen=True, slots=True)
class Host:
    """Where connections go: `secure` means TLS with a verified certificate."""

    secure: bool
    name: str
    port: int


class _Answer:
    """What httptools calls while it reads one answer."""

    __slots__ = ("body", "done", "headers", "keeps", "size")

    def __init__(self) -> None:
        self.headers: CIMultiDict[str] = CIMultiDict()
        self.body: list[bytes] = []
        self.size = 0
        self.done = self.keeps = False

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.add(name.decode("latin-1"), value.decode("latin-1"))

    def on_body(self, part: bytes) -> None:
        self.size += len(part)
        self.body.append(part)

    def on_message_complete(self) -> None:
        self.done = True


class Connection:
    """An open connection, used by one thread at a time."""

    def __init__(self, host: Host, deadline: float, context: ssl.SSLContext) -> None:
        """Connect by `deadline` (time.monotonic). Raises OSError: nothing was sent then."""
        self._socket = socket.create_connection((host.name, host.port), timeout=_left(deadline))
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
        while True:
            answer = _Answer()
            status = self._read(answer, deadline)
            if status >= 200:  # what is below announces the answer (RFC 9110, section 15.2)
                self.keeps = answer.done and answer.keeps
                return status, answer.headers, b"".join(answer.body)

    def _read(self, answer: _Answer, deadline: float) -> int:
        parser = httptools.HttpResponseParser(answer)
        while not answer.done:
            self.allow(deadline)
            data = self._socket.recv(_CHUNK)
            if not data:
                if answer.headers and not _has_length(answer.headers):
                    break
                raise CutShort("the connection ended before the answer did")
            try:
                parser.feed_data(data)
            except httptools.HttpParserError as error:
                raise CutShort("the answer is not HTTP") from error
            if answer.size > LARGEST_ANSWER:
                raise CutShort("the answer is too long")
        # HTTP/1.0 ends the connection with the answer unless told otherwise (RFC 9112, section 9.3).
        answer.keeps = parser.get_http_version() == "1.1" and answer.headers.get("Connection", "").lower() != "close"
        status: int = parser.get_status_code()
        return status


def _has_length(headers: Mapping[str, str]) -> bool:
    return "Content-Length" in headers or "Transfer-Encoding" in headers


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError("the time is over")
    return left
