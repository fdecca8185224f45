"""Payments, credits and reversals from a file: in batches, idempotent by account, ref and kind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from babel.numbers import format_decimal
from sqlalchemy import Connection

from outreach.domain.allocation import CannotReverse, OpenItem, allocate, give_back, undo
from outreach.domain.money import Money
from outreach.flow.case_review import corrected
from outreach.flow.importing.outcome import Fate, Outcome
from outreach.flow.importing.payment_rows import PaymentKind, PaymentRow
from outreach.flow.importing.report import BadRow, RowProblem
from outreach.store import imports, ledgers
from outreach.store.balances import settle_balances
from outreach.store.ledgers import Booked, Ledger, NewPayment


class PaymentsImport:
    """The import of one file of payments.

    Rows are booked in the order of the file. A reversal that finds nothing to take back waits for the end, because
    some systems list the newest first; then importing the file again changes nothing, either.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._waiting: list[PaymentRow] = []
        self._at_end = False

    def store(self, connection: Connection, rows: Sequence[PaymentRow]) -> Outcome:
        """Book a batch of good rows in the caller's transaction."""
        known = ledgers.load(connection, {row.account_ref for row in rows})
        outcome = Outcome()
        new: list[NewPayment] = []
        for row in rows:
            try:
                payment = _book(known.get(row.account_ref), row, self._now)
            except CannotReverse as error:
                self._wait(row, error, outcome)
                continue
            except BadRow as refused:
                outcome.problems.append(refused.problem)
                continue
            outcome.count(Fate.UNCHANGED if payment is None else Fate.CREATED)
            new += [payment] if payment else []
        ledgers.save(connection, known.values(), new)
        settle_balances(connection, {payment.account_id for payment in new}, self._now)
        credited = {payment.account_id for payment in new if payment.kind is PaymentKind.CREDIT}
        corrected(connection, credited, self._now)
        imports.write_timeline(connection, [_entry(payment) for payment in new], self._now)
        return outcome

    def leftovers(self) -> Sequence[PaymentRow]:
        """The reversals that found nothing to take back, for a second and last try."""
        self._at_end = True
        return self._waiting

    def _wait(self, row: PaymentRow, error: CannotReverse, outcome: Outcome) -> None:
        if self._at_end:
            remedy = "import the payment that it takes back first, or check the amount and the payment_ref"
            outcome.problems.append(RowProblem(row.line, "amount", row.ref, str(error), remedy))
        else:
            self._waiting.append(row)


def _entry(payment: NewPayment) -> dict[str, object]:
    amount = f"{format_decimal(payment.amount.decimal, locale='en')} {payment.amount.currency}"
    data = {
        "amount": amount,
        "amount_minor": payment.amount.minor,
        "currency": payment.amount.currency,
        "ref": payment.ref,
        "unallocated_minor": payment.amount.minor - sum(part for _, part in payment.allocations),
    }
    return {"account_id": payment.account_id, "kind": payment.kind, "data": data}


def _book(ledger: Ledger | None, row: PaymentRow, now: datetime) -> NewPayment | None:
    """Apply a row to its ledger; None when it is booked already. Raises BadRow, CannotReverse."""
    if ledger is None:
        raise _refusal(row, "account_ref", row.account_ref, "no such account", "import the account first")
    if ledger.currency != row.currency:
        reason, remedy = f"the account is in {ledger.currency}", "book it on an account in its currency"
        raise _refusal(row, "currency", row.currency, reason, remedy)
    first = next((item for item in ledger.items.values() if item.ref == row.item_ref), None)
    if row.item_ref and first is None:
        remedy = "import the item first, or leave the cell empty to settle the oldest"
        raise _refusal(row, "item_ref", row.item_ref, "the account has no such item", remedy)
    if _is_booked(ledger, row):
        return None
    booked = _apply(ledger, row, first)
    ledger.booked[row.ref, row.kind] = booked
    amount = Money(booked.amount_minor, ledger.currency)
    item_id = first.id if first else None
    return NewPayment(ledger.account_id, row.ref, row.kind, row.paid_at, amount, item_id, booked.allocations, now)


def _is_booked(ledger: Ledger, row: PaymentRow) -> bool:
    booked = ledger.booked.get((row.ref, row.kind))
    if booked is None:
        return False
    remedy = "give every payment a payment_ref of its own"
    if row.amount_minor not in (None, booked.amount_minor):
        raise _refusal(row, "payment_ref", row.ref, f"this {row.kind} is booked with another amount", remedy)
    if row.paid_at != booked.paid_at:
        raise _refusal(row, "payment_ref", row.ref, f"this {row.kind} is booked with another paid_at", remedy)
    return True


def _apply(ledger: Ledger, row: PaymentRow, first: OpenItem | None) -> Booked:
    items = ledger.items
    if row.kind is not PaymentKind.REVERSAL:
        amount = row.amount_minor or 0
        return Booked(amount, row.paid_at, allocate(items.values(), amount, first))
    kinds = (PaymentKind.PAYMENT, PaymentKind.CREDIT)
    taken = next((found for kind in kinds if (found := ledger.booked.get((row.ref, kind)))), None)
    if taken is not None:
        amount = row.amount_minor or taken.amount_minor
        return Booked(amount, row.paid_at, undo(items, taken.allocations, taken.amount_minor, amount))
    if row.amount_minor is None:
        raise CannotReverse("no payment has this ref, and the amount is missing")
    given = give_back([first] if first else items.values(), row.amount_minor)
    return Booked(row.amount_minor, row.paid_at, given)


def _refusal(row: PaymentRow, field: str, value: str, reason: str, remedy: str) -> BadRow:
    return BadRow(RowProblem(row.line, field, value, reason, remedy))
