"""What holds of the gate for any question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.account import HoldReason
from outreach.domain.campaign import SendWindow
from outreach.domain.gate import Decision, Question, Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Holds, Hours, OnHit
from tests.cast import (
    LONDON,
    NEW_YORK,
    PHONE,
    facts,
    hold,
)
from tests.domain.strategies import WINDOWS, ZONES, questions
from tests.law import HOURS_ONLY, gate, pack

SEVERITY = list(Verdict)


def milder(one: Decision, other: Decision) -> bool:
    """Whether `one` lets a message out that `other` does not, or earlier."""
    if one.verdict is other.verdict is Verdict.DEFER:
        assert one.until is not None
        assert other.until is not None
        return one.until < other.until
    return SEVERITY.index(one.verdict) < SEVERITY.index(other.verdict)


@settings(max_examples=80)
@given(question=questions())
def test_the_gate_clears_only_who_owes_is_free_may_be_reached_and_is_awake_in_every_zone(question: Question) -> None:
    decision, who, now = gate(question), question.facts, question.now
    if decision.verdict is not Verdict.CLEAR:
        assert decision.hits
        assert decision.reason
        assert decision.verdict is not Verdict.DEFER or (decision.until is not None and decision.until > now)
        return
    assert who.anchor is not None
    assert not any(hold.active(now) for hold in who.holds)
    assert question.point is not None
    assert question.point.usable
    assert decision.send_by is not None
    assert decision.send_by > now
    for zone in who.debtor.zones:
        for moment in (now, decision.send_by - timedelta(microseconds=1)):
            assert time(8, 5) <= moment.astimezone(ZoneInfo(zone)).time() < time(20, 55)


@given(question=questions(), reason=st.sampled_from(HoldReason), length=st.none() | st.integers(1, 900))
def test_one_more_hold_never_makes_the_gate_milder(question: Question, reason: HoldReason, length: int | None) -> None:
    until = None if length is None else question.now + timedelta(hours=length)
    more = (*question.facts.holds, *hold(reason, question.now, until))
    assert not milder(gate(replace(question, facts=replace(question.facts, holds=more))), gate(question))


@given(question=questions(), more=ZONES)
def test_one_more_zone_never_makes_the_gate_milder(question: Question, more: set[str]) -> None:
    where = question.facts.debtor
    wider = replace(question.facts, debtor=replace(where, zones=(*where.zones, *sorted(more))))
    assert not milder(gate(replace(question, facts=wider)), gate(question))


@given(question=questions(), window=WINDOWS)
def test_a_campaigns_window_never_makes_the_gate_milder(question: Question, window: SendWindow) -> None:
    assert not milder(gate(replace(question, window=window)), gate(replace(question, window=None)))


@given(question=questions(), on_hit=st.sampled_from(OnHit), reasons=st.sets(st.sampled_from(HoldReason), min_size=1))
def test_one_more_rule_never_makes_the_gate_milder(question: Question, on_hit: OnHit, reasons: set[HoldReason]) -> None:
    rule = Holds("more", "One more rule", ("a source",), on_hit=on_hit, reasons=frozenset(reasons))
    assert not milder(gate(question, Law((HOURS_ONLY, pack(rule)))), gate(question))


@given(question=questions(), window=WINDOWS)
def test_one_more_pack_with_hours_never_makes_the_gate_milder(question: Question, window: SendWindow) -> None:
    rule = Hours("more", "Other hours", ("a source",), on_hit=OnHit.DEFER, windows=(window,))
    assert not milder(gate(question, Law((HOURS_ONLY, pack(rule)))), gate(question))


def test_the_gate_is_closed_outside_the_hours_on_every_date_of_two_years() -> None:
    """The minutes around both ends of every day, those on which clocks change included."""
    for zone in (NEW_YORK, LONDON):
        who = facts(zone)
        for offset in range(730):
            day = date(2026, 1, 1) + timedelta(days=offset)
            for clock, clear in ((time(8, 4), False), (time(8, 5), True), (time(20, 54), True), (time(20, 55), False)):
                now = datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
                verdict = gate(Question(who, Channel.SMS, PHONE, None, now)).verdict
                assert (verdict is Verdict.CLEAR) is clear, now
