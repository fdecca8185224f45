"""The house keeps to a provider's rate, whoever sends; what has to wait for it was no try and makes no news."""

from __future__ import annotations

import time
from datetime import timedelta

from sqlalchemy import func, select

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.flow.admission import HORIZON
from outreach.flow.deliver import deliver
from outreach.flow.sweep import to_dispatch
from outreach.store.outbox import notice_events, notices
from tests.flow.house import House, another, campaign, house

BY_TEXT = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "friendly_reminder")
SECOND = timedelta(seconds=1)


def people(home: House, count: int) -> None:
    for number in range(count):
        home.account(f"A-{number}", phone=f"+1212555{110 + number:04d}", email="")


def in_state(home: House, state: str) -> int:
    with home.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(notices).where(notices.c.state == state)) or 0


def all_ids(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(select(notices.c.id)))


def test_a_batch_sends_what_the_rate_takes_and_gives_the_rest_back(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), twilio_rate=4) as home:
        people(home, 12)
        ids = home.run()
        assert deliver(home.app.desk, ids) == 4
        home.clock.advance(SECOND)
        assert deliver(home.app.desk, ids) == 4
        assert (in_state(home, "sent"), in_state(home, "planned")) == (8, 4)


def test_waiting_for_the_rate_is_no_try_and_leaves_no_trace_in_the_log(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), twilio_rate=1) as home:
        people(home, 3)
        ids = home.run()
        for _ in range(20):
            deliver(home.app.desk, ids)
            home.clock.advance(SECOND / 4)
        home.clock.advance(20 * SECOND)
        for _ in range(3):
            deliver(home.app.desk, ids)
            home.clock.advance(SECOND)
        with home.engine.connect() as connection:
            rows = connection.execute(select(notices.c.state, notices.c.attempts)).all()
            log = connection.scalar(select(func.count()).select_from(notice_events))
        assert rows == [("sent", 1)] * 3
        assert log == 3 * 3, "planned, sending and sent of each"


def test_a_notice_that_waits_for_the_rate_comes_back_when_tokens_are_there(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), twilio_rate=0.1) as home:
        people(home, 2)
        home.run()
        ids = all_ids(home)
        assert deliver(home.app.desk, ids) == 1
        home.clock.advance(9 * SECOND)
        assert to_dispatch(home.app.desk) == {}
        home.clock.advance(SECOND)
        assert [len(found) for found in to_dispatch(home.app.desk).values()] == [1]
        assert deliver(home.app.desk, ids) == 1


def test_workers_of_two_processes_keep_to_one_rate(database_url: str, redis_url: str) -> None:
    with (
        house(database_url, campaign(BY_TEXT), twilio_rate=6, broker_url=redis_url) as home,
        another(home) as other,
    ):
        people(home, 24)
        ids = home.run()
        began, sent = time.monotonic(), 0
        for first in range(0, 24, 6):
            desk = home.app.desk if first % 12 else other.desk
            sent += deliver(desk, ids[first : first + 6])
        passed = time.monotonic() - began
        assert 6 <= sent <= 6 + 6 * (passed + 1)
        assert in_state(home, "sent") == sent


def test_only_a_few_seconds_worth_of_a_rate_is_with_the_workers(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), twilio_rate=2) as home:
        people(home, 20)
        most = int(2 * HORIZON)
        assert len(home.run()) == most
        assert to_dispatch(home.app.desk) == {}, "they are still with the workers"


def test_one_channels_rate_does_not_slow_another(database_url: str) -> None:
    with house(database_url, twilio_rate=1) as home:
        people(home, 3)
        for number in range(5):
            home.account(f"E-{number}", phone="", email=f"debtor{number}@debtor.example")
        home.deliver()
        with home.engine.connect() as connection:
            by_email = select(notices.c.state).where(notices.c.channel == "email")
            assert list(connection.scalars(by_email)) == ["sent"] * 5
