"""May a debtor be called now? The gate's answer for tasks of people, before they dial."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.gate import Decision, Question
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.verdicts import gate
from outreach.store.facts import Subject, load_facts
from outreach.store.worklist import TaskRow


def call_answers(connection: Connection, law: Law, tasks: Sequence[TaskRow], now: datetime) -> dict[int, Decision]:
    """The gate's answer at `now` (aware UTC) for each call among `tasks`, by the task's id: hours, caps on calls, the
    days after a conversation, holds, wishes. It warns; people may know more, and log what they did either way."""
    calls = [task for task in tasks if task.kind == "call" and task.account_id is not None]
    subjects = [Subject(task.id, task.account_id or 0, 0, 0) for task in calls]
    known = load_facts(connection, subjects, now, history=False)
    answers: dict[int, Decision] = {}
    for task_id, facts in known.items():
        points = facts.debtor.points(Channel.CALL)
        point = next((one for one in points if one.usable), points[0] if points else None)
        answers[task_id] = gate(Question(facts, Channel.CALL, point, None, now), law)
    return answers
