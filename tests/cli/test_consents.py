"""`outreach consent` and `outreach contact`: what agents learn on the phone, from the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from tests.flow.house import House, house

ADD = ("consent", "add", "A-1", "--channel", "sms", "--source", "web form", "--wording", "You may text me.")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account, whose database the command works with."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    monkeypatch.setenv("OUTREACH_DATABASE_URL", url)
    with house(url) as built:
        built.account()
        yield built


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, list(arguments))


def listed() -> list[dict[str, str]]:
    result = run("consent", "list", "A-1", "--format", "json")
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


def timeline() -> list[str]:
    rows = json.loads(run("timeline", "A-1", "--format", "json").stdout)
    return [row["what"] for row in rows]


def test_a_consent_is_added_listed_and_revoked(home: House) -> None:
    assert run(*ADD, "--given-at", "2026-01-31").exit_code == 0
    (row,) = listed()
    assert (row["address"], row["scope"], row["given"]) == ("+12125550142", "servicing", "2026-01-31T00:00:00+00:00")
    assert row["revoked"] == ""
    assert run("consent", "revoke", "A-1", "--channel", "sms", "--how", "a letter").exit_code == 0
    (row,) = listed()
    assert row["revoked"]
    assert row["revoked_how"] == "a letter"
    assert timeline()[-1] == "Debtor opted out of text messages"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("consent", "list", "A-9"), 1, "no account A-9"),
        ((*ADD[:2], "A-9", *ADD[3:]), 1, "no account A-9"),
        ((*ADD, "--address", "12"), 2, "no country is known"),
        ((*ADD, "--address", "+12125550199"), 1, "no such address"),
        ((*ADD, "--given-at", "tomorrow"), 2, "--given-at is no time"),
        ((*ADD, "--given-at", "2026-01-31T10:00:00"), 2, "no offset"),
        ((*ADD, "--given-at", "2999-01-31"), 2, "future"),
        ((*ADD[:-1], " "), 2, "wording is missing"),
        (("consent", "revoke", "A-1", "--channel", "letter", "--how", "phone"), 1, "has none"),
        (("consent", "revoke", "A-1", "--channel", "sms", "--scope", "esign", "--how", "phone"), 1, "no such consent"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_changed(
    home: House, arguments: tuple[str, ...], code: int, words: str
) -> None:
    result = run(*arguments)
    assert result.exit_code == code
    assert words in " ".join(result.stderr.split())
    assert listed() == []
    assert timeline() == []


def test_a_call_is_logged(home: House) -> None:
    call = ("--medium", "call", "--reach", "conversation", "--at", "2026-01-31T14:05:00-05:00")
    assert run("contact", "add", "A-1", *call, "--address", "+1 212 555 0142").exit_code == 0
    assert timeline() == ["Call to the debtor: a conversation"]


def test_a_wrong_party_is_shut_and_verified(home: House) -> None:
    how = ("--channel", "email", "--how", "the holder wrote so")
    assert run("contact", "wrong-party", "A-1", *how).exit_code == 0
    assert run("contact", "verify", "A-1", *how).exit_code == 0
    assert timeline() == [
        "ada@debtor.example turned out to be somebody else's: the holder wrote so",
        "ada@debtor.example is the debtor's: the holder wrote so",
    ]
