"""May a debtor be called? The gate's answer for tasks of people, before they dial."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection

from outreach.domain.account import Facts
from outreach.domain.gate import Decision, Question, Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.verdicts import gate
from outreach.flow.isolating import by_halves, each
from outreach.store.facts import Subject, load_facts
from outreach.store.tasks import TaskRow


def call_answers(connection: Connection, law: Law, tasks: Sequence[TaskRow], now: datetime) -> dict[int, Decision]:
    """The gate's answer at `now` (aware UTC) for each call among `tasks`, by the task's id: hours, caps on calls, the
    days after a conversation, holds, wishes. It warns; people may know more, and log what they did either way.

    An account beyond reading has no answer, and does not hide those of the others.
    """
    calls = [(task.id, task.account_id) for task in tasks if task.kind == "call" and task.account_id is not None]
    return _answers(connection, law, calls, now)


def call_answer(connection: Connection, law: Law, account_id: int, now: datetime) -> Decision | None:
    """The same for one account, whatever the task is."""
    return _answers(connection, law, [(0, account_id)], now).get(0)


def may_call_at(
    connection: Connection, law: Law, account_id: int, wished_for: datetime, now: datetime
) -> datetime | None:
    """When (aware UTC) the debtor may be called, not before `wished_for`, by the facts of `now`; None for never.

    What the gate leaves to a person may be tried when it is wished for.
    """
    answer = _ask(_facts(connection, {0: account_id}, now)[0], law, max(wished_for, now))
    if answer.verdict is Verdict.DEFER:
        return answer.until
    return None if answer.verdict in (Verdict.SUPPRESS, Verdict.CANCEL) else wished_for


def _answers(connection: Connection, law: Law, calls: Sequence[tuple[int, int]], now: datetime) -> dict[int, Decision]:
    parts, _ = by_halves(lambda some: _facts(connection, dict(some), now), calls)
    answers, _ = each(lambda one: (one[0], _ask(one[1], law, now)), chain.from_iterable(part.items() for part in parts))
    return dict(answers)


def _facts(connection: Connection, accounts: Mapping[int, int], now: datetime) -> dict[int, Facts]:
    subjects = [Subject(key, account_id, 0, 0) for key, account_id in accounts.items()]
    return load_facts(connection, subjects, now, history=False) if subjects else {}


def _ask(facts: Facts, law: Law, at: datetime) -> Decision:
    points = facts.debtor.points(Channel.CALL)
    point = next((one for one in points if one.usable), points[0] if points else None)
    return gate(Question(facts, Channel.CALL, point, None, at), law)
