"""Payment plans: exact schedules, plans that can be afforded, limits of authority, and the judgement of payments."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from outreach.domain.affordability import Reason, affordable_instalment, affords, proposals, surplus
from outreach.domain.means import Income, MeansStatement, Period, Regular, Spending, document_of, statement_of
from outreach.domain.money import Money
from outreach.domain.plan import Instalment, InstalmentState, PlanState, Receipts, judge
from outreach.domain.plan_policy import Authority, Limits, PlanPolicy, PlanTerms, exceeded, needed
from outreach.domain.plan_schedule import (
    MOST_INSTALMENTS,
    BadSchedule,
    Frequency,
    Schedule,
    by_amount,
    by_count,
    deferral,
)

TODAY = date(2026, 12, 1)
POLICY = PlanPolicy()
CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "CNY"])
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
FREQUENCIES = st.sampled_from(Frequency)
REGULARS = st.builds(
    lambda minor, period: Regular(Money(minor, "USD"), period), st.integers(1, 10**7), st.sampled_from(Period)
)
MEANS = st.builds(
    MeansStatement,
    st.just("USD"),
    st.dictionaries(st.sampled_from(Income), REGULARS),
    st.dictionaries(st.sampled_from(Spending), REGULARS),
    st.integers(0, 5),
    st.none() | st.dates(date(2026, 11, 1), date(2027, 3, 1)),
    st.none() | st.dates(date(2026, 11, 1), date(2027, 3, 1)),
)
RANK = list(InstalmentState)


def dollars(minor: int) -> Money:
    return Money(minor, "USD")


def parts(*minors: int, first_on: date = TODAY, every: int = 14) -> tuple[Instalment, ...]:
    return tuple(
        Instalment(number, first_on + timedelta(days=every * (number - 1)), dollars(minor), dollars(0))
        for number, minor in enumerate(minors, 1)
    )


def booked(minor: int, total: int = 300) -> Receipts:
    return Receipts(minor, max(0, total - minor))


@given(st.integers(1, 10**9), st.integers(1, 120), DAYS, FREQUENCIES, CURRENCIES)
def test_instalments_sum_to_the_balance_and_none_is_before_the_first_day(
    minor: int, count: int, first_on: date, frequency: Frequency, currency: str
) -> None:
    assume(minor >= count)
    schedule = by_count(Money(minor, currency), first_on, frequency, count)
    assert schedule.total == Money(minor, currency)
    assert len(schedule.parts) == count
    days = [day for day, _ in schedule.parts]
    assert days == sorted(set(days))
    assert days[0] >= first_on
    amounts = [amount.minor for _, amount in schedule.parts]
    assert len(set(amounts[:-1])) <= 1
    assert amounts[-1] >= amounts[0] > 0


@given(st.integers(1, 10**6), st.integers(1, 10**6), DAYS, FREQUENCIES)
def test_instalments_of_an_amount_leave_a_smaller_one_for_the_end(
    minor: int, amount: int, first_on: date, frequency: Frequency
) -> None:
    assume(minor <= amount * MOST_INSTALMENTS)
    schedule = by_amount(dollars(minor), first_on, frequency, dollars(amount))
    assert schedule.total == dollars(minor)
    assert all(part.minor == amount for _, part in schedule.parts[:-1])
    assert 0 < schedule.parts[-1][1].minor <= amount


@pytest.mark.parametrize(
    ("frequency", "first_on", "days"),
    [
        (Frequency.MONTHLY, date(2027, 1, 30), ["2027-01-30", "2027-02-28", "2027-03-30"]),
        (Frequency.MONTHLY, date(2027, 2, 28), ["2027-02-28", "2027-03-31", "2027-04-30"]),
        (Frequency.MONTHLY, date(2028, 1, 31), ["2028-01-31", "2028-02-29", "2028-03-31"]),
        (Frequency.TWICE_MONTHLY_1_15, date(2026, 12, 2), ["2026-12-15", "2027-01-01", "2027-01-15"]),
        (Frequency.TWICE_MONTHLY_15_LAST, date(2027, 2, 15), ["2027-02-15", "2027-02-28", "2027-03-15"]),
        (Frequency.FORTNIGHTLY, date(2026, 12, 25), ["2026-12-25", "2027-01-08", "2027-01-22"]),
    ],
)
def test_the_days_of_a_frequency(frequency: Frequency, first_on: date, days: list[str]) -> None:
    schedule = by_count(dollars(300), first_on, frequency, 3)
    assert [day.isoformat() for day, _ in schedule.parts] == days


@pytest.mark.parametrize(
    "make",
    [
        lambda: by_count(dollars(0), TODAY, Frequency.MONTHLY, 1),
        lambda: by_count(dollars(-5), TODAY, Frequency.MONTHLY, 1),
        lambda: by_count(dollars(3), TODAY, Frequency.MONTHLY, 4),
        lambda: by_count(dollars(300), TODAY, Frequency.MONTHLY, 0),
        lambda: by_count(dollars(10**6), TODAY, Frequency.WEEKLY, MOST_INSTALMENTS + 1),
        lambda: by_amount(dollars(300), TODAY, Frequency.MONTHLY, dollars(0)),
        lambda: by_amount(dollars(300), TODAY, Frequency.MONTHLY, Money(100, "EUR")),
        lambda: deferral(dollars(0), TODAY),
    ],
)
def test_what_is_no_plan_is_refused(make: object) -> None:
    with pytest.raises(BadSchedule):
        make()  # type: ignore[operator]


@given(MEANS, FREQUENCIES, st.integers(0, 90), st.integers(0, 500))
def test_no_instalment_is_above_the_surplus(
    means: MeansStatement, frequency: Frequency, percent: int, floor: int
) -> None:
    policy = PlanPolicy(buffer_percent=percent, buffer_floor=Decimal(floor))
    left, affordable = surplus(means).minor, affordable_instalment(means, frequency, policy).minor
    assert 0 <= affordable * frequency.per_year <= max(0, left) * 12
    assert left > 0 or affordable == 0


@given(st.integers(1, 10**8), MEANS, st.none() | FREQUENCIES)
def test_every_proposal_is_exact_affordable_lawful_and_within_somebodys_limits(
    minor: int, means: MeansStatement, frequency: Frequency | None
) -> None:
    found = proposals(dollars(minor), means, TODAY, POLICY, frequency)
    if surplus(means).minor <= 0:
        assert found == []
    for one in found:
        assert one.schedule.total == dollars(minor)
        assert one.schedule.first_on >= TODAY
        assert means.starts_on is None or one.schedule.first_on > means.starts_on or means.starts_on < TODAY
        chosen = one.schedule.frequency
        assert chosen is None or affords(one.schedule, means, POLICY)
        assert exceeded(one.schedule, TODAY, POLICY.limits[one.needs]) == ()
        assert needed(one.schedule, TODAY, POLICY) == (one.needs, one.because)
    lengths = [len(one.schedule.parts) for one in found]
    assert lengths == sorted(set(lengths))


def test_a_debtor_whose_income_starts_later_pays_nothing_before() -> None:
    means = MeansStatement("USD", {Income.EARNINGS: Regular(dollars(200_000))}, {}, starts_on=date(2026, 12, 20))
    first = proposals(dollars(50_000), means, TODAY, POLICY)[0]
    assert (first.reason, first.schedule.parts) == (Reason.LATER_INCOME, ((date(2026, 12, 21), dollars(50_000)),))


def test_who_is_paid_weekly_pays_weekly_after_the_day_of_income() -> None:
    earned = Regular(dollars(50_000), Period.WEEKLY)
    means = MeansStatement("USD", {Income.EARNINGS: earned}, {Spending.HOUSING: Regular(dollars(150_000))}, 0, TODAY)
    first = proposals(dollars(100_000), means, TODAY, POLICY)[0]
    assert (first.schedule.frequency, first.schedule.first_on) == (Frequency.WEEKLY, date(2026, 12, 2))


@given(MEANS)
def test_a_statement_is_read_as_it_was_kept(means: MeansStatement) -> None:
    assert statement_of(document_of(means), "USD") == means


@pytest.mark.parametrize(
    ("schedule", "authority"),
    [
        (by_count(dollars(60_000), date(2026, 12, 20), Frequency.MONTHLY, 6), Authority.SELF_SERVICE),
        (by_count(dollars(60_000), date(2026, 12, 20), Frequency.MONTHLY, 7), Authority.AGENT),
        (by_count(dollars(60_000), date(2026, 12, 20), Frequency.MONTHLY, 24), Authority.OPERATIONS),
        (by_count(dollars(60_000), date(2026, 12, 20), Frequency.MONTHLY, 100), None),
        (by_count(dollars(500_100), date(2026, 12, 20), Frequency.MONTHLY, 6), Authority.AGENT),
        (by_count(dollars(5_000), date(2026, 12, 20), Frequency.WEEKLY, 10), Authority.OPERATIONS),
        (deferral(dollars(60_000), date(2027, 1, 5)), Authority.SELF_SERVICE),
        (deferral(dollars(60_000), date(2027, 1, 20)), Authority.AGENT),
        (deferral(dollars(60_000), date(2027, 3, 1)), Authority.OPERATIONS),
        (deferral(dollars(60_000), date(2027, 12, 1)), None),
    ],
)
def test_who_may_agree_to_what(schedule: Schedule, authority: Authority | None) -> None:
    assert needed(schedule, TODAY, POLICY)[0] is authority


def test_the_last_instalment_may_be_smaller_than_the_least() -> None:
    schedule = by_amount(dollars(10_050), date(2026, 12, 10), Frequency.WEEKLY, dollars(5_000))
    assert exceeded(schedule, TODAY, Limits(6, Decimal(10), 35)) == ()


@given(
    st.lists(st.integers(1, 10_000), min_size=1, max_size=8),
    st.integers(0, 90_000),
    st.integers(0, 5_000),
    st.integers(0, 200),
    st.builds(PlanTerms, st.integers(0, 10), st.just(Decimal(1)), st.integers(1, 4), st.integers(1, 60)),
)
def test_more_money_never_makes_a_plan_worse(
    minors: list[int], paid: int, more: int, days: int, terms: PlanTerms
) -> None:
    instalments, total, today = parts(*minors), sum(minors), TODAY + timedelta(days=days)
    less, later = (judge(instalments, booked(amount, total), today, terms) for amount in (paid, paid + more))
    for before, after in zip(less.instalments, later.instalments, strict=True):
        assert before.paid.minor <= after.paid.minor <= after.amount.minor
        assert (
            after.state is InstalmentState.PAID
            or RANK.index(after.state) == RANK.index(before.state)
            or (before.state is InstalmentState.DUE and after.state is InstalmentState.PART_PAID)
        )
    order = [PlanState.DEFAULTED, PlanState.ACTIVE, PlanState.COMPLETED]
    assert order.index(less.state) <= order.index(later.state)
    assert sum(one.paid.minor for one in later.instalments) == min(paid + more, total)
    # What is due goes first: nothing is paid on a later one before an earlier one is.
    gaps = [one.paid.minor < one.amount.minor for one in later.instalments]
    assert all(after.paid.minor == 0 for gap, after in zip(gaps, later.instalments[1:], strict=False) if gap)


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 120))
def test_what_is_paid_and_taken_back_leaves_the_plan_as_it_was(paid: int, back: int, days: int) -> None:
    today = TODAY + timedelta(days=days)
    higher = judge(parts(100, 100, 100), booked(paid + back), today, PlanTerms())
    never = judge(parts(100, 100, 100), booked(paid), today, PlanTerms())
    assert judge(higher.instalments, booked(paid), today, PlanTerms()) == never


@pytest.mark.parametrize(
    ("paid", "day", "states", "plan"),
    [
        (0, 0, "due due due", PlanState.ACTIVE),
        (0, 3, "due due due", PlanState.ACTIVE),
        (0, 4, "missed due due", PlanState.ACTIVE),
        (50, 2, "part_paid due due", PlanState.ACTIVE),
        (50, 4, "missed due due", PlanState.ACTIVE),
        (100, 17, "paid due due", PlanState.ACTIVE),
        (100, 18, "paid missed due", PlanState.ACTIVE),
        (0, 18, "missed missed due", PlanState.DEFAULTED),
        (150, 44, "paid missed missed", PlanState.DEFAULTED),
        (200, 32, "paid paid missed", PlanState.ACTIVE),
        (200, 58, "paid paid missed", PlanState.DEFAULTED),
        (300, 0, "paid paid paid", PlanState.COMPLETED),
    ],
)
def test_an_instalment_is_missed_after_its_grace_and_too_many_end_the_plan(
    paid: int, day: int, states: str, plan: PlanState
) -> None:
    terms = PlanTerms(tolerance=Decimal(0))
    found = judge(parts(100, 100, 100), booked(paid), TODAY + timedelta(days=day), terms)
    assert (" ".join(one.state for one in found.instalments), found.state) == (states, plan)


def test_a_deferral_that_is_missed_is_in_default_at_once() -> None:
    found = judge(parts(300), booked(0), TODAY + timedelta(days=4), PlanTerms())
    assert found.state is PlanState.DEFAULTED


def test_a_tolerance_is_not_forgiven_twice() -> None:
    terms = PlanTerms(tolerance=Decimal(1))
    instalments = parts(10_000, 10_000, 10_000)
    today = TODAY + timedelta(days=20)
    assert [one.state for one in judge(instalments, booked(19_900, 30_000), today, terms).instalments][:2] == [
        InstalmentState.PAID,
        InstalmentState.PAID,
    ]
    found = judge(instalments, booked(19_800, 30_000), today, terms)
    assert [one.state.value for one in found.instalments] == ["paid", "missed", "due"]


def test_a_balance_that_the_creditor_states_counts_as_payment() -> None:
    found = judge(parts(100, 100, 100), Receipts(0, 200), TODAY, PlanTerms(tolerance=Decimal(0)))
    assert [one.state.value for one in found.instalments] == ["paid", "due", "due"]
