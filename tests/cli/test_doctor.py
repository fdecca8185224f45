"""What the doctor says of rates, and of providers that are left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.domain.circuit import Circuit, Key, State
from outreach.domain.outcome import reason_of
from outreach.domain.sending import Reason, Rejected, Scope
from outreach.flow.pauses import ADVICE, pauses
from outreach.store import circuits
from outreach.store.engine import make_engine, reading
from tests.databases import make_tables

UNTIL = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """A migrated database, and an environment that names it."""
    url = f"sqlite:///{tmp_path / 'doctor.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    monkeypatch.setenv("OUTREACH_SCHEDULES", str(ROOT / "schedules"))
    monkeypatch.setenv("OUTREACH_TEMPLATES", str(ROOT / "templates"))
    made = make_engine(url)
    make_tables(made)
    return made


def pause(engine: Engine, reason: Reason = Reason.AUTH, sender: str = "", state: State = State.OPEN) -> None:
    why = reason_of(Rejected(Scope.ACCOUNT, reason, code="20003"))
    with engine.begin() as connection:
        circuits.open_(connection, Circuit(Key("twilio", sender), state, opened=1, until=UNTIL, reason=why))


def doctor() -> Result:
    return CliRunner().invoke(cli, ["doctor"])


def test_where_all_is_well_nothing_is_said_to_be_paused(engine: Engine) -> None:
    said = doctor()
    assert said.exit_code == 0, said.output
    assert "paused" not in said.output
    assert "rates: no limits" in said.output


def test_a_paused_provider_is_named_with_what_to_do_and_is_no_failure_of_ours(engine: Engine) -> None:
    pause(engine)
    said = doctor()
    assert said.exit_code == 0, "a container must not be restarted because a provider is down"
    assert "twilio is paused until 2026-12-01 16:00:00 UTC" in said.output
    assert "auth, account (20003). Check its account and key in the settings" in said.output


def test_rates_are_shown(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_TWILIO_RATE", "10")
    monkeypatch.setenv("OUTREACH_SMTP_RATE", "0.5")
    monkeypatch.setenv("OUTREACH_LOB_RATE", "")
    assert "rates: messages a second: twilio 10, smtp 0.5" in doctor().output


@pytest.mark.parametrize("rate", ["-1", "inf", "fast"])
def test_a_rate_that_is_none_is_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    monkeypatch.setenv("OUTREACH_TWILIO_RATE", rate)
    said = doctor()
    assert said.exit_code == 2
    assert "OUTREACH_TWILIO_RATE" in said.output


@pytest.mark.parametrize("reason", list(ADVICE))
def test_each_reason_has_its_advice(engine: Engine, reason: Reason) -> None:
    pause(engine, reason, sender="help@lender.example", state=State.HALF_OPEN)
    with reading(engine) as connection:
        [sentence] = pauses(connection)
    assert sentence.startswith("twilio (help@lender.example) is tried with one message")
    assert sentence.endswith(f"{ADVICE[reason]}.")
