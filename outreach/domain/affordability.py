"""What a debtor can pay, and which plans follow from it.

The surplus is income less spending; a buffer of it stays with the debtor. Without a surplus no plan is made by machine:
that is hardship, and for a person, who can forbear (FCA Handbook, CONC 7.3.4R).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import takewhile

from outreach.domain.means import MeansStatement, Period
from outreach.domain.money import Money, exponent
from outreach.domain.plan_policy import Authority, PlanPolicy, least_instalment, needed
from outreach.domain.plan_schedule import (
    MOST_INSTALMENTS,
    Frequency,
    PlanKind,
    Schedule,
    add_months,
    by_amount,
    days_of,
)

#: How long after today a first instalment is due, when no day of income is known.
_FIRST_AFTER = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14}
_FIRST_AFTER_OTHERS = 30
#: How the income of a period is best paid from.
_FREQUENCY = {
    Period.WEEKLY: Frequency.WEEKLY,
    Period.FORTNIGHTLY: Frequency.FORTNIGHTLY,
    Period.TWICE_MONTHLY: Frequency.TWICE_MONTHLY_1_15,
}


class Reason(StrEnum):
    """Why a plan is proposed."""

    #: as soon as the debtor can afford it
    SHORTEST = "shortest"
    #: between the shortest and the longest
    MIDDLE = "middle"
    #: the smallest instalments, over the longest time allowed
    LONGEST = "longest"
    #: nothing until income starts
    LATER_INCOME = "later_income"
    #: everything at once, on a day on which it can be afforded
    ALL_AT_ONCE = "all_at_once"


#: The reasons in plain words.
WORDS = {
    Reason.SHORTEST: "Paid off as soon as it can be afforded",
    Reason.MIDDLE: "Between the shortest and the longest",
    Reason.LONGEST: "The smallest instalments, over the longest time",
    Reason.LATER_INCOME: "Nothing to pay until income starts",
    Reason.ALL_AT_ONCE: "Everything in one payment, once it can be afforded",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """A plan that may be proposed. `needs` is the least authority that may agree to it, `because` why no lesser may."""

    schedule: Schedule
    reason: Reason
    needs: Authority
    because: tuple[str, ...] = ()


def surplus(statement: MeansStatement) -> Money:
    """What is left of a month's income after its spending; negative when spending is more.

    Income is rounded down and spending up, each by less than a minor unit.
    """
    came = sum(regular.amount.minor * regular.period.per_year // 12 for regular in statement.income.values())
    gone = sum(-(-regular.amount.minor * regular.period.per_year // 12) for regular in statement.spending.values())
    return Money(came - gone, statement.currency)


def affordable_instalment(statement: MeansStatement, frequency: Frequency, policy: PlanPolicy) -> Money:
    """What the debtor can pay at each instalment of a frequency, after the buffer; zero when there is no surplus."""
    left = surplus(statement).minor
    floor = int(policy.buffer_floor.scaleb(exponent(statement.currency)))
    kept = max(-(-left * policy.buffer_percent // 100), floor)
    return Money(max(0, left - kept) * 12 // frequency.per_year, statement.currency)


def affords(schedule: Schedule, statement: MeansStatement, policy: PlanPolicy) -> bool:
    """Whether no instalment is more than the debtor can pay; a deferral is paid from one month's surplus."""
    affordable = affordable_instalment(statement, schedule.frequency or Frequency.MONTHLY, policy)
    return all(amount.minor <= affordable.minor for _, amount in schedule.parts)


def frequency_of(statement: MeansStatement | None) -> Frequency:
    """How often it is best to pay: as the largest income comes, monthly where nothing is known."""
    incomes = statement.income.values() if statement else ()
    largest = max(incomes, key=lambda one: one.amount.minor * one.period.per_year, default=None)
    return _FREQUENCY.get(largest.period, Frequency.MONTHLY) if largest else Frequency.MONTHLY


def proposals(
    balance: Money,
    statement: MeansStatement | None,
    today: date,
    policy: PlanPolicy,
    frequency: Frequency | None = None,
) -> list[Proposal]:
    """The plans for a balance that a debtor can afford, the shortest first; empty when a person has to look.

    Without a statement only the creditor's limits for self-service bound them. `today` is a day in the debtor's zone;
    `frequency` is the debtor's wish, else it follows from the income.
    """
    chosen = frequency or frequency_of(statement)
    afforded = affordable_instalment(statement, chosen, policy) if statement else balance
    if balance.minor <= 0 or afforded.minor <= 0:
        return []
    first_on = _first_on(statement, chosen, today)
    fewest = -(-balance.minor // afforded.minor)
    most = max(fewest, _most(balance, first_on, chosen, today, policy))
    found: dict[Schedule, Reason] = {}
    for count in (fewest, (fewest + most) // 2, most):
        if count > MOST_INSTALMENTS:
            continue
        amount = Money(-(-balance.minor // count), balance.currency)
        schedule = by_amount(balance, first_on, chosen, amount)
        found.setdefault(schedule, _reason(schedule, count, fewest, most, statement, today))
    return [made for schedule, reason in found.items() if (made := _proposal(schedule, reason, today, policy))]


def _first_on(statement: MeansStatement | None, frequency: Frequency, today: date) -> date:
    """The day after income came, so that it is there; where none is known, after one turn of the frequency."""
    known = [day for day in (statement.paid_on, statement.starts_on) if day and day >= today] if statement else []
    if known:
        return max(known) + timedelta(days=1)
    return today + timedelta(days=_FIRST_AFTER.get(frequency, _FIRST_AFTER_OTHERS))


def _most(balance: Money, first_on: date, frequency: Frequency, today: date, policy: PlanPolicy) -> int:
    """The most instalments that self-service allows."""
    limits = policy.limits[Authority.SELF_SERVICE]
    last = add_months(today, limits.max_months)
    in_time = sum(1 for _ in takewhile(lambda day: day <= last, days_of(frequency, first_on)))
    return min(in_time, balance.minor // max(1, least_instalment(limits, balance.currency).minor))


def _reason(
    schedule: Schedule, count: int, fewest: int, most: int, statement: MeansStatement | None, today: date
) -> Reason:
    if count == fewest and statement and statement.starts_on and statement.starts_on > today:
        return Reason.LATER_INCOME
    if schedule.kind is PlanKind.DEFERRAL:
        return Reason.ALL_AT_ONCE
    return {most: Reason.LONGEST, fewest: Reason.SHORTEST}.get(count, Reason.MIDDLE)


def _proposal(schedule: Schedule, reason: Reason, today: date, policy: PlanPolicy) -> Proposal | None:
    """None for what nobody may agree to."""
    authority, because = needed(schedule, today, policy)
    return None if authority is None else Proposal(schedule, reason, authority, because)
