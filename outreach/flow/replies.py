"""Debtors' answers: STOP and START at once for every account with the address, everything else to a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.reply import Intent, Opt, Reading, read
from outreach.flow import consent
from outreach.flow.desk import Desk
from outreach.store import debtors, journal, notices, settling
from outreach.store.journal import Entry, NewTask
from outreach.store.notice_rows import Notice
from outreach.store.settling import InboxRow, Reply

#: What asks for nothing but a stop or a start needs nobody to read it.
_STOP_OR_START = frozenset({Intent.OPT_OUT_CHANNEL, Intent.OPT_IN})


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer, what it means, and the address that it came from."""

    reply: Reply
    reading: Reading
    address: str


def apply(connection: Connection, desk: Desk, messages: Sequence[tuple[InboxRow, InboundMessage]]) -> None:
    """Keep each answer and do what it asks for, in the order in which they came.

    Two workers may settle two answers in either order: who asked to start and then to stop is not written to.
    """
    answers = [_understand(connection, row, message) for row, message in messages]
    ids = settling.keep_replies(connection, [answer.reply for answer in answers])
    now = desk.clock.now()
    for answer, reply_id in zip(answers, ids, strict=True):
        _tell(connection, answer)
        if answer.reading.opt is not None:
            _stop_or_start(connection, answer, now)
        if answer.reading.intent is not Intent.AUTO_REPLY and not _STOP_OR_START.issuperset(answer.reading.intents):
            journal.add_tasks(connection, [_task(answer, reply_id, now)])
    debtors.heard_from(connection, _heard(answers))


def _stop_or_start(connection: Connection, answer: _Answer, now: datetime) -> None:
    channel = Channel(answer.reply.channel)
    debtors.lock_address(connection, channel, answer.address)
    if answer.reading.opt is Opt.STOP:
        consent.stop(connection, channel, answer.address, now, "reply")
    elif debtors.last_word(connection, channel, answer.reply.sender) is Opt.START:
        consent.start_again(connection, channel, answer.address, now, answer.reply.at, answer.reply.text)


def _heard(answers: Sequence[_Answer]) -> dict[tuple[Channel, str], datetime]:
    """When each address was heard of last; an out-of-office note is nobody's word."""
    heard: dict[tuple[Channel, str], datetime] = {}
    for answer in answers:
        if answer.reading.intent is not Intent.AUTO_REPLY:
            key = Channel(answer.reply.channel), answer.address
            heard[key] = max(answer.reply.at, heard.get(key, answer.reply.at))
    return heard


def _understand(connection: Connection, row: InboxRow, message: InboundMessage) -> _Answer:
    address = message.sender.casefold()
    debtor_ids = debtors.with_address(connection, message.channel, address)
    notice = _answered(connection, message, debtor_ids)
    reading = read(message)
    reply = Reply(
        inbox_id=row.id,
        debtor_id=notice.debtor_id if notice else _only(debtor_ids),
        account_id=notice.account_id if notice else None,
        notice_id=notice.id if notice else None,
        channel=message.channel.value,
        sender=address[:320],
        subject=message.subject[:998],
        text=message.text,
        intent=reading.intent.value,
        at=message.occurred_at or row.received_at,
        opt=reading.opt.value if reading.opt else "",
    )
    return _Answer(reply, reading, address)


def _answered(connection: Connection, message: InboundMessage, debtor_ids: Sequence[int]) -> Notice | None:
    """The notice that is answered: the one whose id the reply address bears, else the last one to the only debtor.

    An address that several debtors share, without an id, stays nobody's: a person decides whose it is.
    """
    if message.token:
        named = notices.get(connection, [message.token]).get(message.token)
        if named is not None and (not debtor_ids or named.debtor_id in debtor_ids):
            return named
    debtor_id = _only(debtor_ids)
    if debtor_id is None:
        return None
    return notices.latest_to(connection, [debtor_id], message.channel).get(debtor_id)


def _only(debtor_ids: Sequence[int]) -> int | None:
    return debtor_ids[0] if len(debtor_ids) == 1 else None


def _tell(connection: Connection, answer: _Answer) -> None:
    reply = answer.reply
    data = {"channel": reply.channel, "text": reply.text[:1000], "intent": reply.intent}
    if reply.account_id is not None:
        journal.tell(connection, [Entry(reply.account_id, reply.at, "reply", data)])


def _task(answer: _Answer, reply_id: int, now: datetime) -> NewTask:
    reply = answer.reply
    known = reply.account_id is not None
    return NewTask(
        kind="reply" if known else "unknown_sender",
        title="Read and answer the debtor's reply" if known else "Find out whose reply this is",
        dedupe=f"reply:{reply.inbox_id}",
        created_at=now,
        account_id=reply.account_id,
        debtor_id=reply.debtor_id,
        notice_id=reply.notice_id,
        reply_id=reply_id,
    )
