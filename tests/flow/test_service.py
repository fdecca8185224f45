"""Service messages: planned once, through the gate, past the hold that they are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.domain.account import HoldReason
from outreach.domain.message import Channel
from outreach.flow import consent, holds, service
from outreach.flow.deliver import deliver
from outreach.flow.holds import NewHold
from outreach.flow.service import ServiceMessage
from outreach.flow.sweep import to_dispatch
from outreach.store.outbox import contents, notices, tasks
from outreach.store.tables import accounts, enrolments
from tests.flow.house import House

NUMBER = "+12125550142"
PROMISED = {"amount_minor": 5_000, "due_on": "2026-12-04"}


def debtor_of(home: House, account_id: int) -> int:
    with home.engine.connect() as connection:
        found: int = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.id == account_id)).one()
    return found


def plan(home: House, account_id: int, step: str, cause: int = 1, **more: Any) -> list[str]:
    message = ServiceMessage(account_id, debtor_of(home, account_id), step, cause, **more)
    with home.engine.begin() as connection:
        return service.plan(connection, [message], home.clock.now())


def hold(home: House, account_id: int, reason: HoldReason) -> None:
    new = NewHold(debtor_of(home, account_id), account_id, reason, "test")
    with home.engine.begin() as connection:
        holds.place(connection, new, home.clock.now())


def send(home: House) -> None:
    deliver(home.app.desk, [id_ for ids in to_dispatch(home.app.desk).values() for id_ in ids])


def said(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(select(contents.c.body).order_by(contents.c.notice_id)))


def test_a_service_message_says_what_it_is_about(home: House) -> None:
    account = home.account()
    plan(home, account, "promise_reminder", values=PROMISED)
    send(home)
    assert home.states() == {"promise_reminder sms": "sent"}
    assert "$50.00 is due on Dec 4, 2026" in said(home)[0]


def test_one_cause_makes_one_message(home: House) -> None:
    account = home.account()
    assert len(plan(home, account, "help", cause=7)) == 1
    assert plan(home, account, "help", cause=7) == []
    assert len(plan(home, account, "help", cause=8)) == 1


def test_the_hold_that_it_is_about_does_not_stop_it(home: House) -> None:
    account = home.account()
    hold(home, account, HoldReason.PROMISE)
    plan(home, account, "promise_reminder", values=PROMISED)
    send(home)
    assert home.states() == {"promise_reminder sms": "sent"}


@pytest.mark.parametrize("reason", [HoldReason.CEASE, HoldReason.ATTORNEY, HoldReason.BANKRUPTCY, HoldReason.DECEASED])
def test_nothing_goes_to_who_may_not_be_contacted_at_all(home: House, reason: HoldReason) -> None:
    account = home.account()
    hold(home, account, reason)
    for cause, step in enumerate(("help", "promise_reminder", "opt_out_confirmed", "dispute_received")):
        plan(home, account, step, cause, values=PROMISED)
    send(home)
    assert set(home.states().values()) <= {"planned", "cancelled"}
    assert said(home) == []


def test_a_stop_is_confirmed_once_to_the_address_that_stopped_and_within_five_minutes(home: House) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        consent.stop(connection, Channel.SMS, NUMBER, home.clock.now(), "reply")
    plan(home, account, "opt_out_confirmed", channel=Channel.SMS, address=NUMBER)
    home.clock.advance(timedelta(minutes=4))
    send(home)
    assert home.states() == {"opt_out_confirmed sms": "sent"}
    assert "opted out" in said(home)[0]


def test_a_stop_is_not_confirmed_when_it_is_too_late_for_that(home: House) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        consent.stop(connection, Channel.SMS, NUMBER, home.clock.now(), "reply")
    plan(home, account, "opt_out_confirmed", channel=Channel.SMS, address=NUMBER)
    home.clock.advance(timedelta(minutes=6))
    send(home)
    assert home.states() == {"opt_out_confirmed sms": "cancelled"}


def test_who_stopped_gets_no_other_service_message_there(home: House) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        consent.stop(connection, Channel.SMS, NUMBER, home.clock.now(), "reply")
    plan(home, account, "help", channel=Channel.SMS, address=NUMBER)
    send(home)
    assert home.states() == {"help sms": "suppressed"}


def test_without_a_channel_it_goes_by_the_first_that_reaches_the_debtor(home: House) -> None:
    account = home.account(phone="")
    plan(home, account, "page_link")
    send(home)
    assert home.states() == {"page_link email": "sent"}


def test_who_cannot_be_reached_gets_none(home: House) -> None:
    account = home.account(phone="", email="")
    assert plan(home, account, "page_link") == []


def test_it_waits_for_its_day(home: House) -> None:
    account = home.account()
    plan(home, account, "promise_reminder", values=PROMISED, not_before=home.clock.now() + timedelta(days=2))
    send(home)
    assert home.states() == {"promise_reminder sms": "planned"}
    home.clock.advance(timedelta(days=2))
    send(home)
    assert home.states() == {"promise_reminder sms": "sent"}


def test_a_service_message_that_fails_makes_no_work_for_people(home: House) -> None:
    account = home.account(zones=())
    plan(home, account, "help")
    send(home)
    assert home.states() == {"help sms": "suppressed"}
    with home.engine.connect() as connection:
        assert list(connection.scalars(select(tasks.c.kind))) == []


def test_service_messages_are_no_campaign_that_runs(home: House) -> None:
    account = home.account()
    plan(home, account, "help")
    hold(home, account, HoldReason.MANUAL)
    with home.engine.connect() as connection:
        looks = connection.execute(select(enrolments.c.campaign, enrolments.c.next_look_at)).all()
    assert [tuple(row) for row in looks] == [("service", None)]


def test_it_is_planned_for_many_in_a_bounded_number_of_statements(home: House) -> None:
    ids = [home.account(f"A-{n}", phone=f"+1212555{n:04}", email="") for n in range(100, 120)]
    messages = [ServiceMessage(id_, debtor_of(home, id_), "page_link", 1) for id_ in ids]
    with home.engine.begin() as connection:
        planned = service.plan(connection, messages, home.clock.now())
    assert len(planned) == len(ids)
    with home.engine.connect() as connection:
        assert set(connection.scalars(select(notices.c.campaign))) == {"service"}
