"""A line to a database that can be cut, held, or lose the answer to a commit."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit


class Line:
    """Forwards connections to `target` from a port of its own."""

    def __init__(self, target: tuple[str, int]) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._flows = threading.Event()
        self._flows.set()
        self._is_cut = False
        self._ends: set[socket.socket] = set()
        self._loses_commit = False
        #: Set once an answer to a commit is lost, and once something is held.
        self.lost_commit, self.held = threading.Event(), threading.Event()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """The database is away: connections break, new ones are refused at their first word."""
        self._is_cut = True
        for end in list(self._ends):
            _hang_up(end)

    def restore(self) -> None:
        """The database is back."""
        self._is_cut = self._loses_commit = False

    def hold(self) -> None:
        """Nothing passes, and nobody hears why."""
        self._flows.clear()

    def release(self) -> None:
        """What was held passes."""
        self._flows.set()

    def lose_next_commit(self) -> None:
        """The next COMMIT reaches the database, and its answer nobody."""
        self._loses_commit = True

    def close(self) -> None:
        """Take the line down."""
        self.release()
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            if self._is_cut:
                near.close()
                continue
            far = socket.create_connection(self._target)
            self._ends |= {near, far}
            mute = threading.Event()
            threading.Thread(target=self._forward, args=(near, far, mute, True), daemon=True).start()
            threading.Thread(target=self._forward, args=(far, near, mute, False), daemon=True).start()

    def _forward(self, source: socket.socket, sink: socket.socket, mute: threading.Event, asks: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self._flows.is_set():
                    self.held.set()
                    self._flows.wait()
                if asks and self._loses_commit and b"COMMIT" in data:
                    mute.set()
                if asks or not mute.is_set():
                    sink.sendall(data)
                else:
                    self.lost_commit.set()
        for end in (source, sink):
            _hang_up(end)


def _hang_up(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


@contextmanager
def line_to(database_url: str) -> Iterator[tuple[Line, str]]:
    """A line to a PostgreSQL database, and the URL of its near end."""
    parts = urlsplit(database_url)
    assert parts.hostname
    assert parts.port
    line = Line((parts.hostname, parts.port))
    try:
        yield line, database_url.replace(f":{parts.port}/", f":{line.port}/")
    finally:
        line.close()
