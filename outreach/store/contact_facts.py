"""The contacts of debtors as facts, read for any number of debtors in one statement each.

Three things are contacts: notices that left, the log of contacts (`store/standing_tables.py`), and answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    null,
    select,
    union_all,
)

from outreach.domain.account import ContactPoint
from outreach.domain.notice import CONTACTED, NoticeState
from outreach.domain.reply import Intent
from outreach.domain.standing import Contact, Medium, Place, Reach
from outreach.store.batch import one_of, prebuilt
from outreach.store.outbox import notices, replies
from outreach.store.standing_tables import contacts
from outreach.store.types import Instant

#: How a contact that nobody answered, or that reached nothing, is not yet a communication.
_UNHEARD = [Reach.ATTEMPTED.value, Reach.FAILED.value]


_MEDIA = {medium.value: medium for medium in Medium}
_REACHES = {reach.value: reach for reach in Reach}
_PLACES = {place.value: place for place in Place}
_BY_AGE = attrgetter("at")


def contacted_at(connection: Connection, debtor_ids: Sequence[int]) -> tuple[dict[int, datetime], dict[int, datetime]]:
    """When each debtor was last contacted on any account, and each account's debtor first about it."""
    last: dict[int, datetime] = {}
    first: dict[int, datetime] = {}
    for debtor_id, account_id, last_at, first_at in connection.execute(_bounds(connection), {"ids": debtor_ids}):
        if debtor_id not in last or last_at > last[debtor_id]:
            last[debtor_id] = last_at
        if first_at is not None:
            first[account_id] = first_at
    return last, first


def contacts_since(
    connection: Connection, debtor_ids: Sequence[int], since: datetime, points: Mapping[int, tuple[ContactPoint, ...]]
) -> dict[int, tuple[Contact, ...]]:
    """The contacts of debtors after `since`, the oldest first; `points` are their contact points."""
    by_id = {point.id: point for mine in points.values() for point in mine}
    found: defaultdict[int, list[Contact]] = defaultdict(list)
    rows = connection.execute(_recent(connection), {"ids": debtor_ids, "since": since})
    for debtor_id, account_id, at, medium, reach, inbound, value, place, excluded, point_id in rows:
        point = by_id.get(point_id)
        address, where = (point.value, point.standing.place) if point else (value, _PLACES[place])
        contact = Contact(at, _MEDIA[medium], account_id, _REACHES[reach], inbound, address, where, excluded)
        found[debtor_id].append(contact)
    return {debtor: tuple(sorted(mine, key=_BY_AGE)) for debtor, mine in found.items()}


@prebuilt
def _bounds(dialect: str) -> Select[Any]:
    """By debtor (ids) and account: when we last tried to reach the debtor, and when we first did or may have."""
    sent = select(
        notices.c.debtor_id, notices.c.account_id, notices.c.started_at.label("at"), notices.c.started_at.label("heard")
    ).where(one_of(dialect, notices.c.debtor_id), notices.c.state.in_(sorted(CONTACTED)))
    heard = case((contacts.c.reach.not_in(_UNHEARD), contacts.c.at))
    spoken = select(contacts.c.debtor_id, contacts.c.account_id, contacts.c.at, heard).where(
        one_of(dialect, contacts.c.debtor_id), ~contacts.c.inbound, contacts.c.reach != Reach.FAILED
    )
    both = union_all(sent, spoken).subquery()
    bounds = func.max(both.c.at).label("last_at"), func.min(both.c.heard).label("first_at")
    return select(both.c.debtor_id, both.c.account_id, *bounds).group_by(both.c.debtor_id, both.c.account_id)


@prebuilt
def _recent(dialect: str) -> CompoundSelect[Any]:
    """The contacts of debtors (ids) after an instant (since), on any account.

    Of a notice the contact point is named, of the others the address. Out-of-office notes are nobody's answer.
    """
    since = bindparam("since", type_=Instant())
    return union_all(_sent(dialect, since), _spoken(dialect, since), _answered(dialect, since))


def _sent(dialect: str, since: BindParameter[Any]) -> Select[Any]:
    reach = case(
        (notices.c.state == NoticeState.DELIVERED, _text(Reach.DELIVERED)),
        (notices.c.state == NoticeState.UNDELIVERED, _text(Reach.FAILED)),
        else_=_text(Reach.ATTEMPTED),
    )
    return select(
        notices.c.debtor_id,
        notices.c.account_id,
        notices.c.started_at.label("at"),
        notices.c.channel.label("medium"),
        reach.label("reach"),
        literal(value=False).label("inbound"),
        _text("").label("value"),
        _text("").label("place"),
        literal(value=False).label("excluded"),
        notices.c.contact_point_id.label("point_id"),
    ).where(
        one_of(dialect, notices.c.debtor_id),
        notices.c.started_at > since,
        notices.c.state.in_(sorted(CONTACTED | {NoticeState.UNDELIVERED})),
    )


def _spoken(dialect: str, since: BindParameter[Any]) -> Select[Any]:
    names = ("debtor_id", "account_id", "at", "medium", "reach", "inbound", "value", "place", "excluded")
    columns = (contacts.c[name] for name in names)
    return select(*columns, null()).where(one_of(dialect, contacts.c.debtor_id), contacts.c.at > since)


def _answered(dialect: str, since: BindParameter[Any]) -> Select[Any]:
    return select(
        replies.c.debtor_id,
        func.coalesce(replies.c.account_id, 0),
        replies.c.at,
        replies.c.channel,
        _text(Reach.DELIVERED),
        literal(value=True),
        replies.c.sender,
        _text(""),
        literal(value=False),
        null(),
    ).where(one_of(dialect, replies.c.debtor_id), replies.c.at > since, replies.c.intent != Intent.AUTO_REPLY)


def _text(value: str) -> Any:
    return literal_column(f"'{value}'", String)
