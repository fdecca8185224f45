"""Lists that people work through, and the one notice that they look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from outreach.domain.account import Quality
from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.store.batch import among
from outreach.store.outbox import contents, notices, tasks
from outreach.store.tables import accounts, contact_points, debtors
from outreach.store.timeline import TimelineEntry, log_of

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice in a list over all accounts."""

    id: str
    account_ref: str
    debtor: str
    campaign: str
    step: str
    channel: str
    state: str
    reason: str
    needs_approval: bool
    planned_at: datetime
    not_before: datetime
    started_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """Work for a person; `account_ref` is None for news that fits no account. `numbers` are whom a call may reach."""

    id: int
    kind: str
    title: str
    account_ref: str | None
    debtor: str
    created_at: datetime
    account_id: int | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContentLine:
    """What one attempt said. `recipient` and `sender` are an address or the parts of a postal one."""

    attempt: int
    recipient: Any
    sender: Any
    subject: str
    body: str
    text: str
    pages: int | None
    has_pdf: bool
    sha256: str


@dataclass(frozen=True, slots=True)
class NoticeDetail:
    """A notice with its log (newest first), what was decided of it and what it said (newest attempt first)."""

    row: NoticeRow
    provider: str
    approved_by: str
    stands_in_for: str | None
    decision: dict[str, Any] | None
    log: tuple[TimelineEntry, ...]
    contents: tuple[ContentLine, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list of notices; `next_before` is the `before` of the next page, None on the last."""

    rows: tuple[NoticeRow, ...]
    next_before: str | None


def find_notices(
    connection: Connection, state: NoticeState, before: str = "", *, approval: bool = False, campaign: str = ""
) -> Listing:
    """Notices in a state, newest first (ids are in order of time). `approval`: only those that wait for a person."""
    query = _notice_query().where(notices.c.state == state.value).order_by(notices.c.id.desc()).limit(PAGE_SIZE + 1)
    if before:
        query = query.where(notices.c.id < before)
    if approval:
        query = query.where(notices.c.needs_approval)
    if campaign:
        query = query.where(notices.c.campaign == campaign)
    rows = tuple(_notice_row(row) for row in connection.execute(query))
    return Listing(rows[:PAGE_SIZE], rows[PAGE_SIZE - 1].id if len(rows) > PAGE_SIZE else None)


def notice_detail(connection: Connection, notice_id: str) -> NoticeDetail | None:
    """One notice, or None. Three statements; PDFs are left in the database."""
    columns = (notices.c.provider, notices.c.approved_by, notices.c.stands_in_for, notices.c.decision)
    row = connection.execute(_notice_query().add_columns(*columns).where(notices.c.id == notice_id)).first()
    if row is None:
        return None
    log = tuple(log_of(connection, notices.c.id == notice_id, 200))
    said = _contents(connection, notice_id)
    return NoticeDetail(_notice_row(row), row.provider, row.approved_by, row.stands_in_for, row.decision, log, said)


def letter_pdf(connection: Connection, notice_id: str, attempt: int) -> bytes | None:
    """The PDF of one attempt."""
    return connection.scalar(
        select(contents.c.pdf).where(contents.c.notice_id == notice_id, contents.c.attempt == attempt)
    )


def message_html(connection: Connection, notice_id: str, attempt: int) -> str | None:
    """The HTML of one attempt's e-mail."""
    return connection.scalar(
        select(contents.c.body).where(contents.c.notice_id == notice_id, contents.c.attempt == attempt)
    )


def open_tasks(connection: Connection, limit: int = 200) -> list[TaskRow]:
    """The oldest open tasks first."""
    query = (
        select(
            tasks.c.id,
            tasks.c.kind,
            tasks.c.title,
            accounts.c.ref.label("account_ref"),
            _debtor_name().label("debtor"),
            tasks.c.created_at,
            tasks.c.account_id,
            tasks.c.debtor_id,
        )
        .outerjoin(accounts, accounts.c.id == tasks.c.account_id)
        .outerjoin(debtors, debtors.c.id == func.coalesce(accounts.c.debtor_id, tasks.c.debtor_id))
        .where(tasks.c.state == "open")
        .order_by(tasks.c.created_at, tasks.c.id)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    numbers = _numbers(connection, [row.debtor_id for row in rows if row.kind == "call"])
    return [TaskRow(*row[:-1], numbers=numbers.get(row.debtor_id, ()) if row.kind == "call" else ()) for row in rows]


def _numbers(connection: Connection, debtor_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """The numbers of debtors that are not known to be wrong, the newest first."""
    if not debtor_ids:
        return {}
    point = contact_points.c
    query = select(point.debtor_id, point.value).where(
        among(connection, point.debtor_id, sorted(set(debtor_ids))),
        point.kind == Channel.SMS,
        point.retired_at.is_(None),
        point.quality != Quality.WRONG_PARTY,
    )
    found: dict[int, tuple[str, ...]] = {}
    for debtor_id, value in connection.execute(query.order_by(point.id.desc())):
        found[debtor_id] = (*found.get(debtor_id, ()), value)
    return found


def _contents(connection: Connection, notice_id: str) -> tuple[ContentLine, ...]:
    columns = ("attempt", "recipient", "sender", "subject", "body", "text", "pages", "sha256")
    query = (
        select(*(contents.c[name] for name in columns), contents.c.pdf.is_not(None).label("has_pdf"))
        .where(contents.c.notice_id == notice_id)
        .order_by(contents.c.attempt.desc())
    )
    return tuple(
        ContentLine(**{**row, "has_pdf": bool(row["has_pdf"])}) for row in connection.execute(query).mappings()
    )


def _debtor_name() -> Any:
    person = func.trim(debtors.c.first_name + " " + debtors.c.last_name)
    return func.coalesce(func.nullif(person, ""), func.nullif(debtors.c.company, ""), debtors.c.ref, "")


def _notice_query() -> Any:
    names = [name for name in NoticeRow.__dataclass_fields__ if name not in ("account_ref", "debtor")]
    return (
        select(
            *(notices.c[name] for name in names), accounts.c.ref.label("account_ref"), _debtor_name().label("debtor")
        )
        .join(accounts, accounts.c.id == notices.c.account_id)
        .join(debtors, debtors.c.id == notices.c.debtor_id)
    )


def _notice_row(row: Any) -> NoticeRow:
    return NoticeRow(**{name: getattr(row, name) for name in NoticeRow.__dataclass_fields__})
