"""The demonstration: sample accounts, the sandbox instead of providers, and a clock whose days pass in minutes."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from outreach.cli.sample import write_sample
from outreach.domain.calendar import is_business_day
from outreach.flow.clock import FastClock
from outreach.flow.importing import import_accounts, import_payments
from outreach.flow.signin import add_user
from outreach.sandbox.config import SandboxConfig
from outreach.settings import Settings, load
from outreach.store.users import Role
from outreach.wiring import App

#: Where and when the sample's working day begins.
ZONE, OPENING = "America/New_York", time(8, 50)
#: How many times faster than real the demonstration's clock runs: a working day passes in about two minutes.
SPEED = 300.0
#: The share of delivered texts that the sandbox's debtors answer by themselves.
REPLY_RATE = 0.08
USER = "demo@outreach.example"


@dataclass
class DemoState:
    """What a demonstration remembers between two runs. `now` is its business time (ISO 8601, UTC)."""

    now: str
    secret_key: str
    password: str
    imported: bool = False


class Demo:
    """A demonstration in a folder of its own; delete the folder to begin anew."""

    def __init__(self, folder: Path, at: datetime | None, speed: float) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder, self._file = folder, folder / "demo.json"
        self.resumed = self._file.exists()
        self.state = self._read() if self.resumed else _fresh_state()
        if at is not None:
            self.state.now = at.astimezone(UTC).isoformat()
        self.clock = FastClock(datetime.fromisoformat(self.state.now), speed)

    def settings(self, sandbox: SandboxConfig, sandbox_url: str, port: int) -> Settings:
        """The environment's settings, with the demonstration's database and every provider in the sandbox."""
        return load(
            database_url=f"sqlite:///{self._folder / 'outreach.db'}",
            broker_url="",
            port=port,
            public_url=f"http://127.0.0.1:{port}",
            secret_key=self.state.secret_key,
            sendgrid_from="messages@outreach.example",
            sendgrid_inbound_domain="replies.outreach.example",
            **dict[str, Any](sandbox.as_settings(sandbox_url)),
        )

    def sandbox(self, callback_url: str) -> SandboxConfig:
        """A sandbox that goes by the demonstration's clock."""
        return SandboxConfig(
            callback_url=callback_url,
            ledger=str(self._folder / "sandbox.db"),
            speed=self.clock.speed,
            now=self.clock.now,
            reply_rate=REPLY_RATE,
        )

    def prepare(self, app: App, say: Callable[[str], None]) -> None:
        """Import the sample portfolio and make the user, once."""
        if self.state.imported:
            return
        today = self.clock.now().astimezone(ZoneInfo(ZONE)).date()
        sample = write_sample(self._folder, today)
        accounts = import_accounts(app.engine, sample.accounts, self.clock.now())
        payments = import_payments(app.engine, sample.payments, self.clock.now())
        say(f"imported {accounts.created} rows of {sample.accounts_count} sample accounts, {payments.created} payments")
        add_user(app.engine, USER, self.state.password, Role.ADMIN, self.clock.now())
        self.state.imported = True
        self.save()

    def save(self) -> None:
        """Remember where the clock stands."""
        self.state.now = self.clock.now().isoformat()
        temporary = self._file.with_suffix(".tmp")
        temporary.write_text(json.dumps(asdict(self.state), indent=1), encoding="utf-8")
        temporary.chmod(0o600)
        temporary.replace(self._file)

    def _read(self) -> DemoState:
        return DemoState(**json.loads(self._file.read_text(encoding="utf-8")))


def _fresh_state() -> DemoState:
    day = _working_day(datetime.now(ZoneInfo(ZONE)).date())
    opening = datetime.combine(day, OPENING, ZoneInfo(ZONE)).astimezone(UTC)
    return DemoState(opening.isoformat(), secrets.token_urlsafe(48), secrets.token_urlsafe(9))


def _working_day(day: date) -> date:
    while not is_business_day(day, "US"):
        day += timedelta(days=1)
    return day
