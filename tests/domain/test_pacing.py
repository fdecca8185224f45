"""A rate is never exceeded over any span of time, and nothing of it is lost to those who keep asking."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.pacing import PATIENCE, Bucket, Grant, Rate, take
from tests.cast import NOON

rates = st.floats(0.05, 500).map(Rate)
#: Questions of many callers in the order of their clock: (seconds since the one before, messages wanted).
questions = st.lists(st.tuples(st.floats(0, 5), st.integers(1, 60)), min_size=1, max_size=60)


def departures(rate: Rate, asked: list[tuple[float, int]]) -> list[tuple[float, int]]:
    """(when, how many) leave when each caller waits as it is told to."""
    bucket: Bucket | None = None
    at, left = 0.0, []
    for passed, wanted in asked:
        at += passed
        grant, bucket = take(rate, bucket, wanted, NOON + timedelta(seconds=at))
        if grant.count:
            left.append((at + grant.ready_in, grant.count))
    return left


@given(rates, questions)
def test_in_any_span_no_more_leave_than_a_burst_and_the_rate_times_the_span(
    rate: Rate, asked: list[tuple[float, int]]
) -> None:
    left = departures(rate, asked)
    for first, (since, _) in enumerate(left):
        for last in range(first, len(left)):
            span = left[last][0] - since
            sent = sum(count for _, count in left[first : last + 1])
            assert sent <= rate.burst + rate.per_second * span + 1e-3


@given(rates, questions)
def test_nobody_is_granted_more_than_wanted_or_told_to_wait_longer_than_is_patient(
    rate: Rate, asked: list[tuple[float, int]]
) -> None:
    bucket: Bucket | None = None
    now = NOON
    for passed, wanted in asked:
        now += timedelta(seconds=passed)
        grant, bucket = take(rate, bucket, wanted, now)
        assert 0 <= grant.count <= wanted
        assert 0 <= grant.ready_in <= PATIENCE + 1e-3
        assert (grant.next_in > 0) >= (grant.count < min(wanted, rate.burst))


@given(rates, st.integers(1, 60))
def test_who_comes_back_when_told_gets_something(rate: Rate, wanted: int) -> None:
    bucket: Bucket | None = Bucket(-rate.per_second * PATIENCE, NOON)
    grant, bucket = take(rate, bucket, wanted, NOON)
    later = NOON + timedelta(seconds=grant.next_in + 1e-3)
    assert take(rate, bucket, wanted, later)[0].count >= 1


@given(rates)
def test_those_who_keep_asking_get_the_whole_rate(rate: Rate) -> None:
    asked = [(0.25, 60)] * 200
    sent = sum(count for _, count in departures(rate, asked))
    assert sent >= min(rate.per_second * 49, 200 * min(60, rate.burst)) - 1


def test_a_full_bucket_lets_a_seconds_worth_leave_at_once() -> None:
    assert take(Rate(10), None, 8, NOON)[0] == Grant(8)


def test_tokens_that_come_within_a_moment_are_granted_with_the_wait_for_them() -> None:
    grant, bucket = take(Rate(10), Bucket(0, NOON), 4, NOON)
    assert grant == Grant(4, ready_in=0.4)
    assert bucket == Bucket(-4, NOON)


def test_what_is_not_granted_hears_when_to_ask_again() -> None:
    grant, _ = take(Rate(0.5), Bucket(0, NOON), 3, NOON)
    assert grant == Grant(0, next_in=2.0)


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=1)])
def test_a_clock_set_back_adds_nothing_and_holds_nothing_up(back: timedelta) -> None:
    rate = Rate(10)
    _, bucket = take(rate, Bucket(0, NOON), 10, NOON)
    grant, bucket = take(rate, bucket, 5, NOON - back)
    assert grant.count == 0
    grant, _ = take(rate, bucket, 5, NOON - back + timedelta(seconds=1.5))
    assert grant.count == 5
