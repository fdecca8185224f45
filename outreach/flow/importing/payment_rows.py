"""A row of a payments file as typed values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outreach.flow.importing.fields import Cells
from outreach.flow.importing.report import BadRow, RowProblem
from outreach.flow.importing.rows import Columns, Row

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
    """A row of the file, read and found good. A reversal without an amount (minor units) takes back all."""

    line: int
    account_ref: str
    ref: str
    paid_at: datetime
    amount_minor: int | None
    currency: str
    item_ref: str
    kind: PaymentKind


def read_row(row: Row) -> PaymentRow:
    """A row as typed values. Raises BadRow."""
    cells = Cells(row)
    currency = cells.currency("currency")
    kind = cells.get("kind").lower() or PaymentKind.PAYMENT.value
    if kind not in set(PaymentKind):
        raise cells.refuse("kind", "not a kind of payment", f"write {', '.join(PaymentKind)}")
    takes_back_all = kind == PaymentKind.REVERSAL and not cells.get("amount")
    minor = None if takes_back_all else cells.amount("amount", currency)
    if minor == 0:
        raise cells.refuse("amount", "zero", "leave the row out")
    return PaymentRow(
        row.line,
        cells.ref("account_ref"),
        cells.ref("payment_ref"),
        cells.instant("paid_at"),
        minor,
        currency,
        cells.get("item_ref"),
        PaymentKind(kind),
    )


def good_rows(rows: Iterable[Row | RowProblem]) -> Iterator[PaymentRow | RowProblem]:
    """The rows that can be taken, in order, among the problems of the others."""
    for row in rows:
        try:
            yield row if isinstance(row, RowProblem) else read_row(row)
        except BadRow as refused:
            yield refused.problem
