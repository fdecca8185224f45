"""`outreach outcomes` and `outreach token`: what the creditor's systems are told, and who may read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.flow.outcomes import publish
from outreach.store import journal
from outreach.store.journal import Entry
from tests.flow.house import House, house


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account that promised, whose database the command works with."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        monkeypatch.setattr("outreach.wiring.SystemClock", lambda: built.clock)
        account = built.account()
        with built.engine.begin() as connection:
            journal.tell(
                connection, [Entry(account, built.clock.now(), kind, {}) for kind in ("promised", "opted_out")]
            )
        publish(built.engine)
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def rows(*arguments: str) -> list[dict[str, str]]:
    result = run(*arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    found: list[dict[str, str]] = json.loads(result.stdout)
    return found


@pytest.mark.usefixtures("home")
def test_events_are_listed_newest_first_and_by_kind() -> None:
    assert [row["kind"] for row in rows("outcomes", "list")] == ["opted_out", "promised"]
    assert [row["account"] for row in rows("outcomes", "list", "--kind", "promised")] == ["A-1"]
    wrong = run("outcomes", "list", "--kind", "nonsense")
    assert wrong.exit_code != 0


@pytest.mark.usefixtures("home")
def test_without_webhooks_the_list_of_them_says_what_to_do() -> None:
    result = run("outcomes", "endpoints")
    assert result.exit_code == 0
    assert "creditors.yaml" in result.stderr


@pytest.mark.usefixtures("home")
def test_a_token_is_shown_once_listed_without_its_secret_and_revoked() -> None:
    made = run("token", "add", "--creditor", "northwind", "--name", "erp")
    secret = made.stdout.strip()
    assert (made.exit_code, secret[:6]) == (0, "out_1_")
    listed = run("token", "list", "--format", "json")
    assert secret[6:] not in listed.stdout
    assert run("token", "revoke", "1", "--yes").exit_code == 0
    assert rows("token", "list")[0]["revoked"] != ""
    assert run("token", "revoke", "1", "--yes").exit_code != 0


@pytest.mark.usefixtures("home")
def test_a_token_for_a_creditor_that_is_none_is_refused_with_a_remedy() -> None:
    result = run("token", "add", "--creditor", "nobody")
    assert result.exit_code != 0
    assert "nobody" in result.stderr
