"""The list of accounts: search, filters, pages. One statement a page, two for a search by a part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, and_, exists, func, or_, select

from outreach.domain.money import Money
from outreach.domain.notice import CONTACTED, NoticeState
from outreach.store.outbox import notices
from outreach.store.tables import accounts, contact_points, creditors, debtors, enrolments, holds

PAGE_SIZE = 50
_ESCAPE = "\\"


class Standing(StrEnum):
    """What an account may be filtered by."""

    OWING = "owing"
    PAID = "paid"
    HELD = "held"
    ENROLLED = "enrolled"
    TROUBLE = "trouble"


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; empty fields do not restrict. `after` is the account ref that the page before ended with."""

    text: str = ""
    standing: Standing | None = None
    creditor: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in the list. `last_contact_at` is the debtor's on any account; instants are aware UTC."""

    ref: str
    debtor_ref: str
    debtor: str
    creditor: str
    balance: Money
    oldest_due_on: date | None
    held: bool
    last_contact_at: datetime | None
    next_look_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """`next_after` is the `after` of the next page, None on the last one."""

    lines: tuple[AccountLine, ...]
    next_after: str | None


def find_accounts(connection: Connection, search: Search, now: datetime, size: int = PAGE_SIZE) -> Page:
    """One page of the accounts that fit, by ref. A whole reference, number or address finds by an index what it names;
    only when it names nothing are parts of names, references, numbers and addresses searched."""
    text = " ".join(search.text.split())
    for mentioned in (_named, _mentions) if text else ():
        page = _page(connection, _fitting(search, now).where(mentioned(text)), now, size)
        if page.lines:
            return page
    return Page((), None) if text else _page(connection, _fitting(search, now), now, size)


def creditor_names(connection: Connection) -> dict[str, str]:
    """ref -> name, for the filter."""
    query = select(creditors.c.ref, creditors.c.name).order_by(creditors.c.name)
    return {row.ref: row.name for row in connection.execute(query)}


def any_accounts(connection: Connection) -> bool:
    """Whether anything was imported yet."""
    return connection.scalar(select(accounts.c.id).limit(1)) is not None


def held(account_id: Any, debtor_id: Any, now: datetime) -> ColumnElement[bool]:
    """An active hold on the account or on all of the debtor's."""
    return exists().where(
        holds.c.debtor_id == debtor_id,
        or_(holds.c.account_id.is_(None), holds.c.account_id == account_id),
        running(now),
    )


def running(now: datetime) -> ColumnElement[bool]:
    """Whether a hold stops outreach at `now`."""
    return and_(holds.c.starts_at <= now, or_(holds.c.ends_at.is_(None), holds.c.ends_at > now))


def _page(connection: Connection, fitting: Select[Any], now: datetime, size: int) -> Page:
    page = fitting.order_by(accounts.c.ref).limit(size + 1).subquery("page")
    rows = connection.execute(_lines(page, now)).all()
    lines = tuple(_line(row) for row in rows[:size])
    return Page(lines, lines[-1].ref if len(rows) > size else None)


def _fitting(search: Search, now: datetime) -> Select[Any]:
    query = select(accounts)
    if search.after:
        query = query.where(accounts.c.ref > search.after)
    if search.creditor:
        owner = select(creditors.c.id).where(creditors.c.ref == search.creditor).scalar_subquery()
        query = query.where(accounts.c.creditor_id == owner)
    if search.standing:
        query = query.where(_standing(search.standing, now))
    return query


def _standing(standing: Standing, now: datetime) -> ColumnElement[bool]:
    troubled = (NoticeState.UNCERTAIN.value, NoticeState.FAILED.value, NoticeState.UNDELIVERED.value)
    conditions: dict[Standing, ColumnElement[bool]] = {
        Standing.OWING: accounts.c.balance_minor > 0,
        Standing.PAID: accounts.c.balance_minor <= 0,
        Standing.HELD: held(accounts.c.id, accounts.c.debtor_id, now),
        Standing.ENROLLED: accounts.c.id.in_(select(enrolments.c.account_id).where(enrolments.c.state == "active")),
        Standing.TROUBLE: accounts.c.id.in_(select(notices.c.account_id).where(notices.c.state.in_(troubled))),
    }
    return conditions[standing]


def _named(text: str) -> ColumnElement[bool]:
    """A whole account ref, debtor ref, e-mail address or phone number, the latter with or without +1."""
    digits = re.sub(r"[\s().-]", "", text).removeprefix("+")
    numbers = [f"+{digits}", f"+1{digits}"]
    values = [text.lower(), *(numbers if digits.isascii() and digits.isdigit() else ())]
    reached = contact_points.c.kind.in_(("sms", "email")) & contact_points.c.value.in_(values)
    owned = debtors.c.creditor_id.in_(select(creditors.c.id)) & (debtors.c.ref == text)
    of_debtors = select(contact_points.c.debtor_id).where(reached).union_all(select(debtors.c.id).where(owned))
    ids = select(accounts.c.id).where(accounts.c.ref == text)
    return accounts.c.id.in_(ids.union_all(select(accounts.c.id).where(accounts.c.debtor_id.in_(of_debtors))))


def _mentions(text: str) -> ColumnElement[bool]:
    """Account ref, debtor ref, name, e-mail address, or phone number by its last digits, however it is written."""
    pattern = f"%{_literal(text.lower())}%"
    full_name = func.lower(debtors.c.first_name + " " + debtors.c.last_name + " " + debtors.c.company)
    named = select(debtors.c.id).where(
        or_(full_name.like(pattern, escape=_ESCAPE), func.lower(debtors.c.ref).like(pattern, escape=_ESCAPE))
    )
    return or_(
        func.lower(accounts.c.ref).like(pattern, escape=_ESCAPE),
        accounts.c.debtor_id.in_(named),
        accounts.c.debtor_id.in_(select(contact_points.c.debtor_id).where(_reached_at(text, pattern))),
    )


def _reached_at(text: str, pattern: str) -> ColumnElement[bool]:
    by_mail = and_(contact_points.c.kind == "email", contact_points.c.value.like(pattern, escape=_ESCAPE))
    digits = re.sub(r"\D", "", text)
    if len(digits) < 4 or re.search(r"[^\d\s().+/-]", text):
        return by_mail
    national = digits.lstrip("0")
    return or_(by_mail, and_(contact_points.c.kind == "sms", contact_points.c.value.like(f"%{national}")))


def _literal(text: str) -> str:
    for character in (_ESCAPE, "%", "_"):
        text = text.replace(character, _ESCAPE + character)
    return text


def _lines(page: Subquery, now: datetime) -> Select[Any]:
    contacted = [state.value for state in CONTACTED]
    last_contact = (
        select(func.max(notices.c.started_at))
        .where(notices.c.debtor_id == page.c.debtor_id, notices.c.state.in_(contacted))
        .scalar_subquery()
    )
    next_look = (
        select(func.min(enrolments.c.next_look_at)).where(enrolments.c.account_id == page.c.id).scalar_subquery()
    )
    return (
        select(
            *(page.c[name] for name in ("ref", "balance_minor", "currency", "oldest_due_on")),
            debtors.c.ref.label("debtor_ref"),
            debtors.c.first_name,
            debtors.c.last_name,
            debtors.c.company,
            creditors.c.name.label("creditor"),
            held(page.c.id, page.c.debtor_id, now).label("held"),
            last_contact.label("last_contact_at"),
            next_look.label("next_look_at"),
        )
        .join(debtors, debtors.c.id == page.c.debtor_id)
        .join(creditors, creditors.c.id == page.c.creditor_id)
        .order_by(page.c.ref)
    )


def _line(row: Any) -> AccountLine:
    name = " ".join(part for part in (row.first_name, row.last_name) if part) or row.company or row.debtor_ref
    return AccountLine(
        ref=row.ref,
        debtor_ref=row.debtor_ref,
        debtor=name,
        creditor=row.creditor,
        balance=Money(row.balance_minor, row.currency),
        oldest_due_on=row.oldest_due_on,
        held=bool(row.held),
        last_contact_at=row.last_contact_at,
        next_look_at=row.next_look_at,
    )


def ids_after(connection: Connection, after: int, limit: int) -> list[int]:
    """The ids of the next `limit` accounts above `after`, to go through all of them in batches."""
    query = select(accounts.c.id).where(accounts.c.id > after).order_by(accounts.c.id).limit(limit)
    return list(connection.scalars(query))
