"""`outreach simulate`: what it foretells happens, and nothing happens by foretelling it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.domain.law import Law
from outreach.flow.enroll import register
from outreach.flow.rehearsal import Row
from outreach.flow.simulate import Period, Plan, simulate
from outreach.policies import built_in
from outreach.schedules import load_campaigns
from outreach.store.outbox import notices
from outreach.store.tables import accounts, contact_points, holds, metadata
from tests.flow.house import NORTHWIND, ROOT, House, house

#: A Monday; 09:00 in New York is 14:00 UTC.
MONDAY = date(2035, 1, 8)
TUESDAY, FRIDAY = "2035-01-09", "2035-01-12"
NINE = datetime(2035, 1, 8, 14, tzinfo=UTC)
DUE_ON = date(2035, 1, 2)

CARDS = """\
campaign: cards
creditor: northwind
applies_to: {currency: [USD], days_past_due: {from: 1, to: 90}}
runs: "0 * * * *"
timezone: America/New_York
send_window: {days: mon-sat, from: "09:00", to: "19:00"}
min_contact_gap: 2 days
steps:
  - {step: reminder, when: {after_due: 3 days}, channels: [sms, email], template: friendly_reminder}
  - {step: second, when: {after_previous: 2 days}, channels: [email], template: second_reminder, approval: required}
  - {step: call, when: {after_previous: 1 day}, channels: [call], task: "Call about the reminder"}
"""


@pytest.fixture
def home(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose database and campaign the command works with, on the morning of MONDAY."""
    schedules = tmp_path / "schedules"
    schedules.mkdir()
    (schedules / "cards.yaml").write_text(CARDS)
    (schedules / "creditors.yaml").write_bytes((ROOT / "schedules" / "creditors.yaml").read_bytes())
    monkeypatch.setenv("OUTREACH_DATABASE_URL", database_url)
    monkeypatch.setenv("OUTREACH_SCHEDULES", str(schedules))
    campaign = load_campaigns(schedules).campaigns["cards"]
    with house(database_url, campaign, law=Law(built_in())) as built:
        built.clock.at = NINE - timedelta(hours=4)
        yield built


def add(home: House, ref: str = "A-1", *, number: int = 42, **more: Any) -> int:
    """An account in Albany whose debtor agreed to be written to."""
    return home.account(
        ref, phone=f"+151855501{number}" if number else "", consented=True, **{"due_on": DUE_ON, **more}
    )


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["simulate", *arguments])


def foretold(*arguments: str, last: str = FRIDAY) -> list[dict[str, str]]:
    result = run("--from", str(MONDAY), "--to", last, "--format", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


def short(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def everything(home: House) -> dict[str, int]:
    with home.engine.connect() as connection:
        return {
            table.name: connection.scalars(select(func.count()).select_from(table)).one()
            for table in metadata.sorted_tables
        }


def test_each_decision_is_a_row_with_its_time_its_rule_and_its_reason(home: House) -> None:
    add(home)
    (first, second) = foretold()
    assert first == {
        "at": "2035-01-08T14:00:00+00:00",
        "account_ref": "A-1",
        "campaign": "cards",
        "step": "reminder",
        "channel": "sms",
        "decision": "clear",
        "reason": "",
        "rule": "",
    }
    assert (second["at"], second["step"], second["decision"]) == ("2035-01-10T14:00:00+00:00", "second", "approval")


def test_nothing_is_stored(home: House) -> None:
    add(home)
    before = everything(home)
    assert foretold()
    assert everything(home) == before


def test_approvals_may_be_assumed_and_calls_are_tasks(home: House) -> None:
    add(home)
    rows = foretold("--approved")
    assert short(rows, "step", "channel", "decision") == [
        ("reminder", "sms", "clear"),
        ("second", "email", "clear"),
        ("call", "call", "task"),
    ]


def test_what_does_not_arrive_has_the_next_channel_stand_in(home: House) -> None:
    add(home)
    rows = foretold("--assume", "undelivered", last=str(MONDAY))
    assert short(rows, "channel", "decision", "rule") == [
        ("sms", "clear", ""),
        ("email", "defer", "house/RF-15-day"),  # not two messages on one day
    ]


def test_who_opted_out_is_shown_with_the_rule_that_forbids_the_message(home: House) -> None:
    add(home, email="")
    with home.engine.begin() as connection:
        connection.execute(update(contact_points).values(opted_out_at=NINE - timedelta(days=30)))
    rows = foretold(last=str(MONDAY))
    assert short(rows[:1], "channel", "decision", "rule") == [("sms", "suppress", "house/opt-out")]


def test_a_contact_on_one_account_keeps_the_gap_on_the_debtors_other_accounts(home: House) -> None:
    add(home, "A-1")
    add(home, "A-2", number=43, due_on=DUE_ON + timedelta(days=4))
    with home.engine.begin() as connection:
        debtor_id = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.ref == "A-1")).one()
        connection.execute(update(accounts).values(debtor_id=debtor_id))
    rows = [row for row in foretold() if row["decision"] == "clear"]
    assert short(rows, "account_ref", "at") == [
        ("A-1", "2035-01-08T14:00:00+00:00"),
        ("A-2", "2035-01-10T14:00:00+00:00"),
    ]


def test_who_grows_into_a_campaign_enters_it_on_that_day(home: House) -> None:
    add(home, due_on=MONDAY)
    assert foretold(last=TUESDAY) == []
    (row,) = foretold(last="2035-01-11")
    assert row["at"] == "2035-01-11T14:00:00+00:00"


def test_a_paused_campaign_is_named_and_simulates_nothing(home: House) -> None:
    add(home)
    with home.engine.begin() as connection:
        connection.execute(update(metadata.tables["campaigns"]).values(paused=True))
    result = run("--from", str(MONDAY), "--to", FRIDAY, "--format", "json")
    assert json.loads(result.stdout) == []
    assert "cards is paused" in result.stderr


def test_the_summary_counts_decisions_by_rule(home: House) -> None:
    for number in range(3):
        add(home, f"A-{number}", number=10 + number, email="")
    with home.engine.begin() as connection:
        mine = contact_points.c.value == "+15185550111"
        connection.execute(update(contact_points).where(mine).values(opted_out_at=NINE - timedelta(days=9)))
    result = run("--from", str(MONDAY), "--to", str(MONDAY), "--summary", "--format", "csv")
    counted = {row["rule"]: row for row in csv.DictReader(io.StringIO(result.stdout))}
    assert counted[""]["clear"] == "2"
    assert counted["house/opt-out"]["suppress"] == "1"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "tomorrow", "--to", FRIDAY), "--from is no day"),
        (("--from", FRIDAY, "--to", TUESDAY), "--to lies before --from"),
        (("--from", TUESDAY, "--to", FRIDAY, "--campaign", "boats"), "there is no campaign boats; there are: cards"),
    ],
)
def test_what_is_wrong_as_written_is_said(home: House, arguments: tuple[str, ...], words: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())


def _portfolio(home: House) -> None:
    """Accounts that go different ways: on time, later, in another zone, on hold for a day, without an address."""
    add(home, "A-1")
    add(home, "A-2", number=43, due_on=DUE_ON + timedelta(days=5))
    add(home, "A-3", number=44, zones=("America/Los_Angeles", "America/New_York"))
    held = add(home, "A-4", number=45, email="")
    add(home, "A-5", number=0, email="")
    with home.engine.begin() as connection:
        debtor_id = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.id == held)).one()
        hold = {"debtor_id": debtor_id, "reason": "promise", "source": "agent", "created_at": NINE}
        period = {"starts_at": NINE - timedelta(days=1), "ends_at": NINE + timedelta(days=1)}
        connection.execute(insert(holds).values(**hold, **period))


def _live(home: House, until: datetime) -> None:
    """Every hour the campaign runs, and all that is due is delivered."""
    while home.clock.at < until:
        home.deliver()
        home.clock.advance(timedelta(hours=1))


def _left(home: House, since: datetime) -> list[tuple[str, str, str, str]]:
    query = select(notices.c.started_at, accounts.c.ref, notices.c.step, notices.c.channel).join(
        accounts, accounts.c.id == notices.c.account_id
    )
    with home.engine.connect() as connection:
        rows = connection.execute(query.where(notices.c.started_at >= since))
        return sorted((row.started_at.isoformat(), row.ref, row.step, row.channel) for row in rows)


def test_what_it_foretells_is_what_happens(home: House) -> None:
    register(home.engine, [NORTHWIND], {"cards": home.campaign}, home.clock)
    _portfolio(home)
    wednesday, saturday = NINE.replace(day=10, hour=5), NINE.replace(day=13, hour=5)
    monday = foretold("--assume", "sent")
    _live(home, wednesday)
    rows = run("--from", "2035-01-10", "--to", FRIDAY, "--assume", "sent", "--format", "json")
    again = json.loads(rows.stdout)
    _live(home, saturday)
    for said, since in ((monday, NINE.replace(hour=5)), (again, wednesday)):
        clear = [row for row in said if row["decision"] == "clear"]
        assert sorted(short(clear, "at", "account_ref", "step", "channel")) == _left(home, since)
        assert clear


def test_several_processes_foretell_the_same(home: House) -> None:
    for number in range(5):
        add(home, f"A-{number}", number=10 + number)
    plan = Plan(Period(MONDAY, MONDAY, home.clock.now()), [home.campaign], home.app.desk.law, {})

    def rows(processes: int) -> list[Row]:
        return [row for part in simulate(home.engine, plan, processes=processes, batch=2) for row in part.rows]

    assert len(rows(1)) == 5
    assert rows(2) == rows(1)
