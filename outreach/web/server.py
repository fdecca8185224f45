"""The HTTP server of the web: uvicorn, and patience with slow clients that has an end."""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds for the whole head of a request, counted from its first byte or the beginning of the connection.
HEAD_WITHIN = 10.0
#: Seconds for the whole request: 30 MB of a debtor's mail in this time is half a megabyte a second.
REQUEST_WITHIN = 60.0
#: The longest head. The server has no limit of its own, and a head is kept in memory.
LONGEST_HEAD = 65_536
#: Seconds that a connection is kept without a request, longer than a vendor or proxy keeps it: who closes it first
#: never meets a request on its way.
KEEP_ALIVE = 75
#: Seconds in which a stopping server finishes what it has begun, less than Docker's patience.
GRACE = 20


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which would wait for the rest of a request for ever and keep any length of head."""

    _head_ends: float = 0.0
    _request_ends: float = 0.0
    _head_size: int = 0
    _watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the clock."""
        super().connection_made(transport)
        self._expect_request()
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head."""
        if self._head_ends:
            self._head_size += len(data)
        elif not self._request_ends:
            self._expect_request(len(data))
        super().data_received(data)
        if self._head_ends and self._head_size > LONGEST_HEAD and not self.transport.is_closing():
            self._cut(b"431 Request Header Fields Too Large")

    def on_headers_complete(self) -> None:
        """The head is there: only the whole request is waited for."""
        self._head_ends, self._head_size = 0.0, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there: how long the answer takes is not the client's doing."""
        self._request_ends = 0.0
        super().on_message_complete()

    def _expect_request(self, size: int = 0) -> None:
        now = self.loop.time()
        self._head_ends, self._request_ends, self._head_size = now + HEAD_WITHIN, now + REQUEST_WITHIN, size

    def _look(self) -> None:
        """Cut off who is late; else look again. One timer a connection costs less than one a request."""
        now = self.loop.time()
        if 0 < self._head_ends < now or 0 < self._request_ends < now:
            self._cut(b"408 Request Timeout")
            return
        self._watch = self.loop.call_later(HEAD_WITHIN / 4, self._look)

    def _cut(self, status: bytes) -> None:
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()


def make_server(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0, **options: Any) -> uvicorn.Server:
    """The server for `app`, not running yet. `options` are uvicorn's."""
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=PatientProtocol,
        ws="none",
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
        **{"log_level": "warning", **options},
    )
    return uvicorn.Server(config)
