"""What people of ours do about consents and addresses, each as one transaction that leaves its trace.

Every function takes `by`, who does it, and `now` (business time, aware UTC). All raise `actions.Unknown` for an account
or an address that is not there, and `Unfit` for what cannot be recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.contact import BadContact, normal_email, normal_phone
from outreach.domain.message import Channel
from outreach.domain.standing import Basis, ConsentScope
from outreach.flow import consent
from outreach.flow.actions import Unknown
from outreach.flow.consent import Change
from outreach.store import consents, debtors
from outreach.store.consents import NewConsent

#: As long as the columns that keep it.
LONGEST_SOURCE = 100


class Unfit(ValueError):
    """What was said cannot be recorded; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a debtor consented to, as a person records it."""

    scope: ConsentScope
    given_at: datetime
    source: str
    wording: str
    basis: Basis = Basis.DIRECT_CONSENT


def record_consent(
    engine: Engine, account_ref: str, kind: Channel, address: str, said: Statement, by: str, now: datetime
) -> None:
    """Record that a debtor consented to the use of an address. An opt-out of it stays until the debtor lifts it."""
    if said.given_at > now:
        raise Unfit("The consent lies in the future: write when it was given.")
    source, wording = _needed("source", said.source), said.wording.strip()[: consent.LONGEST_WORDING]
    if not wording:
        raise Unfit("The wording is missing: write the words that the debtor agreed to.")
    with engine.begin() as connection:
        debtor_id, value = _held(connection, account_ref, kind, address)
        debtors.lock(connection, [debtor_id])
        kept = NewConsent(debtor_id, kind, value, said.scope, said.basis, said.given_at, source, wording, by)
        if not consents.record(connection, [kept], now):
            raise Unfit("This consent is on record already.")
        data = {"channel": kind.value, "address": value, "scope": said.scope.value, "source": source}
        consent.changed(connection, [debtor_id], Change("consent_given", data, now, by))


def revoke_consent(
    engine: Engine,
    account_ref: str,
    kind: Channel,
    address: str,
    how: str,
    by: str,
    now: datetime,
    scope: ConsentScope | None = None,
) -> None:
    """The debtor wants no more: opt the address out and revoke all consents for it, whoever has it.

    With a `scope` only this debtor's consents of that scope are revoked, and the address stays in use for the rest.
    """
    how = _needed("means", how)
    with engine.begin() as connection:
        debtor_id, value = _held(connection, account_ref, kind, address)
        if scope is None:
            debtors.lock_address(connection, kind, value)
            consent.stop(connection, kind, value, now, how, by)
            return
        debtors.lock(connection, [debtor_id])
        if not consents.revoke_scope(connection, debtor_id, kind, value, scope, now, how, by):
            raise Unknown("There is no such consent to revoke.")
        data = {"channel": kind.value, "address": value, "scope": scope.value, "source": how}
        consent.changed(connection, [debtor_id], Change("consent_revoked", data, now, by))


def mark_wrong_party(
    engine: Engine, account_ref: str, kind: Channel, address: str, how: str, by: str, now: datetime
) -> None:
    """The address is somebody else's: it is shut for every debtor who has it, and what is queued is cancelled."""
    how = _needed("source", how)
    with engine.begin() as connection:
        _, value = _held(connection, account_ref, kind, address)
        debtors.lock_address(connection, kind, value)
        consent.wrong_party(connection, kind, value, now, how, by)


def verify_address(
    engine: Engine, account_ref: str, kind: Channel, address: str, how: str, by: str, now: datetime
) -> None:
    """A person has new data by which the address is this debtor's; a wrong-party mark of it is lifted for this debtor.

    Consents that the mark revoked stay revoked.
    """
    how = _needed("source", how)
    with engine.begin() as connection:
        debtor_id, value = _held(connection, account_ref, kind, address)
        debtors.lock_address(connection, kind, value)
        debtors.verify(connection, debtor_id, kind, value)
        data = {"channel": kind.value, "address": value, "source": how}
        consent.changed(connection, [debtor_id], Change("party_verified", data, now, by))


def held_by(connection: Connection, account_ref: str) -> tuple[int, int]:
    """(account id, debtor id). Raises Unknown."""
    found = consents.account_of(connection, account_ref)
    if found is None:
        raise Unknown(f"There is no account {account_ref}.")
    return found


def address_of(connection: Connection, debtor_id: int, kind: Channel, written: str) -> str:
    """The debtor's address that is meant, as it is stored; '' means the only one of its kind. Raises Unknown."""
    if not written.strip():
        mine = consents.addresses_of(connection, debtor_id, kind)
        if len(mine) == 1:
            return mine[0]
        raise Unknown("This debtor has several such addresses: name one." if mine else "This debtor has none.")
    value = _normal(kind, written.strip())
    if not consents.has_address(connection, debtor_id, kind, value):
        raise Unknown("This debtor has no such address on record.")
    return value


def _held(connection: Connection, account_ref: str, kind: Channel, written: str) -> tuple[int, str]:
    _, debtor_id = held_by(connection, account_ref)
    return debtor_id, address_of(connection, debtor_id, kind, written)


def _normal(kind: Channel, written: str) -> str:
    try:
        if kind is Channel.SMS:
            return normal_phone(written, "")
        return normal_email(written) if kind is Channel.EMAIL else written
    except BadContact as error:
        raise Unfit(f"{written}: {error}. {error.remedy.capitalize()}.") from error


def _needed(what: str, text: str) -> str:
    text = text.strip()
    if not text:
        raise Unfit(f"The {what} is missing: say how the debtor's word came to us.")
    return text[:LONGEST_SOURCE]
