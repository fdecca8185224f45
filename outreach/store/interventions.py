"""What people change by hand: approvals, holds, pauses. Each function is one or two statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from outreach.domain.account import HoldReason
from outreach.domain.notice import NoticeState
from outreach.store.outbox import notices
from outreach.store.tables import accounts, campaigns, debtors, holds


def approve(connection: Connection, by: str, *, notice_id: str = "", campaign: str = "", up_to: str = "") -> list[str]:
    """Let planned notices go that wait for a person; returns their ids. One notice, or a campaign's up to an id."""
    waiting = [notices.c.state == NoticeState.PLANNED.value, notices.c.needs_approval]
    chosen = [notices.c.id == notice_id] if notice_id else [notices.c.campaign == campaign, notices.c.id <= up_to]
    statement = update(notices).where(*waiting, *chosen).values(needs_approval=False, approved_by=by)
    return list(connection.scalars(statement.returning(notices.c.id)))


def debtor_of(connection: Connection, account_ref: str) -> tuple[int, int] | None:
    """(account id, debtor id), with the debtor's row locked for the rest of the transaction."""
    query = select(accounts.c.id, accounts.c.debtor_id).join(debtors, debtors.c.id == accounts.c.debtor_id)
    row = connection.execute(query.where(accounts.c.ref == account_ref).with_for_update(of=debtors)).first()
    return None if row is None else (row.id, row.debtor_id)


def add_hold(connection: Connection, debtor_id: int, account_id: int | None, reason: HoldReason, **details: Any) -> int:
    """Insert a hold and return its id; without an account it stops all of the debtor's. `details`: further columns."""
    row = {"debtor_id": debtor_id, "account_id": account_id, "reason": reason.value, **details}
    placed: int = connection.execute(insert(holds).values(row).returning(holds.c.id)).scalar_one()
    return placed


def end_hold(connection: Connection, hold_id: int, debtor_id: int, now: datetime) -> tuple[str, int | None] | None:
    """End a hold of this debtor that has not ended; returns its reason and account id, None when it is not there."""
    running = holds.c.ends_at.is_(None) | (holds.c.ends_at > now)
    statement = update(holds).where(holds.c.id == hold_id, holds.c.debtor_id == debtor_id, running)
    row = connection.execute(statement.values(ends_at=now).returning(holds.c.reason, holds.c.account_id)).first()
    return None if row is None else (row.reason, row.account_id)


def set_paused(connection: Connection, campaign: str, *, paused: bool) -> bool:
    """Whether there is such a campaign."""
    changed = connection.execute(update(campaigns).where(campaigns.c.name == campaign).values(paused=paused))
    return changed.rowcount == 1
