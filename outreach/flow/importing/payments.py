"""Payments, credits and reversals from a file: in batches, idempotent by account, ref and kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from babel.numbers import format_decimal
from sqlalchemy import Connection

from outreach.domain.allocation import Allocations, CannotReverse, OpenItem, allocate, give_back, undo
from outreach.domain.money import Money
from outreach.flow.importing.fields import Cells
from outreach.flow.importing.report import BadRow, ImportReport, RowProblem
from outreach.flow.importing.rows import Columns, Row
from outreach.store import imports, ledgers
from outreach.store.balances import settle_balances
from outreach.store.ledgers import Ledger, NewPayment

COLUMNS = Columns(
    required=("account_ref", "payment_ref", "paid_at", "amount", "currency"), optional=("item_ref", "kind")
)


class PaymentKind(StrEnum):
    """PAYMENT and CREDIT reduce what is owed; REVERSAL gives it back, on the original due dates."""

    PAYMENT = "payment"
    CREDIT = "credit"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """A row of the file, read and found good."""

    line: int
    account_ref: str
    ref: str
    paid_at: datetime
    amount: Money
    item_ref: str
    kind: PaymentKind


def read_row(row: Row) -> PaymentRow:
    """A row as typed values. Raises BadRow."""
    cells = Cells(row)
    currency = cells.currency("currency")
    minor = cells.amount("amount", currency)
    if minor == 0:
        raise cells.refuse("amount", "zero", "leave the row out")
    kind = cells.get("kind").lower() or PaymentKind.PAYMENT.value
    if kind not in set(PaymentKind):
        raise cells.refuse("kind", "not a kind of payment", f"write {', '.join(PaymentKind)}")
    return PaymentRow(
        row.line,
        cells.ref("account_ref"),
        cells.ref("payment_ref"),
        cells.instant("paid_at"),
        Money(minor, currency),
        cells.get("item_ref"),
        PaymentKind(kind),
    )


def store_batch(connection: Connection, rows: Sequence[PaymentRow], now: datetime, report: ImportReport) -> None:
    """Book a batch of good rows in the caller's transaction, and count what each did."""
    known = ledgers.load(connection, {row.account_ref for row in rows})
    booked: list[NewPayment] = []
    for row in rows:
        try:
            payment = _book(known.get(row.account_ref), row, now)
        except BadRow as refused:
            report.note(refused.problem)
            continue
        if payment is None:
            report.unchanged += 1
        else:
            booked.append(payment)
            report.created += 1
    ledgers.save(connection, known.values(), booked)
    settle_balances(connection, {payment.account_id for payment in booked}, now)
    imports.write_timeline(connection, [_entry(payment) for payment in booked], now)


def _entry(payment: NewPayment) -> dict[str, object]:
    amount = f"{format_decimal(payment.amount.decimal, locale='en')} {payment.amount.currency}"
    data = {
        "amount": amount,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "ref": payment.ref,
    }
    return {"account_id": payment.account_id, "kind": payment.kind, "data": data}


def _book(ledger: Ledger | None, row: PaymentRow, now: datetime) -> NewPayment | None:
    def refuse(field: str, reason: str, remedy: str) -> BadRow:
        return BadRow(RowProblem(row.line, field, "", reason, remedy))

    if ledger is None:
        raise refuse("account_ref", "no such account", "import the account first")
    if ledger.currency != row.amount.currency:
        raise refuse("currency", f"the account is in {ledger.currency}", "book it on an account in its currency")
    first = next((item for item in ledger.items.values() if item.ref == row.item_ref), None)
    if row.item_ref and first is None:
        raise refuse("item_ref", "the account has no such item", "leave it empty to settle the oldest first")
    if (row.ref, row.kind.value) in ledger.booked:
        return None
    try:
        allocations = _allocate(ledger, row, first)
    except CannotReverse as error:
        raise refuse("amount", str(error), "check the amount and the payment_ref") from error
    payment = NewPayment(
        ledger.account_id,
        row.ref,
        row.kind.value,
        row.paid_at,
        row.amount,
        first.id if first else None,
        allocations,
        now,
    )
    ledger.booked[row.ref, row.kind.value] = (row.amount.minor, allocations)
    return payment


def _allocate(ledger: Ledger, row: PaymentRow, first: OpenItem | None) -> Allocations:
    minor = row.amount.minor
    if row.kind is not PaymentKind.REVERSAL:
        return allocate(ledger.items.values(), minor, first)
    taken = ledger.booked.get((row.ref, PaymentKind.PAYMENT.value)) or ledger.booked.get(
        (row.ref, PaymentKind.CREDIT.value)
    )
    if taken is not None:
        paid, allocations = taken
        return undo(ledger.items, allocations, paid, minor)
    return give_back([first] if first else ledger.items.values(), minor)


def good_rows(rows: Iterator[Row | RowProblem], report: ImportReport) -> Iterator[PaymentRow]:
    """The rows that can be taken, in order; the others are noted in the report."""
    for row in rows:
        if isinstance(row, RowProblem):
            report.note(row)
            continue
        try:
            yield read_row(row)
        except BadRow as refused:
            report.note(refused.problem)
