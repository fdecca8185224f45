"""Bring everything that follows from an account's items up to date, in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, FromClause, and_, func, insert, literal, or_, select, update

from outreach.domain.notice import NoticeState
from outreach.domain.promise import PromiseState
from outreach.store import batch
from outreach.store.enrolments import LOOKED_AT
from outreach.store.outbox import notice_events, notices
from outreach.store.plan_tables import OPEN_PLANS, payment_plans
from outreach.store.promise_tables import promises
from outreach.store.tables import accounts, debtors, enrolments, items
from outreach.store.types import Instant, Key

#: Why a notice is cancelled when nothing is open any more.
PAID = "paid"


def settle_balances(connection: Connection, account_ids: Collection[int], now: datetime) -> int:
    """Recompute the balances of accounts whose facts changed; return how many planned notices that cancelled.

    Their debtors' versions grow, so a notice that is claimed is decided again; their enrolments, payment plans and
    promises are looked at from `now`; a planned notice about what is paid is cancelled. Call it after every change of
    an item, a payment, a hold or a contact point. Rows are locked in the order debtors, accounts, items, enrolments,
    payment plans, promises, notices.
    """
    if not account_ids:
        return 0
    changed = batch.values(connection, [{"id": key} for key in sorted(set(account_ids))], {"id": Key})
    owners = select(accounts.c.debtor_id).join(changed, changed.c.id == accounts.c.id)
    connection.execute(update(debtors).where(debtors.c.id.in_(owners)).values(version=debtors.c.version + 1))
    _recompute(connection, changed, now)
    connection.execute(
        update(enrolments).where(enrolments.c.account_id == changed.c.id, LOOKED_AT).values(next_look_at=now),
    )
    connection.execute(
        update(payment_plans)
        .where(payment_plans.c.account_id == changed.c.id, payment_plans.c.state.in_(OPEN_PLANS))
        .values(next_look_at=now)
    )
    judged = (promises.c.account_id == changed.c.id, promises.c.state != PromiseState.CANCELLED.value)
    connection.execute(update(promises).where(*judged).values(next_look_at=now))
    return _cancel_paid(connection, changed, now)


def _recompute(connection: Connection, changed: FromClause, now: datetime) -> None:
    open_items = items.c.open_minor > 0
    sums = (
        select(
            changed.c.id,
            func.coalesce(func.sum(items.c.open_minor), 0).label("balance"),
            func.min(items.c.due_on).filter(open_items).label("oldest"),
        )
        .select_from(changed.outerjoin(items, items.c.account_id == changed.c.id))
        .group_by(changed.c.id)
        .subquery("sums")
    )
    connection.execute(
        update(accounts)
        .where(accounts.c.id == sums.c.id)
        .values(balance_minor=sums.c.balance, oldest_due_on=sums.c.oldest, changed_at=now)
    )


def _cancel_paid(connection: Connection, changed: FromClause, now: datetime) -> int:
    item_paid = select(items.c.id).where(items.c.id == notices.c.item_id, items.c.open_minor > 0).exists()
    cancelled = connection.execute(
        update(notices)
        .where(
            notices.c.account_id == changed.c.id,
            accounts.c.id == changed.c.id,
            notices.c.state == NoticeState.PLANNED,
            # Said again so that SQLite, too, finds them by the partial index.
            notices.c.state != NoticeState.CANCELLED,
            or_(
                and_(notices.c.item_id == 0, accounts.c.balance_minor <= 0),
                and_(notices.c.item_id != 0, ~item_paid),
            ),
        )
        .values(state=NoticeState.CANCELLED, reason=PAID, ended_at=now)
        .returning(notices.c.id, notices.c.attempts)
    ).all()
    if not cancelled:
        return 0
    rows = [{"notice_id": row.id, "attempt": row.attempts} for row in cancelled]
    kinds = {"notice_id": notices.c.id.type, "attempt": notices.c.attempts.type}
    source = batch.values(connection, rows, kinds)
    logged = select(
        source.c.notice_id,
        source.c.attempt,
        literal(now, Instant),
        literal("move"),
        literal(NoticeState.CANCELLED),
        literal(PAID),
    )
    connection.execute(
        insert(notice_events).from_select(["notice_id", "attempt", "at", "what", "state", "reason"], logged)
    )
    return len(cancelled)
