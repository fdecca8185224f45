"""How work on a task ends: the contact is logged, what the debtor said takes effect, and the task closes or comes back.

All of it is one transaction: a promise that cannot be taken leaves the task as it was. What was done can always be
recorded; the gate only decides when a call may be tried again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Connection, Engine

from outreach.domain.case import CaseKind
from outreach.domain.disposition import RULES, Disposition, Effect, comes_back, valid_for
from outreach.domain.dispute import DisputeReason
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.promise import PromisePart, PromiseSource
from outreach.domain.standing import Medium
from outreach.domain.task import rule_of
from outreach.flow import cases, consent, disputes, promises
from outreach.flow.actions import Unknown
from outreach.flow.calls import may_call_at
from outreach.flow.cases import NewCase
from outreach.flow.consent_actions import Unfit, address_of
from outreach.flow.contacts import Told, log
from outreach.flow.disputes import NewDispute
from outreach.flow.promises import NewPromise
from outreach.flow.tasks import FURTHEST, Moment, Worker, open_task
from outreach.store import claims, debtors, journal
from outreach.store.journal import Entry, NewTask
from outreach.store.promises import owed
from outreach.store.tasks import TaskRow

LONGEST_NOTE = 1_000


@dataclass(frozen=True, slots=True)
class Ending:
    """How it ended, as a person records it.

    `number` is the one that was dialled; it may be '' when the debtor has only one. `call_at` (aware UTC) goes with
    CALLBACK; `pay_on` (a day where the debtor is) and `pay` (major units of the account's currency, None: all that is
    open) with PTP; `reason` with DISPUTE.
    """

    disposition: Disposition
    note: str = ""
    number: str = ""
    call_at: datetime | None = None
    pay_on: date | None = None
    pay: Decimal | None = None
    reason: DisputeReason = DisputeReason.OTHER


@dataclass(frozen=True, slots=True)
class _Call:
    """A call that was made: about which account, to which number."""

    account_id: int
    debtor_id: int
    number: str


def end(engine: Engine, law: Law, task_id: int, ending: Ending, worker: Worker, at: Moment) -> datetime | None:
    """Record how work on a task ended; returns when it comes back (aware UTC), None when it is closed.

    Raises Unknown for a task that is closed or in somebody else's hands, NotAllowed for one of another role, Unfit for
    what cannot be recorded so.
    """
    with engine.begin() as connection:
        task = open_task(connection, task_id, worker, at)
        _check(task, ending, at.now)
        call = _called(connection, task, ending)
        if call is not None:
            _record(connection, task, call, ending, worker.name, at.now)
        attempts = task.attempts + (call is not None)
        again_at = _again(connection, law, task, ending, attempts, at.now)
        note = ending.note.strip()[:LONGEST_NOTE]
        if again_at is None:
            done = claims.close(
                connection, task_id, ending.disposition, note, worker.name, at.now, at.machine, attempts
            )
        else:
            row = {"disposition": ending.disposition.value, "note": note, "attempts": attempts}
            due_at = again_at + rule_of(task.kind).within
            done = claims.put_off(connection, task_id, worker.name, again_at, due_at, at.machine, **row)
        if not done:
            raise Unknown("Somebody else took this task just now.")
        _tell(connection, task, ending, note, again_at, worker.name, at.now)
        return again_at


def _check(task: TaskRow, ending: Ending, now: datetime) -> None:
    word = ending.disposition.value
    valid = valid_for(task.kind, with_number=task.account_id is not None)
    if ending.disposition not in valid:
        raise Unfit(f"A task of the kind {task.kind} does not end with {word}: {', '.join(valid)}.")
    if ending.disposition is Disposition.CALLBACK and not (ending.call_at and now < ending.call_at <= now + FURTHEST):
        raise Unfit(f"Write when the debtor asked to be called: a time in the coming {FURTHEST.days} days.")
    if ending.disposition is Disposition.PTP and ending.pay_on is None:
        raise Unfit("Write the day on which the debtor promised to pay.")


def _called(connection: Connection, task: TaskRow, ending: Ending) -> _Call | None:
    """The call that the disposition tells of. An address is locked before its debtor, by whoever shuts it."""
    if RULES[ending.disposition].reach is None or task.account_id is None or task.debtor_id is None:
        return None
    number = address_of(connection, task.debtor_id, Channel.SMS, ending.number)
    if RULES[ending.disposition].effect is Effect.WRONG_PARTY:
        debtors.lock_address(connection, Channel.SMS, number)
    return _Call(task.account_id, task.debtor_id, number)


def _record(connection: Connection, task: TaskRow, call: _Call, ending: Ending, by: str, now: datetime) -> None:
    rule = RULES[ending.disposition]
    if rule.effect is Effect.WRONG_PARTY:
        consent.wrong_party(connection, Channel.SMS, call.number, now, "call", by)
    if rule.reach is not None:
        told = Told(now, Medium.CALL, rule.reach)
        log(connection, call.account_id, call.debtor_id, told, call.number, by, now)
    if rule.effect is Effect.PROMISE:
        _promise(connection, call, ending, by, now)
    elif rule.effect is Effect.DISPUTE:
        contested = NewDispute(call.account_id, call.debtor_id, ending.reason, by, ending.note, now)
        disputes.raise_dispute(connection, contested, now, by)
    elif rule.effect is Effect.CASE:
        kind = CaseKind(rule.case or ending.disposition.value)
        cases.open_case(connection, NewCase(kind, call.debtor_id, call.account_id, by, ending.note, now), now, by)
    elif rule.effect is Effect.DOCUMENTS:
        journal.add_tasks(connection, [_documents(task, call, now)])


def _promise(connection: Connection, call: _Call, ending: Ending, by: str, now: datetime) -> None:
    """Raises promises.NotTaken, which is Unfit, and Unfit for an amount that is none of the account's currency."""
    assert ending.pay_on is not None, "checked before"
    minor: int | None = None
    if ending.pay is not None:
        balance = owed(connection, [call.account_id])[call.account_id].balance
        try:
            minor = Money.of(ending.pay, balance.currency).minor
        except ValueError as error:
            raise Unfit(f"{str(error).capitalize()}: write an amount in {balance.currency}.") from error
    part = PromisePart(minor, ending.pay_on)
    promised = NewPromise(call.account_id, call.debtor_id, [part], PromiseSource.AGENT, ending.note)
    promises.make(connection, promised, now, by)


def _documents(task: TaskRow, call: _Call, now: datetime) -> NewTask:
    return NewTask(
        kind="documents",
        title="Send the invoice again: the debtor says that it did not arrive",
        dedupe=f"documents:task:{task.id}:{task.attempts}",
        created_at=now,
        account_id=call.account_id,
        debtor_id=call.debtor_id,
    )


def _again(
    connection: Connection, law: Law, task: TaskRow, ending: Ending, attempts: int, now: datetime
) -> datetime | None:
    """When the task comes back: no call is tried again before the gate allows one, by what was logged just now."""
    wished_for = comes_back(ending.disposition, attempts, now, ending.call_at)
    if wished_for is None or task.account_id is None:
        return wished_for
    return may_call_at(connection, law, task.account_id, wished_for, now)


def _tell(
    connection: Connection,
    task: TaskRow,
    ending: Ending,
    note: str,
    again_at: datetime | None,
    by: str,
    now: datetime,
) -> None:
    if task.account_id is None:
        return
    data = {"title": task.title, "disposition": ending.disposition.value, "note": note}
    if again_at is None:
        journal.tell(connection, [Entry(task.account_id, now, "task_closed", data, by)])
    else:
        later = data | {"until": again_at.isoformat()}
        journal.tell(connection, [Entry(task.account_id, now, "task_put_off", later, by)])
