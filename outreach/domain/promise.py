"""A promise to pay: what was promised, what the house's terms allow, and whether payments kept it. Pure.

Amounts are minor units of the account's currency. A day is a calendar day where the debtor is; where several zones are
possible a day is over once it is over in every one of them, so that nobody's promise is broken too early.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from outreach.domain.calendar import ANYWHERE, local_date, start_everywhere


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
    three). `tolerance_percent` and `tolerance_minor`: how much less than promised still keeps it; the larger counts.
    `furthest_days` and `broken_in_row`: a promise further ahead, or of someone whose last promises were all broken, is
    for a person. `reminder_days` before the day the debtor is reminded, 0 for never.
    """

    grace_days: int = 3
    tolerance_percent: int = 0
    tolerance_minor: int = 0
    furthest_days: int = 30
    broken_in_row: int = 2
    reminder_days: int = 1
    confirm: bool = True
    tell_broken: bool = False

    def tolerance(self, amount_minor: int) -> int:
        """How many minor units less than `amount_minor` still keep a promise of it."""
        return max(self.tolerance_minor, amount_minor * self.tolerance_percent // 100)


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
    TOO_FAR = "too_far"
    TOO_OFTEN_BROKEN = "too_often_broken"
    TIME_BARRED = "time_barred"

    @property
    def for_a_person(self) -> bool:
        """Whether an agent may take the promise all the same."""
        return self in (Objection.TOO_FAR, Objection.TOO_OFTEN_BROKEN, Objection.TIME_BARRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the account when something is promised.

    `today` is the day where the debtor is; `broken_in_row` how many of its last promises were all broken; after
    `sol_expires_on` a part payment may revive a time-barred debt (12 CFR 1006.26, compliance catalogue RF-21).
    """

    balance_minor: int
    today: date
    broken_in_row: int = 0
    sol_expires_on: date | None = None


def settled(parts: Sequence[PromisePart], balance_minor: int) -> tuple[PromisePart, ...]:
    """The parts by day, with the open amount where one says "all that is open"."""
    named = sum(part.amount_minor or 0 for part in parts)
    return tuple(
        part if part.amount_minor is not None else replace(part, amount_minor=balance_minor - named)
        for part in sorted(parts, key=lambda part: part.due_on)
    )


def objection(parts: Sequence[PromisePart], terms: PromiseTerms, standing: Standing) -> Objection | None:
    """What speaks against settled parts, the gravest first; None when nothing does."""
    amounts = [part.amount_minor or 0 for part in parts]
    last = max((part.due_on for part in parts), default=standing.today)
    grounds = {
        Objection.NO_PART: not parts,
        Objection.NOTHING_OWED: standing.balance_minor <= 0,
        Objection.DAY_PAST: any(part.due_on < standing.today for part in parts),
        Objection.ABOVE_BALANCE: sum(max(amount, 0) for amount in amounts) > standing.balance_minor,
        Objection.NO_AMOUNT: any(amount <= 0 for amount in amounts),
        Objection.TOO_FAR: last > standing.today + timedelta(days=terms.furthest_days),
        Objection.TOO_OFTEN_BROKEN: 0 < terms.broken_in_row <= standing.broken_in_row,
        Objection.TIME_BARRED: standing.sol_expires_on is not None
        and standing.sol_expires_on <= standing.today
        and sum(amounts) < standing.balance_minor,
    }
    return next((ground for ground, holds in grounds.items() if holds), None)


@dataclass(frozen=True, slots=True)
class PromiseToPay:
    """One part of a promise as it is judged. `whole` is the same for all parts of one; `paid_minor` what was counted
    when it was judged last. Instants are aware UTC."""

    id: int
    whole: int
    amount_minor: int
    due_on: date
    made_at: datetime
    grace_days: int = 3
    tolerance_minor: int = 0
    state: PromiseState = PromiseState.OPEN
    paid_minor: int = 0

    @property
    def enough_minor(self) -> int:
        """The least that keeps it."""
        return max(self.amount_minor - self.tolerance_minor, 1)

    def over_at(self, zones: Iterable[str]) -> datetime:
        """The instant (aware UTC) at which the promised day and the days of grace are over in every zone."""
        return start_everywhere(self.due_on + timedelta(days=self.grace_days + 1), zones or ANYWHERE)


class BookingKind(StrEnum):
    """What is booked on an account, by the words of the payments file."""

    PAYMENT = "payment"
    CREDIT = "credit"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment or a credit in the books, or a reversal, which takes back what bears its ref, else the newest payment.

    `paid_at` may be only a day (its start in UTC); `recorded_at` is when it was booked. A credit keeps no promise.
    """

    ref: str
    kind: BookingKind
    paid_at: datetime
    recorded_at: datetime
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a promise is now, and how much was paid towards it."""

    promise: PromiseToPay
    state: PromiseState
    paid_minor: int

    @property
    def is_news(self) -> bool:
        """Whether the state is another than before."""
        return self.state is not self.promise.state


def judge(
    promises: Sequence[PromiseToPay], books: Sequence[Booking], balance_minor: int, zones: Sequence[str], now: datetime
) -> list[Judgement]:
    """What an account's promises are at `now`, in the order of their days.

    A payment counts for the oldest promise that it can be for: booked after the promise was made, and paid before its
    days of grace were over. Kept at once when enough is paid or nothing is owed; partially kept or broken only once
    the days of grace are over. A promise that was kept stays so unless money was taken back.
    """
    left = _net(books)
    judgements = []
    for promise in sorted(promises, key=lambda promise: (promise.due_on, promise.id)):
        if promise.state is PromiseState.CANCELLED:
            judgements.append(Judgement(promise, promise.state, promise.paid_minor))
            continue
        paid = _take(left, promise, zones)
        judgements.append(Judgement(promise, _state(promise, paid, balance_minor, zones, now), paid))
    return judgements


def _state(promise: PromiseToPay, paid: int, balance_minor: int, zones: Sequence[str], now: datetime) -> PromiseState:
    was_kept = promise.state is PromiseState.KEPT and paid >= promise.paid_minor
    pays_off = promise.state is PromiseState.OPEN and balance_minor <= 0
    if paid >= promise.enough_minor or was_kept or pays_off:
        return PromiseState.KEPT
    if now < promise.over_at(zones):
        return PromiseState.OPEN
    return PromiseState.PARTIALLY_KEPT if paid > 0 else PromiseState.BROKEN


def _take(left: dict[Booking, int], promise: PromiseToPay, zones: Sequence[str]) -> int:
    """What of the payments is for a promise; it is taken from what is left."""
    made_on = min(local_date(promise.made_at, zone) for zone in zones or ANYWHERE)
    over_at = promise.over_at(zones)
    taken = 0
    for payment in sorted(left, key=_age):
        # Many files know only the day of a payment, so one of the day of the promise counts.
        since = payment.paid_at >= promise.made_at or payment.paid_at.date() >= made_on
        if payment.recorded_at > promise.made_at and since and payment.paid_at < over_at:
            part = min(left[payment], promise.amount_minor - taken)
            left[payment] -= part
            taken += part
    return taken


def _net(books: Sequence[Booking]) -> dict[Booking, int]:
    """The payments with what is left of them after the reversals."""
    left = {booking: booking.amount_minor for booking in books if booking.kind is BookingKind.PAYMENT}
    credited = {booking.ref for booking in books if booking.kind is BookingKind.CREDIT}
    for reversal in books:
        if reversal.kind is not BookingKind.REVERSAL:
            continue
        back = reversal.amount_minor
        named = [payment for payment in left if payment.ref == reversal.ref]
        others = [] if reversal.ref in credited else sorted(left, key=_age, reverse=True)
        for payment in named or others:
            part = min(left[payment], back)
            left[payment] -= part
            back -= part
    return left


def _age(payment: Booking) -> tuple[datetime, datetime, str]:
    return payment.paid_at, payment.recorded_at, payment.ref
