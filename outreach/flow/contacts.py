"""Contacts that people make or tell of: they count for the caps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.message import Channel
from outreach.domain.standing import Medium, Place, Reach
from outreach.flow import consent
from outreach.flow.consent import Change
from outreach.flow.consent_actions import Unfit, address_of, held_by
from outreach.store import consents, debtors
from outreach.store.consents import NewContact

#: By which address a medium reaches a debtor.
_KIND = {Medium.EMAIL: Channel.EMAIL, Medium.LETTER: Channel.LETTER}


@dataclass(frozen=True, slots=True)
class Told:
    """A contact as a person tells of it. `at` is aware UTC; `address` may be '' when it is not known.

    `excluded`: a call that the caps of 12 CFR 1006.14(b)(3) do not count. `source` is who made it.
    """

    at: datetime
    medium: Medium
    reach: Reach
    address: str = ""
    inbound: bool = False
    place: Place = Place.UNKNOWN
    excluded: bool = False
    source: str = "agent"


def record_contact(engine: Engine, account_ref: str, told: Told, by: str, now: datetime) -> None:
    """Log a contact about an account. Raises actions.Unknown, or Unfit for one that lies in the future."""
    if told.at > now:
        raise Unfit("The contact lies in the future: write when it was.")
    with engine.begin() as connection:
        account_id, debtor_id = held_by(connection, account_ref)
        kind = _KIND.get(told.medium, Channel.SMS)
        value = address_of(connection, debtor_id, kind, told.address) if told.address.strip() else ""
        log(connection, account_id, debtor_id, told, value, by, now)


def log(
    connection: Connection, account_id: int, debtor_id: int, told: Told, value: str, by: str, now: datetime
) -> None:
    """Log a contact by an address as it is stored ('' when it is not known), under the debtor's lock."""
    debtors.lock(connection, [debtor_id])
    consents.log_contact(
        connection,
        NewContact(
            debtor_id=debtor_id,
            account_id=account_id,
            at=told.at,
            medium=told.medium,
            reach=told.reach,
            inbound=told.inbound,
            value=value,
            place=told.place,
            excluded=told.excluded,
            source=told.source.strip()[:100],
            recorded_by=by,
        ),
        now,
    )
    data = {
        "medium": told.medium.value,
        "reach": told.reach.value,
        "direction": "in" if told.inbound else "out",
        "address": value,
        "contact_at": told.at.isoformat(),
    }
    consent.changed(connection, [debtor_id], Change("contact", data, now, by))
