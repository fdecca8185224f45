"""What a debtor earns and spends: the heads of an income and expense form, and how it is read and kept.

The heads are those of the UK's Standard Financial Statement, put together where it has several for one thing. It is
personal data: it is never logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, TypeVar

from outreach.domain.money import Money

E = TypeVar("E", bound=StrEnum)


class BadStatement(ValueError):
    """A statement of means that cannot be read; `field` names where, "income.earnings"."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


class Income(StrEnum):
    """Where money comes from, after taxes."""

    EARNINGS = "earnings"
    PARTNER = "partner"
    BENEFITS = "benefits"
    PENSION = "pension"
    OTHER = "other"


class Spending(StrEnum):
    """What money goes to."""

    HOUSING = "housing"
    UTILITIES = "utilities"
    FOOD = "food"
    TRANSPORT = "transport"
    DEPENDANTS = "dependants"
    HEALTH = "health"
    INSURANCE = "insurance"
    COMMUNICATIONS = "communications"
    OTHER_DEBTS = "other_debts"
    OTHER = "other"


class Period(StrEnum):
    """How often an amount comes or goes."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    FOUR_WEEKLY = "four_weekly"
    TWICE_MONTHLY = "twice_monthly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"

    @property
    def per_year(self) -> int:
        """How many of them a year has, as statements of means count them."""
        return {
            Period.WEEKLY: 52,
            Period.FORTNIGHTLY: 26,
            Period.FOUR_WEEKLY: 13,
            Period.TWICE_MONTHLY: 24,
            Period.MONTHLY: 12,
            Period.QUARTERLY: 4,
            Period.YEARLY: 1,
        }[self]


@dataclass(frozen=True, slots=True)
class Regular:
    """An amount that comes or goes every period."""

    amount: Money
    period: Period = Period.MONTHLY


@dataclass(frozen=True, slots=True)
class MeansStatement:
    """An income and expense form in one currency. Days are in the debtor's zone.

    `paid_on` is the next day on which income comes; `starts_on` is the day from which the income stated is there,
    where there is none yet (a new job, a benefit that was granted); both None when the debtor named none.
    """

    currency: str
    income: Mapping[Income, Regular] = field(default_factory=dict)
    spending: Mapping[Spending, Regular] = field(default_factory=dict)
    dependants: int = 0
    paid_on: date | None = None
    starts_on: date | None = None


def statement_of(document: object, currency: str) -> MeansStatement:
    """A statement from a document: `{"income": {"earnings": {"amount": "1800.00", "period": "monthly"}}, "spending":
    {"housing": "700"}, "dependants": 1, "paid_on": "2026-12-28"}`.

    Amounts are major units as text or whole numbers, monthly where no period is named. Raises BadStatement.
    """
    if not isinstance(document, Mapping):
        raise BadStatement("statement", "name income and spending by their heads")
    unknown = document.keys() - {"currency", "income", "spending", "dependants", "paid_on", "starts_on"}
    if unknown:
        raise BadStatement(str(min(unknown, key=str)), "is no part of a statement of means")
    if document.get("currency", currency) != currency:
        raise BadStatement("currency", f"the account is in {currency}")
    return MeansStatement(
        currency,
        _heads(Income, document, "income", currency),
        _heads(Spending, document, "spending", currency),
        _number(document.get("dependants") or 0),
        _day(document, "paid_on"),
        _day(document, "starts_on"),
    )


def document_of(statement: MeansStatement) -> dict[str, Any]:
    """The document from which `statement_of` reads the same statement."""
    written: dict[str, Any] = {
        "currency": statement.currency,
        "income": {head.value: _written(regular) for head, regular in statement.income.items()},
        "spending": {head.value: _written(regular) for head, regular in statement.spending.items()},
        "dependants": statement.dependants,
    }
    days = {"paid_on": statement.paid_on, "starts_on": statement.starts_on}
    return written | {name: day.isoformat() for name, day in days.items() if day}


def _heads(heads: type[E], document: Mapping[str, Any], part: str, currency: str) -> dict[E, Regular]:
    given = document.get(part) or {}
    if not isinstance(given, Mapping):
        raise BadStatement(part, "name the heads with their amounts")
    unknown = given.keys() - set(heads)
    if unknown:
        raise BadStatement(f"{part}.{min(unknown, key=str)}", f"the heads are {', '.join(heads)}")
    read = {
        head: _regular(f"{part}.{head}", given[head], currency) for head in heads if given.get(head) not in (None, "")
    }
    return {head: regular for head, regular in read.items() if regular.amount.minor}


def _regular(name: str, given: object, currency: str) -> Regular:
    parts: Mapping[str, Any] = given if isinstance(given, Mapping) else {"amount": given}
    try:
        period = Period(parts.get("period") or Period.MONTHLY)
    except ValueError as error:
        raise BadStatement(name, f"the periods are {', '.join(Period)}") from error
    try:
        amount = Money.of(Decimal(str(parts.get("amount", ""))), currency)
    except (InvalidOperation, ValueError) as error:
        raise BadStatement(name, 'write an amount such as "1800.00"') from error
    if amount.minor < 0:
        raise BadStatement(name, "an amount is not negative")
    return Regular(amount, period)


def _number(given: object) -> int:
    try:
        number = int(str(given))
    except ValueError as error:
        raise BadStatement("dependants", "write how many") from error
    if not 0 <= number <= 30:
        raise BadStatement("dependants", "write a number from 0 to 30")
    return number


def _day(document: Mapping[str, Any], name: str) -> date | None:
    try:
        return date.fromisoformat(str(document[name])) if document.get(name) else None
    except ValueError as error:
        raise BadStatement(name, "write a day such as 2026-12-28") from error


def _written(regular: Regular) -> dict[str, str]:
    return {"amount": f"{regular.amount.decimal:f}", "period": regular.period.value}
