"""Erase personal data: columns are emptied and the salts of their seals go, in one transaction; rows and facts stay.

Whoever calls holds the audit chain (audit.serialise) and the debtors: what is not sealed yet is never emptied, and
nothing is sealed meanwhile. Each function is a fixed number of statements for any number of ids.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, String, cast, delete, select, true, update

from outreach.domain.enrolment import EnrolmentState
from outreach.store.audit_sources import SOURCES, Source, has_salt, no_entry
from outreach.store.audit_tables import audit_entries
from outreach.store.batch import among
from outreach.store.dead_letters import OF_INBOX, Outcome
from outreach.store.erasing_rows import (
    CONSENTS,
    OF_ACCOUNT,
    OF_DEBTOR,
    POINTS,
    STOPPED_POINTS,
    WEBHOOKS,
    Personal,
    notices_of,
    rows_of_accounts,
    rows_of_debtors,
)
from outreach.store.outbox import dead_letters, inbox, replies, tasks, timeline
from outreach.store.standing_tables import consents
from outreach.store.tables import accounts, contact_points, debtors, enrolments


def lock_addresses(connection: Connection, debtor_ids: Sequence[int]) -> None:
    """Lock the contact points of debtors, before the debtors themselves, as whoever opts out does."""
    query = select(contact_points.c.id).where(among(connection, contact_points.c.debtor_id, debtor_ids))
    connection.execute(query.order_by(contact_points.c.id).with_for_update()).all()


def not_sealed(connection: Connection, account_ids: Sequence[int], debtor_ids: Sequence[int]) -> bool:
    """Whether a row with a personal part of accounts or debtors is not in the audit chain yet."""
    of_accounts = [(one.source, rows_of_accounts(connection, one.table, account_ids)) for one in OF_ACCOUNT]
    of_debtors = [(one.source, rows_of_debtors(connection, one.table, debtor_ids)) for one in (*OF_DEBTOR, CONSENTS)]
    return any(
        connection.execute(source.rows().where(mine, no_entry(source)).limit(1)).first() is not None
        for source, mine in (*of_accounts, *of_debtors)
        if source
    )


def erase_accounts(connection: Connection, account_ids: Sequence[int], now: datetime) -> None:
    """Empty what accounts' rows say of their debtors, end their tasks and campaigns, and note when that was."""
    mine = among(connection, accounts.c.id, account_ids)
    for one in OF_ACCOUNT:
        _empty(connection, one, rows_of_accounts(connection, one.table, account_ids))
    emptied = audit_entries.c.source.in_([one.source.name for one in OF_ACCOUNT if one.source])
    _forget_salts(connection, among(connection, audit_entries.c.account_id, account_ids) & emptied)
    _dead_letters(connection, account_ids, now)
    _empty(connection, WEBHOOKS, rows_of_accounts(connection, inbox, account_ids))
    connection.execute(update(accounts).where(mine).values(erased_at=now, changed_at=now))
    left = {"state": EnrolmentState.LEFT.value, "next_look_at": None, "waits_for": EnrolmentState.LEFT.value}
    connection.execute(
        update(enrolments)
        .where(among(connection, enrolments.c.account_id, account_ids))
        .where(enrolments.c.state == EnrolmentState.ACTIVE.value)
        .values(left)
    )
    connection.execute(
        update(tasks)
        .where(among(connection, tasks.c.account_id, account_ids), tasks.c.state == "open")
        .values(state="done", ended_at=now)
    )


def erase_debtors(connection: Connection, debtor_ids: Sequence[int], now: datetime) -> None:
    """Empty who debtors are, and their addresses but those that are opted out."""
    for one in OF_DEBTOR:
        _empty(connection, one, rows_of_debtors(connection, one.table, debtor_ids))
        if one.source:
            _forget_salts_of(connection, one.source, rows_of_debtors(connection, one.table, debtor_ids))
    theirs = among(connection, contact_points.c.debtor_id, debtor_ids)
    stopped = contact_points.c.opted_out_at.is_not(None)
    _empty(connection, STOPPED_POINTS, theirs & stopped)
    _empty(connection, POINTS, theirs & ~stopped)
    connection.execute(
        update(contact_points).where(theirs, contact_points.c.retired_at.is_(None)).values(retired_at=now)
    )
    raised = {"version": debtors.c.version + 1, "leftover": True}
    connection.execute(update(debtors).where(among(connection, debtors.c.id, debtor_ids)).values(raised))
    connection.execute(
        update(tasks)
        .where(rows_of_debtors(connection, tasks, debtor_ids), tasks.c.state == "open")
        .values(state="done", ended_at=now)
    )


def erase_consents(connection: Connection, consent_ids: Sequence[int]) -> None:
    """Empty the address and the words of consents; scope, basis and days stay."""
    mine = among(connection, consents.c.id, consent_ids)
    _empty(connection, CONSENTS, mine)
    _forget_salts_of(connection, SOURCES["consents"], mine)


def erase_opt_outs(connection: Connection, point_ids: Sequence[int]) -> None:
    """Empty opted-out addresses: they stop nothing any more."""
    mine = among(connection, contact_points.c.id, point_ids)
    _empty(connection, POINTS, mine)
    # No provider is told of an address that is nobody's any more.
    connection.execute(update(contact_points).where(mine).values(listed=True))


def no_leftovers(connection: Connection, debtor_ids: Sequence[int]) -> None:
    """Nothing more is kept of debtors."""
    if debtor_ids:
        connection.execute(update(debtors).where(among(connection, debtors.c.id, debtor_ids)).values(leftover=False))


def erase_strays(connection: Connection, reply_ids: Sequence[int]) -> None:
    """Empty replies that belong to no account, with the webhooks that brought them; only those that are sealed."""
    personal = next(one for one in OF_ACCOUNT if one.table is replies)
    brought = select(replies.c.inbox_id).where(among(connection, replies.c.id, reply_ids))
    _empty(connection, WEBHOOKS, inbox.c.id.in_(brought))
    mine = among(connection, replies.c.id, reply_ids)
    connection.execute(update(tasks).where(among(connection, tasks.c.reply_id, reply_ids)).values(title="", note=""))
    _empty(connection, personal, mine)
    _forget_salts_of(connection, SOURCES["replies"], mine)


def delete_dead_letters(connection: Connection, ids: Sequence[int], inbox_ids: Sequence[int]) -> None:
    """Delete dead letters of nobody; their webhooks go, or are emptied where something came of them."""
    connection.execute(delete(dead_letters).where(among(connection, dead_letters.c.id, ids)))
    mine = among(connection, inbox.c.id, inbox_ids)
    used = inbox.c.notice_id.is_not(None) | select(replies.c.id).where(replies.c.inbox_id == inbox.c.id).exists()
    connection.execute(delete(inbox).where(mine, ~used))


def told(connection: Connection, account_ids: Sequence[int]) -> set[int]:
    """Those of some accounts whose timeline tells that they were erased."""
    query = select(timeline.c.account_id).where(
        among(connection, timeline.c.account_id, account_ids), timeline.c.kind == "erased"
    )
    return set(connection.scalars(query.distinct()))


def _empty(connection: Connection, one: Personal, mine: ColumnElement[bool]) -> None:
    sealed = has_salt(one.source) if one.source else true()
    connection.execute(update(one.table).where(mine, sealed).values(one.emptied()))


def _forget_salts(connection: Connection, mine: ColumnElement[bool]) -> None:
    connection.execute(update(audit_entries).where(mine, audit_entries.c.salt.is_not(None)).values(salt=None))


def _forget_salts_of(connection: Connection, source: Source, mine: ColumnElement[bool]) -> None:
    keys = select(source.row_key()).where(mine)
    _forget_salts(connection, (audit_entries.c.source == source.name) & audit_entries.c.row_key.in_(keys))


def _dead_letters(connection: Connection, account_ids: Sequence[int], now: datetime) -> None:
    of_inbox = select(cast(inbox.c.id, String)).where(rows_of_accounts(connection, inbox, account_ids))
    mine = (
        among(connection, dead_letters.c.account_id, account_ids)
        | dead_letters.c.subject.in_(notices_of(connection, account_ids))
        | (dead_letters.c.kind.in_(sorted(OF_INBOX)) & dead_letters.c.subject.in_(of_inbox))
    )
    waits = dead_letters.c.ended_at.is_(None)
    ended = {"outcome": Outcome.DISMISSED.value, "ended_at": now}
    connection.execute(update(dead_letters).where(mine, waits).values(ended))
    connection.execute(update(dead_letters).where(mine).values(detail="", note=""))
