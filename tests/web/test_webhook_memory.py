"""What webhooks cost in memory, measured at a web of its own process."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
from sqlalchemy import func, select

from outreach.sandbox.signing import sendgrid_headers
from outreach.store.engine import make_engine
from outreach.store.migrate import migrate
from outreach.store.outbox import inbox
from tests import services
from tests.web.conftest import PATIENCE, SENDGRID_KEY, TOKEN
from tests.web.process import WebProcess, web_process
from tests.web.vendors import EVENTS, MAIL, events_body, head, mail, sendgrid_event

MEGABYTE = 2**20
#: Megabytes that webhooks may take at the most: bodies (80), rows (64), and what reading and storing them takes.
BOUND = 700


class Watched:
    """A web process, and how much its memory grows."""

    def __init__(self, web: WebProcess, database: str) -> None:
        self.web, self.database = web, database
        self._process = psutil.Process(web.running.pid)
        self._at_rest = self._process.memory_info().rss

    def growth(self) -> int:
        """Megabytes that the most memory it ever had lies above what it had at rest."""
        peak = next(
            line for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines() if "VmHWM" in line
        )
        return (int(peak.split()[1]) * 1024 - self._at_rest) // MEGABYTE

    def post(self, path: str, body: bytes, content_type: str = "application/json") -> int:
        """A signed POST; the answer's status."""
        headers = sendgrid_headers(SENDGRID_KEY, datetime.now(UTC), body) | {"Content-Type": content_type}
        return httpx.post(f"{self.web.url}{path}", content=body, headers=headers, timeout=2 * PATIENCE).status_code

    def kept(self) -> int:
        engine = make_engine(self.database)
        with engine.connect() as connection:
            count = connection.scalars(select(func.count()).select_from(inbox)).one()
        engine.dispose()
        return count


@pytest.fixture
def watched(servers: services.Servers, redis_url: str, tmp_path: Path) -> Iterator[Watched]:
    with services.database(servers) as url:
        engine = make_engine(url)
        migrate(engine)
        engine.dispose()
        with web_process(tmp_path, url, redis_url, TOKEN, SENDGRID_KEY) as web:
            watched = Watched(web, url)
            assert watched.post(EVENTS, b"[]") == 200
            yield watched


def test_memory_is_bounded_whatever_is_posted(watched: Watched) -> None:
    """What is posted at once is several times the bound."""
    batches = [events_body(*(sendgrid_event(f"e{n}-{m}") for m in range(10_000))) for n in range(16)]
    with ThreadPoolExecutor(16) as vendor:
        answers = list(vendor.map(lambda body: watched.post(EVENTS, body), batches))
    assert set(answers) <= {200, 503}
    assert watched.kept() == 10_000 * answers.count(200)
    scan, content_type = mail(b"See the scan.", b"\xff" * 29_900_000)
    novel, _ = mail(b"spam " * 5_900_000)
    garbled = b"\xff" * 29_900_000
    with ThreadPoolExecutor(24) as vendor:
        answers = list(vendor.map(lambda body: watched.post(MAIL, body, content_type), [scan, novel, garbled] * 8))
    assert 200 in answers
    assert set(answers) <= {200, 503}
    parts = urlsplit(watched.web.url)
    with ExitStack() as stack:
        for _ in range(300):
            connection = stack.enter_context(socket.create_connection((parts.hostname, parts.port), PATIENCE))
            connection.sendall(head(MAIL, {}, 30_000_000) + b"x" * 3_000_000)
    assert watched.growth() < BOUND
