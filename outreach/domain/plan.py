"""A payment plan: its states, what became of its instalments, and when it is kept or in default."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from outreach.domain.money import Money
from outreach.domain.plan_policy import Authority, PlanTerms, tolerated
from outreach.domain.plan_schedule import Frequency, Schedule


class PlanState(StrEnum):
    """Where a plan stands. Only an active one stops the campaign's reminders."""

    #: offered, or asked for and waiting for a person
    PROPOSED = "proposed"
    ACTIVE = "active"
    COMPLETED = "completed"
    DEFAULTED = "defaulted"
    CANCELLED = "cancelled"
    #: a proposal that a person refused, or the debtor
    DECLINED = "declined"
    #: a proposal that nobody answered
    EXPIRED = "expired"


#: Plans that payments may still move: a completed one is open again when its payment is taken back.
LIVING = (PlanState.ACTIVE, PlanState.COMPLETED)


class InstalmentState(StrEnum):
    """What became of an instalment."""

    DUE = "due"
    PART_PAID = "part_paid"
    #: its day and the days of grace are over, and it is not paid
    MISSED = "missed"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a plan. `due_on` is a day in the debtor's zone; `number` counts from 1; `id` is 0 until stored."""

    number: int
    due_on: date
    amount: Money
    paid: Money
    state: InstalmentState = InstalmentState.DUE
    id: int = 0


@dataclass(frozen=True, slots=True)
class PaymentPlan:
    """A plan as it is kept. Instants are aware UTC; days are in the debtor's zone.

    `needs` is the least authority that may agree to it, `because` why no lesser one may; `agreed_with` is the authority
    with which our side agrees already, None while a person has to decide. `wording` is what the debtor agreed to, ""
    while the debtor has not. `*_by` are people of ours, "" for the debtor or the machine; `source` is where it came
    from. `terms` hold once it is agreed, None before. Why it ended is in `ended_why`.
    """

    id: int
    account_id: int
    debtor_id: int
    state: PlanState
    frequency: Frequency | None
    instalments: tuple[Instalment, ...]
    source: str
    needs: Authority
    because: tuple[str, ...]
    agreed_with: Authority | None
    wording: str
    terms: PlanTerms | None
    proposed_at: datetime
    proposed_by: str
    expires_at: datetime
    accepted_at: datetime | None = None
    accepted_by: str = ""
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""
    means_id: int | None = None
    hold_id: int | None = None
    paid_before: int = 0

    @property
    def schedule(self) -> Schedule:
        """What is to be paid and when."""
        return Schedule(self.frequency, tuple((one.due_on, one.amount) for one in self.instalments))

    @property
    def waits_for_us(self) -> bool:
        """Whether a person of ours has to accept or decline it."""
        return self.state is PlanState.PROPOSED and self.agreed_with is None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a plan and its instalments are by the payments that came."""

    state: PlanState
    instalments: tuple[Instalment, ...]

    @property
    def missed(self) -> tuple[Instalment, ...]:
        """The instalments that are missed."""
        return tuple(one for one in self.instalments if one.state is InstalmentState.MISSED)


@dataclass(frozen=True, slots=True)
class Receipts:
    """What came in since a plan was agreed, in minor units of its currency.

    `booked` are payments and credits less reversals. `balance` is what is open on the account now: where the creditor
    states balances without payments, what is no longer open was paid.
    """

    booked: int
    balance: int

    def towards(self, total: int) -> int:
        """How much of `total` is paid."""
        return max(0, min(total, max(self.booked, total - self.balance)))


def judge(instalments: Sequence[Instalment], receipts: Receipts, today: date, terms: PlanTerms) -> Judgement:
    """What becomes of an agreed plan: money goes to the oldest instalment first.

    `today` is the day where, of all zones in which the debtor may be, it is earliest: an instalment is missed only when
    its day and the days of grace are over in every one. An instalment that lacks no more than the tolerance is paid.
    Completed when all are; in default after too many missed ones or too many days (a plan of fewer instalments: when
    all are missed). A reversal takes the plan back to what it was.
    """
    total = sum(one.amount.minor for one in instalments)
    left = receipts.towards(total)
    tolerance = tolerated(terms, instalments[0].amount.currency).minor
    judged = []
    for one in instalments:
        paid = min(one.amount.minor, left)
        left -= paid
        state = _state(one, paid, tolerance, today, terms)
        judged.append(replace(one, paid=Money(paid, one.amount.currency), state=state))
    return Judgement(_plan_state(judged, today, terms), tuple(judged))


def remind_on(instalment: Instalment, agreed_on: date, terms: PlanTerms) -> date | None:
    """The day of an instalment's reminder; None where the agreement itself has just named its day."""
    day = instalment.due_on - timedelta(days=terms.reminder_days)
    return day if day > agreed_on else None


def missed_on(instalment: Instalment, terms: PlanTerms) -> date:
    """The first day on which an unpaid instalment is missed."""
    return instalment.due_on + timedelta(days=terms.grace_days + 1)


def defaults_on(instalment: Instalment, terms: PlanTerms) -> date:
    """The first day on which the plan is in default because this instalment is still unpaid."""
    return instalment.due_on + timedelta(days=max(terms.default_after_days, terms.grace_days + 1))


def _state(one: Instalment, paid: int, tolerance: int, today: date, terms: PlanTerms) -> InstalmentState:
    # The tolerance forgives no instalment as a whole.
    if paid >= one.amount.minor or (paid > 0 and one.amount.minor - paid <= tolerance):
        return InstalmentState.PAID
    if today >= missed_on(one, terms):
        return InstalmentState.MISSED
    return InstalmentState.PART_PAID if paid else InstalmentState.DUE


def _plan_state(instalments: Sequence[Instalment], today: date, terms: PlanTerms) -> PlanState:
    if all(one.state is InstalmentState.PAID for one in instalments):
        return PlanState.COMPLETED
    missed = [one for one in instalments if one.state is InstalmentState.MISSED]
    many = len(missed) >= min(terms.default_after_missed, len(instalments))
    late = any(today >= defaults_on(one, terms) for one in missed)
    return PlanState.DEFAULTED if many or late else PlanState.ACTIVE
