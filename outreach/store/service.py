"""What service messages hang on: accounts with their creditor, their place in the built-in campaign, ways to go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from outreach.domain.account import Quality
from outreach.domain.enrolment import EnrolmentState
from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.domain.service import SERVICE
from outreach.store.batch import among, insert_into
from outreach.store.outbox import notices
from outreach.store.tables import accounts, campaign_versions, contact_points, creditors, enrolments


@dataclass(frozen=True, slots=True)
class Place:
    """An account's place in the built-in campaign: what a notice needs to name."""

    enrolment_id: int
    version_id: int


def creditors_of(connection: Connection, account_ids: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(creditor id, creditor ref) of accounts by id."""
    query = select(accounts.c.id, creditors.c.id.label("creditor_id"), creditors.c.ref).join(
        creditors, creditors.c.id == accounts.c.creditor_id
    )
    rows = connection.execute(query.where(among(connection, accounts.c.id, sorted(set(account_ids)))))
    return {row.id: (row.creditor_id, row.ref) for row in rows}


def version_ids(connection: Connection, versions: Sequence[str]) -> dict[str, int]:
    """Ids of campaign versions that are kept already, by their name."""
    query = select(campaign_versions.c.version, campaign_versions.c.id)
    rows = connection.execute(query.where(among(connection, campaign_versions.c.version, versions)))
    return {row.version: row.id for row in rows}


def places(connection: Connection, version_of: Mapping[int, int], now: datetime) -> dict[int, Place]:
    """The accounts' places in the built-in campaign, made where there is none yet, by account id.

    `version_of`: the version that each account's creditor has now.
    """
    rows = [
        {
            "account_id": account_id,
            "campaign": SERVICE,
            "version_id": version_id,
            "state": EnrolmentState.SERVICE.value,
            "entered_at": now,
        }
        for account_id, version_id in sorted(version_of.items())
    ]
    connection.execute(insert_into(connection, enrolments).on_conflict_do_nothing(), rows)
    query = select(enrolments.c.account_id, enrolments.c.id).where(
        enrolments.c.campaign == SERVICE, among(connection, enrolments.c.account_id, sorted(version_of))
    )
    return {row.account_id: Place(row.id, version_of[row.account_id]) for row in connection.execute(query)}


def reachable(connection: Connection, debtor_ids: Sequence[int]) -> dict[int, set[Channel]]:
    """By which channels debtors can be written to at all."""
    point = contact_points.c
    query = select(point.debtor_id, point.kind).where(
        among(connection, point.debtor_id, sorted(set(debtor_ids))),
        point.opted_out_at.is_(None),
        point.retired_at.is_(None),
        point.quality.not_in([Quality.UNDELIVERABLE.value, Quality.WRONG_PARTY.value]),
    )
    found: dict[int, set[Channel]] = {}
    for debtor_id, kind in connection.execute(query):
        found.setdefault(debtor_id, set()).add(Channel(kind))
    return found


def last_said(connection: Connection, account_ids: Sequence[int], step: str, since: datetime) -> dict[int, str]:
    """The `words` that go with the newest message of a step to each account that was planned since."""
    query = select(notices.c.account_id, notices.c.service).where(
        among(connection, notices.c.account_id, sorted(set(account_ids))),
        notices.c.campaign == SERVICE,
        notices.c.step == step,
        notices.c.planned_at >= since,
    )
    rows = connection.execute(query.order_by(notices.c.planned_at))
    return {row.account_id: str(row.service["values"].get("words", "")) for row in rows}


def planned_since(connection: Connection, account_ids: Sequence[int], since: datetime) -> set[tuple[int, str]]:
    """(account id, step) of the service messages that were planned since."""
    query = select(notices.c.account_id, notices.c.step).where(
        among(connection, notices.c.account_id, sorted(set(account_ids))),
        notices.c.campaign == SERVICE,
        notices.c.planned_at >= since,
    )
    return {(row.account_id, row.step) for row in connection.execute(query)}


def planned(connection: Connection, account_id: int, steps: Sequence[str], causes: Sequence[int]) -> list[str]:
    """The ids of an account's planned service messages of some steps and causes."""
    query = select(notices.c.id).where(
        notices.c.account_id == account_id,
        notices.c.campaign == SERVICE,
        notices.c.state == NoticeState.PLANNED.value,
        # Said again so that SQLite, too, finds them by the partial index.
        notices.c.state != NoticeState.CANCELLED.value,
        notices.c.step.in_(steps),
        among(connection, notices.c.cycle, list(causes)),
    )
    return list(connection.scalars(query))
