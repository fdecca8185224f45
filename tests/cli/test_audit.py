"""`outreach audit`: the chain is shown, verified and found broken from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.store.outbox import contents
from tests.flow.house import House, house


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house that has sent a message, whose database the command works with."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        built.account()
        assert built.deliver() == 1
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["audit", *arguments])


def test_a_whole_chain_verifies_against_its_deposited_head(home: House) -> None:
    assert run("seal").exit_code == 0
    head = run("head").stdout.strip()
    verified = run("verify", "--head", head)
    assert verified.exit_code == 0, verified.stderr
    assert verified.stdout.strip() == head


def test_a_changed_message_is_named_and_fails_the_command(home: House) -> None:
    run("seal")
    with home.engine.begin() as connection:
        connection.execute(update(contents).values(body="We never wrote that."))
    result = run("verify", "--format", "json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert [one["row"].split()[0] for one in found] == ["contents"]
    assert "body" in found[0]["what"]
    assert "never wrote" not in result.output


def test_a_head_that_is_none_is_refused(home: House) -> None:
    assert run("verify", "--head", "yesterday").exit_code == 2


def test_a_proof_file_shows_what_was_sent_and_a_change_of_it(home: House, tmp_path: Path) -> None:
    file = tmp_path / "proof.json"
    assert run("export", "A-1", "--out", str(file)).exit_code == 0
    document = json.loads(file.read_text())
    (sent,) = document["records"]["contents"]
    assert sent["personal"]["recipient"] == {"value": "+12125550142"}
    assert document["records"]["notices"][0]["facts"]["decision"]["verdict"] == "clear"
    assert [one["facts"]["kind"] for one in document["records"]["timeline"]][-1] == "proof_exported"
    assert run("check", str(file)).exit_code == 0
    sent["personal"]["body"] = "We never wrote that."
    file.write_text(json.dumps(document))
    changed = run("check", str(file))
    assert changed.exit_code == 1
    assert "personal part was changed" in changed.stdout


def test_there_is_no_proof_of_an_unknown_account(home: House, tmp_path: Path) -> None:
    assert run("export", "A-9", "--out", str(tmp_path / "proof.json")).exit_code == 1
