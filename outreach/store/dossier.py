"""Everything that an account's page shows beside its timeline: a handful of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from outreach.domain.account import HoldReason, Quality
from outreach.domain.enrolment import EnrolmentState
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.store.outbox import notices, replies
from outreach.store.tables import accounts, contact_points, creditors, debtors, enrolments, holds, items


@dataclass(frozen=True, slots=True)
class DebtorFacts:
    """Who owes. `zones` are IANA names, `country` ISO 3166-1 alpha-2."""

    id: int
    ref: str
    name: str
    language: str
    zones: tuple[str, ...]
    country: str
    region: str


@dataclass(frozen=True, slots=True)
class PointLine:
    """A contact point, retired ones left out."""

    kind: Channel
    value: str
    quality: Quality
    opted_out_at: datetime | None
    opt_out_source: str


@dataclass(frozen=True, slots=True)
class ItemLine:
    """A due amount."""

    ref: str
    due_on: date
    amount: Money
    open_amount: Money


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold. `whole_debtor`: it stops all of the debtor's accounts."""

    id: int
    reason: HoldReason
    source: str
    note: str
    starts_at: datetime
    ends_at: datetime | None
    whole_debtor: bool


@dataclass(frozen=True, slots=True)
class EnrolmentLine:
    """An account's place in a campaign; `waits_for` is plain words."""

    campaign: str
    state: str
    cycle: int
    waits_for: str
    next_look_at: datetime | None
    entered_at: datetime


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice in an account's list. `decision` is the gate's last answer as it is kept (flow/drafting.py)."""

    id: str
    campaign: str
    step: str
    channel: str
    state: str
    reason: str
    needs_approval: bool
    planned_at: datetime
    not_before: datetime
    started_at: datetime | None
    decision: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """What the debtor answered."""

    at: datetime
    channel: str
    sender: str
    subject: str
    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Dossier:
    """One account with all that belongs to it."""

    id: int
    ref: str
    creditor: str
    balance: Money
    oldest_due_on: date | None
    tags: tuple[str, ...]
    debtor: DebtorFacts
    points: tuple[PointLine, ...]
    items: tuple[ItemLine, ...]
    holds: tuple[HoldLine, ...]
    enrolments: tuple[EnrolmentLine, ...]


def dossier(connection: Connection, account_ref: str) -> Dossier | None:
    """The account with this ref, or None. Five statements."""
    head = connection.execute(
        select(
            *accounts.c["id", "debtor_id", "currency", "balance_minor", "oldest_due_on", "tags"],
            *debtors.c["ref", "first_name", "last_name", "company", "language", "zones", "country", "region"],
            creditors.c.name.label("creditor"),
        )
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .join(creditors, creditors.c.id == accounts.c.creditor_id)
        .where(accounts.c.ref == account_ref)
    ).first()
    if head is None:
        return None
    return Dossier(
        id=head.id,
        ref=account_ref,
        creditor=head.creditor,
        balance=Money(head.balance_minor, head.currency),
        oldest_due_on=head.oldest_due_on,
        tags=tuple(head.tags or ()),
        debtor=_debtor(head),
        points=_points(connection, head.debtor_id),
        items=_items(connection, head.id, head.currency),
        holds=_holds(connection, head.id, head.debtor_id),
        enrolments=_enrolments(connection, head.id),
    )


def notices_of(connection: Connection, account_ref: str) -> list[NoticeLine]:
    """The account's notices, newest first."""
    query = (
        select(*(notices.c[name] for name in NoticeLine.__dataclass_fields__))
        .join(enrolments, enrolments.c.id == notices.c.enrolment_id)
        .join(accounts, accounts.c.id == enrolments.c.account_id)
        .where(accounts.c.ref == account_ref)
        .order_by(notices.c.planned_at.desc(), notices.c.id.desc())
        .limit(100)
    )
    return [NoticeLine(**row) for row in connection.execute(query).mappings()]


def replies_of(connection: Connection, account_ref: str) -> list[ReplyLine]:
    """What the debtor answered, newest first."""
    query = (
        select(*(replies.c[name] for name in ReplyLine.__dataclass_fields__))
        .join(accounts, accounts.c.id == replies.c.account_id)
        .where(accounts.c.ref == account_ref)
        .order_by(replies.c.at.desc(), replies.c.id.desc())
        .limit(100)
    )
    return [ReplyLine(**row) for row in connection.execute(query).mappings()]


def _debtor(row: Any) -> DebtorFacts:
    name = " ".join(part for part in (row.first_name, row.last_name) if part) or row.company or row.ref
    return DebtorFacts(row.debtor_id, row.ref, name, row.language, tuple(row.zones or ()), row.country, row.region)


def _points(connection: Connection, debtor_id: int) -> tuple[PointLine, ...]:
    table = contact_points
    query = select(table).where(table.c.debtor_id == debtor_id, table.c.retired_at.is_(None)).order_by(table.c.id)
    return tuple(
        PointLine(Channel(r.kind), r.value, Quality(r.quality), r.opted_out_at, r.opt_out_source)
        for r in connection.execute(query)
    )


def _items(connection: Connection, account_id: int, currency: str) -> tuple[ItemLine, ...]:
    query = select(items).where(items.c.account_id == account_id).order_by(items.c.due_on, items.c.id)
    return tuple(
        ItemLine(r.ref, r.due_on, Money(r.amount_minor, currency), Money(r.open_minor, currency))
        for r in connection.execute(query)
    )


def _holds(connection: Connection, account_id: int, debtor_id: int) -> tuple[HoldLine, ...]:
    query = (
        select(holds)
        .where(holds.c.debtor_id == debtor_id, or_(holds.c.account_id.is_(None), holds.c.account_id == account_id))
        .order_by(holds.c.starts_at.desc(), holds.c.id.desc())
    )
    return tuple(
        HoldLine(r.id, HoldReason(r.reason), r.source, r.note, r.starts_at, r.ends_at, r.account_id is None)
        for r in connection.execute(query)
    )


def _enrolments(connection: Connection, account_id: int) -> tuple[EnrolmentLine, ...]:
    names = EnrolmentLine.__dataclass_fields__
    query = select(*(enrolments.c[name] for name in names)).where(
        enrolments.c.account_id == account_id, enrolments.c.state != EnrolmentState.SERVICE
    )
    return tuple(EnrolmentLine(**row) for row in connection.execute(query.order_by(enrolments.c.id)).mappings())
