"""A creditor's system that takes webhooks over real sockets, and answers as a test decides."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

KEY = b"k" * 32
SECRET = "whsec_" + base64.b64encode(KEY).decode()
#: An answer: status, headers, body; or a function that takes its time and then gives one.
Reply = tuple[int, Mapping[str, str], bytes]
TAKEN: Reply = (204, {}, b"")


def refused(status: int, **headers: str) -> Reply:
    """An answer that takes nothing."""
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, b"no"


@dataclass(frozen=True)
class Post:
    """What came: the event and the headers that it came with."""

    document: dict[str, Any]
    headers: Mapping[str, str]
    body: bytes
    path: str

    def is_signed_with(self, key: bytes) -> bool:
        """By the rules of Standard Webhooks, written down here once more."""
        content = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + self.body
        wanted = "v1," + base64.b64encode(hmac.digest(key, content, "sha256")).decode()
        return wanted in self.headers["webhook-signature"].split(" ")


@dataclass
class Receiver:
    """`answer` decides; `posts` are all that came, `taken` those that were answered with 2xx."""

    answer: Callable[[Post], Reply] = lambda post: TAKEN
    posts: list[Post] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    def ids(self) -> list[int]:
        """The ids of what was taken, in order."""
        return list(self.taken)

    def of(self, account_ref: str) -> list[int]:
        """The ids of what was taken about an account, in order."""
        mine = {post.document["id"] for post in self.posts if post.document["account_ref"] == account_ref}
        return [id_ for id_ in self.taken if id_ in mine]

    def take(self, post: Post) -> Reply:
        with self._lock:
            self.posts.append(post)
        reply = self.answer(post)
        with self._lock:
            if 200 <= reply[0] < 300:
                self.taken.append(post.document["id"])
        return reply


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A sender that hung up is what some tests are about."""


@contextmanager
def receiving(answer: Callable[[Post], Reply] | None = None) -> Iterator[Receiver]:
    """A receiver for the length of a block."""
    receiver = Receiver(answer) if answer else Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, said = receiver.take(Post(json.loads(body), headers, body, self.path))
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            """Tests are quiet."""

    server = _Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
