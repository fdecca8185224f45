"""An account's timeline: what happened to it and what became of its notices, as one list, newest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from outreach.store.outbox import notice_events, notices, replies, timeline
from outreach.store.portfolio import running
from outreach.store.tables import accounts, debtors, enrolments, holds

LONGEST = 500


@dataclass(frozen=True, slots=True)
class NoticeMention:
    """The notice that an entry is about, as it is now."""

    id: str
    campaign: str
    step: str
    channel: str
    state: str


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, at `at` (aware UTC). `kind` and `data` choose the sentence (flow/wording.py).

    `notice` is set for entries of a notice's log; then `kind` is what happened to it. `actor` is who did it, "" for
    the machine.
    """

    at: datetime
    kind: str
    data: Mapping[str, Any]
    actor: str = ""
    notice: NoticeMention | None = None


def account_timeline(connection: Connection, account_ref: str, limit: int = LONGEST) -> list[TimelineEntry]:
    """The newest `limit` entries, newest first; empty for an unknown account. Two statements."""
    of_account = _happenings(connection, account_ref, limit)
    of_notices = log_of(connection, accounts.c.ref == account_ref, limit)
    return sorted([*of_account, *of_notices], key=lambda entry: entry.at, reverse=True)[:limit]


def timeline_version(connection: Connection, account_ref: str, now: datetime) -> str:
    """Changes with whatever the account's live part shows; cheap enough to ask every two seconds. "" when unknown."""
    account_id = accounts.c.id
    logged = notice_events.join(notices, notices.c.id == notice_events.c.notice_id).join(
        enrolments, enrolments.c.id == notices.c.enrolment_id
    )
    # Logs only grow, so their length tells of news; max(id) would have PostgreSQL walk the whole log backwards.
    number = select(func.count())
    parts = [
        number.select_from(timeline).where(timeline.c.account_id == account_id),
        number.select_from(replies).where(replies.c.account_id == account_id),
        number.select_from(logged).where(enrolments.c.account_id == account_id),
        number.select_from(holds).where(holds.c.debtor_id == debtors.c.id, running(now)),
        select(func.max(enrolments.c.next_look_at)).where(enrolments.c.account_id == account_id),
    ]
    row = connection.execute(
        select(debtors.c.version, *(part.scalar_subquery() for part in parts))
        .select_from(accounts)
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .where(accounts.c.ref == account_ref)
    ).first()
    return "-".join(f"{part:%Y%m%d%H%M%S}" if isinstance(part, datetime) else str(part or 0) for part in row or ())


def log_of(connection: Connection, condition: ColumnElement[bool], limit: int) -> list[TimelineEntry]:
    """The newest entries of the logs of the notices that fit, newest first."""
    query = (
        select(
            notice_events,
            notices.c.campaign,
            notices.c.step,
            notices.c.channel,
            notices.c.approved_by,
            notices.c.state.label("state_now"),
        )
        .join(notices, notices.c.id == notice_events.c.notice_id)
        .join(enrolments, enrolments.c.id == notices.c.enrolment_id)
        .join(accounts, accounts.c.id == enrolments.c.account_id)
        .where(condition)
        .order_by(notice_events.c.at.desc(), notice_events.c.id.desc())
        .limit(limit)
    )
    return [_of_notice(row) for row in connection.execute(query)]


def _happenings(connection: Connection, account_ref: str, limit: int) -> list[TimelineEntry]:
    query = (
        select(timeline)
        .join(accounts, accounts.c.id == timeline.c.account_id)
        .where(accounts.c.ref == account_ref)
        .order_by(timeline.c.at.desc(), timeline.c.id.desc())
        .limit(limit)
    )
    return [TimelineEntry(row.at, row.kind, row.data or {}, row.actor) for row in connection.execute(query)]


def _of_notice(row: Any) -> TimelineEntry:
    data = {key: getattr(row, key) for key in ("state", "attempt", "provider", "word", "reason", "code", "applied")}
    return TimelineEntry(
        at=row.at,
        kind=row.what,
        data=data,
        actor=row.approved_by if row.what == "approved" else "",
        notice=NoticeMention(row.notice_id, row.campaign, row.step, row.channel, row.state_now),
    )
