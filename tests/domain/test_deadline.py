"""Until when a message may leave: the end of the hours, and of the sense of its step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.account import Facts, HoldReason
from outreach.domain.campaign import SendWindow
from outreach.domain.deadline import deadline
from outreach.domain.gate import Question, Verdict
from outreach.domain.message import Channel
from outreach.domain.next_step import Due, next_step
from tests.cast import (
    ALWAYS,
    HONOLULU,
    LONDON,
    LOS_ANGELES,
    NEW_YORK,
    OFFICE_HOURS,
    PHONE,
    SHANGHAI,
    after_due,
    after_previous,
    before_due,
    campaign,
    debtor,
    facts,
    hold,
    owed,
)
from tests.law import gate

DUE_ON = date(2026, 12, 4)
REMINDER = before_due("reminder", 3, Channel.SMS)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def owing(*zones: str, due_on: date = DUE_ON) -> Facts:
    return facts(*zones, items=(owed("I-1", due_on),))


def ask(who: Facts, now: str | datetime, window: SendWindow | None = None, channel: Channel = Channel.SMS) -> Question:
    at = utc(now) if isinstance(now, str) else now
    return Question(who, channel, PHONE, window, at, deadline(REMINDER, who))


def test_a_reminder_before_the_due_date_keeps_until_that_day_has_begun() -> None:
    assert deadline(REMINDER, owing(NEW_YORK)) == utc("2026-12-04T05:00")


def test_the_day_must_have_begun_wherever_the_debtor_may_be() -> None:
    assert deadline(REMINDER, owing(NEW_YORK, HONOLULU)) == utc("2026-12-04T10:00")


@pytest.mark.parametrize(
    "step", [after_due("later", 3), after_previous("next", 3)], ids=["after due", "after previous"]
)
def test_other_steps_keep(step: object) -> None:
    assert deadline(step, owing(NEW_YORK)) is None  # type: ignore[arg-type]


def test_on_the_due_date_the_reminder_is_cancelled() -> None:
    decision = gate(ask(owing(NEW_YORK), "2026-12-04T15:00"))
    assert (decision.verdict, decision.hits[0].rule) == (Verdict.CANCEL, "campaign/deadline")


def test_a_reminder_that_could_leave_only_when_it_is_too_late_is_cancelled_at_once() -> None:
    decision = gate(ask(owing(NEW_YORK), "2026-12-04T03:00"))
    assert decision.verdict is Verdict.CANCEL
    assert [hit.rule for hit in decision.hits] == ["house/hours", "campaign/deadline"]


def test_a_hold_past_the_due_date_cancels_the_reminder() -> None:
    held = replace(owing(NEW_YORK), holds=hold(HoldReason.PROMISE, utc("2026-12-01T12:00"), utc("2026-12-10T12:00")))
    assert gate(ask(held, "2026-12-02T15:00")).verdict is Verdict.CANCEL


def test_a_letter_may_leave_at_any_hour_until_its_deadline() -> None:
    who = owing(NEW_YORK)
    night = replace(ask(who, "2026-12-03T07:00", channel=Channel.LETTER), point=who.debtor.points(Channel.LETTER)[0])
    decision = gate(night)
    assert (decision.verdict, decision.send_by) == (Verdict.CLEAR, utc("2026-12-04T05:00"))


def test_a_deadline_within_the_hours_is_the_time_by_which_it_must_leave() -> None:
    soon = replace(ask(owing(NEW_YORK), "2026-12-02T15:00"), not_after=utc("2026-12-02T16:00"))
    assert gate(soon).send_by == utc("2026-12-02T16:00")


zones = st.lists(
    st.sampled_from([NEW_YORK, LOS_ANGELES, HONOLULU, LONDON, SHANGHAI]), min_size=1, max_size=3, unique=True
)
instants = st.integers(0, 730 * 24 * 60).map(lambda minutes: utc("2026-01-01T00:00") + timedelta(minutes=minutes))


@given(zones, instants, st.integers(-5, 5), st.sampled_from([None, OFFICE_HOURS, ALWAYS]))
def test_a_clear_message_leaves_before_the_end_of_its_hours_and_of_its_sense(
    where: list[str], now: datetime, days: int, window: SendWindow | None
) -> None:
    who = replace(owing(*where, due_on=now.date() + timedelta(days=days)), debtor=debtor(*where, country=""))
    question = ask(who, now, window)
    decision = gate(question)
    if decision.verdict is not Verdict.CLEAR:
        return
    assert decision.send_by is not None
    assert question.not_after is None or decision.send_by <= question.not_after
    assert now < decision.send_by <= now + timedelta(hours=13)
    last = decision.send_by - timedelta(microseconds=1)
    assert gate(replace(question, now=last)).verdict is Verdict.CLEAR
    assert gate(replace(question, now=decision.send_by)).verdict is not Verdict.CLEAR


@given(zones, instants, st.integers(-5, 5))
def test_what_is_due_by_the_campaign_is_not_late_by_the_gate(where: list[str], now: datetime, days: int) -> None:
    who = replace(owing(*where, due_on=now.date() + timedelta(days=days)), debtor=debtor(*where, country=""))
    plan = campaign(replace(REMINDER, channels=(Channel.SMS,)), window=OFFICE_HOURS)
    if isinstance(next_step(who, plan, now), Due):
        assert "campaign/deadline" not in {hit.rule for hit in gate(ask(who, now, OFFICE_HOURS)).hits}


@pytest.mark.parametrize(
    ("night", "now", "closes", "opens"),
    [
        ("clocks go forward", "2026-03-07T15:00", "2026-03-08T00:00", "2026-03-09T13:00"),
        ("clocks go back", "2026-10-31T15:00", "2026-10-31T23:00", "2026-11-02T14:00"),
    ],
)
def test_hours_are_the_debtors_own_across_the_night_in_which_clocks_change(
    night: str, now: str, closes: str, opens: str
) -> None:
    who = replace(facts(NEW_YORK), items=(owed("I-1", "2026-01-10"),))
    assert gate(Question(who, Channel.SMS, PHONE, OFFICE_HOURS, utc(now))).send_by == utc(closes)
    late = gate(Question(who, Channel.SMS, PHONE, OFFICE_HOURS, utc(closes)))
    assert (late.verdict, late.until) == (Verdict.DEFER, utc(opens))


def test_between_two_zones_that_change_their_clocks_on_different_days_the_narrower_hours_hold() -> None:
    window = SendWindow(frozenset(range(1, 8)), time(9), time(19), holidays=True)
    who = replace(facts(NEW_YORK, LONDON), items=(owed("I-1", "2026-01-10"),))
    for day, opens, closes in [
        ("2026-03-06", "14:00", "19:00"),
        ("2026-03-20", "13:00", "19:00"),
        ("2026-04-03", "13:00", "18:00"),
    ]:
        early = gate(Question(who, Channel.SMS, PHONE, window, utc(f"{day}T10:30")))
        assert early.until == utc(f"{day}T{opens}")
        assert gate(Question(who, Channel.SMS, PHONE, window, utc(f"{day}T15:00"))).send_by == utc(f"{day}T{closes}")
