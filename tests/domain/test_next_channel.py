"""On which channel a step goes out, and what stands in when it does not arrive."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from outreach.domain.account import Quality
from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.domain.next_step import Done, DoneReason, Due, Wait, WaitFor, next_step
from outreach.domain.notice import NoticeState
from tests.cast import (
    ADA,
    BEN,
    DAY,
    EMAIL,
    GIL,
    LETTERBOX,
    NOON,
    PHONE,
    after_due,
    campaign,
    debtor,
    facts,
    taken,
)
from tests.domain.asking import CAMPAIGN, aged, due
from tests.domain.simulation import Simulation


def test_ben_who_stopped_texts_is_written_by_email() -> None:
    assert due(next_step(BEN, CAMPAIGN, NOON)) == ("reminder", Channel.EMAIL)


def test_gil_who_has_no_usable_address_still_gets_the_step_for_the_gate_to_suppress() -> None:
    assert due(next_step(GIL, CAMPAIGN, NOON)) == ("reminder", Channel.SMS)


def test_an_undelivered_notice_is_followed_by_the_next_usable_channel_of_its_step() -> None:
    plan = campaign(after_due("reminder", 3, Channel.SMS, Channel.EMAIL, Channel.LETTER))
    dead_mailbox = debtor(points=(PHONE, replace(EMAIL, quality=Quality.UNDELIVERABLE), LETTERBOX))
    history = (taken("reminder", NOON - DAY, NoticeState.UNDELIVERED),)
    decision = next_step(facts(debtor=dead_mailbox, history=history), plan, NOON)
    assert decision == Due(plan.steps[0], 2, Channel.LETTER, stands_in=True)


def test_a_late_bounce_of_an_earlier_step_brings_nothing_back() -> None:
    history = (taken("reminder", NOON - 9 * DAY, NoticeState.UNDELIVERED), taken("demand", NOON - 2 * DAY))
    assert next_step(facts(history=history), CAMPAIGN, NOON) == Done(DoneReason.FINISHED)


@pytest.mark.parametrize("state", [NoticeState.UNCERTAIN, NoticeState.SENT, NoticeState.DELIVERED])
def test_no_channel_stands_in_for_one_that_may_have_reached_the_debtor(state: NoticeState) -> None:
    plan = campaign(after_due("reminder", 3, Channel.SMS, Channel.EMAIL))
    assert next_step(facts(history=(taken("reminder", NOON - DAY, state),)), plan, NOON) == Done(DoneReason.FINISHED)


def test_a_step_that_is_suppressed_on_every_channel_is_passed() -> None:
    run = Simulation(aged(11), CAMPAIGN, lambda due: NoticeState.SUPPRESSED)
    run.settle(NOON)
    assert [(past.step, past.position) for past in run.taken] == [("reminder", 0), ("reminder", 1), ("demand", 0)]


def test_a_channel_that_stands_in_keeps_the_gap_to_another_campaigns_contact() -> None:
    history = (taken("reminder", NOON - 2 * DAY, NoticeState.UNDELIVERED),)
    written = facts(history=history, last_contact_at=NOON - DAY)
    decision = next_step(written, campaign(min_contact_gap=Days(3)), NOON)
    assert decision == Wait(datetime(2026, 12, 3, 14, 0, tzinfo=UTC), WaitFor.GAP)


def test_a_handoff_needs_no_channel() -> None:
    plan = campaign(Step("agency", Trigger(TriggerKind.AFTER_DUE, Days(5)), to="agency"))
    assert next_step(ADA, plan, NOON) == Due(plan.steps[0], 0, None)


def test_a_call_goes_to_the_number_that_texts_go_to() -> None:
    plan = campaign(after_due("call", 1, Channel.LETTER, Channel.CALL))
    assert due(next_step(facts(debtor=debtor(points=(PHONE,))), plan, NOON)) == ("call", Channel.CALL)
