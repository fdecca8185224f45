"""From due to sent, on real sockets: once, on fresh facts, or not at all."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest
from sqlalchemy import insert, select, update

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.domain.sending import SendRequest, SendResult
from outreach.flow import deliver as deliver_module
from outreach.flow.deliver import deliver
from outreach.flow.enroll import enroll
from outreach.flow.reconcile import reconcile
from outreach.flow.release import release
from outreach.flow.sweep import take_back_lost, to_dispatch, to_reconcile
from outreach.providers.twilio_sms import TwilioSms
from outreach.store.balances import settle_balances
from outreach.store.outbox import contents, notices, tasks
from outreach.store.tables import debtors, enrolments, holds, items
from tests.flow.house import House, campaign, house


def ledger(home: House) -> list[dict[str, object]]:
    lines = httpx.get(f"{home.sandbox_url}/sandbox/ledger").text.splitlines()
    return [httpx.Response(200, text=line).json() for line in lines if line]


def pay(home: House, account_id: int) -> None:
    with home.engine.begin() as connection:
        connection.execute(update(items).where(items.c.account_id == account_id).values(open_minor=0))
        settle_balances(connection, [account_id], home.clock.now())


def reverse(home: House, account_id: int) -> None:
    with home.engine.begin() as connection:
        connection.execute(
            update(items).where(items.c.account_id == account_id).values(open_minor=items.c.amount_minor)
        )
        settle_balances(connection, [account_id], home.clock.now())


def test_a_due_text_leaves_once_and_its_words_are_kept(home: House) -> None:
    home.account()
    assert home.deliver() == 1
    assert home.states() == {"reminder sms": "sent"}
    assert [line["recipient"] for line in ledger(home)] == ["+12125550142"]
    with home.engine.connect() as connection:
        said = connection.execute(select(contents)).one()
    assert "Northwind" in said.body
    assert "$123.45" in said.body
    assert said.recipient == {"value": "+12125550142"}


def test_delivering_the_same_notices_again_sends_nothing(home: House) -> None:
    home.account()
    ids = home.run()
    assert deliver(home.app.desk, ids) == 1
    assert deliver(home.app.desk, ids) == 0
    assert len(ledger(home)) == 1


def test_two_workers_with_the_same_batch_send_each_notice_once(home: House) -> None:
    for number in range(12):
        home.account(f"A-{number}", phone=f"+1212555{110 + number:04d}", email="")
    ids = home.run()
    workers = [threading.Thread(target=deliver, args=(home.app.desk, ids)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert Counter(str(line["recipient"]) for line in ledger(home)).most_common(1)[0][1] == 1
    assert len(ledger(home)) == 12


def test_two_releases_at_once_plan_each_step_once(home: House) -> None:
    for number in range(30):
        home.account(f"A-{number}", phone=f"+1212555{110 + number:04d}")
    enroll(home.engine, home.campaign, home.clock)
    runs = [threading.Thread(target=release, args=(home.app.desk, home.campaign.name)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    with home.engine.connect() as connection:
        assert len(connection.execute(select(notices.c.id)).all()) == 30


def test_a_payment_between_release_and_send_cancels_the_notice(home: House) -> None:
    account_id = home.account()
    ids = home.run()
    pay(home, account_id)
    assert deliver(home.app.desk, ids) == 0
    assert home.states() == {"reminder sms": "cancelled"}
    assert ledger(home) == []


def test_a_payment_between_claim_and_send_stops_the_call(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The payment commits after the gate has cleared the notice, before the attempt is committed."""
    account_id = home.account()
    ids = home.run()
    draft = deliver_module.draft

    def pay_after_drafting(*args: object) -> object:
        made = draft(*args)  # type: ignore[arg-type]
        pay(home, account_id)
        return made

    monkeypatch.setattr(deliver_module, "draft", pay_after_drafting)
    assert deliver(home.app.desk, ids) == 0
    monkeypatch.undo()
    assert home.deliver() == 0
    assert home.states() == {"reminder sms": "cancelled"}
    assert ledger(home) == []


def test_a_reversal_reopens_on_the_original_due_date(home: House) -> None:
    account_id = home.account()
    home.run()
    pay(home, account_id)
    home.run()
    with home.engine.connect() as connection:
        assert connection.scalar(select(enrolments.c.state)) == "cured"
    reverse(home, account_id)
    assert home.deliver() == 1
    with home.engine.connect() as connection:
        row = connection.execute(select(enrolments.c.state, enrolments.c.cycle)).one()
        states = connection.scalars(select(notices.c.state)).all()
    assert tuple(row) == ("active", 1)
    assert sorted(states) == ["cancelled", "sent"]


def test_a_debt_that_falls_due_after_the_cure_begins_a_new_cycle(home: House) -> None:
    account_id = home.account()
    home.deliver()
    pay(home, account_id)
    home.run()
    home.clock.advance(timedelta(days=30))
    with home.engine.begin() as connection:
        connection.execute(
            insert(items).values(
                account_id=account_id,
                ref="I-2",
                due_on=date(2026, 12, 20),
                amount_minor=500,
                stated_open_minor=500,
                open_minor=500,
            )
        )
        settle_balances(connection, [account_id], home.clock.now())
    assert home.deliver() == 1
    with home.engine.connect() as connection:
        assert connection.scalars(select(notices.c.cycle).order_by(notices.c.cycle)).all() == [1, 2]


def test_a_hold_placed_after_release_defers_the_notice(home: House) -> None:
    home.account()
    ids = home.run()
    with home.engine.begin() as connection:
        debtor_id = connection.scalar(select(debtors.c.id))
        now = home.clock.now()
        connection.execute(
            insert(holds).values(debtor_id=debtor_id, reason="dispute", source="test", starts_at=now, created_at=now)
        )
    assert deliver(home.app.desk, ids) == 0
    assert home.states() == {"reminder sms": "planned"}


def test_nothing_is_sent_outside_the_debtors_hours(home: House) -> None:
    home.account(zones=("America/New_York", "Pacific/Honolulu"))
    assert home.deliver() == 0
    home.clock.at = datetime(2026, 12, 1, 20, 0, tzinfo=UTC)
    assert home.deliver() == 1


def test_a_refused_number_falls_back_to_the_next_channel(home: House) -> None:
    home.account(phone="+12125550193")
    home.deliver()
    assert home.states() == {"reminder sms": "failed"}
    home.deliver()
    assert home.states() == {"reminder sms": "failed", "reminder email": "sent"}
    with home.engine.connect() as connection:
        failed, stand_in = connection.execute(select(notices).order_by(notices.c.position)).all()
    assert stand_in.stands_in_for == failed.id


def test_a_step_that_no_channel_could_carry_makes_a_task(home: House) -> None:
    home.account(phone="+12125550193", email="")
    home.deliver()
    with home.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.kind)).all() == []
    home.deliver()
    with home.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.kind)).all() == ["undeliverable"]


def test_a_throttled_text_is_planned_again_and_sent_later(home: House) -> None:
    home.account(phone="+12125550196", email="")
    home.deliver()
    assert home.states() == {"reminder sms": "planned"}
    home.clock.advance(timedelta(minutes=5))
    home.deliver()
    assert home.states() == {"reminder sms": "sent"}
    assert len(ledger(home)) == 1


def test_a_lost_answer_is_uncertain_and_reconciled_never_sent_again(home: House) -> None:
    home.account(phone="+12125550197", email="")
    home.deliver()
    assert home.states() == {"reminder sms": "uncertain"}
    assert home.deliver() == 0
    assert reconcile(home.app.desk, to_reconcile(home.app.desk)) == 1
    assert home.states() == {"reminder sms": "delivered"}
    assert len(ledger(home)) == 1


def test_a_worker_that_dies_in_the_call_leaves_its_notice_uncertain(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.account(email="")
    ids = home.run()
    call = TwilioSms.call

    async def accept_and_die(self: TwilioSms, request: SendRequest) -> SendResult:
        await call(self, request)
        raise SystemExit

    monkeypatch.setattr(TwilioSms, "call", accept_and_die)
    with pytest.raises(SystemExit):
        deliver(home.app.desk, ids)
    monkeypatch.undo()
    assert home.states() == {"reminder sms": "sending"}
    assert home.deliver() == 0
    home.clock.advance(timedelta(seconds=61))
    assert take_back_lost(home.app.desk) == 1
    assert home.states() == {"reminder sms": "uncertain"}
    assert reconcile(home.app.desk, to_reconcile(home.app.desk)) == 1
    assert len(ledger(home)) == 1


def test_a_worker_that_dies_before_the_call_gives_its_notice_back(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.account()
    ids = home.run()

    def die(*_args: object) -> object:
        raise SystemExit

    monkeypatch.setattr(deliver_module, "draft", die)
    with pytest.raises(SystemExit):
        deliver(home.app.desk, ids)
    monkeypatch.undo()
    home.clock.advance(timedelta(seconds=61))
    assert take_back_lost(home.app.desk) == 1
    assert home.deliver() == 1


def test_a_message_that_the_broker_lost_is_enqueued_again(home: House) -> None:
    home.account()
    assert len(home.run()) == 1
    assert to_dispatch(home.app.desk) == {}
    home.clock.advance(timedelta(seconds=31))
    assert [len(ids) for ids in to_dispatch(home.app.desk).values()] == [1]


def test_a_step_that_needs_approval_waits_for_it(database_url: str) -> None:
    step = Step("demand", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.EMAIL,), "demand_letter", approval=True)
    with house(database_url, campaign(step)) as home:
        home.account()
        assert home.deliver() == 0
        with home.engine.begin() as connection:
            connection.execute(update(notices).values(needs_approval=False, approved_by="ops@lender.example"))
        assert home.deliver() == 1


def test_a_broken_template_fails_its_notice_and_spares_the_others(database_url: str) -> None:
    broken = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "no_such_template")
    with house(database_url, campaign(broken)) as home:
        home.account()
        assert home.deliver() == 0
        assert home.states() == {"reminder sms": "failed"}


def test_steps_follow_each_other_with_their_gap(database_url: str) -> None:
    steps = (
        Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "friendly_reminder"),
        Step("second", Trigger(TriggerKind.AFTER_PREVIOUS, Days(7)), (Channel.EMAIL,), "second_reminder"),
        Step("call", Trigger(TriggerKind.AFTER_PREVIOUS, Days(2)), (Channel.CALL,), task="Call the debtor"),
    )
    with house(database_url, campaign(*steps, min_contact_gap=Days(3))) as home:
        home.account()
        for _ in range(20):
            home.deliver()
            home.clock.advance(timedelta(days=1))
        assert home.states() == {"reminder sms": "sent", "second email": "sent"}
        with home.engine.connect() as connection:
            assert connection.scalars(select(tasks.c.title)).all() == ["Call the debtor"]
