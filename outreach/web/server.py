"""The HTTP server of the web: uvicorn, and patience with clients that has an end."""

from __future__ import annotations

import asyncio
import resource
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

#: Seconds that a connection is kept without a request, longer than vendors and proxies keep theirs: whoever closes it
#: first never meets a request on its way.
KEEP_ALIVE = 75
#: Seconds in which a stopping server finishes what it has begun, less than Docker's patience.
GRACE = 20
#: Files that a web needs beside its clients' connections: database, broker, logs, static files.
OTHER_FILES = 500


@dataclass(frozen=True, slots=True)
class Patience:
    """What a client may take. `head` and `request` are the seconds for the headers and for all of a request.

    A debtor's mail of 30 MB in 60 seconds is half a megabyte a second. `longest_head` is in bytes; the server keeps
    a head in memory, and has no limit of its own. `connections` beyond these are closed at once.
    """

    head: float = 10.0
    request: float = 60.0
    longest_head: int = 65_536
    connections: int = 5_000


class PatientProtocol(HttpToolsProtocol):
    """uvicorn's protocol, which by itself would wait for the rest of a request for ever."""

    def __init__(self, *args: Any, patience: Patience, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._patience = patience
        #: Times of the loop by which the head and the request must be there; 0 when they are, or nothing has begun.
        self._head_by = self._request_by = 0.0
        self._head_size = 0
        self._watch: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to watch the clock; a connection that says nothing is cut off, too."""
        super().connection_made(transport)
        if len(self.connections) > self._patience.connections:
            transport.abort()
            return
        self._head_by = self.loop.time() + self._patience.head
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop watching."""
        if self._watch is not None:
            self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head that is not complete yet."""
        super().data_received(data)
        if self._head_by:
            self._head_size += len(data)
            if self._head_size > self._patience.longest_head and not self.transport.is_closing():
                self._cut_off(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """The clock runs from the first byte of a request."""
        now = self.loop.time()
        self._head_by, self._request_by, self._head_size = now + self._patience.head, now + self._patience.request, 0
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """The head is there: only the rest of the request is waited for."""
        self._head_by = 0.0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is there: how long its answer takes is not the client's doing."""
        self._request_by = 0.0
        super().on_message_complete()

    def _look(self) -> None:
        """Cut off who is late, else look again. One timer a connection: one a request would cost more."""
        now = self.loop.time()
        if 0 < self._head_by < now or 0 < self._request_by < now:
            self._cut_off(b"408 Request Timeout")
        else:
            self._watch = self.loop.call_later(self._patience.head / 4, self._look)

    def _cut_off(self, status: bytes) -> None:
        # While a head comes, `cycle` is the request before it; while a body comes, it is this one.
        is_answering = self.cycle is not None and not self.cycle.response_complete
        is_answered = self.cycle is not None and self.cycle.response_started
        if self._request_by and not (is_answering if self._head_by else is_answered):
            self.transport.write(b"HTTP/1.1 " + status + b"\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        self.transport.close()
        # A client that does not even read what it is told must not keep the connection.
        self.loop.call_later(self._patience.head / 4, self.transport.abort)


def make_server(
    app: ASGIApp,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    patience: Patience | None = None,
    log_level: str = "warning",
) -> uvicorn.Server:
    """The server for `app`, not running yet. Raises the process's limit of open files for the connections."""
    patience = patience or Patience()
    _allow_open_files(patience.connections + OTHER_FILES)
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        http=partial(PatientProtocol, patience=patience),  # type: ignore[arg-type]
        ws="none",
        log_level=log_level,
        access_log=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=GRACE,
    )
    return uvicorn.Server(config)


def _allow_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
