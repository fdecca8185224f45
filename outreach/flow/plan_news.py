"""What a payment plan tells: the timeline, the debtor, and the people who work on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.notice import NoticeState
from outreach.domain.plan import Instalment, PaymentPlan
from outreach.flow.service import ServiceMessage
from outreach.store import journal, notices
from outreach.store import service as kept
from outreach.store.journal import Entry
from outreach.store.notice_rows import Move

#: The steps of service messages about one instalment.
OF_INSTALMENT = ("instalment_reminder", "instalment_missed")
#: Those about a plan that stands.
OF_PLAN = ("plan_offered", "plan_agreed")


def about(plan: PaymentPlan) -> str:
    """A plan in a few words, for people of ours."""
    count, schedule = len(plan.instalments), plan.schedule
    how = f"{count} instalments" if count > 1 else "one later payment"
    return (
        f"{schedule.total} in {how}, {schedule.first_on} to {schedule.last_on}"
        if count > 1
        else (f"{schedule.total} in {how} on {schedule.first_on}")
    )


def tell(
    connection: Connection,
    kind: str,
    plan: PaymentPlan,
    now: datetime,
    by: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:
    """Tell the account's timeline what happened to a plan."""
    schedule = plan.schedule
    data = {
        "plan": plan.id,
        "amount_minor": schedule.total.minor,
        "currency": schedule.total.currency,
        "instalments": len(plan.instalments),
        "frequency": schedule.frequency.value if schedule.frequency else "once",
        "first_due_on": schedule.first_on.isoformat(),
        "last_due_on": schedule.last_on.isoformat(),
    }
    journal.tell(connection, [Entry(plan.account_id, now, kind, data | dict(more or {}), by)])


def told(plan: PaymentPlan) -> dict[str, Any]:
    """What a message about a plan may say."""
    return {"instalments": [[day.isoformat(), amount.minor] for day, amount in plan.schedule.parts]}


def of_instalment(plan: PaymentPlan, one: Instalment) -> dict[str, Any]:
    """What a message about an instalment may say: what of it is still to be paid."""
    return {
        "amount_minor": one.amount.minor - one.paid.minor,
        "due_on": one.due_on.isoformat(),
        "number": one.number,
        "count": len(plan.instalments),
    }


def message(
    step: str, plan: PaymentPlan, values: Mapping[str, Any], cause: int = 0, until: datetime | None = None
) -> ServiceMessage:
    """A service message about a plan, or about the instalment `cause`."""
    return ServiceMessage(plan.account_id, plan.debtor_id, step, cause or plan.id, values, not_after=until)


def unsay(connection: Connection, plan: PaymentPlan, why: str, now: datetime) -> None:
    """Cancel what is planned about a plan, which is over, and has not left."""
    _cancel(connection, kept.planned(connection, plan.account_id, OF_PLAN, [plan.id]), why, now)
    unsay_instalments(connection, plan, [one.id for one in plan.instalments], why, now)


def unsay_instalments(
    connection: Connection, plan: PaymentPlan, instalment_ids: Sequence[int], why: str, now: datetime
) -> None:
    """Cancel what is planned about instalments and has not left."""
    if not instalment_ids:
        return
    _cancel(connection, kept.planned(connection, plan.account_id, OF_INSTALMENT, instalment_ids), why, now)


def _cancel(connection: Connection, planned: Sequence[str], why: str, now: datetime) -> None:
    moves = [Move(id_, NoticeState.PLANNED, NoticeState.CANCELLED, why, ended_at=now) for id_ in planned]
    notices.move(connection, moves, now)


def close_work(connection: Connection, plan: PaymentPlan, now: datetime) -> None:
    """Close the open tasks about a plan: what they ask is decided."""
    causes = [f"plan_review:{plan.id}", *(missed_task(one.id) for one in plan.instalments)]
    journal.close_tasks(connection, causes, now)


def missed_task(instalment_id: int) -> str:
    """What makes the task about a missed instalment one task."""
    return f"instalment_missed:{instalment_id}"
