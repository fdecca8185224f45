"""Which cases a person must look at now, and which ended with their hold: found by an index, taken once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, ScalarSelect, select, update

from outreach.domain.case import CaseKind
from outreach.domain.dispute import DisputeState
from outreach.store.batch import among
from outreach.store.case_tables import cases, disputes
from outreach.store.tables import holds


@dataclass(frozen=True, slots=True)
class CaseAtHand:
    """A case to do something about. `concerns`: the account that its hold stops, None for all of the debtor's."""

    id: int
    hold_id: int
    debtor_id: int
    account_id: int | None
    kind: CaseKind
    review_at: datetime
    concerns: int | None


def take_due(connection: Connection, now: datetime, limit: int) -> list[CaseAtHand]:
    """Mark the open cases whose time to be looked at has come as seen, and return them: each once."""
    due = select(cases.c.id).where(cases.c.closed_at.is_(None), cases.c.reviewed_at.is_(None), cases.c.review_at <= now)
    due = due.order_by(cases.c.review_at).limit(limit).with_for_update(skip_locked=True)
    taken = update(cases).where(cases.c.id.in_(due), cases.c.reviewed_at.is_(None)).values(reviewed_at=now)
    return _read(connection.execute(taken.returning(*_columns())).all())


def take_lapsed(connection: Connection, now: datetime, limit: int) -> list[CaseAtHand]:
    """Close the open cases whose hold ended by itself, and return them: each once."""
    over = select(cases.c.id).where(cases.c.closed_at.is_(None), cases.c.ends_at.is_not(None), cases.c.ends_at <= now)
    over = over.order_by(cases.c.ends_at).limit(limit).with_for_update(skip_locked=True)
    taken = update(cases).where(cases.c.id.in_(over), cases.c.closed_at.is_(None))
    return _read(connection.execute(taken.values(closed_at=now, way="lapsed").returning(*_columns())).all())


def upheld(connection: Connection, account_ids: Sequence[int]) -> list[CaseAtHand]:
    """The open cases of disputes about some accounts that were decided for the debtor."""
    query = (
        select(*_columns())
        .join(disputes, disputes.c.case_id == cases.c.id)
        .where(among(connection, disputes.c.account_id, account_ids), disputes.c.state == DisputeState.UPHELD.value)
        .where(cases.c.closed_at.is_(None))
        .order_by(cases.c.debtor_id, cases.c.id)
    )
    return _read(connection.execute(query).all())


def _columns() -> list[Any]:
    names = ("id", "hold_id", "debtor_id", "account_id", "kind", "review_at")
    concerns: ScalarSelect[Any] = select(holds.c.account_id).where(holds.c.id == cases.c.hold_id).scalar_subquery()
    return [*(cases.c[name] for name in names), concerns.label("concerns")]


def _read(rows: Sequence[Any]) -> list[CaseAtHand]:
    return [
        CaseAtHand(r.id, r.hold_id, r.debtor_id, r.account_id, CaseKind(r.kind), r.review_at, r.concerns) for r in rows
    ]
