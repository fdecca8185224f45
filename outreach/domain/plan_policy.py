"""Who may agree to which payment plan: limits of authority as data, and the terms that hold once one is agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from outreach.domain.money import Money, exponent
from outreach.domain.plan_schedule import PlanKind, Schedule, add_months


class Authority(StrEnum):
    """Who agrees to a plan for the creditor, from the least authority to the most."""

    #: the debtor alone, on the debtor's page or by a reply
    SELF_SERVICE = "self_service"
    AGENT = "agent"
    #: a supervisor: the console's role operator
    OPERATIONS = "operations"

    def covers(self, needed: Authority) -> bool:
        """Whether this authority is `needed` or above it."""
        order = list(Authority)
        return order.index(self) >= order.index(needed)


@dataclass(frozen=True, slots=True)
class Limits:
    """What an authority may agree to. Amounts are major units of the account's currency; None is no limit."""

    max_months: int
    min_instalment: Decimal
    max_deferral_days: int
    max_balance: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PlanTerms:
    """What holds while a plan runs. Days are calendar days; `tolerance` is in major units of the account's currency.

    An instalment is missed when its day and `grace_days` are over; a plan is in default after `default_after_missed`
    unpaid ones, or when the oldest is `default_after_days` late. A reminder goes out `reminder_days` before.
    """

    grace_days: int = 3
    tolerance: Decimal = Decimal(1)
    default_after_missed: int = 2
    default_after_days: int = 30
    reminder_days: int = 3


_LIMITS = MappingProxyType(
    {
        Authority.SELF_SERVICE: Limits(6, Decimal(10), 35, Decimal(5_000)),
        Authority.AGENT: Limits(12, Decimal(10), 60, Decimal(20_000)),
        Authority.OPERATIONS: Limits(60, Decimal(1), 180),
    }
)


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    """A creditor's rules for payment plans. A settlement for less than the balance is in nobody's authority.

    `buffer_percent` of a debtor's surplus, and at least `buffer_floor` (major units a month), stays with the debtor;
    a proposal is open for `proposal_days`.
    """

    limits: Mapping[Authority, Limits] = field(default_factory=lambda: _LIMITS)
    terms: PlanTerms = field(default_factory=PlanTerms)
    buffer_percent: int = 10
    buffer_floor: Decimal = Decimal(0)
    proposal_days: int = 14


def exceeded(schedule: Schedule, today: date, limits: Limits) -> tuple[str, ...]:
    """What of a schedule lies beyond some limits, in plain words; empty when nothing does.

    The last instalment, which takes what is left, may be smaller than the least.
    """
    found = []
    total, currency = schedule.total, schedule.total.currency
    if limits.max_balance is not None and total.decimal > limits.max_balance:
        found.append(f"the balance is above {_written(limits.max_balance, currency)}")
    if schedule.kind is PlanKind.INSTALMENTS and schedule.last_on > add_months(today, limits.max_months):
        found.append(f"it takes longer than {limits.max_months} months")
    if any(amount.decimal < limits.min_instalment for _, amount in schedule.parts[:-1]):
        found.append(f"an instalment is below {_written(limits.min_instalment, currency)}")
    if (schedule.first_on - today).days > limits.max_deferral_days:
        found.append(f"nothing is paid for more than {limits.max_deferral_days} days")
    return tuple(found)


def needed(schedule: Schedule, today: date, policy: PlanPolicy) -> tuple[Authority | None, tuple[str, ...]]:
    """The least authority that may agree to a schedule (None: nobody), and why no lesser one may."""
    reasons: tuple[str, ...] = ()
    for authority in Authority:
        beyond = exceeded(schedule, today, policy.limits[authority])
        if not beyond:
            return authority, reasons
        reasons = beyond
    return None, reasons


def least_instalment(limits: Limits, currency: str) -> Money:
    """The smallest instalment that the limits allow."""
    return _money(limits.min_instalment, currency)


def tolerated(terms: PlanTerms, currency: str) -> Money:
    """How much may lack of what is due without harm."""
    return _money(terms.tolerance, currency)


def _money(amount: Decimal, currency: str) -> Money:
    return Money(int(amount.scaleb(exponent(currency))), currency)


def _written(amount: Decimal, currency: str) -> str:
    return f"{amount:,f} {currency}"
