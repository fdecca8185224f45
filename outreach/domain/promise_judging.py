"""Whether payments kept a promise to pay. Pure.

Amounts are minor units of the account's currency; days are the debtor's, as in `promise`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.promise import PromiseState, PromiseToPay


class BookingKind(StrEnum):
    """What is booked on an account, by the words of the payments file."""

    PAYMENT = "payment"
    CREDIT = "credit"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Booking:
    """A payment or a credit in the books, or a reversal, which takes back what bears its ref, else the newest payment.

    `number` is its place in the books; `paid_at` may be only a day (its start in UTC). A credit keeps no promise.
    """

    number: int
    ref: str
    kind: BookingKind
    paid_at: datetime
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
    pays_off = promise.is_open and balance_minor <= 0
    if paid >= promise.enough_minor or was_kept or pays_off:
        return PromiseState.KEPT
    if now < promise.over_at(zones) and promise.state in (PromiseState.OPEN, PromiseState.KEPT):
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
        if payment.number > promise.paid_before and since and payment.paid_at < over_at:
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


def _age(payment: Booking) -> tuple[datetime, int]:
    return payment.paid_at, payment.number
