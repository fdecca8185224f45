"""What a row says of its debtor, against what is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime

from outreach.domain.account import Quality
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.standing import ConsentScope
from outreach.domain.zones import candidate_zones
from outreach.flow.importing.account_rows import AccountRow, StatedPoint
from outreach.flow.importing.standing_cells import merged
from outreach.store.import_records import DEBTOR_COLUMNS, ConsentKey, DebtorRecord, PointRecord

_ADDRESS_PARTS = tuple(part.name for part in fields(PostalAddress))
_SERVICING = ConsentScope.SERVICING.value
_NOTHING_KNOWN = {**dict.fromkeys(DEBTOR_COLUMNS, ""), "language": "en"}


def new_debtor(row: AccountRow) -> DebtorRecord:
    """The debtor of a row, who is not known yet."""
    debtor = DebtorRecord(row.creditor_id, row.debtor_ref, {**_NOTHING_KNOWN, **row.facts}, changed=True)
    debtor.points = [_new_point(kind, *point, debtor) for kind, point in row.points.items() if point is not None]
    debtor.zones = _zones(debtor, row)
    return debtor


def update_debtor(debtor: DebtorRecord, row: AccountRow, now: datetime) -> bool:
    """Bring a known debtor up to what the row states; tell whether that changed anything."""
    evidence = _evidence(debtor)
    facts = {**debtor.facts, **row.facts}
    changed = facts != debtor.facts
    debtor.facts = facts
    for kind, stated in row.points.items():
        changed |= _update_points(debtor, kind, stated, now)
    changed |= _rename_letters(debtor)
    # What the debtor or an agent said of the zone stands until the file's own evidence changes.
    if row.timezone or evidence != _evidence(debtor):
        zones = _zones(debtor, row)
        changed |= zones != debtor.zones
        debtor.zones = zones
    debtor.changed = debtor.changed or changed
    return changed


def take_standing(debtor: DebtorRecord, row: AccountRow) -> bool:
    """Keep what the row says of preferences, of the addresses that it states, and of consents for them; tell whether
    that changed anything."""
    stated = row.standing
    preferences = merged(debtor.preferences, stated.preferences)
    changed = preferences != debtor.preferences
    debtor.preferences = preferences
    for kind, document in stated.points.items():
        for point in _stated_points(debtor, row, kind):
            standing = merged(point.standing, document)
            if standing != point.standing:
                point.standing, point.changed, changed = standing, True, True
    for consent in stated.consents:
        for point in _stated_points(debtor, row, consent.kind):
            key = ConsentKey(consent.kind.value, point.value, _SERVICING, consent.given_at, consent.source)
            if key not in debtor.consents:
                debtor.given[key] = consent.wording
                changed = True
    debtor.changed = debtor.changed or changed
    return changed


def _stated_points(debtor: DebtorRecord, row: AccountRow, kind: Channel) -> list[PointRecord]:
    """The address of a kind that the row states; none when it cannot be used."""
    stated = row.points.get(kind)
    return [point for point in debtor.points if stated and (point.kind, point.value) == (kind, stated[0])]


def _zones(debtor: DebtorRecord, row: AccountRow) -> list[str]:
    if row.timezone:
        return [row.timezone]
    found: set[str] = set()
    *_, phones = _evidence(debtor)
    for phone in phones or ("",):
        found.update(candidate_zones(phone, *(debtor.facts[name] for name in ("country", "region", "postal_code"))))
    return sorted(found)


def _evidence(debtor: DebtorRecord) -> tuple[str, str, str, tuple[str, ...]]:
    phones = sorted(point.value for point in debtor.points if point.kind == Channel.SMS and point.retired_at is None)
    facts = debtor.facts
    return facts["country"], facts["region"], facts["postal_code"], tuple(phones)


def _new_point(kind: Channel, value: str, address: PostalAddress | None, debtor: DebtorRecord) -> PointRecord:
    postal = {name: getattr(address, name) for name in _ADDRESS_PARTS} if address else None
    if postal is not None:
        postal["name"] = _name(debtor.facts)
    return PointRecord(kind.value, value, postal, Quality.UNVERIFIED.value, changed=True)


def _name(facts: Mapping[str, str]) -> str:
    return " ".join(part for part in (facts["first_name"], facts["last_name"]) if part) or facts["company"]


def _update_points(debtor: DebtorRecord, kind: Channel, stated: StatedPoint, now: datetime) -> bool:
    """Retire what the row no longer states, bring back or add what it states; an opt-out stays with its value.

    A value that an agent or the debtor verified did not come from a file, so no file retires it.
    """
    value = stated[0] if stated else ""
    known = [point for point in debtor.points if point.kind == kind]
    moved = [
        point
        for point in known
        if (point.value == value) == (point.retired_at is not None)
        and (point.value == value or point.quality != Quality.VERIFIED)
    ]
    for point in moved:
        point.retired_at, point.changed = (None if point.value == value else now), True
    if stated and value not in {point.value for point in known}:
        debtor.points.append(_new_point(kind, *stated, debtor))
        return True
    return bool(moved)


def _rename_letters(debtor: DebtorRecord) -> bool:
    """Letters are addressed to the name that is known now."""
    name = _name(debtor.facts)
    renamed = [
        point
        for point in debtor.points
        if point.postal is not None and point.retired_at is None and point.postal["name"] != name
    ]
    for point in renamed:
        point.postal, point.changed = {**(point.postal or {}), "name": name}, True
    return bool(renamed)
