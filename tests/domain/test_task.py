"""Tasks and dispositions as data: every kind has its place, every disposition its meaning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.case import CaseKind
from outreach.domain.case_rules import RULES as CASES
from outreach.domain.disposition import MOST_ATTEMPTS, RULES, Disposition, Effect, comes_back, valid_for
from outreach.domain.standing import Reach
from outreach.domain.task import MOOT_WHEN_PAID, OPERATORS_ONLY, Priority, Queue, may_work, rule_of
from outreach.domain.task import RULES as KINDS
from outreach.flow.words import DISPOSITION

NOW = datetime(2026, 12, 1, 16, tzinfo=UTC)


def test_somebody_in_danger_comes_before_everything_and_within_minutes() -> None:
    danger = rule_of("vulnerable")
    assert danger.priority is Priority.URGENT
    assert danger.within <= timedelta(minutes=15)
    assert [kind for kind, rule in KINDS.items() if rule.priority is Priority.URGENT] == ["vulnerable"]


def test_a_kind_that_nobody_foresaw_waits_in_a_queue_of_its_own() -> None:
    assert rule_of("something new").queue is Queue.OTHER


def test_every_task_of_a_case_has_a_queue() -> None:
    assert {rule.task for rule in CASES.values()} <= set(KINDS)


def test_what_stops_a_debtor_for_good_is_for_operators() -> None:
    for kind in ("attorney", "bankruptcy", "deceased", "cease", "complaint", "handoff"):
        assert not may_work(rule_of(kind).queue, operator=False)
    assert all(may_work(queue, operator=True) for queue in Queue)
    assert {Queue.CALLS, Queue.REPLIES, Queue.HARDSHIP} & OPERATORS_ONLY == set()


def test_what_a_debtor_said_outlives_the_debt() -> None:
    assert not MOOT_WHEN_PAID & {"reply", "human", "dispute", "identity_theft", "vulnerable", "complaint", "attorney"}


@pytest.mark.parametrize("disposition", list(Disposition))
def test_every_disposition_has_its_words_and_its_case(disposition: Disposition) -> None:
    rule = RULES[disposition]
    assert DISPOSITION[disposition]
    if rule.effect is Effect.CASE:
        assert CaseKind(rule.case or disposition.value) in CASES


@given(st.sampled_from([*KINDS, "something new"]), st.booleans())
def test_a_task_ends_with_what_can_have_happened(kind: str, with_number: bool) -> None:
    valid = valid_for(kind, with_number=with_number)
    assert len(set(valid)) == len(valid) > 0
    assert Disposition.WITHDRAWN not in valid
    called = [one for one in valid if RULES[one].reach is not None]
    assert bool(called) is (with_number or kind == "call")
    assert (Disposition.DONE in valid) is (kind != "call")


@given(st.sampled_from(Disposition), st.integers(1, 20), st.integers(1, 90 * 24))
def test_a_task_comes_back_later_or_not_at_all(disposition: Disposition, attempts: int, hours: int) -> None:
    asked_for = NOW + timedelta(hours=hours)
    again_at = comes_back(disposition, attempts, NOW, asked_for)
    if disposition is Disposition.CALLBACK:
        assert again_at == asked_for
    elif attempts >= MOST_ATTEMPTS:
        assert again_at is None
    else:
        assert again_at is None or again_at > NOW


def test_only_who_was_spoken_to_counts_as_spoken_to() -> None:
    spoken = {one for one, rule in RULES.items() if rule.reach is Reach.CONVERSATION}
    assert not spoken & {
        Disposition.NO_ANSWER,
        Disposition.VOICEMAIL,
        Disposition.UNREACHABLE,
        Disposition.THIRD_PARTY,
        Disposition.WRONG_PARTY,
        Disposition.DECEASED,
    }
    assert {Disposition.RPC, Disposition.PTP, Disposition.REFUSED, Disposition.CALLBACK} <= spoken
