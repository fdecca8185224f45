"""Days past due, buckets, and days that a hold does not count."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.account import Hold, HoldReason
from outreach.domain.ageing import Pause, ageing, bucket_of, days_past_due, frozen_days, pauses, thaw
from outreach.domain.money import Money
from tests.cast import NEW_YORK, SHANGHAI, hold, noon_of, owed

DUE = date(2026, 3, 1)
DATES = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def frozen(draw: st.DrawFn) -> tuple[Pause, ...]:
    """The pauses of any freezing holds, overlapping as they may, each with an end."""
    holds: list[Hold] = []
    for _ in range(draw(st.integers(0, 4))):
        start, length = draw(DATES), draw(st.integers(0, 60))
        holds += hold(HoldReason.DISPUTE, noon_of(start), noon_of(start + timedelta(days=length)), freezes_dpd=True)
    return pauses(holds, NEW_YORK)


@pytest.mark.parametrize(
    ("dpd", "bucket"), [(-5, None), (0, None), (1, "1-30"), (30, "1-30"), (31, "31-60"), (90, "61-90"), (91, "91+")]
)
def test_both_ends_of_a_bucket_belong_to_it(dpd: int, bucket: str | None) -> None:
    assert bucket_of(dpd) == bucket


def test_a_debt_is_no_day_past_due_on_its_due_date() -> None:
    assert [days_past_due(DUE, DUE + timedelta(days=n)) for n in (-1, 0, 1)] == [-1, 0, 1]


def test_only_freezing_holds_pause_and_overlapping_ones_count_once() -> None:
    first, second, third = (noon_of(day) for day in ("2026-03-05", "2026-03-08", "2026-03-12"))
    holds = [
        Hold(HoldReason.DISPUTE, first, second, freezes_dpd=True),
        Hold(HoldReason.HARDSHIP, noon_of("2026-03-06"), third, freezes_dpd=True),
        Hold(HoldReason.MANUAL, first, noon_of("2026-05-01")),
    ]
    assert pauses(holds, NEW_YORK) == (Pause(first.date(), third.date()),)
    assert days_past_due(DUE, date(2026, 3, 20), pauses(holds, NEW_YORK)) == 19 - 7


def test_a_pause_without_an_end_freezes_until_today() -> None:
    endless = pauses(hold(HoldReason.LEGAL, noon_of("2026-03-05"), freezes_dpd=True), NEW_YORK)
    assert endless == (Pause(date(2026, 3, 5)),)
    assert days_past_due(DUE, date(2026, 9, 1), endless) == 4


def test_the_days_of_a_pause_are_those_where_the_debtor_is() -> None:
    evening = hold(HoldReason.DISPUTE, noon_of("2026-03-05").replace(hour=20), noon_of("2026-03-09"), freezes_dpd=True)
    assert pauses(evening, SHANGHAI)[0].start == date(2026, 3, 6)


def test_days_frozen_before_the_due_date_are_not_taken_off() -> None:
    assert frozen_days(DUE, date(2026, 3, 10), (Pause(date(2026, 2, 1), date(2026, 3, 3)),)) == 2


def test_amounts_of_different_currencies_are_never_added() -> None:
    with pytest.raises(ValueError, match="USD and EUR"):
        ageing([owed("I-1", DUE), owed("I-2", DUE, currency="EUR")], date(2026, 3, 20))


def test_what_is_paid_is_in_no_bucket() -> None:
    assert ageing([owed("I-1", DUE, "0.00")], date(2026, 3, 20)) == {}
    assert ageing([owed("I-1", DUE, "2.50")], date(2026, 3, 20)) == {"1-30": Money(250, "USD")}


@given(due_on=DATES, after=st.integers(0, 90), frozen=frozen())
def test_the_thawed_day_is_the_first_on_which_so_many_days_have_aged(
    due_on: date, after: int, frozen: tuple[Pause, ...]
) -> None:
    day = thaw(due_on + timedelta(days=after), due_on, frozen)
    assert days_past_due(due_on, day, frozen) == after
    assert all(days_past_due(due_on, day - timedelta(days=n), frozen) < after for n in range(1, 4))


@given(due_on=DATES, today=DATES, frozen=frozen(), more=frozen())
def test_a_debt_ages_at_most_a_day_a_day_and_a_pause_never_makes_it_older(
    due_on: date, today: date, frozen: tuple[Pause, ...], more: tuple[Pause, ...]
) -> None:
    ages = [days_past_due(due_on, today + timedelta(days=n), frozen) for n in range(30)]
    assert all(0 <= later - earlier <= 1 for earlier, later in pairwise(ages))
    assert days_past_due(due_on, today, frozen) <= days_past_due(due_on, today)
