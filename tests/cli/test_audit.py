"""`outreach audit`: the chain is shown, verified and found broken from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.store.outbox import contents, inbox, replies
from outreach.store.tables import accounts
from tests.flow.house import NOON, House, house


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


def test_a_proof_file_for_readers_tells_what_was_sent_when_and_why(home: House, tmp_path: Path) -> None:
    with home.engine.begin() as connection:
        about = connection.execute(select(accounts.c.id.label("account_id"), accounts.c.debtor_id)).mappings().one()
        event = {"provider": "twilio", "event_id": "SM1", "kind": "inbound", "payload": {}, "received_at": NOON}
        webhook = connection.scalar(insert(inbox).returning(inbox.c.id), event)
        said = {"channel": "sms", "sender": "+12125550142", "text": "I never got that \N{GRINNING FACE} <b>"}
        connection.execute(insert(replies).values(inbox_id=webhook, intent="other", at=NOON, **about, **said))
    file = tmp_path / "proof.pdf"
    result = run("export", "A-1", "--out", str(file))
    assert result.exit_code == 0, result.stderr
    with pypdfium2.PdfDocument(file) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    assert "Proof file of account A-1" in text
    assert "2026-12-01 16:00:00 UTC (2026-12-01 11:00 America/New_York): reminder by sms" in text
    assert "From +12125550100 to +12125550142" in text
    assert "Northwind Card Services (sample): Hi Ada, $123.45" in text
    assert "clear" in text
    assert "house@1" in text
    assert "move, sending" in text
    assert "I never got that [U+1F600] <b>" in text
    assert "proof exported" in text


def test_there_is_no_proof_of_an_unknown_account(home: House, tmp_path: Path) -> None:
    assert run("export", "A-9", "--out", str(tmp_path / "proof.json")).exit_code == 1
