"""A sandbox that really runs, and a web that takes its callbacks."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import orjson
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from urllib3 import HTTPResponse, PoolManager

from outreach.sandbox.config import Delays, SandboxConfig
from outreach.sandbox.server import make_server
from tests.serving import serving

PATIENCE = 10.0
SERVICE = "MG" + "5" * 32


@dataclass(frozen=True)
class Post:
    """A callback as it came in: URL with query, lower-case header names, raw body."""

    url: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Web:
    """The receiver of callbacks. `answer` is the status that it gives."""

    url: str = ""
    answer: int = 204
    posts: queue.Queue[Post] = field(default_factory=queue.Queue)

    def next(self, path: str) -> Post:
        """The next callback at a path; others before it are dropped."""
        while True:
            post = self.posts.get(timeout=PATIENCE)
            if post.url.removeprefix(self.url).startswith(path):
                return post

    async def take(self, request: Request) -> Response:
        raw = request.scope["raw_path"].decode()
        query = request.scope["query_string"].decode()
        url = self.url + raw + (f"?{query}" if query else "")
        self.posts.put(Post(url, dict(request.headers), await request.body()))
        return Response(status_code=self.answer)


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    app = Starlette(routes=[Route("/{path:path}", web.take, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
    with serving(server) as web.url:
        yield web


@dataclass(frozen=True)
class Box:
    """A running sandbox."""

    url: str
    config: SandboxConfig
    http: PoolManager

    def get(self, path: str) -> HTTPResponse:
        return self.http.request("GET", self.url + path)

    def post(self, path: str, value: object) -> HTTPResponse:
        return self.http.request("POST", self.url + path, json=value)

    def form(self, path: str, fields: dict[str, str], origin: str | None = None) -> HTTPResponse:
        return self.http.request(
            "POST",
            self.url + path,
            fields=fields,
            encode_multipart=False,
            headers={"Origin": origin or self.url},
            redirect=False,
        )

    def ledger(self, query: str = "") -> list[dict[str, object]]:
        return [orjson.loads(line) for line in self.get(f"/sandbox/ledger{query}").data.splitlines()]

    def summary(self) -> dict[str, object]:
        return dict(self.get("/sandbox/ledger/summary").json())


Start = Callable[..., Box]


@pytest.fixture
def start(web: Web) -> Iterator[Start]:
    """Starts sandboxes that call `web` back at once; settings of SandboxConfig may be given."""
    with ExitStack() as stack:
        http = stack.enter_context(PoolManager(retries=False))

        def make(**settings: object) -> Box:
            given = {"callback_url": web.url, "delays": Delays.none(), **settings}
            config = SandboxConfig(**given)  # type: ignore[arg-type]
            return Box(stack.enter_context(serving(make_server(config, port=0))), config, http)

        yield make


@pytest.fixture
def box(start: Start) -> Box:
    return start()
