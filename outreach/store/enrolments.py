"""Who is in which campaign, and when to look at them again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Integer,
    Row,
    Select,
    String,
    Text,
    Update,
    bindparam,
    cast,
    exists,
    literal,
    select,
    update,
)

from outreach.domain.campaign import Campaign, Unit
from outreach.domain.enrolment import Enrolment, EnrolmentState, Look
from outreach.store.batch import among, insert_into, joined, prebuilt, rows_of, values
from outreach.store.tables import accounts, enrolments, items
from outreach.store.types import Instant, Key

_LOOK: dict[str, Any] = {
    "id": Key,
    "state": String,
    "cycle": Integer,
    "cured_on": Date,
    "waits_for": String,
    "next_look_at": Instant(),
}
#: Those of campaigns; the others only carry service messages.
LOOKED_AT = enrolments.c.state != EnrolmentState.SERVICE.value
_TAGS = cast(accounts.c.tags, Text).label("tags")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account (or item) whose age, currency and balance fit a campaign that it is not in; its tags decide."""

    account_id: int
    item_id: int
    tags: frozenset[str]


def candidates(
    connection: Connection, campaign: Campaign, creditor_id: int, today: date, changed_since: datetime | None
) -> Iterator[Row[Any]]:
    """Streams the rows of who may enter, for `candidate`: all of fitting age, or only accounts that changed since."""
    query = _of_age(campaign, creditor_id, today, today)
    if changed_since is not None:
        query = query.where(accounts.c.changed_at >= changed_since)
    yield from connection.execution_options(stream_results=True).execute(query)


def candidates_among(
    connection: Connection, campaign: Campaign, creditor_id: int, days: tuple[date, date], debtor_ids: Sequence[int]
) -> Sequence[Row[Any]]:
    """The rows, for `candidate`, of who of some debtors may enter on a day from the first of `days` to the last.

    `due_on` is the day that age is counted from.
    """
    query = _of_age(campaign, creditor_id, *days).where(among(connection, accounts.c.debtor_id, debtor_ids))
    return connection.execute(query).all()


def candidate(row: Row[Any]) -> Candidate:
    """A candidate from its row; the tags come as text, so that one row's garbage does not end the stream."""
    return Candidate(row.account_id, row.item_id, frozenset(orjson.loads(row.tags)))


def _of_age(campaign: Campaign, creditor_id: int, first: date, last: date) -> Select[Any]:
    """Who is not in the campaign and fits its bounds on one of the days."""
    query = (
        _items_of_age(campaign, first, last) if campaign.unit is Unit.ITEM else _accounts_of_age(campaign, first, last)
    )
    currencies = sorted(campaign.applies_to.currencies)
    query = query.where(accounts.c.creditor_id == creditor_id, accounts.c.erased_at.is_(None))
    return query.where(accounts.c.currency.in_(currencies)) if currencies else query


def _accounts_of_age(campaign: Campaign, first: date, last: date) -> Select[Any]:
    entered = exists().where(enrolments.c.account_id == accounts.c.id, enrolments.c.campaign == campaign.name)
    due_on = accounts.c.oldest_due_on
    return select(accounts.c.id.label("account_id"), literal(0).label("item_id"), _TAGS, due_on.label("due_on")).where(
        ~entered,
        accounts.c.balance_minor > 0,
        *_bounds(campaign, due_on, accounts.c.balance_minor, first, last),
    )


def _items_of_age(campaign: Campaign, first: date, last: date) -> Select[Any]:
    entered = exists().where(
        enrolments.c.account_id == accounts.c.id,
        enrolments.c.campaign == campaign.name,
        enrolments.c.item_id == items.c.id,
    )
    return (
        select(accounts.c.id.label("account_id"), items.c.id.label("item_id"), _TAGS, items.c.due_on)
        .join(items, items.c.account_id == accounts.c.id)
        .where(~entered, items.c.open_minor > 0, *_bounds(campaign, items.c.due_on, items.c.open_minor, first, last))
    )


def _bounds(
    campaign: Campaign, due_on: ColumnElement[Any], balance: ColumnElement[Any], first: date, last: date
) -> list[ColumnElement[bool]]:
    rule = campaign.applies_to
    bounds: list[ColumnElement[bool]] = []
    if rule.dpd_from is not None:
        bounds.append(due_on <= last - timedelta(days=rule.dpd_from))
    if rule.dpd_to is not None:
        bounds.append(due_on >= first - timedelta(days=rule.dpd_to))
    if rule.balance_minor_at_least is not None:
        bounds.append(balance >= rule.balance_minor_at_least)
    if rule.balance_minor_at_most is not None:
        bounds.append(balance <= rule.balance_minor_at_most)
    return bounds


def enter(connection: Connection, campaign: str, version_id: int, entrants: Sequence[Candidate], now: datetime) -> int:
    """Enrol, to be looked at now; who is in already stays as it is. Returns how many entered."""
    rows = [{"account_id": entrant.account_id, "item_id": entrant.item_id} for entrant in entrants]
    source = values(connection, rows, {"account_id": Key, "item_id": Key})
    statement = (
        insert_into(connection, enrolments)
        .from_select(
            ["account_id", "item_id", "campaign", "version_id", "next_look_at", "entered_at"],
            select(
                source.c.account_id,
                source.c.item_id,
                literal(campaign, String),
                literal(version_id, Key),
                literal(now, Instant),
                literal(now, Instant),
            ).where(literal(1) == 1),
        )
        .on_conflict_do_nothing()
    )
    return int(connection.execute(statement).rowcount)


def due_for_look(connection: Connection, campaign: str, now: datetime, limit: int) -> Sequence[Row[Any]]:
    """Up to `limit` enrolments whose time has come, locked for this transaction; those that another holds are left.

    The rows are for `read`: one that cannot be read must not keep the others from being looked at.
    """
    parameters = {"campaign": campaign, "now": now, "limit": limit}
    return connection.execute(_due_for_look(connection), parameters).all()


@prebuilt
def _due_for_look(dialect: str) -> Select[Any]:  # noqa: ARG001 (both databases take the same)
    return (
        select(enrolments)
        .where(
            enrolments.c.campaign == bindparam("campaign"),
            enrolments.c.next_look_at <= bindparam("now", type_=Instant()),
        )
        .order_by(enrolments.c.next_look_at)
        .limit(bindparam("limit", type_=Integer()))
        .with_for_update(skip_locked=True)
    )


def read(row: Row[Any]) -> Enrolment:
    """An enrolment from its row."""
    return Enrolment(
        row.id,
        row.account_id,
        row.item_id,
        row.campaign,
        row.version_id,
        EnrolmentState(row.state),
        row.cycle,
        row.cured_on,
    )


def record_looks(connection: Connection, looks: Sequence[Look]) -> None:
    """Store what the looks made of their enrolments, and when to look again."""
    rows = [
        {
            "id": look.enrolment.id,
            "state": look.enrolment.state.value,
            "cycle": look.enrolment.cycle,
            "cured_on": look.enrolment.cured_on,
            "waits_for": look.waits_for[:200],
            "next_look_at": look.next_look_at,
        }
        for look in looks
    ]
    connection.execute(_record_looks(connection), {"v": rows, "ids": [row["id"] for row in rows]})


@prebuilt
def _record_looks(dialect: str) -> Update:
    v = rows_of(dialect, _LOOK)
    return (
        update(enrolments)
        .where(joined(dialect, enrolments.c.id, v.c.id))
        .values({name: v.c[name] for name in _LOOK if name != "id"})
    )


def look_now(connection: Connection, enrolment_ids: Sequence[int], now: datetime) -> None:
    """Have enrolments looked at as soon as their campaign runs: something happened to them."""
    if enrolment_ids:
        connection.execute(
            update(enrolments)
            .where(among(connection, enrolments.c.id, enrolment_ids), LOOKED_AT)
            .values(next_look_at=now)
        )


def look_now_at_debtors(connection: Connection, debtor_ids: Sequence[int], now: datetime) -> None:
    """Have all enrolments of some debtors looked at: a hold, an opt-out or an address changed."""
    mine = select(accounts.c.id).where(among(connection, accounts.c.debtor_id, debtor_ids))
    connection.execute(update(enrolments).where(enrolments.c.account_id.in_(mine), LOOKED_AT).values(next_look_at=now))
