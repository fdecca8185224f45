"""The web application alone on both databases: no sandbox and no workers; what would be settled is noted."""

from __future__ import annotations

import base64
import shutil
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import Engine, Row, select

from outreach.domain.sending import Provider
from outreach.providers.lob_letter import LobLetter
from outreach.providers.sendgrid_email import SendgridEmail
from outreach.providers.twilio_sms import TwilioSms
from outreach.settings import Settings
from outreach.store.engine import make_engine
from outreach.store.outbox import inbox
from outreach.web.app import create_app
from outreach.web.server import Patience, make_server
from outreach.web.services import WebServices
from tests.databases import make_tables
from tests.flow.house import House, house
from tests.serving import NO_TLS, serving
from tests.web.staff import hire

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
#: What providers sign is this address, whatever address the application really listens on.
PUBLIC_URL = "https://outreach.example"
TOKEN, LOB_SECRET, SECRET_KEY = "t" * 32, "l" * 32, "k" * 40
#: Seconds to wait for what follows at once.
PATIENCE = 30
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())


@dataclass
class Door:
    """The application as strangers meet it. `settling` holds the inbox ids given to the broker."""

    engine: Engine
    client: httpx.Client = field(init=False)
    address: tuple[str, int] = ("", 0)
    broker_away: bool = False
    broker_works: threading.Event = field(default_factory=threading.Event)
    _given: list[int] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __post_init__(self) -> None:
        self.broker_works.set()

    def enqueue(self, ids: list[int]) -> None:
        self.broker_works.wait(PATIENCE)
        with self._news:
            if not self.broker_away:
                self._given += ids
            self._news.notify_all()
        if self.broker_away:
            raise ConnectionError("the broker is away")

    def settling(self, count: int) -> list[int]:
        """The ids given to the broker, which follow the answers, once there are `count`."""
        with self._news:
            assert self._news.wait_for(lambda: len(self._given) >= count, PATIENCE), self._given
            return list(self._given)

    def inbox(self) -> list[Row[Any]]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(inbox).order_by(inbox.c.id)))


@pytest.fixture
def door(database_url: str) -> Iterator[Door]:
    """The application with Twilio, SendGrid and Lob configured, on a database at the newest schema."""
    engine = make_engine(database_url)
    make_tables(engine)
    with opened(engine) as door:
        yield door
    engine.dispose()


@contextmanager
def opened(engine: Engine, patience: Patience | None = None, **changes: object) -> Iterator[Door]:
    """The application on `engine` and a socket of its own; `changes` are settings."""
    settings = make_settings(**changes)
    built = [kind(settings, lambda: NOW) for kind in (TwilioSms, SendgridEmail, LobLetter)]
    providers = {one.name: one for one in built if settings.twilio_account_sid}
    with listening(Door(engine), settings, providers, patience) as door:  # type: ignore[arg-type]
        yield door


@contextmanager
def listening(
    door: Door, settings: Settings, providers: Mapping[str, Provider], patience: Patience | None = None
) -> Iterator[Door]:
    """The application of `settings` and `providers` behind a door, for the length of a block."""
    services = WebServices(door.engine, settings, providers, lambda: NOW, door.enqueue, machine_now=lambda: NOW)
    server = make_server(create_app(services), patience=patience, log_level="critical")
    with socket.create_server(("127.0.0.1", 0)) as listener, serving(server, listener) as url:
        door.address = listener.getsockname()
        with httpx.Client(base_url=url, timeout=PATIENCE, verify=NO_TLS) as door.client:
            yield door


def make_settings(**changes: object) -> Settings:
    """Settings of a house that accepts webhooks."""
    public_key = SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    values: dict[str, object] = {
        "public_url": PUBLIC_URL,
        "secret_key": SECRET_KEY,
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_token": TOKEN,
        "twilio_from": "+12125550100",
        "sendgrid_api_key": "SG.sample",
        "sendgrid_from": "help@northwind.example",
        "sendgrid_webhook_public_key": base64.b64encode(public_key).decode(),
        "lob_api_key": "test_sample",
        "lob_webhook_secret": LOB_SECRET,
    }
    return Settings(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def street(tmp_path: Path) -> Iterator[House]:
    """A house with its web, and a user of each role."""
    with house(f"sqlite:///{tmp_path / 'web.db'}", web=True) as home:
        hire(home)
        yield home


@pytest.fixture
def chromium() -> Iterator[Page]:
    """A page of a real browser."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed: make test installs it")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=[*flags, "--disable-sync"])
        yield running.new_page()
        running.close()
