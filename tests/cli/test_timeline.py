"""`outreach timeline`: what planned messages wait for, beside what happened."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from outreach.cli.main import cli
from outreach.flow.deliver import deliver
from outreach.store.outbox import notices
from tests.flow.house import House, house

#: A Monday, 11:00 in New York, years ahead of the clock of the command.
MONDAY = datetime(2035, 1, 8, 16, tzinfo=UTC)


@pytest.fixture
def home(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house with one account, whose database the command works with."""
    monkeypatch.setenv("OUTREACH_DATABASE_URL", database_url)
    with house(database_url) as built:
        built.clock.at = MONDAY
        built.account(due_on=date(2035, 1, 2))
        yield built


def last_row() -> dict[str, str]:
    result = CliRunner().invoke(cli, ["timeline", "A-1", "--format", "json"])
    assert result.exit_code == 0, result.stderr
    row: dict[str, str] = json.loads(result.stdout)[-1]
    return row


def test_a_message_put_off_shows_until_when_and_under_which_rules(home: House) -> None:
    ids = home.run()
    home.clock.advance(timedelta(hours=11))
    deliver(home.app.desk, ids)
    row = last_row()
    assert (row["kind"], row["at"]) == ("waits", "2035-01-09T14:00:00+00:00")
    assert row["what"] == "Text message “reminder” waits until 9 January 2035, 14:00 UTC"
    assert "Outside the campaign's window (campaign/send-window)" in row["detail"]
    assert "Outside the hours in which the debtor may be contacted (house/hours)" in row["detail"]


def test_a_message_put_off_for_another_reason_shows_that_and_no_rule(home: House) -> None:
    ids = home.run()
    home.clock.advance(timedelta(hours=11))
    deliver(home.app.desk, ids)
    later = {"not_before": MONDAY + timedelta(days=2), "reason": "twilio is paused: auth, account (401)"}
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(**later))
    row = last_row()
    assert row["at"] == "2035-01-10T16:00:00+00:00"
    assert row["detail"] == "twilio is paused: auth, account (401)"


def test_a_message_that_needs_an_approval_waits_for_a_person(home: House) -> None:
    home.run()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(needs_approval=True))
    row = last_row()
    assert (row["at"], row["what"]) == ("", "Text message “reminder” waits for approval")


def test_what_left_waits_for_nothing(home: House) -> None:
    home.deliver()
    assert last_row()["kind"] != "waits"
