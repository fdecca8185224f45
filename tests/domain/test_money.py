"""Money is a whole number of minor units and never a float."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.money import CurrencyMismatch, Money, UnknownCurrency, exponent

AMOUNTS = st.builds(Money, st.integers(-(10**13), 10**13), st.sampled_from(["USD", "JPY", "KWD", "CNY"]))


@pytest.mark.parametrize("minor", [1.0, Decimal(1), "1", True, None])
def test_money_is_never_a_float_nor_anything_else_but_a_whole_number(minor: object) -> None:
    with pytest.raises(TypeError, match="minor units are an int"):
        Money(minor, "USD")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("123.45", "USD", 12_345),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("-0.05", "EUR", -5),
        ("1E2", "USD", 10_000),
    ],
)
def test_an_amount_is_kept_to_the_last_digit_of_its_currency(amount: str, currency: str, minor: int) -> None:
    assert Money.of(Decimal(amount), currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.234", "USD"), ("0.5", "JPY"), ("0.50", "RSD"), ("NaN", "USD"), ("Infinity", "USD"), ("1E+999", "USD")],
)
def test_an_amount_that_the_currency_cannot_have_is_refused_and_not_rounded(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r"decimal places|not an amount"):
        Money.of(Decimal(amount), currency)


def test_a_digit_beyond_what_decimal_keeps_is_not_rounded_away() -> None:
    with pytest.raises(ValueError, match="not an amount"):
        Money.of(Decimal("12345678901234567890123456789.01"), "USD")


def test_an_unknown_currency_is_refused() -> None:
    for code in ("usd", "", "XYZ"):
        with pytest.raises(UnknownCurrency):
            exponent(code)


def test_currencies_are_never_mixed() -> None:
    dollar, euro = Money(1, "USD"), Money(1, "EUR")
    for mix in (Money.__add__, Money.__sub__, Money.__lt__):
        with pytest.raises(CurrencyMismatch):
            mix(dollar, euro)


@given(money=AMOUNTS)
def test_an_amount_survives_the_way_through_decimal(money: Money) -> None:
    assert Money.of(money.decimal, money.currency) == money


@given(one=st.integers(), other=st.integers())
def test_what_is_added_can_be_taken_away(one: int, other: int) -> None:
    first, second = Money(one, "USD"), Money(other, "USD")
    assert first + second - second == first
    assert (first < second) is (one < other)
