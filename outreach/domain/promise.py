"""A promise to pay: what is promised, what a creditor's terms allow, and its states. Pure.

Amounts are minor units of the account's currency. A day is a calendar day where the debtor is; where several zones are
possible a day is over once it is over in every one of them, so that nobody's promise is broken too early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from outreach.domain.calendar import ANYWHERE, local_date, start_everywhere, start_of_day
from outreach.domain.money import Money, exponent


class PromiseState(StrEnum):
    """What became of a promise. Only a payment taken back, or one that is known late, moves an end again."""

    OPEN = "open"
    KEPT = "kept"
    PARTIALLY_KEPT = "partially_kept"
    BROKEN = "broken"
    CANCELLED = "cancelled"


class PromiseSource(StrEnum):
    """By which way a promise came. What a debtor says by machine has limits; an agent may agree to more."""

    REPLY = "reply"
    PAGE = "page"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """What a creditor takes for a kept promise, and what a machine may agree to by itself.

    `grace_days`: days after the promised one before the promise counts as broken (compliance catalogue, section 13:
    three). `tolerance_percent` and `tolerance` (major units of the account's currency): how much less than promised
    still keeps it; the larger counts.
    `furthest_days` and `broken_in_row`: a promise further ahead, or of someone whose last promises were all broken, is
    for a person. `reminder_days` before the day the debtor is reminded, 0 for never.
    """

    grace_days: int = 3
    tolerance_percent: int = 0
    tolerance: Decimal = Decimal(0)
    furthest_days: int = 30
    broken_in_row: int = 2
    reminder_days: int = 1
    confirm: bool = True
    tell_broken: bool = False

    def tolerated(self, amount_minor: int, currency: str) -> int:
        """How many minor units less than `amount_minor` still keep a promise of it."""
        fixed = int(self.tolerance.scaleb(exponent(currency)))
        return max(fixed, amount_minor * self.tolerance_percent // 100)


#: Why a promise ended when a later one took its place.
REPLACED = "another promise took its place"
#: So often a debtor may put off a promise alone before its day; then an agent decides (house).
MOST_POSTPONED = 2


@dataclass(frozen=True, slots=True)
class PromisePart:
    """An amount by a day: a promise has one or several. None: all that is open and in no other part."""

    amount_minor: int | None
    due_on: date


class Objection(StrEnum):
    """Why a promise cannot be taken, or not without a person."""

    NO_PART = "no_part"
    NOTHING_OWED = "nothing_owed"
    NO_AMOUNT = "no_amount"
    ABOVE_BALANCE = "above_balance"
    DAY_PAST = "day_past"
    ON_PLAN = "on_plan"
    TOO_FAR = "too_far"
    TOO_OFTEN_BROKEN = "too_often_broken"
    TOO_OFTEN_POSTPONED = "too_often_postponed"
    TIME_BARRED = "time_barred"

    @property
    def for_a_person(self) -> bool:
        """Whether an agent may take the promise all the same."""
        return self in (
            Objection.ON_PLAN,
            Objection.TOO_FAR,
            Objection.TOO_OFTEN_BROKEN,
            Objection.TOO_OFTEN_POSTPONED,
            Objection.TIME_BARRED,
        )


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the account when something is promised.

    `today` is the day where the debtor is; `broken_in_row` how many of its last promises were all broken; after
    `sol_expires_on` a part payment may revive a time-barred debt (12 CFR 1006.26, compliance catalogue RF-21).
    `on_plan`: a payment plan is active, whose instalments are what is due. `postponed_in_row`: how many promises before
    this one it would put off, one after the other.
    """

    balance_minor: int
    today: date
    broken_in_row: int = 0
    sol_expires_on: date | None = None
    on_plan: bool = False
    postponed_in_row: int = 0


def settled(parts: Sequence[PromisePart], balance_minor: int) -> tuple[PromisePart, ...]:
    """The parts by day, with the open amount where one says "all that is open"."""
    named = sum(part.amount_minor or 0 for part in parts)
    return tuple(
        part if part.amount_minor is not None else replace(part, amount_minor=balance_minor - named)
        for part in sorted(parts, key=lambda part: part.due_on)
    )


def objection(parts: Sequence[PromisePart], terms: PromiseTerms, known: Circumstances) -> Objection | None:
    """What speaks against settled parts, the gravest first; None when nothing does."""
    amounts = [part.amount_minor or 0 for part in parts]
    last = max((part.due_on for part in parts), default=known.today)
    grounds = {
        Objection.NO_PART: not parts,
        Objection.NOTHING_OWED: known.balance_minor <= 0,
        Objection.DAY_PAST: any(part.due_on < known.today for part in parts),
        Objection.ABOVE_BALANCE: sum(max(amount, 0) for amount in amounts) > known.balance_minor,
        Objection.NO_AMOUNT: any(amount <= 0 for amount in amounts),
        Objection.ON_PLAN: known.on_plan,
        Objection.TOO_FAR: last > known.today + timedelta(days=terms.furthest_days),
        Objection.TOO_OFTEN_BROKEN: 0 < terms.broken_in_row <= known.broken_in_row,
        Objection.TOO_OFTEN_POSTPONED: known.postponed_in_row > MOST_POSTPONED,
        Objection.TIME_BARRED: known.sol_expires_on is not None
        and known.sol_expires_on <= known.today
        and sum(amounts) < known.balance_minor,
    }
    return next((ground for ground, holds in grounds.items() if holds), None)


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """One part of a promise as it is kept. `whole_id` is the same for all parts of one. Instants are aware UTC.

    `paid_minor` is what was counted when it was judged last, `paid_before` the number of the last booking before it was
    made. `words` are the debtor's own, `*_by` people of ours ("" for the debtor or the machine).
    """

    id: int
    whole_id: int
    amount_minor: int
    due_on: date
    made_at: datetime
    grace_days: int = 3
    tolerance_minor: int = 0
    state: PromiseState = PromiseState.OPEN
    paid_minor: int = 0
    paid_before: int = 0
    account_id: int = 0
    debtor_id: int = 0
    currency: str = ""
    source: PromiseSource = PromiseSource.AGENT
    words: str = ""
    made_by: str = ""
    hold_id: int | None = None
    reminded_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it may still be kept."""
        return self.state is PromiseState.OPEN

    @property
    def amount(self) -> Money:
        """How much was promised."""
        return Money(self.amount_minor, self.currency)

    @property
    def paid(self) -> Money:
        """How much of it was counted when it was judged last."""
        return Money(self.paid_minor, self.currency)

    @property
    def enough_minor(self) -> int:
        """The least that keeps it."""
        return max(self.amount_minor - self.tolerance_minor, 1)

    def over_at(self, zones: Iterable[str]) -> datetime:
        """The instant (aware UTC) at which the promised day and the days of grace are over in every zone."""
        return over_at(self.due_on, self.grace_days, zones)


def over_at(due_on: date, grace_days: int, zones: Iterable[str]) -> datetime:
    """The instant (aware UTC) at which a promised day and the days of grace are over wherever the debtor may be."""
    return start_everywhere(due_on + timedelta(days=grace_days + 1), zones or ANYWHERE)


def broken_in_row(promises: Sequence[PromiseToPay]) -> int:
    """How many of an account's last promises were broken, one after the other; a cancelled one says nothing."""
    wholes: dict[int, set[PromiseState]] = {}
    for one in sorted(promises, key=lambda one: (one.made_at, one.id), reverse=True):
        wholes.setdefault(one.whole_id, set()).add(one.state)
    count = 0
    for states in wholes.values():
        if PromiseState.BROKEN in states:
            count += 1
        elif states - {PromiseState.CANCELLED, PromiseState.OPEN}:
            break
    return count


def postponed_in_row(promises: Sequence[PromiseToPay]) -> int:
    """How many of the last promises the next one puts off: the open one and those that were replaced before it."""
    wholes: dict[int, PromiseToPay] = {}
    for last in sorted(promises, key=lambda one: (one.made_at, one.id), reverse=True):
        wholes.setdefault(last.whole_id, last)
    count = 0
    for one in wholes.values():
        if not (one.is_open or (one.state is PromiseState.CANCELLED and one.ended_why == REPLACED)):
            break
        count += 1
    return count


def reminder(promise: PromiseToPay, days: int, zones: Sequence[str]) -> tuple[datetime, datetime] | None:
    """From when until when (aware UTC) the debtor may be reminded, `days` before the day; None for never.

    Who promised not longer before was told just then.
    """
    on = promise.due_on - timedelta(days=days)
    if days <= 0 or max(local_date(promise.made_at, zone) for zone in zones or ANYWHERE) >= on:
        return None
    ends = min(start_of_day(promise.due_on + timedelta(days=1), zone) for zone in zones or ANYWHERE)
    return start_everywhere(on, zones or ANYWHERE), ends
