"""Which items a payment settles, and which ones a reversal opens again. Amounts are minor units of one currency."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

#: (item id, minor units) in the order in which they were taken or given back.
Allocations = tuple[tuple[int, int], ...]


class CannotReverse(ValueError):
    """More would be given back than was taken."""


@dataclass(slots=True)
class OpenItem:
    """An item while payments are applied to it: `0 <= open_minor <= amount_minor` always holds."""

    id: int
    ref: str
    due_on: date
    amount_minor: int
    open_minor: int


def allocate(items: Iterable[OpenItem], amount: int, first: OpenItem | None) -> Allocations:
    """Take `amount` off the items: off `first` when it is named, then oldest due first. What is left is a surplus."""
    ordered = sorted(items, key=lambda item: (item is not first, item.due_on, item.id))
    taken = []
    for item in ordered:
        part = min(item.open_minor, amount)
        if part:
            item.open_minor -= part
            amount -= part
            taken.append((item.id, part))
    return tuple(taken)


def give_back(items: Iterable[OpenItem], amount: int) -> Allocations:
    """Open the items again by `amount`, the latest due first, because payments settle the oldest first.

    Raises CannotReverse when less than that was ever paid on them.
    """
    ordered = sorted(items, key=lambda item: (item.due_on, item.id), reverse=True)
    if sum(item.amount_minor - item.open_minor for item in ordered) < amount:
        raise CannotReverse("more than was paid on the account")
    given = []
    for item in ordered:
        part = min(item.amount_minor - item.open_minor, amount)
        if part:
            item.open_minor += part
            amount -= part
            given.append((item.id, part))
    return tuple(given)


def undo(items: dict[int, OpenItem], taken: Allocations, paid: int, amount: int) -> Allocations:
    """Give back what a payment of `paid` took, or the part of it that `amount` is: its surplus first, then backwards.

    An item that a later statement already opened again is not opened beyond its amount.
    Raises CannotReverse when `amount` is more than the payment.
    """
    if amount > paid:
        raise CannotReverse("more than the payment that it takes back")
    left = amount - min(amount, paid - sum(part for _, part in taken))
    given = []
    for item_id, part in reversed(taken):
        item = items[item_id]
        share = min(part, left)
        left -= share
        opened = min(share, item.amount_minor - item.open_minor)
        if opened:
            item.open_minor += opened
            given.append((item_id, opened))
    return tuple(given)
