"""Reads the facts of many enrolments in a handful of statements, whatever their number."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from outreach.domain.account import (
    CONTACTS_KEPT,
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
from outreach.domain.standing import Basis, Consent, ConsentScope, Contact, Terms
from outreach.store.contact_facts import contacted_at, contacts_since
from outreach.store.facts_queries import (
    of_accounts,
    of_consents,
    of_creditors,
    of_holds,
    of_items,
    of_points,
    past_notices,
    past_tasks,
)
from outreach.store.standing import preferences_of, standing_of, terms_of

_KINDS = {channel.value: channel for channel in Channel}
_QUALITIES = {quality.value: quality for quality in Quality}


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
    #: By debtor: when last contacted. By account: when first. By debtor: the latest contacts.
    last_contact: Mapping[int, datetime]
    first_contact: Mapping[int, datetime]
    contacts: Mapping[int, tuple[Contact, ...]]
    creditors: Mapping[int, Creditor]


def load_facts(
    connection: Connection, subjects: Sequence[Subject], now: datetime, *, history: bool = True
) -> dict[int, Facts]:
    """The facts by enrolment id, read in the connection's transaction; a missing account is left out.

    Contacts are those of the last CONTACTS_KEPT before `now` (business time, aware UTC). Without `history` the facts
    have no past steps: enough for the gate, not for the next step.
    """
    account_rows = _accounts(connection, {subject.account_id for subject in subjects})
    debtor_ids = sorted({row.debtor_id for row in account_rows.values()})
    points = _points(connection, debtor_ids)
    last_contact, first_contact = contacted_at(connection, debtor_ids)
    read = _Read(
        account_rows,
        points,
        _items(connection, account_rows),
        _holds(connection, debtor_ids),
        _history(connection, subjects) if history else {},
        last_contact,
        first_contact,
        contacts_since(connection, debtor_ids, now - CONTACTS_KEPT, points),
        _creditors(connection, {row.creditor_id for row in account_rows.values()}),
    )
    return {s.enrolment_id: _facts(s, read) for s in subjects if s.account_id in account_rows}


def _accounts(connection: Connection, ids: Iterable[int]) -> dict[int, Row[Any]]:
    return {row.id: row for row in connection.execute(of_accounts(connection), {"ids": list(ids)}).all()}


def _points(connection: Connection, debtor_ids: Sequence[int]) -> dict[int, tuple[ContactPoint, ...]]:
    consents = _consents(connection, debtor_ids)
    found: defaultdict[int, list[ContactPoint]] = defaultdict(list)
    for row in connection.execute(of_points(connection), {"ids": debtor_ids}).all():
        debtor_id, id_, kind, value, quality, opted_out_at, postal, heard_at, standing = row
        given = tuple(consents.get((debtor_id, kind, value), ())) if consents else ()
        point = ContactPoint(
            id_,
            _KINDS[kind],
            value,
            _QUALITIES[quality],
            opted_out_at,
            PostalAddress(**postal) if postal else None,
            standing_of(standing, heard_at, given),
        )
        found[debtor_id].append(point)
    return {debtor: tuple(sorted(points, key=_preference)) for debtor, points in found.items()}


def _consents(connection: Connection, debtor_ids: Sequence[int]) -> dict[tuple[int, str, str], list[Consent]]:
    """By debtor, kind and value of the address."""
    found: defaultdict[tuple[int, str, str], list[Consent]] = defaultdict(list)
    for row in connection.execute(of_consents(connection), {"ids": debtor_ids}):
        debtor_id, kind, value, scope, given_at, basis, source, wording, revoked_at = row
        consent = Consent(ConsentScope(scope), given_at, Basis(basis), source, wording, revoked_at)
        found[debtor_id, kind, value].append(consent)
    return found


def _preference(point: ContactPoint) -> bool:
    """Verified ones first; among equals the newest, as the query ordered them."""
    return point.quality is not Quality.VERIFIED


def _items(connection: Connection, account_rows: Mapping[int, Row[Any]]) -> dict[int, list[Item]]:
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for row in connection.execute(of_items(connection), {"ids": list(account_rows)}).all():
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
    for row in connection.execute(past_notices(connection), ids).all():
        if row.cycle == cycles[row.enrolment_id]:
            found[row.enrolment_id].append(PastStep(row.step, row.position, NoticeState(row.state), row.at, row.id))
    for task in connection.execute(past_tasks(connection), ids):
        if task.cycle == cycles[task.enrolment_id]:
            found[task.enrolment_id].append(PastStep(task.step, task.position, NoticeState.SENT, task.created_at))
    return found


def _facts(subject: Subject, read: _Read) -> Facts:
    row = read.accounts[subject.account_id]
    open_items = read.items.get(subject.account_id, ())
    creditor = read.creditors[row.creditor_id]
    terms = _terms(row, creditor.terms, read.first_contact.get(row.id))
    return Facts(
        account=Account(row.id, row.ref, creditor, row.currency, frozenset(row.tags), row.extra, terms),
        debtor=_debtor(row, read.points.get(row.debtor_id, ())),
        items=tuple(item for item in open_items if subject.item_id in (0, item.id)),
        holds=tuple(hold for account, hold in read.holds.get(row.debtor_id, ()) if account in (None, row.id)),
        history=tuple(read.history.get(subject.enrolment_id, ())),
        last_contact_at=read.last_contact.get(row.debtor_id),
        contacts=read.contacts.get(row.debtor_id, ()),
        version=row.debtor_version,
    )


def _terms(row: Row[Any], default: Terms, first_contact_at: datetime | None) -> Terms:
    """The account's terms; the debtor was first contacted by whoever was first, we or those before us."""
    terms = terms_of(row.terms, default)
    earlier = terms.first_contact_at
    if first_contact_at is None or (earlier is not None and earlier <= first_contact_at):
        return terms
    return replace(terms, first_contact_at=first_contact_at)


def _creditors(connection: Connection, ids: Iterable[int]) -> dict[int, Creditor]:
    found = {}
    for id_, ref, name, phone, email, website, address, payment_url, terms in connection.execute(
        of_creditors(connection), {"ids": list(ids)}
    ):
        sender = PostalAddress(**address) if address else None
        found[id_] = Creditor(ref, name, phone, email, website, sender, payment_url, terms_of(terms))
    return found


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
        preferences_of(row.preferences),
    )
