"""On which day a step is due: gaps, catching up after an outage, business days and frozen ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from outreach.domain.account import HoldReason
from outreach.domain.campaign import CatchUp, DayKind, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.next_step import Done, DoneReason, Due, Wait, WaitFor, next_step
from tests.cast import (
    ADA,
    ALWAYS,
    DAY,
    LOS_ANGELES,
    NEW_YORK,
    NOON,
    after_due,
    after_previous,
    before_due,
    campaign,
    debtor,
    facts,
    hold,
    noon_of,
    owed,
    taken,
)
from tests.domain.asking import SEQUENCE, aged, due, waiting
from tests.domain.simulation import Simulation


def test_the_gap_ends_with_the_day_and_not_with_the_hour() -> None:
    plan = campaign(min_contact_gap=Days(3))
    contacted = facts(last_contact_at=datetime(2026, 12, 1, 23, 59, tzinfo=UTC))
    opens = datetime(2026, 12, 4, 14, 0, tzinfo=UTC)
    assert next_step(contacted, plan, NOON + DAY) == Wait(opens, WaitFor.GAP)
    assert isinstance(next_step(contacted, plan, opens), Due)


def test_the_gap_is_over_at_the_first_instant_of_its_last_day_in_every_zone() -> None:
    plan = campaign(min_contact_gap=Days(1), window=ALWAYS)
    contacted = facts(NEW_YORK, LOS_ANGELES, last_contact_at=NOON)
    midnight = datetime(2026, 12, 2, 8, 0, tzinfo=UTC)
    assert next_step(contacted, plan, midnight - timedelta(seconds=1)) == Wait(midnight, WaitFor.GAP)
    assert isinstance(next_step(contacted, plan, midnight), Due)


def test_in_context_a_day_has_come_only_when_it_has_come_in_every_zone() -> None:
    plan = campaign(after_due("first", 5), after_due("second", 11), window=ALWAYS, catch_up=CatchUp.CONTEXTUAL)
    one_in_the_morning = datetime(2026, 12, 1, 6, 0, tzinfo=UTC)
    assert due(next_step(facts(NEW_YORK), plan, one_in_the_morning))[0] == "second"
    assert due(next_step(facts(NEW_YORK, LOS_ANGELES), plan, one_in_the_morning))[0] == "first"


def test_a_gap_of_business_days_skips_the_weekend() -> None:
    plan = campaign(min_contact_gap=Days(2, DayKind.BUSINESS), window=ALWAYS)
    friday = datetime(2026, 12, 4, 17, 0, tzinfo=UTC)
    decision = next_step(facts(last_contact_at=friday), plan, friday + DAY)
    assert decision == Wait(datetime(2026, 12, 8, 5, 0, tzinfo=UTC), WaitFor.GAP)


def test_after_an_outage_a_sequence_takes_every_step_in_turn_one_a_gap() -> None:
    run = Simulation(aged(60), replace(SEQUENCE, min_contact_gap=Days(3)))
    run.tick(NOON, NOON + 30 * DAY, timedelta(hours=1))
    assert [(past.step, past.at.date()) for past in run.taken] == [
        ("first", date(2026, 12, 1)),
        ("second", date(2026, 12, 4)),
        ("third", date(2026, 12, 7)),
    ]


def test_after_an_outage_a_contextual_campaign_takes_the_step_that_fits_the_age() -> None:
    run = Simulation(aged(25), replace(SEQUENCE, catch_up=CatchUp.CONTEXTUAL))
    run.tick(NOON, NOON + 30 * DAY, timedelta(hours=1))
    assert [(past.step, past.at.date()) for past in run.taken] == [
        ("second", date(2026, 12, 1)),
        ("third", date(2026, 12, 16)),
    ]


def test_a_contextual_campaign_looks_again_when_the_first_of_its_coming_steps_is_due() -> None:
    """The follow-up to a late reminder comes after the demand, which is due by the calendar."""
    plan = campaign(
        after_due("reminder", 3), after_previous("second", 7), after_due("demand", 45), catch_up=CatchUp.CONTEXTUAL
    )
    late = aged(41, history=(taken("reminder", NOON - DAY),))
    assert waiting(next_step(late, plan, NOON)).until == datetime(2026, 12, 5, 14, 0, tzinfo=UTC)


def test_a_contextual_step_that_lacks_items_does_not_hide_the_next_one() -> None:
    plan = campaign(after_due("bundle", 3, min_items=2), after_due("single", 20), catch_up=CatchUp.CONTEXTUAL)
    decision = next_step(ADA, plan, NOON)
    assert decision == Wait(datetime(2026, 12, 10, 14, 0, tzinfo=UTC), WaitFor.DAY)


def test_a_step_with_too_few_unpaid_items_waits_for_more_and_paid_ones_do_not_count() -> None:
    plan = campaign(after_due("bundle", 3, min_items=2))
    paid = replace(owed("I-2", "2026-11-01", number=2), open_amount=Money(0, "USD"))
    assert next_step(facts(items=(*ADA.items, paid)), plan, NOON) == Wait(None, WaitFor.ITEMS)
    assert isinstance(next_step(facts(items=(*ADA.items, owed("I-2", "2026-11-21", number=2))), plan, NOON), Due)


def test_the_oldest_unpaid_item_carries_the_clock_and_paying_it_moves_the_clock_on() -> None:
    older, younger = owed("I-1", "2026-11-10"), owed("I-2", "2026-11-30", number=2)
    assert due(next_step(facts(items=(younger, older)), SEQUENCE, NOON))[0] == "first"
    assert waiting(next_step(facts(items=(younger,)), SEQUENCE, NOON)).reason is WaitFor.DAY


def test_days_after_the_previous_step_count_from_the_day_of_the_contact() -> None:
    plan = campaign(after_due("first", 5), after_previous("second", 7), window=ALWAYS)
    decision = next_step(facts(history=(taken("first", NOON),)), plan, NOON)
    assert decision == Wait(datetime(2026, 12, 8, 5, 0, tzinfo=UTC), WaitFor.DAY)


def test_the_step_after_a_missed_reminder_counts_from_the_day_of_that_reminder() -> None:
    plan = campaign(before_due("early", 5), after_previous("second", 20), window=ALWAYS)
    late = facts(items=(owed("I-1", "2026-11-20"),))
    assert next_step(late, plan, NOON) == Wait(datetime(2026, 12, 5, 5, 0, tzinfo=UTC), WaitFor.DAY)


def test_a_reminder_before_the_due_date_is_missed_from_that_day_on() -> None:
    plan = campaign(before_due("early", 5), window=ALWAYS)
    tomorrow, today = facts(items=(owed("I", "2026-12-02"),)), facts(items=(owed("I", "2026-12-01"),))
    assert due(next_step(tomorrow, plan, NOON))[0] == "early"
    assert next_step(today, plan, NOON) == Done(DoneReason.FINISHED)


def test_the_end_of_the_month_is_that_of_the_due_date() -> None:
    step = Step("statement", Trigger(TriggerKind.AFTER_DUE_END_OF_MONTH, Days(10)), (Channel.EMAIL,), "sample")
    plan = campaign(step, window=ALWAYS)
    assert next_step(ADA, plan, NOON) == Wait(datetime(2026, 12, 10, 5, 0, tzinfo=UTC), WaitFor.DAY)


def test_business_days_skip_the_holidays_of_the_debtors_country() -> None:
    step = Step("r", Trigger(TriggerKind.AFTER_DUE, Days(1, DayKind.BUSINESS)), (Channel.EMAIL,), "sample")
    plan = campaign(step, window=ALWAYS)
    thanksgiving_eve = (owed("I-1", "2026-11-25"),)
    now = noon_of("2026-11-25")
    american = waiting(next_step(facts(items=thanksgiving_eve), plan, now))
    chinese = waiting(next_step(facts(items=thanksgiving_eve, debtor=debtor(country="CN", region="")), plan, now))
    assert american.until == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
    assert chinese.until == datetime(2026, 11, 26, 5, 0, tzinfo=UTC)


def test_a_window_may_say_that_it_is_open_on_holidays() -> None:
    christmas = datetime(2026, 12, 25, 17, 0, tzinfo=UTC)
    open_days = SendWindow(frozenset(range(1, 8)), time(9), time(19), holidays=True)
    assert isinstance(next_step(ADA, campaign(window=open_days), christmas), Due)


def test_a_hold_that_freezes_moves_the_step_by_its_days() -> None:
    frozen = hold(HoldReason.DISPUTE, noon_of("2026-11-22"), noon_of("2026-11-26"), freezes_dpd=True)
    young = facts(holds=frozen)
    assert waiting(next_step(young, SEQUENCE, noon_of("2026-11-27"))).until == datetime(2026, 11, 29, 5, tzinfo=UTC)


def test_holds_that_overlap_freeze_a_day_once() -> None:
    frozen = hold(HoldReason.DISPUTE, noon_of("2026-11-22"), noon_of("2026-11-25"), freezes_dpd=True) + hold(
        HoldReason.HARDSHIP, noon_of("2026-11-23"), noon_of("2026-11-26"), freezes_dpd=True
    )
    young = facts(holds=frozen)
    assert waiting(next_step(young, SEQUENCE, noon_of("2026-11-27"))).until == datetime(2026, 11, 29, 5, tzinfo=UTC)


def test_a_hold_that_does_not_freeze_leaves_the_age_alone() -> None:
    past = hold(HoldReason.MANUAL, noon_of("2026-11-22"), noon_of("2026-11-26"))
    assert isinstance(next_step(facts(holds=past), SEQUENCE, noon_of("2026-11-26")), Due)


def test_a_hold_without_an_end_that_is_yet_to_begin_moves_nothing() -> None:
    coming = hold(HoldReason.LEGAL, NOON + DAY, freezes_dpd=True)
    young = facts(items=(owed("I-1", "2026-11-30"),), holds=coming)
    assert next_step(young, SEQUENCE, NOON) == Wait(datetime(2026, 12, 5, 5, 0, tzinfo=UTC), WaitFor.DAY)
