"""The days and amounts of a payment plan: instalments that sum to exactly the balance, or one later payment."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import count as counting

from outreach.domain.calendar import end_of_month
from outreach.domain.money import Money

#: No plan has more instalments than ten years of weeks.
MOST_INSTALMENTS = 520


class BadSchedule(ValueError):
    """No schedule can be made of this; the message says why."""


class Frequency(StrEnum):
    """How often an instalment is due."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    #: on the 1st and the 15th
    TWICE_MONTHLY_1_15 = "twice_monthly_1_15"
    #: on the 15th and the last day of the month, as wages are paid in much of Latin America
    TWICE_MONTHLY_15_LAST = "twice_monthly_15_last"

    @property
    def per_year(self) -> int:
        """Instalments in a year, as statements of means count them (52 weeks)."""
        return {Frequency.WEEKLY: 52, Frequency.FORTNIGHTLY: 26, Frequency.MONTHLY: 12}.get(self, 24)


class PlanKind(StrEnum):
    """Several instalments, or one later payment of everything."""

    INSTALMENTS = "instalments"
    DEFERRAL = "deferral"


@dataclass(frozen=True, slots=True)
class Schedule:
    """What is to be paid and when, in order of time. Days are calendar days in the debtor's zone.

    `frequency` is None for a deferral. `parts` have the shape of `rendering.context.PlanOffer.instalments`.
    """

    frequency: Frequency | None
    parts: tuple[tuple[date, Money], ...]

    @property
    def kind(self) -> PlanKind:
        """Whether it is one later payment."""
        return PlanKind.DEFERRAL if len(self.parts) == 1 else PlanKind.INSTALMENTS

    @property
    def total(self) -> Money:
        """The sum of all instalments."""
        return Money(sum(amount.minor for _, amount in self.parts), self.parts[0][1].currency)

    @property
    def first_on(self) -> date:
        """The day of the first instalment."""
        return self.parts[0][0]

    @property
    def last_on(self) -> date:
        """The day of the last instalment."""
        return self.parts[-1][0]


def by_count(balance: Money, first_on: date, frequency: Frequency, count: int) -> Schedule:
    """`count` equal instalments, the first on the first day of the frequency from `first_on`; the last takes the rest.

    Raises BadSchedule when the balance is nothing or cannot be parted so often.
    """
    _checked(balance, count)
    part = balance.minor // count
    if part == 0:
        raise BadSchedule(f"{balance} cannot be parted into {count} instalments")
    return _schedule(balance, first_on, frequency, [part] * (count - 1))


def by_amount(balance: Money, first_on: date, frequency: Frequency, amount: Money) -> Schedule:
    """Instalments of `amount` until the balance is paid; the last is what is left. Raises BadSchedule."""
    if amount.minor <= 0 or amount.currency != balance.currency:
        raise BadSchedule(f"an instalment of {amount} pays nothing of {balance}")
    count = -(-balance.minor // amount.minor)
    _checked(balance, count)
    return _schedule(balance, first_on, frequency, [amount.minor] * (count - 1))


def deferral(balance: Money, due_on: date) -> Schedule:
    """All of the balance on one later day. Raises BadSchedule when the balance is nothing."""
    _checked(balance, 1)
    return Schedule(None, ((due_on, balance),))


def days_of(frequency: Frequency, first_on: date) -> Iterator[date]:
    """The days of a frequency from `first_on` on, without end.

    Monthly keeps the day of the month, or the month's last day where it has no such day; whoever begins on the last
    day of a month stays on the last day (the end-of-month rule of bonds and loans).
    """
    if frequency in (Frequency.WEEKLY, Frequency.FORTNIGHTLY):
        step = timedelta(weeks=1 if frequency is Frequency.WEEKLY else 2)
        return (first_on + step * number for number in counting())
    if frequency is Frequency.MONTHLY:
        return _monthly(first_on)
    return (day for day in _half_months(frequency, first_on) if day >= first_on)


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _monthly(first_on: date) -> Iterator[date]:
    at_end = first_on == end_of_month(first_on)
    for number in counting():
        day = add_months(first_on, number)
        yield end_of_month(day) if at_end else day


def _half_months(frequency: Frequency, first_on: date) -> Iterator[date]:
    for number in counting():
        month = add_months(first_on.replace(day=1), number)
        if frequency is Frequency.TWICE_MONTHLY_1_15:
            yield month
        yield month.replace(day=15)
        if frequency is Frequency.TWICE_MONTHLY_15_LAST:
            yield end_of_month(month)


def _checked(balance: Money, count: int) -> None:
    if balance.minor <= 0:
        raise BadSchedule("nothing is open on the account, so there is nothing to plan")
    if not 1 <= count <= MOST_INSTALMENTS:
        raise BadSchedule(f"a plan has 1 to {MOST_INSTALMENTS} instalments, not {count}")


def _schedule(balance: Money, first_on: date, frequency: Frequency, before_last: list[int]) -> Schedule:
    amounts = [*before_last, balance.minor - sum(before_last)]
    days = days_of(frequency, first_on)
    parts = tuple((day, Money(minor, balance.currency)) for day, minor in zip(days, amounts, strict=False))
    return Schedule(frequency if len(parts) > 1 else None, parts)
