"""The view of `outreach up`: calm on a terminal, sparing elsewhere, and true to the database."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.console import Console
from sqlalchemy import Engine, insert

from outreach.cli.live import LiveView
from outreach.cli.sample import write_sample
from outreach.flow.importing import import_accounts, import_payments
from outreach.store.engine import make_engine
from outreach.store.outbox import notice_events, notices
from outreach.store.snapshot import RECENT, ChannelCounts, Happening, Snapshot, read_snapshot
from outreach.store.tables import campaign_versions, creditors, enrolments
from outreach.store.timeline import TimelineEntry
from tests.databases import make_tables

NOW = datetime(2026, 12, 1, 14, 5, tzinfo=UTC)
ADDRESSES = {"console": "http://127.0.0.1:8000/"}
PAID = Happening(
    "SAMPLE-0007", TimelineEntry(NOW, "payment", {"amount_minor": 12_345, "currency": "USD", "ref": "SP-1"})
)
SNAPSHOT = Snapshot(
    accounts=250,
    enrolled=190,
    planned=3,
    waiting_for_approval=0,
    by_channel={
        "sms": ChannelCounts(sent=40, delivered=20),
        "email": ChannelCounts(sent=12, delivered=11),
        "letter": ChannelCounts(sent=3),
    },
    replies=2,
    opt_outs=0,
    tasks_open=0,
    recent=(PAID,),
)


class Seconds:
    """A running clock that runs when told."""

    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def view(*, terminal: bool, seconds: Seconds | None = None) -> tuple[LiveView, io.StringIO]:
    output = io.StringIO()
    console = Console(file=output, force_terminal=terminal, width=120, height=40, color_system=None)

    def local() -> datetime:
        return NOW.astimezone(ZoneInfo("America/New_York"))

    return LiveView(console, ADDRESSES, local, seconds or Seconds()), output


def lines(output: io.StringIO) -> list[str]:
    """The lines that tell counts."""
    return [line for line in output.getvalue().splitlines() if "sent " in line]


def test_without_a_terminal_a_change_is_one_plain_line() -> None:
    shown, output = view(terminal=False)
    with shown:
        shown.update(SNAPSHOT)
    assert lines(output) == ["09:05 Tue  sent sms 40 email 12 letter 3 · delivered 31 · replies 2"]
    assert "console: http://127.0.0.1:8000/" in output.getvalue()
    assert "Ctrl-C stops; run again to resume" in output.getvalue()
    assert "\x1b" not in output.getvalue()


def test_without_a_terminal_what_did_not_change_is_not_said_again() -> None:
    seconds = Seconds()
    shown, output = view(terminal=False, seconds=seconds)
    with shown:
        for _ in range(3):
            shown.update(SNAPSHOT)
            seconds.at += 5
    assert len(lines(output)) == 1


def test_without_a_terminal_changes_within_a_second_become_one_line() -> None:
    seconds = Seconds()
    shown, output = view(terminal=False, seconds=seconds)
    with shown:
        for number in (2, 3, 4):
            shown.update(replace(SNAPSHOT, replies=number))
        seconds.at += 1
        shown.update(replace(SNAPSHOT, replies=4))
    assert [line.rpartition(" ")[2] for line in lines(output)] == ["2", "4"]


def test_without_a_terminal_the_last_change_is_said_on_leaving() -> None:
    shown, output = view(terminal=False)
    with shown:
        shown.update(SNAPSHOT)
        shown.update(replace(SNAPSHOT, replies=9))
    assert lines(output)[-1].endswith("replies 9")


def test_a_terminal_shows_clock_counts_happenings_and_addresses() -> None:
    shown, output = view(terminal=True)
    with shown:
        shown.update(SNAPSHOT)
    text = output.getvalue()
    for part in (
        "Tuesday 01 December 2026  09:05 EST",
        "250 accounts, 190 enrolled",
        "Texts",
        "SAMPLE-0007",
        "Payment of $123.45 received",
        "http://127.0.0.1:8000/",
        "Ctrl-C stops; run again to resume",
    ):
        assert part in text


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """A database with the sample portfolio."""
    engine = make_engine(f"sqlite:///{tmp_path / 'live.db'}")
    make_tables(engine)
    refs = ("northwind", "lakeside-clinic", "harbor-supply", "jinghe-credit")
    with engine.begin() as connection:
        connection.execute(insert(creditors), [{"ref": ref, "name": ref} for ref in refs])
    sample = write_sample(tmp_path, date(2026, 12, 1))
    import_accounts(engine, sample.accounts, NOW)
    import_payments(engine, sample.payments, NOW)
    yield engine
    engine.dispose()


def notice(number: int, channel: str, state: str, **more: object) -> dict[str, object]:
    return {
        "id": f"{number:032x}",
        "enrolment_id": 1,
        "account_id": 1,
        "debtor_id": 1,
        "campaign": "cards",
        "version_id": 1,
        "step": f"step-{number}",
        "cycle": 1,
        "position": 0,
        "channel": channel,
        "template": "friendly_reminder",
        "state": state,
        "needs_approval": False,
        "not_before": NOW,
        "planned_at": NOW,
    } | more


def test_a_snapshot_counts_what_the_database_holds(engine: Engine) -> None:
    states = ("delivered", "undelivered", "sent", "failed", "uncertain", "suppressed", "planned", "cancelled")
    rows = [notice(number, "sms", state) for number, state in enumerate(states, 1)]
    rows.append(notice(20, "letter", "planned", needs_approval=True))
    later = datetime(2026, 12, 1, 15, tzinfo=UTC)
    with engine.begin() as connection:
        version = {"id": 1, "name": "cards", "version": "1", "creditor_id": 1, "body": "{}", "created_at": NOW}
        connection.execute(insert(campaign_versions).values(version))
        enrolment = {"id": 1, "account_id": 1, "campaign": "cards", "version_id": 1, "entered_at": NOW}
        connection.execute(insert(enrolments).values(enrolment))
        connection.execute(insert(notices), rows)
        moves = [
            {"notice_id": rows[0]["id"], "at": later, "what": "move", "state": state}
            for state in ("claimed", "delivered")
        ]
        connection.execute(insert(notice_events), moves)
    found = read_snapshot(engine)
    assert found.by_channel["sms"] == ChannelCounts(
        sent=3, delivered=1, failed=2, in_flight=2, suppressed=1, uncertain=1
    )
    assert (found.accounts, found.enrolled, found.planned, found.waiting_for_approval) == (250, 1, 1, 1)
    assert len(found.recent) == RECENT
    newest = found.recent[0]
    assert (newest.account_ref, newest.entry.data["state"]) == ("SAMPLE-0001", "delivered")
    assert "claimed" not in {happening.entry.data.get("state") for happening in found.recent}
