"""Who works on which task: the next of a queue or a given one is claimed, given back, put off, or given to somebody.

Two people never hold one task. Each function is one transaction that leaves its trace in the account's timeline; how
work on a task ends is in `dispositions.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat

from sqlalchemy import Connection, Engine

from outreach.domain.gate import Decision, Verdict
from outreach.domain.law import Law
from outreach.domain.task import ASSIGNED, LEASE, MOOT_WHEN_PAID, OPERATORS_ONLY, Queue, may_work, rule_of
from outreach.flow.actions import Unknown
from outreach.flow.calls import call_answer, call_answers
from outreach.flow.cases import NotAllowed
from outreach.flow.clock import Clock
from outreach.flow.consent_actions import Unfit
from outreach.store import claims, journal, tasks, users
from outreach.store.journal import Entry
from outreach.store.tasks import TaskRow, Wanted
from outreach.store.users import Role

#: How many tasks are looked at for the next one: most are free, but at night every call of a queue may have to wait.
_LOOKS = (5, *repeat(50, 20))
#: A task cannot be put off further: what is not to be done in a quarter of a year is to be closed.
FURTHEST = timedelta(days=90)
#: Tasks that one transaction withdraws.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Worker:
    """Who works: an e-mail address, or user@host on the command line, whose word is an operator's."""

    name: str
    role: Role = Role.OPERATOR

    @property
    def is_operator(self) -> bool:
        """Whether they may work what only operators may."""
        return self.role.may(Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Moment:
    """The same moment by both clocks (flow/clock.py), aware UTC."""

    now: datetime
    machine: datetime


@dataclass(frozen=True, slots=True)
class Claimed:
    """A task that somebody has now. `answer`: what the gate says of a call about its account, None without account."""

    task: TaskRow
    answer: Decision | None


def claim_next(engine: Engine, law: Law, wanted: Wanted, worker: Worker, at: Moment) -> Claimed | None:
    """Give the worker the first task of what is wanted that nobody has; None when there is none.

    A call that may not be made now is put off until it may; one whose reason is gone is closed. Raises NotAllowed for
    a queue that is not theirs.
    """
    mine = replace(wanted, queues=_queues(wanted.queues, worker))
    for most in _LOOKS:
        with engine.begin() as connection:
            free = tasks.find_free(connection, mine, at.now, at.machine, most)
            answers = call_answers(connection, law, free, at.now)
            taken = _take_first(connection, free, answers, worker, at)
            if taken is not None:
                return _claimed(connection, law, taken, worker, at)
        if len(free) < most:
            return None
    return None


def claim(engine: Engine, law: Law, task_id: int, worker: Worker, at: Moment) -> Claimed:
    """Give the worker this task, or let them keep it for another lease. Raises Unknown when it is closed or somebody
    else has it, NotAllowed when it is not for them. A call that may not be made now is given: the answer says so."""
    with engine.begin() as connection:
        task = open_task(connection, task_id, worker, at)
        if not claims.claim(connection, task_id, worker.name, at.machine + LEASE, at.machine):
            raise Unknown("Somebody else took this task just now.")
        return _claimed(connection, law, task, worker, at)


def release(engine: Engine, task_id: int, worker: Worker, at: Moment) -> None:
    """Put a task back into its queue. Operators may do it for others. Raises Unknown when nobody has it."""
    with engine.begin() as connection:
        task = _known(connection, task_id, at)
        holder = task.claimed_by if worker.is_operator else worker.name
        if not holder or not claims.release(connection, task_id, holder):
            raise Unknown("You do not have this task.")
        _tell(connection, task, "task_released", at, worker)


def assign(engine: Engine, task_id: int, to: str, worker: Worker, at: Moment) -> None:
    """Give a task to a user, whoever has it. Raises Unknown for a task that is closed or a user who is not there, Unfit
    for a user who may not work it."""
    with engine.begin() as connection:
        task = _known(connection, task_id, at)
        user = users.by_email(connection, to.strip())
        if user is None or user.disabled:
            raise Unknown(f"No user has the address {to.strip()}: see outreach user list.")
        if not user.role.may(Role.AGENT) or not may_work(task.queue, operator=user.role.may(Role.OPERATOR)):
            raise Unfit(f"{user.email} is {user.role.value} and may not work the queue {task.queue}.")
        if not claims.assign(connection, task_id, user.email, at.machine + ASSIGNED):
            raise Unknown("This task is closed already.")
        _tell(connection, task, "task_assigned", at, worker, to=user.email)


def put_off(engine: Engine, task_id: int, until: datetime, note: str, worker: Worker, at: Moment) -> None:
    """Let a task rest until a time (aware UTC). Raises Unknown, NotAllowed, and Unfit for a time past or too far."""
    if not at.now < until <= at.now + FURTHEST:
        raise Unfit(f"Write a time in the coming {FURTHEST.days} days; what needs nobody until then can be closed.")
    with engine.begin() as connection:
        task = open_task(connection, task_id, worker, at)
        due_at = until + rule_of(task.kind).within
        if not claims.put_off(connection, task_id, worker.name, until, due_at, at.machine, note=note):
            raise Unknown("Somebody else took this task just now.")
        _tell(connection, task, "task_put_off", at, worker, until=until.isoformat(), note=note)


def withdraw_moot(engine: Engine, clock: Clock) -> int:
    """Close tasks that have no sense any more, because nothing is owed; returns how many. Whoever works on one keeps
    it, and is told by the gate's answer."""
    closed = 0
    while True:
        at = Moment(clock.now(), clock.machine())
        with engine.begin() as connection:
            ids = claims.moot(connection, sorted(MOOT_WHEN_PAID), at.machine, BATCH)
            closed += _withdraw(connection, dict.fromkeys(ids, "Nothing is owed any more"), at)
        if len(ids) < BATCH:
            return closed


def open_task(connection: Connection, task_id: int, worker: Worker, at: Moment) -> TaskRow:
    """An open task that the worker may work and nobody else has. Raises Unknown, NotAllowed."""
    task = _known(connection, task_id, at)
    if task.state != "open":
        raise Unknown("This task is closed already.")
    if not may_work(task.queue, operator=worker.is_operator):
        raise NotAllowed(f"The queue {task.queue} is for operators.")
    if task.claimed_by not in ("", worker.name) and task.claimed_until is not None:
        raise Unknown(f"{task.claimed_by} has this task until {task.claimed_until:%H:%M} UTC.")
    return task


def _known(connection: Connection, task_id: int, at: Moment) -> TaskRow:
    task = tasks.get(connection, task_id, at.machine)
    if task is None:
        raise Unknown(f"There is no task {task_id}.")
    return task


def _queues(wanted: Sequence[str], worker: Worker) -> tuple[str, ...]:
    if worker.is_operator:
        return tuple(wanted)
    closed = sorted(OPERATORS_ONLY & set(wanted))
    if closed:
        raise NotAllowed(f"The queue {closed[0]} is for operators.")
    return tuple(wanted) or tuple(queue.value for queue in Queue if queue not in OPERATORS_ONLY)


def _take_first(
    connection: Connection, free: Sequence[TaskRow], answers: Mapping[int, Decision], worker: Worker, at: Moment
) -> TaskRow | None:
    later: dict[int, tuple[datetime, datetime]] = {}
    gone: dict[int, str] = {}
    taken = None
    for task in free:
        answer = answers.get(task.id)
        if answer is not None and answer.verdict is Verdict.DEFER and answer.until is not None:
            later[task.id] = (answer.until, max(task.due_at, answer.until + rule_of(task.kind).within))
        elif answer is not None and answer.verdict in (Verdict.SUPPRESS, Verdict.CANCEL):
            gone[task.id] = answer.reason
        elif claims.claim(connection, task.id, worker.name, at.machine + LEASE, at.machine):
            taken = task
            break
    claims.put_off_unclaimed(connection, later, at.machine)
    _withdraw(connection, gone, at)
    return taken


def _withdraw(connection: Connection, reasons: Mapping[int, str], at: Moment) -> int:
    closed = claims.withdraw(connection, reasons, at.now, at.machine)
    told = [
        Entry(account_id, at.now, "task_withdrawn", {"title": title, "note": reasons[id_]})
        for id_, account_id, title in closed
        if account_id is not None
    ]
    journal.tell(connection, told)
    return len(closed)


def _claimed(connection: Connection, law: Law, task: TaskRow, worker: Worker, at: Moment) -> Claimed:
    if task.claimed_by != worker.name:
        _tell(connection, task, "task_claimed", at, worker)
    answer = None if task.account_id is None else call_answer(connection, law, task.account_id, at.now)
    return Claimed(replace(task, claimed_by=worker.name, claimed_until=at.machine + LEASE), answer)


def _tell(connection: Connection, task: TaskRow, kind: str, at: Moment, worker: Worker, **more: str) -> None:
    if task.account_id is not None:
        data = {"title": task.title, **more}
        journal.tell(connection, [Entry(task.account_id, at.now, kind, data, worker.name)])
