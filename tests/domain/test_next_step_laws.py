"""What holds of the next step for any facts, any campaign and any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.account import Facts, HoldReason
from outreach.domain.calendar import is_open
from outreach.domain.campaign import Campaign, CatchUp, TriggerKind
from outreach.domain.next_step import Due, Wait, next_step
from outreach.domain.notice import IN_FLIGHT, UNREACHED, NoticeState
from tests.cast import (
    DAY,
    hold,
)
from tests.domain.simulation import MANY, Simulation
from tests.domain.strategies import START, ZONES, campaigns, moments, people


@given(moment=moments(), order=st.randoms(use_true_random=False))
def test_the_next_step_depends_on_nothing_but_what_it_is_told(
    moment: tuple[Facts, Campaign, datetime], order: Random
) -> None:
    who, plan, now = moment
    shuffled = {name: list(getattr(who, name)) for name in ("items", "holds", "history")}
    for rows in shuffled.values():
        order.shuffle(rows)
    same = replace(who, **{name: tuple(rows) for name, rows in shuffled.items()})  # type: ignore[arg-type]
    assert next_step(who, plan, now) == next_step(who, plan, now) == next_step(same, plan, now)


@settings(max_examples=60)
@given(moment=moments())
def test_nothing_is_due_on_hold_in_flight_in_the_gap_or_while_any_zone_is_closed(
    moment: tuple[Facts, Campaign, datetime],
) -> None:
    who, plan, now = moment
    decision = next_step(who, plan, now)
    if not isinstance(decision, Due):
        return
    assert not any(hold.active(now) for hold in who.holds)
    assert not any(past.state in IN_FLIGHT for past in who.history)
    assert who.balance.minor > 0
    for zone in who.debtor.zones:
        assert is_open(plan.send_window, now, zone, who.debtor.country, who.debtor.region)
        if who.last_contact_at is not None:
            apart = now.astimezone(ZoneInfo(zone)).date() - who.last_contact_at.astimezone(ZoneInfo(zone)).date()
            assert apart.days >= plan.min_contact_gap.count


@settings(max_examples=60)
@given(moment=moments())
def test_a_wait_always_ends_later_than_now(moment: tuple[Facts, Campaign, datetime]) -> None:
    decision = next_step(*moment)
    assert not isinstance(decision, Wait) or decision.until is None or decision.until > moment[2]


@given(moment=moments(), reason=st.sampled_from(HoldReason))
def test_a_hold_stops_whatever_was_due(moment: tuple[Facts, Campaign, datetime], reason: HoldReason) -> None:
    who, plan, now = moment
    held = replace(who, holds=(*who.holds, *hold(reason, now)))
    assert not isinstance(next_step(held, plan, now), Due)


@given(moment=moments(), more=ZONES)
def test_one_more_zone_never_makes_a_step_due(moment: tuple[Facts, Campaign, datetime], more: set[str]) -> None:
    who, plan, now = moment
    wider = replace(who, debtor=replace(who.debtor, zones=(*who.debtor.zones, *sorted(more))))
    # A reminder before the due date is missed later where the day begins later.
    fixed = not any(step.trigger.kind is TriggerKind.BEFORE_DUE for step in plan.steps)
    if fixed and plan.catch_up is CatchUp.SEQUENTIAL and not isinstance(next_step(who, plan, now), Due):
        assert not isinstance(next_step(wider, plan, now), Due)


@settings(max_examples=10)
@given(who=people(), plan=campaigns(), luck=st.randoms(use_true_random=False))
def test_in_a_year_each_step_is_taken_once_on_each_channel_and_in_its_order(
    who: Facts, plan: Campaign, luck: Random
) -> None:
    states = [NoticeState.DELIVERED, NoticeState.UNDELIVERED, NoticeState.SUPPRESSED, NoticeState.UNCERTAIN]
    run = Simulation(who, plan, lambda _due: luck.choice(states))
    run.tick(START + timedelta(hours=19), START + 365 * DAY, DAY)
    places = [(plan.index(past.step), past.position) for past in run.taken]
    assert places == sorted(set(places))
    assert len(places) < MANY
    for earlier, later in pairwise(run.taken):
        assert earlier.step != later.step or earlier.state in UNREACHED


@settings(max_examples=6)
@given(who=people(), plan=campaigns(), missing=st.sampled_from([NoticeState.SENT, NoticeState.UNDELIVERED]))
def test_looking_only_when_told_to_takes_the_same_steps_at_the_same_time_as_looking_every_hour(
    who: Facts, plan: Campaign, missing: NoticeState
) -> None:
    end = START + 75 * DAY

    def outcome(due: Due) -> NoticeState:
        return missing if due.position == 0 else NoticeState.SENT

    ticked = Simulation(who, plan, outcome).tick(START, end, timedelta(hours=1))
    leapt = Simulation(who, plan, outcome).leap(START, end)
    assert leapt.taken == ticked.taken
