"""Money as a whole number of minor units of one currency. Never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from babel.numbers import get_currency_precision, list_currencies


class UnknownCurrency(ValueError):
    """The code is not an ISO 4217 currency."""


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were combined."""


_CURRENCIES = frozenset(list_currencies())

#: No amount in major units reaches this; in minor units of any currency it fits the database's BIGINT.
_TOO_LARGE = 10**14


def exponent(currency: str) -> int:
    """Digits after the decimal point of `currency` (ISO 4217 code): 2 for USD, 0 for JPY, 3 for KWD.

    The digits are those of CLDR, by which amounts are also written. It has none for a few currencies whose minor
    units are out of use (IQD, LBP, RSD and others): amounts with some are refused, not rounded. Raises UnknownCurrency.
    """
    if currency not in _CURRENCIES:
        raise UnknownCurrency(currency)
    return get_currency_precision(currency)


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in minor units (cents, sen, yen) of `currency` (ISO 4217, upper case).

    Raises TypeError for anything but an int, such as a float or the Decimal of a database's sum.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are an int, not {type(self.minor).__name__}")

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> Money:
        """From a decimal amount in major units.

        Raises UnknownCurrency, and ValueError when it has more digits than the currency, is no number or too large.
        """
        digits = exponent(currency)
        if not amount.is_finite() or abs(amount) >= _TOO_LARGE:
            raise ValueError(f"{amount} is not an amount of money")
        scaled = amount.scaleb(digits)
        if scaled != scaled.to_integral_value():
            raise ValueError(f"{amount} has more decimal places than {currency} has")
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other).minor

    def __str__(self) -> str:
        return f"{self.decimal} {self.currency}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other
