"""What is due next: who is contacted, when, and who is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from outreach.domain.account import HoldReason
from outreach.domain.campaign import AppliesTo
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.next_step import Done, DoneReason, Due, Wait, WaitFor, next_step
from outreach.domain.notice import IN_FLIGHT, NoticeState
from tests.cast import (
    ADA,
    CLEO,
    DAY,
    EVE,
    FAY,
    HUA,
    LOS_ANGELES,
    NEW_YORK,
    NOON,
    SHANGHAI,
    after_due,
    after_previous,
    campaign,
    dov,
    facts,
    hold,
    owed,
    taken,
)
from tests.domain.asking import CAMPAIGN, SEQUENCE, aged, due, waiting
from tests.domain.simulation import Simulation


def test_ada_who_owes_is_reminded_by_text() -> None:
    assert due(next_step(ADA, CAMPAIGN, NOON)) == ("reminder", Channel.SMS)


def test_cleo_who_disputes_is_not_contacted_before_an_event() -> None:
    assert next_step(CLEO, CAMPAIGN, NOON) == Wait(None, WaitFor.HOLD, "dispute")


def test_dov_who_paid_at_noon_is_not_contacted_from_noon_on() -> None:
    assert isinstance(next_step(dov(NOON - timedelta(seconds=1)), CAMPAIGN, NOON), Due)
    assert next_step(dov(NOON), CAMPAIGN, NOON) == Done(DoneReason.PAID)


def test_credits_that_outweigh_the_debt_end_the_campaign() -> None:
    credit = replace(owed("C-1", "2026-11-21", number=2), open_amount=Money(-12_345, "USD"))
    assert next_step(facts(items=(*ADA.items, credit)), CAMPAIGN, NOON) == Done(DoneReason.PAID)


def test_hua_who_promised_is_left_alone_until_the_day_of_the_promise() -> None:
    assert next_step(HUA, CAMPAIGN, NOON) == Wait(NOON + 4 * DAY, WaitFor.HOLD, "promise")


def test_of_many_holds_the_last_to_end_counts_and_one_without_an_end_outlasts_all() -> None:
    two = hold(HoldReason.PLAN, NOON, NOON + 9 * DAY) + hold(HoldReason.PROMISE, NOON, NOON + DAY)
    assert next_step(facts(holds=two), CAMPAIGN, NOON) == Wait(NOON + 9 * DAY, WaitFor.HOLD, "plan, promise")
    assert waiting(next_step(facts(holds=two + CLEO.holds), CAMPAIGN, NOON)).until is None


def test_a_hold_begins_at_its_start_and_is_over_at_its_end() -> None:
    held = facts(holds=hold(HoldReason.MANUAL, NOON, NOON + timedelta(minutes=1)))
    assert isinstance(next_step(held, CAMPAIGN, NOON - timedelta(seconds=1)), Due)
    assert waiting(next_step(held, CAMPAIGN, NOON)).reason is WaitFor.HOLD
    assert isinstance(next_step(held, CAMPAIGN, NOON + timedelta(minutes=1)), Due)


def test_fay_whose_zone_nobody_knows_is_never_sent_anything() -> None:
    assert next_step(FAY, CAMPAIGN, NOON) == Wait(None, WaitFor.ZONE)
    assert next_step(FAY, campaign(after_due("letter", 1, Channel.LETTER)), NOON) == Wait(None, WaitFor.ZONE)


@pytest.mark.parametrize(("age", "is_due"), [(4, False), (5, True), (6, True)])
def test_a_step_after_five_days_is_due_on_the_fifth_day(age: int, is_due: bool) -> None:
    assert isinstance(next_step(aged(age), SEQUENCE, NOON), Due) is is_due


def test_a_step_is_due_from_the_first_instant_of_its_day_where_the_debtor_is() -> None:
    midnight = datetime(2026, 12, 2, 5, 0, tzinfo=UTC)
    young = facts(items=(owed("I-1", "2026-11-27"),))
    assert next_step(young, SEQUENCE, NOON) == Wait(midnight, WaitFor.DAY)
    assert due(next_step(young, SEQUENCE, midnight)) == ("first", Channel.EMAIL)


def test_a_day_has_come_only_when_it_has_come_in_every_zone() -> None:
    young = replace(EVE, items=(owed("I-1", "2026-11-27"),))
    assert next_step(young, SEQUENCE, NOON) == Wait(datetime(2026, 12, 2, 8, 0, tzinfo=UTC), WaitFor.DAY)


def test_the_order_of_the_zones_does_not_matter_to_the_next_step() -> None:
    last = taken("first", datetime(2026, 12, 1, 7, 0, tzinfo=UTC))
    plan = campaign(after_due("first", 5), after_previous("second", 7))
    for now in (NOON, NOON + 7 * DAY):
        one = next_step(facts(NEW_YORK, LOS_ANGELES, history=(last,)), plan, now)
        other = next_step(facts(LOS_ANGELES, NEW_YORK, history=(last,)), plan, now)
        assert one == other


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-12-01T13:59:59", "2026-12-01T14:00"),
        ("2026-12-02T00:00", "2026-12-02T14:00"),
        ("2026-12-06T17:00", "2026-12-07T14:00"),
        ("2026-12-25T17:00", "2026-12-26T14:00"),
    ],
    ids=["before nine", "at seven in the evening", "on a Sunday", "on Christmas Day"],
)
def test_outside_its_window_a_campaign_waits_for_the_next_opening(at: str, opens: str) -> None:
    now, then = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (at, opens))
    assert next_step(facts(items=(owed("I", "2026-11-01"),)), CAMPAIGN, now) == Wait(then, WaitFor.WINDOW)


def test_a_window_that_never_opens_in_every_zone_is_looked_at_again_within_the_month() -> None:
    far_apart = facts(NEW_YORK, SHANGHAI)
    waits = waiting(next_step(far_apart, CAMPAIGN, NOON))
    assert waits.reason is WaitFor.WINDOW
    assert waits.until == NOON + 30 * DAY


@pytest.mark.parametrize("state", sorted(IN_FLIGHT))
def test_a_step_in_flight_holds_back_everything(state: NoticeState) -> None:
    flying = facts(history=(taken("reminder", NOON - 90 * DAY, state),))
    assert next_step(flying, CAMPAIGN, NOON) == Wait(None, WaitFor.IN_FLIGHT, "reminder")


def test_a_step_that_needs_approval_waits_for_it_however_long() -> None:
    plan = campaign(after_due("demand", 1, Channel.LETTER, approval=True), after_previous("call", 5, Channel.CALL))
    run = Simulation(ADA, plan, lambda due: NoticeState.PLANNED if due.step.approval else NoticeState.SENT)
    run.tick(NOON, NOON + 60 * DAY, DAY)
    assert [past.step for past in run.taken] == ["demand"]


def test_a_campaign_whose_steps_were_all_taken_is_finished() -> None:
    history = (taken("reminder", NOON - 9 * DAY), taken("demand", NOON - DAY))
    assert next_step(facts(history=history), CAMPAIGN, NOON) == Done(DoneReason.FINISHED)


@pytest.mark.parametrize(
    "rule",
    [
        AppliesTo(currencies=frozenset({"EUR"})),
        AppliesTo(balance_minor_at_least=12_346),
        AppliesTo(balance_minor_at_most=12_344),
        AppliesTo(tags_all_of=frozenset({"card"})),
        AppliesTo(tags_any_of=frozenset({"card", "loan"})),
    ],
)
def test_who_no_longer_fits_the_campaign_leaves_it(rule: AppliesTo) -> None:
    assert next_step(ADA, campaign(applies_to=rule), NOON) == Done(DoneReason.LEFT)


def test_the_bounds_of_a_balance_are_inside() -> None:
    exact = AppliesTo(balance_minor_at_least=12_345, balance_minor_at_most=12_345)
    assert isinstance(next_step(ADA, campaign(applies_to=exact), NOON), Due)


def test_a_tag_can_keep_an_account_out() -> None:
    vip = replace(ADA, account=replace(ADA.account, tags=frozenset({"vip", "card"})))
    rule = AppliesTo(tags_none_of=frozenset({"vip"}), tags_any_of=frozenset({"card"}))
    assert next_step(vip, campaign(applies_to=rule), NOON) == Done(DoneReason.LEFT)


def test_the_age_at_entry_does_not_end_a_campaign_under_way() -> None:
    assert isinstance(next_step(aged(400), campaign(applies_to=AppliesTo(dpd_to=90)), NOON), Due)
