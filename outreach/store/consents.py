"""Consents: recorded once, revoked once, never changed otherwise; and the contacts that people log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, insert, select, update

from outreach.domain.message import Channel
from outreach.domain.standing import Basis, ConsentScope, Medium, Place, Reach
from outreach.store.batch import among, insert_into
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import accounts, contact_points


@dataclass(frozen=True, slots=True)
class NewConsent:
    """A consent to record. `value` is normalised like a contact point's; `given_at` is when the debtor gave it."""

    debtor_id: int
    kind: Channel
    value: str
    scope: ConsentScope
    basis: Basis
    given_at: datetime
    source: str
    wording: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class ConsentLine:
    """A consent as it is listed; `revoked_by` is '' for what the debtor did without a person of ours."""

    id: int
    kind: Channel
    value: str
    scope: ConsentScope
    basis: Basis
    given_at: datetime
    source: str
    wording: str
    recorded_by: str
    revoked_at: datetime | None
    revoked_how: str
    revoked_by: str


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact that is no notice; see `domain.standing.Contact`. `source`: who made or told of it."""

    debtor_id: int
    account_id: int
    at: datetime
    medium: Medium
    reach: Reach
    inbound: bool
    value: str
    place: Place
    excluded: bool
    source: str
    recorded_by: str


def record(connection: Connection, given: Sequence[NewConsent], now: datetime) -> int:
    """Record consents; one that is recorded already stays as it is, revoked or not. Returns how many are new.

    A consent that was given before its address stopped is recorded as revoked by that stop.
    """
    if not given:
        return 0
    rows = [{**asdict(one), "recorded_at": now} for one in given]
    statement = insert_into(connection, consents).on_conflict_do_nothing().returning(consents.c.id)
    new = list(connection.scalars(statement, rows))
    if new:
        _revoke_what_stopped_since(connection, new)
    return len(new)


def _revoke_what_stopped_since(connection: Connection, ids: Sequence[int]) -> None:
    point = contact_points
    statement = update(consents).where(
        among(connection, consents.c.id, ids),
        point.c.debtor_id == consents.c.debtor_id,
        point.c.kind == consents.c.kind,
        point.c.value == consents.c.value,
        point.c.opted_out_at >= consents.c.given_at,
    )
    connection.execute(statement.values(revoked_at=point.c.opted_out_at, revoked_how=point.c.opt_out_source))


def revoke_address(
    connection: Connection,
    kind: Channel,
    value: str,
    at: datetime,
    how: str,
    by: str = "",
    debtor_id: int | None = None,
) -> list[int]:
    """Revoke every consent for an address, whoever gave it, or only a debtor's; returns the debtors concerned."""
    chosen = [consents.c.kind == kind, consents.c.value == value, consents.c.revoked_at.is_(None)]
    if debtor_id is not None:
        chosen.append(consents.c.debtor_id == debtor_id)
    statement = update(consents).where(*chosen).values(revoked_at=at, revoked_how=how[:100], revoked_by=by)
    return sorted(set(connection.scalars(statement.returning(consents.c.debtor_id))))


def revoke_scope(
    connection: Connection,
    debtor_id: int,
    kind: Channel,
    value: str,
    scope: ConsentScope,
    at: datetime,
    how: str,
    by: str,
) -> int:
    """Revoke a debtor's consents of one scope for an address; returns how many."""
    statement = (
        update(consents)
        .where(
            consents.c.debtor_id == debtor_id,
            consents.c.kind == kind,
            consents.c.value == value,
            consents.c.scope == scope,
            consents.c.revoked_at.is_(None),
        )
        .values(revoked_at=at, revoked_how=how[:100], revoked_by=by)
    )
    return connection.execute(statement).rowcount


def consents_of(connection: Connection, debtor_id: int) -> list[ConsentLine]:
    """A debtor's consents, the newest first, revoked ones too."""
    columns = [consents.c[name] for name in ConsentLine.__dataclass_fields__]
    query = select(*columns).where(consents.c.debtor_id == debtor_id)
    rows = connection.execute(query.order_by(consents.c.given_at.desc(), consents.c.id.desc()))
    return [
        ConsentLine(id_, Channel(kind), value, ConsentScope(scope), Basis(basis), *rest)
        for id_, kind, value, scope, basis, *rest in rows
    ]


def has_address(connection: Connection, debtor_id: int, kind: Channel, value: str) -> bool:
    """Whether the address is (or was) the debtor's."""
    point = contact_points.c
    mine = exists().where(point.debtor_id == debtor_id, point.kind == kind, point.value == value)
    return bool(connection.scalar(select(mine)))


def addresses_of(connection: Connection, debtor_id: int, kind: Channel) -> list[str]:
    """The addresses of a kind that a debtor has now, the newest first."""
    point = contact_points.c
    query = select(point.value).where(point.debtor_id == debtor_id, point.kind == kind, point.retired_at.is_(None))
    return list(connection.scalars(query.order_by(point.id.desc())))


def account_of(connection: Connection, account_ref: str) -> tuple[int, int] | None:
    """(account id, debtor id), not locked."""
    row = connection.execute(select(accounts.c.id, accounts.c.debtor_id).where(accounts.c.ref == account_ref)).first()
    return None if row is None else (row.id, row.debtor_id)


def log_contact(connection: Connection, contact: NewContact, now: datetime) -> None:
    """Append to the log of contacts."""
    connection.execute(insert(contacts).values(**asdict(contact), recorded_at=now))
