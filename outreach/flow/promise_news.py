"""What a promise to pay tells: the timeline, the debtor, and the people who work on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.notice import NoticeState
from outreach.domain.promise import PromiseToPay
from outreach.flow.service import ServiceMessage
from outreach.store import journal, notices
from outreach.store import service as kept
from outreach.store.journal import Entry, NewTask
from outreach.store.notice_rows import Move

#: The steps of service messages about a promise that stands.
OF_PROMISE = ("promise_confirmed", "promise_reminder")
#: How much of what a debtor said a timeline repeats.
LONGEST_NOTE = 1_000


def tell(
    connection: Connection,
    kind: str,
    promises: Sequence[PromiseToPay],
    now: datetime,
    by: str = "",
    more: Mapping[str, Any] | None = None,
) -> None:
    """Tell the accounts' timelines what happened to promises: one entry a part."""
    journal.tell(connection, [Entry(one.account_id, now, kind, _data(one) | dict(more or {}), by) for one in promises])


def _data(promise: PromiseToPay) -> dict[str, Any]:
    return {
        "promise": promise.id,
        "amount_minor": promise.amount_minor,
        "currency": promise.currency,
        "due_on": promise.due_on.isoformat(),
        "paid_minor": promise.paid_minor,
    }


def message(step: str, promise: PromiseToPay, until: datetime | None = None, **way: Any) -> ServiceMessage:
    """A service message about a promise: what of it is still to be paid, and by when."""
    values = {
        "amount_minor": promise.amount_minor - min(promise.paid_minor, promise.amount_minor - 1),
        "due_on": promise.due_on.isoformat(),
    }
    return ServiceMessage(promise.account_id, promise.debtor_id, step, promise.id, values, not_after=until, **way)


def unsay(connection: Connection, promises: Sequence[PromiseToPay], why: str, now: datetime) -> None:
    """Cancel what is planned about promises of one account, which are over, and has not left."""
    if promises:
        planned = kept.planned(connection, promises[0].account_id, OF_PROMISE, [one.id for one in promises])
        moves = [Move(id_, NoticeState.PLANNED, NoticeState.CANCELLED, why, ended_at=now) for id_ in planned]
        notices.move(connection, moves, now)


def broken_task(promise: PromiseToPay, now: datetime) -> NewTask:
    """The work that a promise makes which was not kept: one task for all of its parts."""
    what = "was kept only in part" if promise.paid_minor else "was broken"
    title = f"A promise for {promise.due_on.isoformat()} {what}: call about the payment"
    return NewTask("promise_broken", title, of_broken(promise), now, promise.account_id, promise.debtor_id)


def of_broken(promise: PromiseToPay) -> str:
    """What makes the task about a broken promise one task."""
    return f"promise_broken:{promise.whole_id}"
