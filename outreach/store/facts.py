"""Reads the facts of many enrolments in a handful of statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from outreach.domain.account import (
    Account,
    ContactPoint,
    Creditor,
    Debtor,
    Facts,
    Hold,
    HoldReason,
    Item,
    PastStep,
    Quality,
)
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.money import Money
from outreach.domain.notice import NoticeState
from outreach.store.facts_queries import (
    last_contacts,
    of_accounts,
    of_holds,
    of_items,
    of_points,
    past_notices,
    past_tasks,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """What facts are wanted about: an account, or one item of it (0: all), as enrolled, in one cycle."""

    enrolment_id: int
    account_id: int
    item_id: int
    cycle: int


@dataclass(frozen=True, slots=True)
class _Read:
    accounts: Mapping[int, Row[Any]]
    points: Mapping[int, tuple[ContactPoint, ...]]
    items: Mapping[int, list[Item]]
    holds: Mapping[int, list[tuple[int | None, Hold]]]
    history: Mapping[int, list[PastStep]]
    contacted_at: Mapping[int, datetime]


def load_facts(connection: Connection, subjects: Sequence[Subject], *, history: bool = True) -> dict[int, Facts]:
    """The facts by enrolment id, read in the connection's transaction; a missing account is left out.

    Without `history` the facts have no past steps: enough for the gate, not for the next step.
    """
    account_rows = _accounts(connection, {subject.account_id for subject in subjects})
    debtor_ids = {row.debtor_id for row in account_rows.values()}
    read = _Read(
        account_rows,
        _points(connection, debtor_ids),
        _items(connection, account_rows),
        _holds(connection, debtor_ids),
        _history(connection, subjects) if history else {},
        _contacted_at(connection, debtor_ids),
    )
    return {s.enrolment_id: _facts(s, read) for s in subjects if s.account_id in account_rows}


def _accounts(connection: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in connection.execute(of_accounts(connection), {"ids": list(ids)})}


def _points(connection: Connection, debtor_ids: Iterable[int]) -> dict[int, tuple[ContactPoint, ...]]:
    found: defaultdict[int, list[ContactPoint]] = defaultdict(list)
    for row in connection.execute(of_points(connection), {"ids": list(debtor_ids)}):
        found[row.debtor_id].append(point_of(row))
    return {debtor: tuple(sorted(points, key=_preference)) for debtor, points in found.items()}


def point_of(row: Row[Any]) -> ContactPoint:
    """A contact point from its row."""
    return ContactPoint(
        row.id,
        Channel(row.kind),
        row.value,
        Quality(row.quality),
        row.consent,
        row.opted_out_at,
        PostalAddress(**row.postal) if row.postal else None,
    )


def _preference(point: ContactPoint) -> bool:
    """Verified ones first; among equals the newest, as the query ordered them."""
    return point.quality is not Quality.VERIFIED


def _items(connection: Connection, account_rows: Mapping[int, Row[Any]]) -> dict[int, list[Item]]:
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for row in connection.execute(of_items(connection), {"ids": list(account_rows)}):
        currency = account_rows[row.account_id].currency
        amount, left = Money(row.amount_minor, currency), Money(row.open_minor, currency)
        found[row.account_id].append(Item(row.id, row.ref, row.issued_on, row.due_on, amount, left))
    return found


def _holds(connection: Connection, debtor_ids: Iterable[int]) -> dict[int, list[tuple[int | None, Hold]]]:
    found: defaultdict[int, list[tuple[int | None, Hold]]] = defaultdict(list)
    for row in connection.execute(of_holds(connection), {"ids": list(debtor_ids)}):
        hold = Hold(HoldReason(row.reason), row.starts_at, row.ends_at, row.freezes_dpd)
        found[row.debtor_id].append((row.account_id, hold))
    return found


def _history(connection: Connection, subjects: Sequence[Subject]) -> dict[int, list[PastStep]]:
    ids = {"ids": [subject.enrolment_id for subject in subjects]}
    cycles = {subject.enrolment_id: subject.cycle for subject in subjects}
    found: defaultdict[int, list[PastStep]] = defaultdict(list)
    for row in connection.execute(past_notices(connection), ids):
        if row.cycle == cycles[row.enrolment_id]:
            found[row.enrolment_id].append(PastStep(row.step, row.position, NoticeState(row.state), row.at, row.id))
    for task in connection.execute(past_tasks(connection), ids):
        if task.cycle == cycles[task.enrolment_id]:
            found[task.enrolment_id].append(PastStep(task.step, task.position, NoticeState.SENT, task.created_at))
    return found


def _contacted_at(connection: Connection, debtor_ids: Iterable[int]) -> dict[int, datetime]:
    rows = connection.execute(last_contacts(connection), {"ids": list(debtor_ids)})
    return {row.debtor_id: row.at for row in rows}


def _facts(subject: Subject, read: _Read) -> Facts:
    row = read.accounts[subject.account_id]
    open_items = read.items.get(subject.account_id, ())
    return Facts(
        account=Account(row.id, row.ref, _creditor(row), row.currency, frozenset(row.tags), row.extra),
        debtor=_debtor(row, read.points.get(row.debtor_id, ())),
        items=tuple(item for item in open_items if subject.item_id in (0, item.id)),
        holds=tuple(hold for account, hold in read.holds.get(row.debtor_id, ()) if account in (None, row.id)),
        history=tuple(read.history.get(subject.enrolment_id, ())),
        last_contact_at=read.contacted_at.get(row.debtor_id),
        version=row.debtor_version,
    )


def _creditor(row: Row[Any]) -> Creditor:
    address = PostalAddress(**row.creditor_address) if row.creditor_address else None
    return Creditor(
        row.creditor_ref,
        row.creditor_name,
        row.creditor_phone,
        row.creditor_email,
        row.creditor_website,
        address,
        row.creditor_payment_url,
    )


def _debtor(row: Row[Any], points: tuple[ContactPoint, ...]) -> Debtor:
    return Debtor(
        row.debtor_id,
        row.debtor_ref,
        row.debtor_first_name,
        row.debtor_last_name,
        row.debtor_company,
        row.debtor_language,
        tuple(row.debtor_zones),
        row.debtor_country,
        row.debtor_region,
        row.debtor_postal_code,
        points,
    )
