"""From words to a promise: what a debtor's answer promises, taken or asked back, over several turns if need be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from outreach.domain.message import Channel
from outreach.domain.promise import PromiseSource
from outreach.domain.said import Said, day_first_in, said_promise
from outreach.flow import promises
from outreach.flow.promises import NewPromise, NotTaken
from outreach.store import cases
from outreach.store import promises as kept_promises
from outreach.store.promises import Owed
from outreach.store.settling import Reply

#: How long our question waits for its answer: "Friday" a week later is a new word.
ANSWERED_WITHIN = timedelta(days=3)
QUESTION = "promise_question"
#: Characters of a debtor's words that go with our question, to be read together with the answer.
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an answer that promises: a service message to send with its values, or why a person must look."""

    step: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    for_a_person: str = ""


def take(
    connection: Connection, reply: Reply, reply_id: int, language: str, before: str | None, now: datetime
) -> Taken:
    """Make the promise that an answer names, ask back once where it is not clear, and then leave it to a person.

    `before`: the words about which we asked back a short time ago, None when we did not.
    """
    if reply.account_id is None or reply.debtor_id is None:
        return Taken(for_a_person="The debtor promises to pay: find out on which account")
    owed = kept_promises.owed(connection, [reply.account_id]).get(reply.account_id)
    if owed is None:
        return Taken(for_a_person="The debtor promises to pay an account that is gone")
    said = _read(connection, reply.text, before, owed, language, now)
    if said.plan_like:
        return Taken("page_link", for_a_person="The debtor asks for a payment plan")
    if said.clear:
        return _make(connection, reply, reply_id, said, now)
    if before is None:
        return Taken(QUESTION, {"words": reply.text[:_LONGEST]})
    return Taken(for_a_person="The debtor promises to pay: it is still not clear how much by which day")


def _make(connection: Connection, reply: Reply, reply_id: int, said: Said, now: datetime) -> Taken:
    assert reply.account_id is not None
    assert reply.debtor_id is not None
    who, channel = (reply.account_id, reply.debtor_id), Channel(reply.channel)
    new = NewPromise(*who, said.promise_parts(), PromiseSource.REPLY, reply.text, channel, reply.sender, reply_id)
    try:
        promises.make(connection, new, now)
    except NotTaken as refused:
        return Taken(for_a_person=str(refused))
    return Taken()


def _read(connection: Connection, text: str, before: str | None, owed: Owed, language: str, now: datetime) -> Said:
    """What is said, together with what was said before our question where that completes it."""
    country = cases.whereabouts(connection, owed.debtor_id).country
    day_first = day_first_in(country) if country else None
    today = promises.today(owed.zones, now)

    def said(words: str) -> Said:
        return said_promise(words, today, owed.balance, language, day_first=day_first)

    if before is None:
        return said(text)
    return _together(said(before), said(text), said(f"{before}. {text}"))


def _together(before: Said, after: Said, both: Said) -> Said:
    """The answer by itself only where nothing was said before that it leaves out: "Friday" after "I can pay 50" is not
    a promise of all."""
    if both.clear or (_names_amount(before) and not _names_amount(after)):
        return both
    return after


def _names_amount(said: Said) -> bool:
    return any(part.amount for part in said.parts) or any(doubt.amounts for doubt in said.ambiguous)
