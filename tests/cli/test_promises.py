"""`outreach promise`: what agents learn on the phone, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.flow.clock import SystemClock
from tests.flow.house import House, house


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account, whose database the command works with."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        built.account()
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["promise", *arguments])


def listed() -> list[dict[str, str]]:
    result = run("list", "A-1", "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


@pytest.fixture
def soon() -> str:
    return (SystemClock().now() + timedelta(days=2)).date().isoformat()


def test_a_promise_is_added_listed_and_cancelled(home: House, soon: str) -> None:
    assert run("add", "A-1", "--amount", "50", "--on", soon, "--by", "ann@lender.example").exit_code == 0
    assert run("add", "A-1", "--on", soon).exit_code == 0
    found = [(row["amount"], row["due_on"], row["state"], row["made_by"]) for row in listed()]
    assert found[1] == ("50.00", soon, "cancelled", "ann@lender.example")
    assert found[0][:3] == ("123.45", soon, "open")
    assert run("cancel", "A-1", "2", "--why", "lost the job").exit_code == 1  # nobody says yes
    assert run("cancel", "A-1", "2", "--why", "lost the job", "--yes").exit_code == 0
    assert [row["state"] for row in listed()] == ["cancelled", "cancelled"]


def test_what_cannot_be_promised_is_said(home: House, soon: str) -> None:
    assert "Nothing was promised" in run("list", "A-1").stderr
    assert "more than the account owes" in run("add", "A-1", "--amount", "500", "--on", soon).stderr
    assert "no account" in run("add", "A-9", "--on", soon).stderr
    assert "2026-12-31" in run("add", "A-1", "--on", "Friday").stderr
    assert run("add", "A-1", "--on", "2020-01-01").exit_code == 2
    assert run("cancel", "A-1", "7", "--why", "x", "--yes").exit_code == 1
