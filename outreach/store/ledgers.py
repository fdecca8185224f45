"""The items and payments of accounts while payments are booked on them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, select

from outreach.domain.allocation import Allocations, OpenItem
from outreach.domain.money import Money
from outreach.store import debtors
from outreach.store.batch import among
from outreach.store.rows import insert_rows, update_rows
from outreach.store.tables import accounts, items, payments


@dataclass(frozen=True, slots=True)
class Booked:
    """A payment, credit or reversal that is in the books, in minor units of the account's currency."""

    amount_minor: int
    paid_at: datetime
    allocations: Allocations


@dataclass(slots=True)
class Ledger:
    """An account's items by id, and what is booked on it by (ref, kind)."""

    account_id: int
    currency: str
    items: dict[int, OpenItem] = field(default_factory=dict)
    booked: dict[tuple[str, str], Booked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewPayment:
    """A payment to store."""

    account_id: int
    ref: str
    kind: str
    paid_at: datetime
    amount: Money
    item_id: int | None
    allocations: Allocations
    recorded_at: datetime


def load(connection: Connection, refs: Collection[str]) -> dict[str, Ledger]:
    """The ledgers of accounts by ref; their debtors are locked until the transaction ends."""
    query = select(accounts.c.id, accounts.c.ref, accounts.c.currency, accounts.c.debtor_id).where(
        among(connection, accounts.c.ref, sorted(refs))
    )
    rows = connection.execute(query).all()
    debtors.lock(connection, [row.debtor_id for row in rows])
    found = {row.id: Ledger(row.id, row.currency) for row in rows}
    of_accounts = among(connection, items.c.account_id, list(found))
    for item in connection.execute(select(items).where(of_accounts).order_by(items.c.id)):
        ledger = found[item.account_id]
        ledger.items[item.id] = OpenItem(item.id, item.ref, item.due_on, item.amount_minor, item.open_minor)
    for paid in connection.execute(select(payments).where(among(connection, payments.c.account_id, list(found)))):
        allocations = tuple((item_id, minor) for item_id, minor in paid.allocations)
        booked = Booked(paid.amount_minor, paid.paid_at, allocations)
        found[paid.account_id].booked[paid.ref, paid.kind] = booked
    return {row.ref: found[row.id] for row in rows}


def save(connection: Connection, ledgers: Iterable[Ledger], booked: Sequence[NewPayment]) -> None:
    """Store payments and what they made of the items that they touched."""
    if not booked:
        return
    touched = {item_id for payment in booked for item_id, _ in payment.allocations}
    changed = [
        {"id": item.id, "open_minor": item.open_minor}
        for ledger in ledgers
        for item in ledger.items.values()
        if item.id in touched
    ]
    update_rows(connection, items, changed)
    insert_rows(connection, payments, [_row(payment) for payment in booked])


def _row(payment: NewPayment) -> dict[str, object]:
    return {
        "account_id": payment.account_id,
        "ref": payment.ref,
        "kind": payment.kind,
        "paid_at": payment.paid_at,
        "amount_minor": payment.amount.minor,
        "item_id": payment.item_id,
        "allocations": [list(pair) for pair in payment.allocations],
        "recorded_at": payment.recorded_at,
    }
