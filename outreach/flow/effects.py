"""What an answer does to the account, intent by intent: in the transaction that keeps the answer, or not at all.

Every intent that was found has its effect, not only the first by precedence (compliance catalogue, section 13); what a
machine should not decide becomes a task. At most one acknowledgement goes back, and none after what allows none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection

from outreach.domain.case import CaseKind
from outreach.domain.case_rules import RULES
from outreach.domain.dispute import reason_of
from outreach.domain.message import Channel
from outreach.domain.reply import Intent, Opt, Reading
from outreach.domain.wishes import wished
from outreach.flow import cases, consent, preferences, promising, service
from outreach.flow.cases import NewCase
from outreach.flow.disputes import NewDispute, raise_dispute
from outreach.flow.service import ServiceMessage
from outreach.store import debtors, journal
from outreach.store import service as kept
from outreach.store.journal import NewTask
from outreach.store.settling import Reply

CASES: Mapping[Intent, CaseKind] = {
    Intent.VULNERABLE_CRISIS: CaseKind.VULNERABLE,
    Intent.BANKRUPTCY: CaseKind.BANKRUPTCY,
    Intent.DECEASED: CaseKind.DECEASED,
    Intent.ATTORNEY: CaseKind.ATTORNEY,
    Intent.CEASE_ALL: CaseKind.CEASE,
    Intent.IDENTITY_THEFT: CaseKind.IDENTITY_THEFT,
    Intent.DISPUTE: CaseKind.DISPUTE,
    Intent.COMPLAINT_LEGAL_THREAT: CaseKind.COMPLAINT,
    Intent.BREATHING_SPACE_DEBT_ADVICE: CaseKind.DEBT_ADVICE,
    Intent.MILITARY_SCRA: CaseKind.MILITARY,
    Intent.HARDSHIP: CaseKind.HARDSHIP,
    Intent.REQUEST_ORIGINAL_CREDITOR: CaseKind.ORIGINAL_CREDITOR,
    Intent.PAID_ALREADY: CaseKind.PAID_CLAIMED,
}
_WISHES = frozenset(
    {Intent.NO_WORK_CONTACT, Intent.CHANNEL_PREFERENCE, Intent.INCONVENIENT_TIME, Intent.LANGUAGE_REQUEST}
)
#: After these nothing goes back by machine, whatever else the answer says.
_SILENT = frozenset({Intent.WRONG_NUMBER}) | {intent for intent, kind in CASES.items() if not RULES[kind].reply_step}
#: What is done to the address, whoever has it, and needs nobody to find out who.
_BY_ADDRESS = frozenset({Intent.OPT_OUT_CHANNEL, Intent.OPT_IN, Intent.WRONG_NUMBER})
#: Below this confidence a person reads the answer, whatever it was taken for.
SURE = 0.6
#: The same acknowledgement goes to an account once in so long: two machines must not talk to each other.
ONCE_IN = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it is worked on: kept under `id`, from an `address` that `debtor_ids` have.

    `by_provider`: the provider read the keyword itself, and confirms it itself.
    """

    id: int
    reply: Reply
    reading: Reading
    address: str
    debtor_ids: tuple[int, ...]
    by_provider: bool

    @property
    def channel(self) -> Channel:
        """By which it came."""
        return Channel(self.reply.channel)


@dataclass
class Batch:
    """What the answers of one transaction share: looked up once, and written once at the end.

    `asked`: by account the words about which we asked back a short time ago. `recent`: (account, step) of service
    messages of the last ONCE_IN.
    """

    asked: dict[int, str]
    recent: set[tuple[int, str]]
    work: list[NewTask] = field(default_factory=list)
    messages: list[ServiceMessage] = field(default_factory=list)

    @classmethod
    def about(cls, connection: Connection, account_ids: Sequence[int], now: datetime) -> Batch:
        """The batch of answers about some accounts."""
        asked = kept.last_said(connection, account_ids, promising.QUESTION, now - promising.ANSWERED_WITHIN)
        return cls(asked, kept.planned_since(connection, account_ids, now - ONCE_IN))

    def write(self, connection: Connection, now: datetime) -> None:
        """Store the work and plan the messages that the answers made."""
        journal.add_tasks(connection, self.work)
        service.plan(connection, self.messages, now)


@dataclass
class Turn:
    """An answer's turn: acknowledgements that may go back, by precedence, what they may say, and why a person must
    read it ("" when none needs to)."""

    connection: Connection
    answer: Answer
    batch: Batch
    now: datetime
    steps: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    for_a_person: str = ""

    def needs_a_person(self, why: str) -> None:
        """The first reason stays."""
        self.for_a_person = self.for_a_person or why

    def add_task(self, kind: str, title: str) -> None:
        """Make work of the answer."""
        self.batch.work.append(_work(self.answer, kind, title, self.now))


def take(connection: Connection, answer: Answer, batch: Batch, now: datetime) -> None:
    """Do what an answer asks for. The caller holds the locks of its addresses and debtors, and writes the batch."""
    turn, reading = Turn(connection, answer, batch, now), answer.reading
    if reading.opt is not None:
        _stop_or_start(turn)
    if reading.intent is Intent.AUTO_REPLY:
        return
    for intent in reading.intents:
        if intent in _EFFECTS:
            _EFFECTS[intent](turn)
    if reading.confidence < SURE:
        turn.needs_a_person("Read the debtor's reply: it is not clear what it asks for")
    if not _is_known(answer) and not _BY_ADDRESS.issuperset(reading.intents):
        turn.add_task("unknown_sender", "Find out whose reply this is")
    elif turn.for_a_person:
        turn.add_task("reply", turn.for_a_person)
    _acknowledge(turn)


def _stop_or_start(turn: Turn) -> None:
    connection, answer, now = turn.connection, turn.answer, turn.now
    if answer.reading.opt is Opt.STOP:
        if consent.stop(connection, answer.channel, answer.address, now, "reply") and not answer.by_provider:
            turn.steps.append("opt_out_confirmed")
    elif debtors.last_word(connection, answer.channel, answer.address) is Opt.START:
        reply = answer.reply
        lifted = consent.start_again(connection, answer.channel, answer.address, now, reply.at, reply.text)
        if lifted and not answer.by_provider:
            turn.steps.append("opt_in_confirmed")


def _case(turn: Turn, kind: CaseKind) -> None:
    """Open the case. An answer from an address that several debtors share stops outreach to each of them until a person
    knows whose it is; what was said is told of none."""
    answer, reply = turn.answer, turn.answer.reply
    if reply.debtor_id is not None:
        _open(turn, kind, reply.debtor_id)
        turn.steps += [step] if (step := RULES[kind].reply_step) else []
        return
    hidden = "An answer from an address that several debtors share: see the task about its sender."
    for debtor_id in answer.debtor_ids:
        cases.open_case(turn.connection, NewCase(kind, debtor_id, None, "reply", hidden, reply.at), turn.now)


def _open(turn: Turn, kind: CaseKind, debtor_id: int) -> None:
    reply = turn.answer.reply
    said = (reply.account_id, debtor_id)
    if RULES[kind].disputes:
        dispute = NewDispute(*said, reason_of(kind), "reply", reply.text, reply.at, reply_id=turn.answer.id)
        raise_dispute(turn.connection, dispute, turn.now)
        return
    told = NewCase(kind, debtor_id, reply.account_id, "reply", reply.text, reply.at, turn.answer.id)
    cases.open_case(turn.connection, told, turn.now)


def _cease(turn: Turn) -> None:
    """Everything that reaches who ceases is opted out, not only where they said it (15 USC 1692c(c))."""
    _case(turn, CaseKind.CEASE)
    owner = turn.answer.reply.debtor_id
    for channel, address in debtors.addresses_of(turn.connection, turn.answer.debtor_ids if owner is None else [owner]):
        consent.stop(turn.connection, channel, address, turn.now, "reply: no contact any more")


def _wrong_number(turn: Turn) -> None:
    consent.wrong_party(turn.connection, turn.answer.channel, turn.answer.address, turn.now, "reply", "")
    if _is_known(turn.answer):
        turn.add_task("wrong_number", "The number or address is somebody else's: find the debtor's")


def _wish(turn: Turn, intent: Intent) -> None:
    """Keep what the debtor asks for; what cannot be told from the words is for a person."""
    change, doubt = wished(intent, turn.answer.reading)
    if doubt:
        turn.needs_a_person(doubt)
    if change is not None and turn.answer.reply.debtor_id is not None:
        preferences.change(turn.connection, turn.answer.reply.debtor_id, change, "reply", turn.now)
        turn.steps.append("language_switched" if change.language else "preference_noted")


def _promise(turn: Turn) -> None:
    """Take the promise, unless something that the answer says as well comes before it."""
    answer = turn.answer
    if not CASES.keys().isdisjoint(answer.reading.intents):
        return
    before = turn.batch.asked.get(answer.reply.account_id or 0)
    taken = promising.take(turn.connection, answer.reply, answer.id, answer.reading.language, before, turn.now)
    turn.steps += [taken.step] if taken.step else []
    turn.values |= taken.values
    if taken.for_a_person:
        turn.needs_a_person(taken.for_a_person)


def _help(turn: Turn) -> None:
    if not turn.answer.by_provider:
        turn.steps.append("help")


def _human(turn: Turn) -> None:
    if _is_known(turn.answer):
        turn.add_task("human", "The debtor asks to talk to a person")
        turn.steps.append("human")


def _nothing(turn: Turn) -> None:
    """Perhaps it answers what we asked; else a person reads it."""
    if turn.answer.reply.account_id in turn.batch.asked:
        _promise(turn)
    else:
        turn.needs_a_person("Read and answer the debtor's reply")


_EFFECTS: Mapping[Intent, Callable[[Turn], None]] = {
    **{intent: partial(_case, kind=kind) for intent, kind in CASES.items()},
    **{intent: partial(_wish, intent=intent) for intent in _WISHES},
    Intent.CEASE_ALL: _cease,
    Intent.WRONG_NUMBER: _wrong_number,
    Intent.PROMISE_TO_PAY: _promise,
    Intent.HUMAN_OR_CALLBACK: _human,
    Intent.HELP: _help,
    Intent.NONE: _nothing,
}


def _acknowledge(turn: Turn) -> None:
    """One message back, where one may go: to who is known, by the way on which the answer came."""
    answer, reply = turn.answer, turn.answer.reply
    if reply.account_id is None or reply.debtor_id is None or not turn.steps:
        return
    if not _SILENT.isdisjoint(answer.reading.intents):
        return
    step, batch = turn.steps[0], turn.batch
    if (reply.account_id, step) in batch.recent:
        return
    batch.recent.add((reply.account_id, step))
    if step == promising.QUESTION:
        batch.asked[reply.account_id] = turn.values["words"]
    who = (reply.account_id, reply.debtor_id)
    batch.messages.append(ServiceMessage(*who, step, answer.id, turn.values, answer.channel, answer.address))


def _is_known(answer: Answer) -> bool:
    return answer.reply.debtor_id is not None


def _work(answer: Answer, kind: str, title: str, now: datetime) -> NewTask:
    reply = answer.reply
    return NewTask(
        kind=kind,
        title=title,
        dedupe=f"{kind}:{reply.inbox_id}",
        created_at=now,
        account_id=reply.account_id,
        debtor_id=reply.debtor_id,
        notice_id=reply.notice_id,
        reply_id=answer.id,
    )
