"""Whether payments kept a promise: laws that hold for all payments, days and zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.promise import PromiseState, PromiseToPay, broken_in_row, reminder
from outreach.domain.promise_judging import Booking, BookingKind, judge

MADE = datetime(2026, 12, 1, 16, tzinfo=UTC)
ZONES = ("America/New_York",)
PROMISE = PromiseToPay(1, 1, 10_000, date(2026, 12, 4), MADE)
OVER = PROMISE.over_at(ZONES)
LATER = MADE + timedelta(days=400)


def paid(minor: int, number: int = 1, at: datetime = MADE, ref: str = "", kind: str = "payment") -> Booking:
    return Booking(number, ref or f"P-{number}", BookingKind(kind), at, minor)


def state(*books: Booking, promise: PromiseToPay = PROMISE, now: datetime = LATER, balance: int = 50_000) -> str:
    return judge([promise], books, balance, ZONES, now)[0].state.value


def test_the_days_of_grace_are_whole_days() -> None:
    assert datetime(2026, 12, 8, 5, tzinfo=UTC) == OVER
    assert state(now=OVER - timedelta(microseconds=1)) == "open"
    assert state(now=OVER) == "broken"


def test_a_day_is_over_once_it_is_over_everywhere() -> None:
    assert PROMISE.over_at(("Asia/Shanghai", "Pacific/Honolulu")) == PROMISE.over_at(("Pacific/Honolulu",))
    assert PROMISE.over_at(()) == datetime(2026, 12, 8, 12, tzinfo=UTC)


def test_the_tolerance_keeps_what_lacks_little() -> None:
    tolerant = replace(PROMISE, tolerance_minor=100)
    assert state(paid(9_900), promise=tolerant) == "kept"
    assert state(paid(9_899), promise=tolerant) == "partially_kept"


def test_a_payment_that_is_only_a_day_counts_on_the_day_of_the_promise() -> None:
    assert state(paid(10_000, at=datetime(2026, 12, 1, tzinfo=UTC))) == "kept"
    assert state(paid(10_000, at=datetime(2026, 11, 30, tzinfo=UTC))) == "broken"


def test_what_was_in_the_books_before_does_not_count() -> None:
    assert state(paid(10_000), promise=replace(PROMISE, paid_before=1)) == "broken"


def test_a_credit_is_no_payment_and_its_reversal_takes_none_back() -> None:
    assert state(paid(10_000, kind="credit")) == "broken"
    back = paid(10_000, 3, kind="reversal", ref="C")
    assert state(paid(10_000), paid(10_000, 2, kind="credit", ref="C"), back) == "kept"
    assert state(paid(10_000), replace(back, ref="P-1")) == "broken"


def test_a_kept_promise_stays_so_whatever_is_owed_later() -> None:
    kept = replace(PROMISE, state=PromiseState.KEPT)
    assert state(promise=kept) == "kept"


def test_payments_go_to_the_oldest_promise_first() -> None:
    second = replace(PROMISE, id=2, due_on=date(2026, 12, 5))
    judged = judge([second, PROMISE], [paid(12_000)], 50_000, ZONES, MADE)
    assert [(one.promise.id, one.state.value, one.paid_minor) for one in judged] == [
        (1, "kept", 10_000),
        (2, "open", 2_000),
    ]


def test_who_promised_the_day_before_needs_no_reminder() -> None:
    assert reminder(replace(PROMISE, due_on=date(2026, 12, 2)), 1, ZONES) is None
    assert reminder(PROMISE, 0, ZONES) is None
    span = (datetime(2026, 12, 3, 5, tzinfo=UTC), datetime(2026, 12, 5, 5, tzinfo=UTC))
    assert reminder(PROMISE, 1, ZONES) == span


def test_only_the_last_promises_count_as_broken_in_a_row() -> None:
    states = ["broken", "kept", "broken", "cancelled", "broken"]
    made = [replace(PROMISE, id=n, whole_id=n, state=PromiseState(word)) for n, word in enumerate(states)]
    assert broken_in_row(made) == 2
    assert broken_in_row(made[:2]) == 0


AMOUNTS = st.integers(1, 20_000)
BOOKS = st.lists(
    st.builds(
        paid,
        AMOUNTS,
        st.integers(1, 9),
        st.integers(-200, 500).map(lambda hours: MADE + timedelta(hours=hours)),
        st.sampled_from(["A", "B", "C"]),
        st.sampled_from(["payment", "payment", "credit", "reversal"]),
    ),
    max_size=6,
)


@given(BOOKS, st.lists(st.tuples(AMOUNTS, st.integers(0, 9)), min_size=1, max_size=4), st.integers(0, 30))
def test_no_money_counts_twice_and_looking_again_changes_nothing(
    books: list[Booking], promised: list[tuple[int, int]], days: int
) -> None:
    promises = [
        replace(PROMISE, id=n, amount_minor=minor, due_on=PROMISE.due_on + timedelta(days=ahead))
        for n, (minor, ahead) in enumerate(promised)
    ]
    now = MADE + timedelta(days=days)
    judged = judge(promises, books, 50_000, ZONES, now)
    payments = sum(one.amount_minor for one in books if one.kind is BookingKind.PAYMENT)
    assert 0 <= sum(one.paid_minor for one in judged) <= payments
    for one in judged:
        assert (one.state is PromiseState.KEPT) == (one.paid_minor >= one.promise.enough_minor)
        assert (one.state is PromiseState.OPEN) == (
            one.state is not PromiseState.KEPT and now < one.promise.over_at(ZONES)
        )
    seen = [replace(one.promise, state=one.state, paid_minor=one.paid_minor) for one in judged]
    assert not any(one.is_news for one in judge(seen, books, 50_000, ZONES, now))


@given(BOOKS, AMOUNTS)
def test_another_payment_never_makes_it_worse(books: list[Booking], minor: int) -> None:
    before = judge([PROMISE], books, 50_000, ZONES, LATER)[0]
    after = judge([PROMISE], [*books, paid(minor, 10, MADE, "new")], 50_000, ZONES, LATER)[0]
    assert after.paid_minor >= before.paid_minor
