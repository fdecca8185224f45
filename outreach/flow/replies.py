"""Debtors' answers: whose they are, what they ask for, and what follows (effects.py), in the order in which they came.

answer -> debtors with its address -> notice that it answers -> reading -> kept -> effects
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.reply import Intent, Reading, read
from outreach.flow import effects
from outreach.flow.desk import Desk
from outreach.flow.effects import Answer, Batch
from outreach.store import debtors, journal, notices, settling
from outreach.store.journal import Entry
from outreach.store.notice_rows import Notice
from outreach.store.settling import InboxRow, Reply

_Address = tuple[Channel, str]
#: How much of an answer its timeline entry repeats.
LONGEST_QUOTE = 1_000


@dataclass(frozen=True, slots=True)
class _Whose:
    """Who may have written: the debtors with an address, the notices by their ids, the last notice and the only account
    of each debtor who alone has an address."""

    debtor_ids: Mapping[_Address, list[int]]
    named: Mapping[str, Notice]
    latest: Mapping[tuple[Channel, int], Notice]
    only_account: Mapping[int, int]


def apply(connection: Connection, desk: Desk, messages: Sequence[tuple[InboxRow, InboundMessage]]) -> None:
    """Keep each answer and do what it asks for, in the order in which they came.

    All addresses and debtors of the batch are locked first, in one order for every worker, so that two batches wait
    for each other instead of stopping each other. Two workers may settle two answers in either order: who asked to
    start and then to stop is not written to.
    """
    if not messages:
        return
    whose = _whose(connection, [message for _, message in messages])
    read_ones = [(_reply(row, message, whose, reading := read(message)), message, reading) for row, message in messages]
    _lock(connection, [(reply, reading) for reply, _, reading in read_ones], whose)
    ids = settling.keep_replies(connection, [reply for reply, _, _ in read_ones])
    journal.tell(connection, [_entry(reply) for reply, _, _ in read_ones if reply.account_id is not None])
    debtors.heard_from(connection, _heard([(reply, reading) for reply, _, reading in read_ones]))
    now = desk.clock.now()
    accounts = [reply.account_id for reply, _, _ in read_ones if reply.account_id is not None]
    batch = Batch.about(connection, accounts, now)
    for reply_id, (reply, message, reading) in zip(ids, read_ones, strict=True):
        mine = tuple(whose.debtor_ids.get(_address(message), ()))
        answer = Answer(reply_id, reply, reading, reply.sender, mine, by_provider=bool(message.opt))
        effects.take(connection, answer, batch, now)
    batch.write(connection, now)


def _whose(connection: Connection, messages: Sequence[InboundMessage]) -> _Whose:
    holders = debtors.with_addresses(connection, {_address(message) for message in messages})
    tokens = sorted({message.token for message in messages if message.token})
    sole: dict[Channel, set[int]] = {}
    for (channel, _), debtor_ids in holders.items():
        if len(debtor_ids) == 1:
            sole.setdefault(channel, set()).update(debtor_ids)
    latest = {
        (channel, debtor_id): notice
        for channel, debtor_ids in sole.items()
        for debtor_id, notice in notices.latest_to(connection, sorted(debtor_ids), channel).items()
    }
    everybody = sorted(set().union(*sole.values()))
    accounts: dict[int, list[int]] = {}
    for account_id, debtor_id in journal.accounts_of(connection, everybody):
        accounts.setdefault(debtor_id, []).append(account_id)
    only = {debtor_id: ids[0] for debtor_id, ids in accounts.items() if len(ids) == 1}
    return _Whose(holders, notices.get(connection, tokens) if tokens else {}, latest, only)


def _reply(row: InboxRow, message: InboundMessage, whose: _Whose, reading: Reading) -> Reply:
    debtor_ids = whose.debtor_ids.get(_address(message), [])
    notice = _answered(message, debtor_ids, whose)
    debtor_id = notice.debtor_id if notice else _only(debtor_ids)
    account_id = notice.account_id if notice else whose.only_account.get(debtor_id or 0)
    return Reply(
        inbox_id=row.id,
        debtor_id=debtor_id,
        account_id=account_id,
        notice_id=notice.id if notice else None,
        channel=message.channel.value,
        sender=_address(message)[1],
        subject=message.subject[:998],
        text=message.text,
        intent=reading.intent.value,
        at=message.occurred_at or row.received_at,
        opt=reading.opt.value if reading.opt else "",
    )


def _answered(message: InboundMessage, debtor_ids: Sequence[int], whose: _Whose) -> Notice | None:
    """The notice that is answered: the one whose id the reply address bears, else the last one to the only debtor.

    An address that several debtors share, without an id, stays nobody's: a person decides whose it is.
    """
    named = whose.named.get(message.token or "")
    if named is not None and (not debtor_ids or named.debtor_id in debtor_ids):
        return named
    debtor_id = _only(debtor_ids)
    return None if debtor_id is None else whose.latest.get((message.channel, debtor_id))


def _lock(connection: Connection, answers: Sequence[tuple[Reply, Reading]], whose: _Whose) -> None:
    """Addresses before debtors, each in ascending order. Who ceases all contact is stopped at every address."""
    addresses = {(Channel(reply.channel), reply.sender) for reply, _ in answers}
    concerned = {one for ids in whose.debtor_ids.values() for one in ids}
    concerned |= {reply.debtor_id for reply, _ in answers if reply.debtor_id is not None}
    ceasing = [ids for reply, reading in answers if Intent.CEASE_ALL in reading.intents if (ids := _held(reply, whose))]
    if ceasing:
        addresses |= set(debtors.addresses_of(connection, sorted(set().union(*ceasing))))
    debtors.lock_addresses(connection, addresses)
    debtors.lock(connection, sorted(concerned))


def _held(reply: Reply, whose: _Whose) -> list[int]:
    if reply.debtor_id is not None:
        return [reply.debtor_id]
    return whose.debtor_ids.get((Channel(reply.channel), reply.sender), [])


def _heard(answers: Sequence[tuple[Reply, Reading]]) -> dict[_Address, datetime]:
    """When each address was heard of last; an out-of-office note is nobody's word."""
    heard: dict[_Address, datetime] = {}
    for reply, reading in answers:
        if reading.intent is not Intent.AUTO_REPLY:
            key = Channel(reply.channel), reply.sender
            heard[key] = max(reply.at, heard.get(key, reply.at))
    return heard


def _address(message: InboundMessage) -> _Address:
    return message.channel, message.sender.casefold()[:320]


def _only(debtor_ids: Sequence[int]) -> int | None:
    return debtor_ids[0] if len(debtor_ids) == 1 else None


def _entry(reply: Reply) -> Entry:
    assert reply.account_id is not None
    data = {"channel": reply.channel, "text": reply.text[:LONGEST_QUOTE], "intent": reply.intent}
    return Entry(reply.account_id, reply.at, "reply", data)
