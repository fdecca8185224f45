"""Disputes: one for each case that contests a debt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, insert, or_, select, update

from outreach.domain.case import CaseKind
from outreach.domain.dispute import OPEN, DisputeReason, DisputeState
from outreach.store.case_tables import cases, disputes
from outreach.store.tables import accounts


@dataclass(frozen=True, slots=True)
class Dispute:
    """A row with the hold of its case. Days are calendar days in the debtor's zone, instants aware UTC."""

    id: int
    case_id: int
    hold_id: int
    debtor_id: int
    account_id: int | None
    kind: CaseKind
    state: DisputeState
    reason: DisputeReason
    source: str
    text: str
    amount_minor: int | None
    items: tuple[str, ...]
    received_at: datetime
    within_validation: bool
    verification_sent_on: date | None
    verification_how: str
    resolved_at: datetime | None
    resolved_by: str
    note: str

    @property
    def open(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.state in OPEN


def add(connection: Connection, row: dict[str, Any]) -> int:
    """Insert a dispute and return its id."""
    added: int = connection.execute(insert(disputes).values(row).returning(disputes.c.id)).scalar_one()
    return added


def of_case(connection: Connection, case_id: int) -> Dispute | None:
    """The dispute of a case, None when the case contests nothing."""
    return _one(connection.execute(_query().where(disputes.c.case_id == case_id)).first())


def get(connection: Connection, dispute_id: int) -> Dispute | None:
    """A dispute by its id."""
    return _one(connection.execute(_query().where(disputes.c.id == dispute_id)).first())


def of_account(connection: Connection, account_ref: str) -> list[Dispute]:
    """Those that concern an account, the newest first."""
    query = (
        _query()
        .join(accounts, accounts.c.debtor_id == disputes.c.debtor_id)
        .where(accounts.c.ref == account_ref)
        .where(or_(disputes.c.account_id == accounts.c.id, disputes.c.account_id.is_(None)))
        .order_by(disputes.c.id.desc())
    )
    return [_dispute(row) for row in connection.execute(query)]


def change(connection: Connection, dispute_id: int, **columns: Any) -> None:
    """Set columns of a dispute."""
    connection.execute(update(disputes).where(disputes.c.id == dispute_id).values(columns))


def _query() -> Select[Any]:
    query = select(disputes, cases.c.hold_id, cases.c.kind)
    return query.join(cases, cases.c.id == disputes.c.case_id)


def _one(row: Row[Any] | None) -> Dispute | None:
    return None if row is None else _dispute(row)


def _dispute(row: Row[Any]) -> Dispute:
    return Dispute(
        row.id,
        row.case_id,
        row.hold_id,
        row.debtor_id,
        row.account_id,
        CaseKind(row.kind),
        DisputeState(row.state),
        DisputeReason(row.reason),
        row.source,
        row.text,
        row.amount_minor,
        tuple(row.items or ()),
        row.received_at,
        row.within_validation,
        row.verification_sent_on,
        row.verification_how,
        row.resolved_at,
        row.resolved_by,
        row.note,
    )
