"""Notices of the law: sent by a step of a campaign, kept with the account, taken back when they come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from outreach.domain.campaign import Campaign, Days, LegalNotice, Step, Trigger, TriggerKind
from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Need, OnHit, Require, When
from outreach.domain.sending import Parsed
from outreach.flow.importing import import_accounts
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store.outbox import notices, timeline
from outreach.store.tables import accounts, contact_points, creditors
from tests.flow.house import House, campaign, house
from tests.importing.files import HEADER, ROW, write
from tests.law import HOURS_ONLY, pack

POSTAL = {
    "name": "Ada Sample",
    "line1": "1 Sample Street",
    "line2": "",
    "city": "New York",
    "region": "NY",
    "postal_code": "10001",
    "country": "US",
}


def step(name: str, days: int, channel: Channel, notice: LegalNotice | None = None) -> Step:
    template = "demand_letter" if channel is Channel.LETTER else "friendly_reminder"
    return Step(name, Trigger(TriggerKind.AFTER_DUE, Days(days)), (channel,), template, notice=notice)


VALIDATED = campaign(step("validation", 3, Channel.LETTER, LegalNotice.VALIDATION))
#: Nothing else goes before the written notice, and six days pass after it.
WRITTEN_FIRST = Require(
    "first",
    "A written notice comes first",
    ("Ontario Reg. 74, sections 21 and 22",),
    When(),
    on_hit=OnHit.ROUTE,
    need=Need.NOTICE_FIRST,
    notice="written",
    days=6,
)


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    """A house whose campaign sends the validation notice by post."""
    with opened(database_url, VALIDATED) as built:
        yield built


def opened(database_url: str, wanted: Campaign, **given: Any) -> Any:
    return house(database_url, wanted, **given)


def lives_somewhere(home: House, debtor_id: int = 1) -> None:
    now = home.clock.now()
    row = {"debtor_id": debtor_id, "kind": "letter", "value": "1 Sample Street, New York", "postal": POSTAL}
    with home.engine.begin() as connection:
        # Letters have a sender.
        connection.execute(update(creditors).values(address=POSTAL))
        connection.execute(insert(contact_points).values(created_at=now, **row))


def terms(home: House) -> dict[str, Any]:
    with home.engine.connect() as connection:
        return connection.scalars(select(accounts.c.terms)).one() or {}


def told(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(select(timeline.c.kind).order_by(timeline.c.id)))


def hears(home: House, kind: EventKind, number: int = 1) -> None:
    """The print house tells what became of the last letter."""
    with home.engine.connect() as connection:
        row = connection.execute(select(notices).order_by(notices.c.planned_at.desc())).first()
    assert row is not None
    event = DeliveryEvent(
        event_id=f"e{number}", kind=kind, ref=row.provider_ref, attempt_id=f"{row.id}.{row.attempts}", word=kind.value
    )
    settle(home.app.desk, receive(home.engine, "lob", Parsed(events=(event,)), home.clock.now()))


def test_a_validation_notice_that_left_starts_the_period(home: House) -> None:
    home.account()
    lives_somewhere(home)
    assert home.deliver() == 1
    period = terms(home)["validation"]
    assert (period["by"], period["ends_on"]) == ("letter", "2027-01-07")
    assert datetime.fromisoformat(period["provided_at"]) == home.clock.now()
    assert "law_notice_given" in told(home)
    hears(home, EventKind.DELIVERED)
    assert terms(home)["validation"] == period
    assert told(home).count("law_notice_given") == 1


def test_a_validation_notice_that_came_back_counts_as_none_until_the_next(home: House) -> None:
    home.account()
    lives_somewhere(home)
    home.deliver()
    hears(home, EventKind.RETURNED)
    assert terms(home)["validation"]["undeliverable"] is True
    assert "ends_on" not in terms(home)["validation"]
    assert "law_notice_returned" in told(home)


def test_an_old_file_does_not_undo_the_notice_that_was_sent_since(home: House, tmp_path: Path) -> None:
    home.account()
    lives_somewhere(home)
    home.deliver()
    ours = terms(home)
    states(home, tmp_path, "2026-10-01,2026-11-07")
    assert terms(home) == ours
    states(home, tmp_path, "2026-12-02,2027-01-08")
    assert terms(home)["validation"]["ends_on"] == "2027-01-08"
    hears(home, EventKind.RETURNED)
    assert terms(home)["validation"]["undeliverable"] is False


def states(home: House, tmp_path: Path, cells: str) -> None:
    """The creditor states when it gave the validation notice, and until when the period runs."""
    row = ROW.replace("vip,5", f"vip,5,{cells}").replace("D-1", "D-A-1").replace(",,vip", ",123.45,vip")
    path = write(tmp_path, row, header=f"{HEADER},validation_provided_at,validation_ends_on")
    assert import_accounts(home.engine, path, home.clock.now()).rejected == 0


def test_what_waits_for_a_notice_follows_it_and_the_notice_itself_does_not_wait(database_url: str) -> None:
    first = step("notice", 3, Channel.EMAIL, LegalNotice.WRITTEN)
    steps = campaign(first, step("reminder", 4, Channel.EMAIL))
    with opened(database_url, steps, law=Law((HOURS_ONLY, pack(WRITTEN_FIRST)))) as home:
        home.account(phone="")
        assert home.deliver() == 1
        assert set(terms(home)["notices"]) == {"written"}
        with home.engine.connect() as connection:
            decision = connection.scalars(select(notices.c.decision)).one()
        assert decision["verdict"] == "clear"
        home.clock.advance(timedelta(days=3))
        assert home.deliver() == 0
        home.clock.advance(timedelta(days=4))
        assert home.deliver() == 1
        assert home.states() == {"notice email": "sent", "reminder email": "sent"}


def test_a_reminder_alone_waits_for_a_person_where_the_notice_was_not_given(database_url: str) -> None:
    law = Law((HOURS_ONLY, pack(WRITTEN_FIRST)))
    with opened(database_url, campaign(step("reminder", 4, Channel.EMAIL)), law=law) as home:
        home.account(phone="")
        assert home.deliver() == 0
        assert home.states() == {"reminder email": "suppressed"}
