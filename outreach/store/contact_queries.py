"""The statements that read the contacts of debtors, each for any number of ids, built once for each database.

Three things are contacts: notices that left, the log of contacts (`store/standing_tables.py`), and answers.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
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

from outreach.domain.notice import CONTACTED, NoticeState
from outreach.domain.reply import Intent
from outreach.domain.standing import Reach
from outreach.store.batch import one_of, prebuilt
from outreach.store.outbox import notices, replies
from outreach.store.standing_tables import contacts
from outreach.store.types import Instant

#: How a contact that nobody answered, or that reached nothing, is not yet a communication.
_UNHEARD = [Reach.ATTEMPTED.value, Reach.FAILED.value]


@prebuilt
def contact_bounds(dialect: str) -> Select[Any]:
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
def recent_contacts(dialect: str) -> CompoundSelect[Any]:
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
