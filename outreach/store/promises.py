"""Promises to pay: read for many accounts at once, written as what was decided. The caller holds the debtors' locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, update

from outreach.domain.money import Money
from outreach.domain.plan import PlanState
from outreach.domain.promise import PromiseSource, PromiseState, PromiseTerms, PromiseToPay
from outreach.domain.promise_judging import Booking, BookingKind
from outreach.store.batch import among
from outreach.store.plan_tables import payment_plans
from outreach.store.promise_tables import promises
from outreach.store.rows import insert_rows, update_rows
from outreach.store.tables import accounts, creditors, debtors, payments

_KEPT = tuple(field.name for field in fields(PromiseToPay) if field.name in promises.c)


@dataclass(frozen=True, slots=True)
class Owed:
    """What a promise of an account is decided on. `zones` are those in which the debtor may be; `last_payment` is the
    number of the last booking, 0 for none; `on_plan`: a payment plan is active."""

    account_id: int
    account_ref: str
    debtor_id: int
    balance: Money
    zones: tuple[str, ...]
    terms: PromiseTerms
    last_payment: int
    sol_expires_on: date | None
    on_plan: bool


def terms_document(terms: PromiseTerms) -> dict[str, Any]:
    """A creditor's terms for promises, as its row keeps them."""
    return asdict(terms) | {"tolerance": str(terms.tolerance)}


def terms_of(document: Mapping[str, Any] | None) -> PromiseTerms:
    """The terms of a document; the product's own where there is none."""
    return PromiseTerms(**{**document, "tolerance": Decimal(document["tolerance"])}) if document else PromiseTerms()


def owed(connection: Connection, account_ids: Sequence[int]) -> dict[int, Owed]:
    """What accounts owe, and on which terms they may promise to pay it, by account id."""
    last = select(func.max(payments.c.id)).where(payments.c.account_id == accounts.c.id).scalar_subquery()
    plan = select(payment_plans.c.id).where(
        payment_plans.c.account_id == accounts.c.id, payment_plans.c.state == PlanState.ACTIVE.value
    )
    query = (
        select(*accounts.c["id", "ref", "debtor_id", "currency", "balance_minor"], accounts.c.terms)
        .add_columns(debtors.c.zones, creditors.c.promises, last.label("last_payment"), plan.exists().label("on_plan"))
        .join(debtors, debtors.c.id == accounts.c.debtor_id)
        .join(creditors, creditors.c.id == accounts.c.creditor_id)
        .where(among(connection, accounts.c.id, sorted(set(account_ids))))
    )
    return {row.id: _owed(row) for row in connection.execute(query)}


def _owed(row: Row[Any]) -> Owed:
    expires_on = (row.terms or {}).get("sol_expires_on")
    return Owed(
        row.id,
        row.ref,
        row.debtor_id,
        Money(row.balance_minor, row.currency),
        tuple(row.zones),
        terms_of(row.promises),
        row.last_payment or 0,
        date.fromisoformat(expires_on) if expires_on else None,
        bool(row.on_plan),
    )


def account_of(connection: Connection, account_ref: str) -> tuple[int, int] | None:
    """(account id, debtor id) of an account by its reference, None for an unknown one."""
    query = select(accounts.c.id, accounts.c.debtor_id).where(accounts.c.ref == account_ref)
    row = connection.execute(query).first()
    return None if row is None else (row.id, row.debtor_id)


def add(
    connection: Connection, parts: Sequence[PromiseToPay], looks: Sequence[datetime | None], reply_id: int | None
) -> list[int]:
    """Insert the parts of one promise, with when to look at each; returns their ids, of which one names the whole."""
    names = [name for name in _KEPT if name not in ("id", "whole_id")]
    rows = [
        {name: getattr(part, name) for name in names} | {"next_look_at": look, "reply_id": reply_id}
        for part, look in zip(parts, looks, strict=True)
    ]
    ids = sorted(row.id for row in insert_rows(connection, promises, rows, promises.c.id))
    change(connection, ids, whole_id=ids[0])
    return ids


def change(connection: Connection, promise_ids: Sequence[int], **values: object) -> None:
    """Set columns of promises."""
    if promise_ids:
        connection.execute(update(promises).where(among(connection, promises.c.id, promise_ids)).values(values))


def set_looks(connection: Connection, looks: Sequence[tuple[int, int, datetime | None]]) -> None:
    """What was counted towards promises, and when to look at them again: (id, minor units, instant)."""
    rows = [{"id": id_, "paid_minor": paid, "next_look_at": at} for id_, paid, at in looks]
    update_rows(connection, promises, rows)


def look_later(connection: Connection, account_id: int, at: datetime) -> None:
    """When to look again at an account's promises that cannot be judged now."""
    waiting = (promises.c.account_id == account_id, promises.c.next_look_at.is_not(None))
    connection.execute(update(promises).where(*waiting).values(next_look_at=at))


def due(connection: Connection, now: datetime, limit: int) -> list[tuple[int, int]]:
    """(account id, debtor id) of up to `limit` accounts with promises whose time to be looked at has come."""
    look = promises.c.next_look_at
    query = (
        select(promises.c.account_id, promises.c.debtor_id)
        .where(look <= now)
        .group_by(promises.c.account_id, promises.c.debtor_id)
        .order_by(func.min(look))
        .limit(limit)
    )
    return [(row.account_id, row.debtor_id) for row in connection.execute(query)]


def still_due(connection: Connection, account_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of some accounts whose promises are still to be looked at, under the locks of their debtors."""
    query = select(promises.c.account_id).where(
        among(connection, promises.c.account_id, sorted(set(account_ids))), promises.c.next_look_at <= now
    )
    return sorted(set(connection.scalars(query)))


def of_accounts(connection: Connection, account_ids: Sequence[int]) -> dict[int, list[PromiseToPay]]:
    """The promises of accounts in the order in which they were made, by account id."""
    columns: list[ColumnElement[Any]] = [*promises.c[_KEPT], accounts.c.currency]
    query = (
        select(*columns)
        .join(accounts, accounts.c.id == promises.c.account_id)
        .where(among(connection, promises.c.account_id, sorted(set(account_ids))))
        .order_by(promises.c.id)
    )
    found: defaultdict[int, list[PromiseToPay]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.account_id].append(_promise(row))
    return found


def account_with(connection: Connection, promise_id: int) -> tuple[int, int] | None:
    """(account id, debtor id) of a promise, None when there is none."""
    query = select(promises.c.account_id, promises.c.debtor_id).where(promises.c.id == promise_id)
    row = connection.execute(query).first()
    return None if row is None else (row.account_id, row.debtor_id)


def books(connection: Connection, account_ids: Sequence[int]) -> dict[int, list[Booking]]:
    """What is booked on accounts in the order of the books, by account id."""
    query = (
        select(*payments.c["id", "account_id", "ref", "kind", "paid_at", "amount_minor"])
        .where(among(connection, payments.c.account_id, sorted(set(account_ids))))
        .order_by(payments.c.id)
    )
    found: defaultdict[int, list[Booking]] = defaultdict(list)
    for row in connection.execute(query):
        booking = Booking(row.id, row.ref, BookingKind(row.kind), row.paid_at, row.amount_minor)
        found[row.account_id].append(booking)
    return found


def _promise(row: Row[Any]) -> PromiseToPay:
    kept = {name: getattr(row, name) for name in (*_KEPT, "currency")}
    kept |= {"state": PromiseState(row.state), "source": PromiseSource(row.source)}
    return PromiseToPay(**kept)
