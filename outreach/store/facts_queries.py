"""The statements that read facts, each for any number of ids, built once for each database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, Text, cast, func, select

from outreach.domain.notice import NoticeState
from outreach.store.batch import one_of, prebuilt
from outreach.store.outbox import notices, tasks
from outreach.store.standing_tables import consents
from outreach.store.tables import accounts, contact_points, creditors, debtors, holds, items

_OF_DEBTOR = (
    *("ref", "first_name", "last_name", "company", "language", "zones"),
    *("country", "region", "postal_code", "version"),
)
_OF_POINT = (
    *("debtor_id", "id", "kind", "value", "quality"),
    *("opted_out_at", "postal", "last_inbound_at"),
)


@prebuilt
def of_accounts(dialect: str) -> Select[Any]:
    """Accounts (ids) with their debtor. Documents that store/standing.py reads come as they are written."""
    return (
        select(
            *accounts.c["id", "ref", "currency", "tags", "extra"],
            cast(accounts.c.terms, Text).label("terms"),
            *accounts.c["debtor_id", "creditor_id"],
            *(debtors.c[name].label(f"debtor_{name}") for name in _OF_DEBTOR),
            cast(debtors.c.preferences, Text).label("preferences"),
        )
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .where(one_of(dialect, accounts.c.id))
    )


@prebuilt
def of_creditors(dialect: str) -> Select[Any]:
    """Creditors (ids)."""
    names = ("id", "ref", "name", "phone", "email", "website", "address", "payment_url")
    terms = cast(creditors.c.terms, Text).label("terms")
    return select(*creditors.c[names], terms).where(one_of(dialect, creditors.c.id))


@prebuilt
def of_points(dialect: str) -> Select[Any]:
    """The contact points of debtors (ids) that are in use, the newest first."""
    return (
        select(
            *contact_points.c[_OF_POINT],
            cast(contact_points.c.standing, Text).label("standing"),
        )
        .where(one_of(dialect, contact_points.c.debtor_id), contact_points.c.retired_at.is_(None))
        .order_by(contact_points.c.id.desc())
    )


@prebuilt
def of_items(dialect: str) -> Select[Any]:
    """What is open of accounts (ids), the oldest first."""
    return (
        select(items)
        .where(one_of(dialect, items.c.account_id), items.c.open_minor > 0)
        .order_by(items.c.due_on, items.c.id)
    )


@prebuilt
def of_holds(dialect: str) -> Select[Any]:
    """The holds of debtors (ids)."""
    return select(holds).where(one_of(dialect, holds.c.debtor_id))


@prebuilt
def past_notices(dialect: str) -> Select[Any]:
    """The notices of enrolments (ids) that count as steps taken, and when."""
    taken = func.coalesce(notices.c.started_at, notices.c.ended_at, notices.c.planned_at).label("at")
    columns = [notices.c[name] for name in ("id", "enrolment_id", "cycle", "step", "position", "state")]
    return select(*columns, taken).where(
        one_of(dialect, notices.c.enrolment_id),
        notices.c.state != NoticeState.CANCELLED,
        notices.c.replayed_at.is_(None),
    )


@prebuilt
def past_tasks(dialect: str) -> Select[Any]:
    """The tasks of enrolments (ids) that are steps."""
    columns = [tasks.c[name] for name in ("enrolment_id", "cycle", "step", "position", "created_at")]
    return select(*columns).where(one_of(dialect, tasks.c.enrolment_id), tasks.c.step != "")


@prebuilt
def of_consents(dialect: str) -> Select[Any]:
    """The consents of debtors (ids) for any of their addresses, revoked ones too, the oldest first."""
    names = ("debtor_id", "kind", "value", "scope", "given_at", "basis", "source", "wording", "revoked_at")
    return (
        select(*(consents.c[name] for name in names))
        .where(one_of(dialect, consents.c.debtor_id))
        .order_by(consents.c.given_at, consents.c.id)
    )
