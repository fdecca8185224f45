"""Campaigns and their versions as the database keeps them, and the creditors that they speak for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import Connection, select, update

from outreach.domain.account import Creditor
from outreach.domain.campaign import Campaign
from outreach.store.batch import insert_into
from outreach.store.plan_documents import policy_document
from outreach.store.promises import terms_document
from outreach.store.standing import document_of
from outreach.store.tables import campaign_versions, campaigns, creditors


@dataclass(frozen=True, slots=True)
class Running:
    """A campaign that runs: the version that new accounts enter, and how far entry has looked.

    `entry_on` is a day in the campaign's zone; both are None before the first run.
    """

    name: str
    version_id: int
    creditor_id: int
    paused: bool
    seen_at: datetime | None
    entry_on: date | None


def keep_creditors(connection: Connection, known: Iterable[Creditor]) -> dict[str, int]:
    """Insert or update creditors by ref; returns their ids by ref."""
    ids: dict[str, int] = {}
    for creditor in known:
        row = {
            "ref": creditor.ref,
            "name": creditor.name,
            "phone": creditor.phone,
            "email": creditor.email,
            "website": creditor.website,
            "payment_url": creditor.payment_url,
            "address": asdict(creditor.address) if creditor.address else None,
            "terms": document_of(creditor.terms),
            "plans": policy_document(creditor.plans) if creditor.plans else None,
            "promises": terms_document(creditor.promises) if creditor.promises else None,
        }
        statement = (
            insert_into(connection, creditors)
            .values(row)
            .on_conflict_do_update(index_elements=["ref"], set_={k: v for k, v in row.items() if k != "ref"})
            .returning(creditors.c.id)
        )
        ids[creditor.ref] = connection.scalars(statement).one()
    return ids


def keep_version(connection: Connection, campaign: Campaign, body: str, creditor_id: int, now: datetime) -> int:
    """Store a version (`body` is its canonical JSON), make it current, and return its id.

    A changed version is looked through for entry from the start. One that is there already is the same, since its
    name is made of its content; a body that was damaged in the database is whole again.
    """
    version_id = keep_body(connection, campaign, body, creditor_id, now)
    fresh = {"version_id": version_id, "entry_on": None}
    connection.execute(
        insert_into(connection, campaigns)
        .values(name=campaign.name, version_id=version_id)
        .on_conflict_do_update(index_elements=["name"], set_=fresh, where=campaigns.c.version_id != version_id)
    )
    return version_id


def keep_body(connection: Connection, campaign: Campaign, body: str, creditor_id: int, now: datetime) -> int:
    """Store a version without having it run, and return its id."""
    row = {"name": campaign.name, "version": campaign.version, "creditor_id": creditor_id, "body": body}
    connection.execute(
        insert_into(connection, campaign_versions)
        .values(**row, created_at=now)
        .on_conflict_do_update(index_elements=["version"], set_={"body": body}, where=campaign_versions.c.body != body)
    )
    query = select(campaign_versions.c.id).where(campaign_versions.c.version == campaign.version)
    version_id: int = connection.scalars(query).one()
    return version_id


def running(connection: Connection, name: str) -> Running | None:
    """A campaign by name, None when it was never read."""
    query = (
        select(campaigns, campaign_versions.c.creditor_id)
        .join(campaign_versions, campaign_versions.c.id == campaigns.c.version_id)
        .where(campaigns.c.name == name)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return Running(row.name, row.version_id, row.creditor_id, row.paused, row.seen_at, row.entry_on)


def entry_done(connection: Connection, name: str, seen_at: datetime, entry_on: date) -> None:
    """Note how far entry has looked."""
    connection.execute(update(campaigns).where(campaigns.c.name == name).values(seen_at=seen_at, entry_on=entry_on))


def body(connection: Connection, version_id: int) -> str:
    """The canonical JSON of a version; raises KeyError when there is none."""
    found = connection.scalar(select(campaign_versions.c.body).where(campaign_versions.c.id == version_id))
    if found is None:
        raise KeyError(version_id)
    return str(found)
