"""Contacts that people make or tell of: they count for the caps, and a call ends its task."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from outreach.domain.message import Channel
from outreach.domain.standing import Medium, Place, Reach
from outreach.flow import consent
from outreach.flow.actions import Unknown
from outreach.flow.consent import Change
from outreach.flow.consent_actions import Unfit, address_of, held_by
from outreach.store import consents, debtors, interventions, journal
from outreach.store.consents import NewContact
from outreach.store.journal import Entry

#: By which address a medium reaches a debtor.
_KIND = {Medium.EMAIL: Channel.EMAIL, Medium.LETTER: Channel.LETTER}


class CallOutcome(StrEnum):
    """How a call by a person ended."""

    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    CONVERSATION = "conversation"
    WRONG_NUMBER = "wrong_number"


#: A wrong number was dialled, and somebody answered: it counts as an attempt.
_REACH = {
    CallOutcome.NO_ANSWER: Reach.ATTEMPTED,
    CallOutcome.VOICEMAIL: Reach.VOICEMAIL,
    CallOutcome.CONVERSATION: Reach.CONVERSATION,
    CallOutcome.WRONG_NUMBER: Reach.ATTEMPTED,
}


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
        _log(connection, account_id, debtor_id, told, value, by, now)


def end_call(engine: Engine, task_id: int, outcome: CallOutcome, number: str, by: str, now: datetime) -> None:
    """A call task is done: log the call, and shut a number that turned out to be somebody else's.

    `number` is the one that was dialled; it may be '' when the debtor has only one. Raises actions.Unknown.
    """
    with engine.begin() as connection:
        found = interventions.open_call(connection, task_id)
        if found is None:
            raise Unknown("This call is closed already.")
        account_id, debtor_id = found
        value = address_of(connection, debtor_id, Channel.SMS, number)
        if outcome is CallOutcome.WRONG_NUMBER:
            # The address before the debtor: whoever shuts one locks in this order.
            debtors.lock_address(connection, Channel.SMS, value)
            consent.wrong_party(connection, Channel.SMS, value, now, "call", by)
        closed = interventions.close_task(connection, task_id, now)
        if closed is None:
            raise Unknown("This call is closed already.")
        told = Told(now, Medium.CALL, _REACH[outcome])
        _log(connection, account_id, debtor_id, told, value, by, now)
        journal.tell(connection, [Entry(account_id, now, "task_closed", {"title": closed[0]}, by)])


def _log(
    connection: Connection, account_id: int, debtor_id: int, told: Told, value: str, by: str, now: datetime
) -> None:
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
