"""Who was not reached is written to on the step's next channel, by a new notice that names the one it stands in for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.store.outbox import notices
from tests.flow.house import House, campaign, house

SMS, EMAIL = Channel.SMS, Channel.EMAIL


def step(*channels: Channel) -> Step:
    return Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), channels, "friendly_reminder")


def stand_ins(home: House) -> list[tuple[str, str, str | None]]:
    """(channel, state, the channel that it stands in for) of each notice, the first one first."""
    with home.engine.connect() as connection:
        rows = connection.execute(select(notices).order_by(notices.c.position)).all()
    channel_of = {row.id: row.channel for row in rows}
    return [(row.channel, row.state, channel_of.get(row.stands_in_for)) for row in rows]


@pytest.mark.parametrize(
    ("phone", "state"),
    [
        ("+12125550188", "undelivered"),
        ("+12125550189", "undelivered"),
        ("+12125550190", "undelivered"),
        ("+12125550191", "undelivered"),
        ("+12125550193", "failed"),
        ("+12125550194", "failed"),
    ],
    ids=["queue full", "filtered", "unreachable", "unknown number", "refused", "stopped at the provider"],
)
def test_a_text_that_did_not_arrive_is_followed_by_an_email(database_url: str, phone: str, state: str) -> None:
    with house(database_url, campaign(step(SMS, EMAIL)), web=True) as home:
        home.account(phone=phone)
        home.deliver()
        home.wait(lambda: home.states() == {"reminder sms": state})
        home.deliver()
        home.wait(lambda: home.states().get("reminder email") == "delivered")
        assert stand_ins(home) == [("sms", state, None), ("email", "delivered", "sms")]


@pytest.mark.parametrize(
    ("mailbox", "state"),
    [("bounce", "undelivered"), ("soft", "undelivered"), ("drop", "undelivered"), ("invalid", "failed")],
)
def test_an_email_that_did_not_arrive_is_followed_by_a_text(database_url: str, mailbox: str, state: str) -> None:
    with house(database_url, campaign(step(EMAIL, SMS)), web=True) as home:
        home.account(email=f"{mailbox}@debtor.example")
        home.deliver()
        home.wait(lambda: home.states() == {"reminder email": state})
        home.deliver()
        home.wait(lambda: home.states().get("reminder sms") == "delivered")
        assert stand_ins(home) == [("email", state, None), ("sms", "delivered", "email")]


def test_a_bounce_after_delivery_is_followed_by_a_text_all_the_same(database_url: str) -> None:
    with house(database_url, campaign(step(EMAIL, SMS)), web=True) as home:
        home.account(email="late-bounce@debtor.example")
        home.deliver()
        home.wait(lambda: home.states() == {"reminder email": "undelivered"})
        home.deliver()
        home.wait(lambda: home.states().get("reminder sms") == "delivered")


def test_what_arrived_is_followed_by_nothing(database_url: str) -> None:
    with house(database_url, campaign(step(SMS, EMAIL)), web=True) as home:
        home.account()
        home.deliver()
        home.wait(lambda: home.states() == {"reminder sms": "delivered"})
        assert home.deliver() == 0
        assert home.states() == {"reminder sms": "delivered"}


def test_what_is_in_doubt_is_followed_by_nothing(database_url: str) -> None:
    with house(database_url, campaign(step(SMS, EMAIL))) as home:
        home.account(phone="+12125550197")
        home.deliver()
        assert home.deliver() == 0
        assert home.states() == {"reminder sms": "uncertain"}
