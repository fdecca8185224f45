"""Nothing leaves after its time, wherever the time went: a stopped worker, a full pool, a slow rate, an old claim."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import httpx
import pytest
from sqlalchemy import select

from outreach.domain.campaign import AppliesTo, Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.domain.sending import SendRequest, SendResult
from outreach.flow import admission
from outreach.flow import deliver as deliver_module
from outreach.flow.admission import CALL_WITHIN
from outreach.flow.deliver import deliver
from outreach.flow.reconcile import GRACE, reconcile
from outreach.flow.sweep import take_back_lost, to_reconcile
from outreach.providers.twilio_sms import TwilioSms
from outreach.store.outbox import notices
from tests.flow.house import House, another, campaign, house

BY_TEXT = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "friendly_reminder")
BY_EMAIL = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.EMAIL,), "friendly_reminder")
#: A Tuesday's window in New York: 09:00 to 19:00.
CLOSES = datetime(2026, 12, 2, 0, 0, tzinfo=UTC)
OPENS = datetime(2026, 12, 2, 14, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def accepted(home: House) -> int:
    return len(httpx.get(f"{home.sandbox_url}/sandbox/ledger").text.splitlines())


def not_before(home: House) -> datetime:
    with home.engine.connect() as connection:
        at: datetime = connection.scalars(select(notices.c.not_before)).one()
    return at


def state(home: House) -> str:
    with home.engine.connect() as connection:
        return str(connection.scalars(select(notices.c.state)).one())


@contextmanager
def pool_is_full(home: House) -> Iterator[Callable[[], None]]:
    """No call leaves before what is yielded is called; the house has a pool of one thread."""
    free = threading.Event()
    home.app.desk.pool.submit(free.wait)
    try:
        yield free.set
    finally:
        free.set()


def deliver_late(home: House, ids: list[str], until: Callable[[], None]) -> None:
    """Deliver while the calls wait for a thread; `until` happens before they get one."""
    with pool_is_full(home) as release:
        worker = threading.Thread(target=deliver, args=(home.app.desk, ids))
        worker.start()
        while state(home) != "sending":
            worker.join(0.01)
        until()
        release()
        worker.join()


def test_a_worker_stopped_between_decision_and_attempt_sends_nothing_late(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        home.account()
        ids = home.run()
        draft = deliver_module.draft

        def stopped_for_hours(*args: object) -> object:
            made = draft(*args)  # type: ignore[arg-type]
            home.clock.at = CLOSES + MINUTE
            return made

        monkeypatch.setattr(deliver_module, "draft", stopped_for_hours)
        assert deliver(home.app.desk, ids) == 0
        monkeypatch.undo()
        assert (state(home), accepted(home)) == ("planned", 0)
        assert home.deliver() == 0
        assert not_before(home) == OPENS
        home.clock.at = OPENS
        assert home.deliver() == 1


@pytest.mark.parametrize("step", [BY_TEXT, BY_EMAIL], ids=["text", "email"])
def test_a_call_that_waited_for_a_thread_until_the_window_closed_is_not_made(database_url: str, step: Step) -> None:
    with house(database_url, campaign(step), send_concurrency=1) as home:
        home.account()
        ids = home.run()
        home.clock.at = CLOSES - MINUTE
        deliver_late(home, ids, lambda: home.clock.advance(MINUTE))
        assert (state(home), accepted(home)) == ("planned", 0)
        home.clock.advance(MINUTE)
        assert home.deliver() == 0
        home.clock.at = OPENS
        assert home.deliver() == 1


def test_tokens_that_come_after_the_window_closed_are_too_late(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with house(database_url, campaign(BY_TEXT), twilio_rate=2) as home:
        for number in range(4):
            home.account(f"A-{number}", phone=f"+1212555{110 + number:04d}")
        ids = home.run()
        assert deliver(home.app.desk, ids[:2]) == 2
        home.clock.at = CLOSES - timedelta(seconds=1.5)
        deliver(home.app.desk, ids[2:3])
        clock = SimpleNamespace(sleep=lambda seconds: home.clock.advance(timedelta(seconds=max(1.0, seconds))))
        monkeypatch.setattr(admission, "time", clock)
        home.app.desk.traffic.grant("twilio", 2)
        assert deliver(home.app.desk, ids[3:]) == 0
        assert accepted(home) == 3


def test_a_retry_that_falls_outside_the_window_waits_for_the_next_one(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        home.account()
        ids = home.run()
        home.clock.at = CLOSES - timedelta(seconds=10)
        fault = {"provider": "twilio", "kind": "throttle", "seconds": 60, "accept": False}
        httpx.post(f"{home.sandbox_url}/sandbox/faults", json=fault)
        deliver(home.app.desk, ids)
        assert not_before(home) == CLOSES + timedelta(seconds=50)
        home.clock.at = not_before(home)
        assert home.deliver() == 0
        assert not_before(home) == OPENS
        home.clock.at = OPENS
        assert home.deliver() == 1
        assert accepted(home) == 1


def test_a_text_may_wait_at_the_provider_until_the_window_closes(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[SendRequest] = []
    call = TwilioSms.call

    async def look(self: TwilioSms, request: SendRequest) -> SendResult:
        asked.append(request)
        return await call(self, request)

    monkeypatch.setattr(TwilioSms, "call", look)
    with house(database_url, campaign(BY_TEXT)) as home:
        home.account(phone="+12125550195")
        home.clock.at = CLOSES - MINUTE
        home.deliver()
        assert {request.not_after for request in asked} == {CLOSES}
        with home.engine.connect() as connection:
            assert connection.scalars(select(notices.c.send_by)).one() == CLOSES


def test_an_old_claim_sends_nothing_when_its_worker_goes_on(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        home.account()
        ids = home.run()
        draft = deliver_module.draft

        def overtaken(*args: object) -> object:
            made = draft(*args)  # type: ignore[arg-type]
            monkeypatch.setattr(deliver_module, "draft", draft)
            home.clock.advance(MINUTE)
            assert take_back_lost(home.app.desk) == 1
            assert home.deliver() == 1
            return made

        monkeypatch.setattr(deliver_module, "draft", overtaken)
        assert deliver(home.app.desk, ids) == 0
        assert (state(home), accepted(home)) == ("sent", 1)


def test_a_worker_stopped_before_its_call_does_not_make_it_once_another_may_have(database_url: str) -> None:
    """A machine that was suspended: meanwhile the notice was in doubt, absent at the provider, and sent by another."""
    with (
        house(database_url, campaign(BY_TEXT), send_concurrency=1) as home,
        another(home) as other,
    ):
        home.account()
        ids = home.run()

        def meanwhile() -> None:
            home.clock.advance(MINUTE)
            assert take_back_lost(other.desk) == 1
            home.clock.advance(GRACE)
            assert reconcile(other.desk, to_reconcile(other.desk)) == 1
            assert deliver(other.desk, ids) == 1

        deliver_late(home, ids, meanwhile)
        assert (state(home), accepted(home)) == ("sent", 1)


def test_a_call_that_was_not_made_leaves_nothing_in_doubt(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=1) as home:
        home.account()
        ids = home.run()

        def meanwhile() -> None:
            home.clock.advance(CALL_WITHIN)
            assert take_back_lost(home.app.desk) == 1
            assert state(home) == "uncertain"

        deliver_late(home, ids, meanwhile)
        assert (state(home), accepted(home)) == ("planned", 0)
        home.clock.advance(MINUTE)
        assert home.deliver() == 1


@pytest.mark.parametrize(
    ("planned", "closes", "opens", "closes_then"),
    [
        ("2026-03-07T23:30", "2026-03-08T00:00", "2026-03-09T13:00", "2026-03-09T23:00"),
        ("2026-10-31T22:30", "2026-10-31T23:00", "2026-11-02T14:00", "2026-11-03T00:00"),
    ],
    ids=["clocks go forward", "clocks go back"],
)
def test_the_next_window_is_right_after_the_night_in_which_clocks_change(
    database_url: str, planned: str, closes: str, opens: str, closes_then: str
) -> None:
    def utc(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=UTC)

    with house(database_url, campaign(BY_TEXT)) as home:
        home.clock.at = utc(planned)
        home.account(due_on=utc(planned).date() - timedelta(days=10))
        ids = home.run()
        home.clock.at = utc(closes)
        assert deliver(home.app.desk, ids) == 0
        assert not_before(home) == utc(opens)
        home.clock.at = utc(opens) - timedelta(microseconds=1)
        assert home.deliver() == 0
        home.clock.at = utc(opens)
        assert home.deliver() == 1
        with home.engine.connect() as connection:
            assert connection.scalars(select(notices.c.send_by)).one() == utc(closes_then)


def test_a_reminder_before_the_due_date_that_was_held_up_is_cancelled_and_the_next_step_follows(
    database_url: str,
) -> None:
    steps = (
        Step("before", Trigger(TriggerKind.BEFORE_DUE, Days(2)), (Channel.SMS,), "friendly_reminder"),
        Step("after", Trigger(TriggerKind.AFTER_DUE, Days(1)), (Channel.SMS,), "friendly_reminder"),
    )
    with house(database_url, campaign(*steps, applies_to=AppliesTo(dpd_from=-10, dpd_to=90))) as home:
        home.account(due_on=date(2026, 12, 2))
        ids = home.run()
        assert len(ids) == 1
        home.clock.at = datetime(2026, 12, 2, 15, 0, tzinfo=UTC)
        assert deliver(home.app.desk, ids) == 0
        assert home.states() == {"before sms": "cancelled"}
        home.clock.at = datetime(2026, 12, 3, 15, 0, tzinfo=UTC)
        assert home.deliver() == 1
        assert home.states() == {"before sms": "cancelled", "after sms": "sent"}
