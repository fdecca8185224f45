"""Work for people: in which queue a task waits, how urgent it is, until when it is due, and who may take it.

One table by kind; whoever makes a task only names its kind. A kind that is not in the table waits in the queue `other`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum, StrEnum

#: A task that somebody claimed is theirs for so long (machine time); claiming it again begins anew.
LEASE = timedelta(minutes=30)
#: A task that operations gave to somebody is theirs for a working day.
ASSIGNED = timedelta(hours=12)


class Queue(StrEnum):
    """What work is about, and so who is good at it."""

    CALLS = "calls"
    REPLIES = "replies"
    PROMISES = "promises"
    PLANS = "plans"
    DISPUTES = "disputes"
    HARDSHIP = "hardship"
    LEGAL = "legal"
    COMPLIANCE = "compliance"
    DELIVERY = "delivery"
    HANDOFFS = "handoffs"
    OTHER = "other"


class Priority(IntEnum):
    """The lower comes first; of two alike, what is due first."""

    URGENT = 1
    HIGH = 2
    NORMAL = 3
    LOW = 4

    @property
    def word(self) -> str:
        """As people write it."""
        return self.name.lower()


#: Only operators clear what stops a debtor for good (compliance.md, section 13: legal, compliance), and only they place
#: accounts elsewhere.
OPERATORS_ONLY = frozenset({Queue.LEGAL, Queue.COMPLIANCE, Queue.HANDOFFS})


@dataclass(frozen=True, slots=True)
class TaskRule:
    """Where a kind of task waits, and for how long it may, from its making."""

    queue: Queue
    priority: Priority
    within: timedelta


def _hours(queue: Queue, priority: Priority, hours: float) -> TaskRule:
    return TaskRule(queue, priority, timedelta(hours=hours))


def _days(queue: Queue, priority: Priority, days: int) -> TaskRule:
    return TaskRule(queue, priority, timedelta(days=days))


_OTHER = _days(Queue.OTHER, Priority.NORMAL, 1)

RULES: Mapping[str, TaskRule] = {
    # Somebody may be in danger: minutes count.
    "vulnerable": _hours(Queue.HARDSHIP, Priority.URGENT, 0.25),
    "hardship": _days(Queue.HARDSHIP, Priority.HIGH, 1),
    "human": _hours(Queue.REPLIES, Priority.HIGH, 4),
    "reply": _days(Queue.REPLIES, Priority.NORMAL, 1),
    "unknown_sender": _days(Queue.REPLIES, Priority.NORMAL, 1),
    "call": _days(Queue.CALLS, Priority.NORMAL, 2),
    "promise_broken": _days(Queue.PROMISES, Priority.HIGH, 1),
    "plan_review": _days(Queue.PLANS, Priority.HIGH, 1),
    "plan_missed": _days(Queue.PLANS, Priority.HIGH, 1),
    "identity_theft": _days(Queue.DISPUTES, Priority.HIGH, 1),
    "dispute": _days(Queue.DISPUTES, Priority.HIGH, 3),
    "documents": _days(Queue.DISPUTES, Priority.NORMAL, 3),
    "bankruptcy": _days(Queue.LEGAL, Priority.HIGH, 1),
    "deceased": _days(Queue.LEGAL, Priority.HIGH, 1),
    "attorney": _days(Queue.LEGAL, Priority.HIGH, 1),
    "breathing_space": _days(Queue.LEGAL, Priority.HIGH, 1),
    "military": _days(Queue.LEGAL, Priority.HIGH, 1),
    "cease": _days(Queue.LEGAL, Priority.HIGH, 1),
    "complaint": _days(Queue.COMPLIANCE, Priority.HIGH, 1),
    "review": _days(Queue.DELIVERY, Priority.NORMAL, 1),
    "uncertain": _days(Queue.DELIVERY, Priority.NORMAL, 1),
    "set_aside": _days(Queue.DELIVERY, Priority.NORMAL, 1),
    "undeliverable": _days(Queue.DELIVERY, Priority.LOW, 3),
    "wrong_number": _days(Queue.DELIVERY, Priority.LOW, 3),
    "handoff": _days(Queue.HANDOFFS, Priority.NORMAL, 3),
}

#: Kinds that have no sense once nothing is owed any more.
MOOT_WHEN_PAID = frozenset(
    {"call", "promise_broken", "plan_missed", "plan_review", "review", "undeliverable", "wrong_number", "handoff"}
)


def rule_of(kind: str) -> TaskRule:
    """The rule of a kind of task."""
    return RULES.get(kind, _OTHER)


def may_work(queue: str, *, operator: bool) -> bool:
    """Whether somebody may take a queue's tasks; `operator`: they have the role operator or one above it."""
    return operator or queue not in OPERATORS_ONLY
