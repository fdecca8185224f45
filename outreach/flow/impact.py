"""Impact: for how many accounts a change of the law changes what may be sent. Nothing is stored.

The gate is asked about a reminder at one instant, on every channel that reaches the debtor, once under each law. What
rules find in a written message is not asked: no message is written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from outreach.domain.account import Facts
from outreach.domain.gate import Decision, Question, Verdict
from outreach.domain.law import Law
from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.domain.policy import Pack, Status
from outreach.domain.verdicts import gate
from outreach.store.engine import reading
from outreach.store.facts import Subject, load_facts
from outreach.store.portfolio import ids_after

#: Accounts that are read at once.
BATCH = 1_000


class Change(NamedTuple):
    """The gate's verdict on a channel before and after. Two deferrals differ when their ends do."""

    channel: Channel
    before: Verdict
    after: Verdict


@dataclass
class Impact:
    """How many accounts there are, how many one of the two versions concerns, for how many a verdict changes on any
    channel, and which verdicts change how often."""

    accounts: int = 0
    concerned: int = 0
    affected: int = 0
    changes: Counter[Change] = field(default_factory=Counter)


def with_pack(packs: Sequence[Pack], chosen: Pack, instead_of: Pack) -> Law:
    """The law with one version of a pack as if it were in force, and without any other of it or of `instead_of`."""
    others = [pack for pack in packs if pack.id not in {chosen.id, instead_of.id}]
    status = Status.SECONDARY if chosen.status is Status.PROPOSED else chosen.status
    return Law((*others, replace(chosen, status=status, effective_from=None, effective_to=None)))


def impact(engine: Engine, before: Law, after: Law, names: frozenset[str], now: datetime) -> Impact:
    """Go through all accounts. `names` are the packs with their versions by which an account is concerned."""
    found, last = Impact(), 0
    while True:
        with reading(engine) as connection:
            ids = ids_after(connection, last, BATCH)
            known = _facts(connection, ids, now)
        if not ids:
            return found
        for facts in known:
            _add(found, facts, before, after, names, now)
        last = ids[-1]


def _facts(connection: Connection, ids: Sequence[int], now: datetime) -> list[Facts]:
    subjects = [Subject(id_, id_, 0, 0) for id_ in ids]
    return list(load_facts(connection, subjects, now, history=False).values())


def _add(found: Impact, facts: Facts, before: Law, after: Law, names: frozenset[str], now: datetime) -> None:
    asked = list(_questions(facts, now))
    answers = [(one.channel, gate(one, before), gate(one, after)) for one in asked]
    changes = [Change(channel, old.verdict, new.verdict) for channel, old, new in answers if _differ(old, new)]
    found.accounts += 1
    found.concerned += any(names.intersection((*old.packs, *new.packs)) for _, old, new in answers)
    found.affected += bool(changes)
    found.changes.update(changes)


def _differ(old: Decision, new: Decision) -> bool:
    return (old.verdict, old.until) != (new.verdict, new.until)


def _questions(facts: Facts, now: datetime) -> Iterator[Question]:
    for channel in (*SENT_CHANNELS, Channel.CALL):
        points = facts.debtor.points(channel)
        if points:
            point = next((one for one in points if one.usable), points[0])
            yield Question(facts, channel, point, None, now)
