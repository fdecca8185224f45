"""Messages as people look through them: those in a state, and one with what it said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from outreach.domain.notice import NoticeState
from outreach.store.outbox import contents, notices
from outreach.store.tables import accounts, debtors
from outreach.store.tasks import debtor_name
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


def _notice_query() -> Any:
    names = [name for name in NoticeRow.__dataclass_fields__ if name not in ("account_ref", "debtor")]
    return (
        select(*(notices.c[name] for name in names), accounts.c.ref.label("account_ref"), debtor_name().label("debtor"))
        .join(accounts, accounts.c.id == notices.c.account_id)
        .join(debtors, debtors.c.id == notices.c.debtor_id)
    )


def _notice_row(row: Any) -> NoticeRow:
    return NoticeRow(**{name: getattr(row, name) for name in NoticeRow.__dataclass_fields__})
