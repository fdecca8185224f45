"""What is asked before personal data is erased: who may be due, when records were last used, and what is in the way.

`at` of what happened is aware UTC; the days of the law are made of it where it is judged (flow/retention.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, literal, or_, select, union_all

from outreach.domain.account import Hold, HoldReason
from outreach.domain.notice import NoticeState
from outreach.store.batch import among
from outreach.store.dead_letters import OF_INBOX
from outreach.store.erasing_rows import ERASED, notices_of, rows_of_accounts
from outreach.store.outbox import dead_letters, notice_events, notices, replies, timeline
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import accounts, contact_points, creditors, debtors, holds, payments

#: What people and the machine note about an account beside its collection: it prolongs nothing.
NOT_ACTIVITY = (
    *("erased", "proof_exported", "hold_placed", "hold_released", "hold_ended"),
    *("error_replayed", "error_dismissed"),
)
#: What says nothing of the debtor, also when it is told of an account that was erased.
_NO_NEWS = ("erased", "proof_exported")
_UNDER_WAY = [
    one.value for one in (NoticeState.PLANNED, NoticeState.CLAIMED, NoticeState.SENDING, NoticeState.UNCERTAIN)
]


@dataclass(frozen=True, slots=True)
class Held:
    """A consent or an opted-out address that outlives its debtor's name. `used_at`: given, revoked or opted out."""

    id: int
    debtor_id: int
    used_at: datetime


def creditor_ids(connection: Connection) -> list[int]:
    """All creditors, whose accounts are walked one after the other."""
    return list(connection.scalars(select(creditors.c.id).order_by(creditors.c.id)))


def candidates(
    connection: Connection, creditor_id: int, before: datetime, after: tuple[int, datetime] | None, limit: int
) -> list[tuple[int, datetime]]:
    """Ids of a creditor's accounts, each with when it changed last, that did not change since `before`, by that time.

    `after` is the last one of the batch before. Erasing changes an account, so a run that begins again does not look
    at the erased ones again. They come back when they are old once more, for what was said since.
    """
    changed, key = accounts.c.changed_at, accounts.c.id
    query = select(key, changed).where(accounts.c.creditor_id == creditor_id, changed < before)
    if after is not None:
        query = query.where(changed >= after[1], or_(changed > after[1], key > after[0]))
    return [(row.id, row.changed_at) for row in connection.execute(query.order_by(changed, key).limit(limit))]


def account_named(connection: Connection, ref: str) -> int | None:
    """An account's id."""
    found: int | None = connection.scalar(select(accounts.c.id).where(accounts.c.ref == ref))
    return found


def erased_at(connection: Connection, account_ids: Sequence[int]) -> dict[int, datetime]:
    """When accounts were erased; those that never were are left out."""
    query = select(accounts.c.id, accounts.c.erased_at).where(among(connection, accounts.c.id, account_ids))
    return {row.id: row.erased_at for row in connection.execute(query.where(accounts.c.erased_at.is_not(None)))}


def debtor_ids_of(connection: Connection, account_ids: Sequence[int]) -> list[int]:
    """The debtors of accounts, in ascending order."""
    query = select(accounts.c.debtor_id).where(among(connection, accounts.c.id, account_ids)).distinct()
    return sorted(connection.scalars(query))


def last_activity(connection: Connection, account_ids: Sequence[int]) -> dict[int, datetime]:
    """When anything last happened on accounts, by any table that tells it.

    On an erased account whatever was told since counts, too: it is to be erased in its turn.
    """
    mine = accounts.c.id.label("account_id")
    chosen = among(connection, accounts.c.id, account_ids)
    since = and_(timeline.c.at > accounts.c.erased_at, timeline.c.kind.not_in(_NO_NEWS))
    told = (
        select(timeline.c.account_id, func.max(timeline.c.at).label("at"))
        .join(accounts, accounts.c.id == timeline.c.account_id)
        .where(among(connection, timeline.c.account_id, account_ids))
        .where(or_(timeline.c.kind.not_in(NOT_ACTIVITY), since))
    )
    sent = select(notices.c.account_id, func.max(func.coalesce(notices.c.started_at, notices.c.planned_at))).where(
        notices.c.id.in_(notices_of(connection, account_ids))
    )
    logged = (
        select(notices.c.account_id, func.max(notice_events.c.at))
        .join(notices, notices.c.id == notice_events.c.notice_id)
        .where(notices.c.id.in_(notices_of(connection, account_ids)))
    )
    said = select(replies.c.account_id, func.max(replies.c.at)).where(
        among(connection, replies.c.account_id, account_ids)
    )
    spoken = select(contacts.c.account_id, func.max(contacts.c.at)).where(
        rows_of_accounts(connection, contacts, account_ids)
    )
    paid = select(payments.c.account_id, func.max(payments.c.paid_at)).where(
        among(connection, payments.c.account_id, account_ids)
    )
    parts = [one.group_by(one.selected_columns[0]) for one in (told, sent, logged, said, spoken, paid)]
    every = union_all(select(mine, accounts.c.created_at.label("at")).where(chosen), *parts).subquery()
    query = select(every.c.account_id, func.max(every.c.at).label("at")).group_by(every.c.account_id)
    return {row.account_id: row.at for row in connection.execute(query)}


def under_way(connection: Connection, account_ids: Sequence[int]) -> set[int]:
    """Accounts with messages that may still leave, or of which it is not known whether they did."""
    query = select(notices.c.account_id).where(
        notices.c.id.in_(notices_of(connection, account_ids)), notices.c.state.in_(_UNDER_WAY)
    )
    return set(connection.scalars(query.distinct()))


def whole(connection: Connection, account_ids: Sequence[int]) -> list[int]:
    """Debtors of accounts who have no account left but these and erased ones."""
    theirs = select(accounts.c.debtor_id).where(among(connection, accounts.c.id, account_ids))
    others = select(accounts.c.debtor_id).where(
        accounts.c.debtor_id.in_(theirs),
        accounts.c.erased_at.is_(None),
        ~among(connection, accounts.c.id, account_ids),
    )
    query = select(debtors.c.id).where(debtors.c.id.in_(theirs), debtors.c.id.not_in(others))
    return list(connection.scalars(query.order_by(debtors.c.id)))


def with_leftovers(connection: Connection, after: int, limit: int) -> list[int]:
    """Erased debtors of whom a consent or an opted-out address is kept for longer, by id."""
    query = select(debtors.c.id).where(debtors.c.leftover, debtors.c.id > after)
    return list(connection.scalars(query.order_by(debtors.c.id).limit(limit)))


def living_again(connection: Connection, debtor_ids: Sequence[int]) -> set[int]:
    """Those of some debtors who have an account that is not erased: one came since."""
    query = select(accounts.c.debtor_id).where(
        among(connection, accounts.c.debtor_id, debtor_ids), accounts.c.erased_at.is_(None)
    )
    return set(connection.scalars(query.distinct()))


def account_ids_of(connection: Connection, debtor_ids: Sequence[int]) -> list[tuple[int, int]]:
    """(account, debtor) of debtors."""
    query = select(accounts.c.id, accounts.c.debtor_id).where(among(connection, accounts.c.debtor_id, debtor_ids))
    return [(row.id, row.debtor_id) for row in connection.execute(query)]


def holds_of(connection: Connection, debtor_ids: Sequence[int]) -> dict[int, list[Hold]]:
    """All holds of debtors, those on any of their accounts too."""
    found: dict[int, list[Hold]] = {}
    for row in connection.execute(select(holds).where(among(connection, holds.c.debtor_id, debtor_ids))):
        found.setdefault(row.debtor_id, []).append(Hold(HoldReason(row.reason), row.starts_at, row.ends_at))
    return found


def consents_of(connection: Connection, debtor_ids: Sequence[int]) -> list[Held]:
    """The consents of debtors whose words and address are still there."""
    last = func.coalesce(consents.c.revoked_at, consents.c.given_at).label("used_at")
    query = select(consents.c.id, consents.c.debtor_id, last).where(
        among(connection, consents.c.debtor_id, debtor_ids), ~consents.c.value.startswith(ERASED)
    )
    return [Held(row.id, row.debtor_id, row.used_at) for row in connection.execute(query)]


def opt_outs_of(connection: Connection, debtor_ids: Sequence[int]) -> list[Held]:
    """The opted-out addresses of debtors that are still there."""
    query = select(contact_points.c.id, contact_points.c.debtor_id, contact_points.c.opted_out_at).where(
        among(connection, contact_points.c.debtor_id, debtor_ids),
        contact_points.c.opted_out_at.is_not(None),
        ~contact_points.c.value.startswith(ERASED),
    )
    return [Held(row.id, row.debtor_id, row.opted_out_at) for row in connection.execute(query)]


def strays(
    connection: Connection, before: datetime, stops_before: datetime | None, now: datetime, after: int, limit: int
) -> list[int]:
    """Replies that belong to no account, older than the law asks of any; a STOP is kept as long as an opt-out.

    A reply of a debtor who is under a legal hold stays.
    """
    legal = select(literal(1)).where(
        holds.c.debtor_id == replies.c.debtor_id,
        holds.c.reason == HoldReason.LEGAL.value,
        holds.c.starts_at <= now,
        or_(holds.c.ends_at.is_(None), holds.c.ends_at > now),
    )
    stopped = replies.c.opt == "stop"
    stops = literal(False) if stops_before is None else and_(stopped, replies.c.at < stops_before)
    query = (
        select(replies.c.id)
        .where(replies.c.account_id.is_(None), replies.c.sender != "", ~legal.exists())
        .where(or_(and_(~stopped, replies.c.at < before), stops), replies.c.id > after)
        .order_by(replies.c.id)
        .limit(limit)
    )
    return list(connection.scalars(query))


def old_dead_letters(connection: Connection, before: datetime, limit: int) -> list[tuple[int, int]]:
    """Webhooks that were set aside (id, inbox id), older than the law asks of any record; they may be anybody's."""
    query = (
        select(dead_letters.c.id, dead_letters.c.subject)
        .where(dead_letters.c.kind.in_(sorted(OF_INBOX)), dead_letters.c.set_aside_at < before)
        .where(dead_letters.c.account_id.is_(None))
        .order_by(dead_letters.c.id)
        .limit(limit)
    )
    return [(row.id, int(row.subject)) for row in connection.execute(query)]
