"""What a row says of consents, terms and preferences. Proof must be right: a value that is not, refuses the row.

An empty cell says nothing here, unlike elsewhere: a column that a system does not fill must not undo a consent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

import orjson

from outreach.documents.words import LICENCE_PATTERN
from outreach.domain.message import Channel
from outreach.domain.standing import Basis, CollectorRole, DebtKind, Medium, Place
from outreach.flow.importing.fields import Cells

STANDING_COLUMNS = (
    *("collector_role", "debt_kind", "made_on", "sol_expires_on", "first_contact_at", "licences"),
    *("validation_provided_at", "validation_ends_on"),
    *("phone_place", "phone_consent_at", "phone_consent_source", "phone_consent_wording"),
    *("email_basis", "email_consent_at", "email_consent_source", "email_consent_wording"),
    *("email_notice_sent_on", "email_notice_deadline", "email_employer_provided"),
    *("preferred_hours_from", "preferred_hours_to", "media_off"),
)
_KNOWN = frozenset(STANDING_COLUMNS)
_LICENCE = re.compile(LICENCE_PATTERN)
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_YES_OR_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
#: Which columns are about which address.
_ADDRESSES = ((Channel.SMS, "phone"), (Channel.EMAIL, "email"))
LONGEST_SOURCE, LONGEST_WORDING = 100, 5_000

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class StatedConsent:
    """A consent for the row's phone or e-mail address."""

    kind: Channel
    given_at: datetime
    source: str
    wording: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What a row says, as documents that hold only what it states; `points` by the kind of its addresses."""

    terms: Document = field(default_factory=dict)
    preferences: Document = field(default_factory=dict)
    points: Mapping[Channel, Document] = field(default_factory=dict)
    consents: tuple[StatedConsent, ...] = ()

    @property
    def of_account(self) -> bytes:
        """What it says of the account, to be compared with other rows."""
        return orjson.dumps(self.terms) if self.terms else b""

    @property
    def of_debtor(self) -> bytes:
        """What it says of the debtor, to be compared with other rows."""
        if not (self.preferences or self.points or self.consents):
            return b""
        points = {kind.value: document for kind, document in self.points.items()}
        return orjson.dumps([self.preferences, points, self.consents])


NOTHING = Stated()


def merged(known: Document | None, stated: Document) -> Document | None:
    """A document with what is stated, key by key; the object itself when it states nothing."""
    if not stated:
        return known
    result = dict(known or {})
    for key, value in stated.items():
        result[key] = merged(result.get(key), value) if isinstance(value, dict) else value
    return result


def read_stated(cells: Cells) -> Stated:
    """What the row says. Raises BadRow."""
    if _KNOWN.isdisjoint(cells.values):
        return NOTHING
    points = {Channel.SMS: _phone(cells), Channel.EMAIL: _email(cells)}
    given = [_consent(cells, kind, name) for kind, name in _ADDRESSES]
    for _, name in _ADDRESSES:
        about = [column for column in STANDING_COLUMNS if column.startswith(f"{name}_") and cells.get(column)]
        if about and not cells.get(name):
            raise cells.refuse(about[0], f"the row has no {name}", f"fill in {name}, or leave {about[0]} empty")
    return Stated(
        terms=_terms(cells),
        preferences=_preferences(cells),
        points={kind: document for kind, document in points.items() if document},
        consents=tuple(one for one in given if one is not None),
    )


def _terms(cells: Cells) -> Document:
    provided_at, ends_on = _instant(cells, "validation_provided_at"), _day(cells, "validation_ends_on")
    if ends_on and not provided_at:
        raise cells.refuse("validation_ends_on", "there is no validation_provided_at", "state both")
    if ends_on and provided_at and ends_on < provided_at.date():
        raise cells.refuse("validation_ends_on", "before validation_provided_at", "check both")
    first_contact_at = _instant(cells, "first_contact_at")
    return _said(
        role=_word(cells, "collector_role", CollectorRole),
        debt=_word(cells, "debt_kind", DebtKind),
        made_on=_iso(_day(cells, "made_on")),
        sol_expires_on=_iso(_day(cells, "sol_expires_on")),
        first_contact_at=_iso(first_contact_at),
        licences=_licences(cells),
        validation=_said(provided_at=_iso(provided_at), ends_on=_iso(ends_on)) or None,
    )


def _preferences(cells: Cells) -> Document:
    opens, closes = _hour(cells, "preferred_hours_from"), _hour(cells, "preferred_hours_to")
    if bool(opens) != bool(closes):
        lacking = "preferred_hours_to" if opens else "preferred_hours_from"
        raise cells.refuse(lacking, "missing", "state both ends of the hours, or none")
    if opens and closes and opens >= closes:
        raise cells.refuse("preferred_hours_to", "not after preferred_hours_from", "check both")
    hours = [{"opens": opens, "closes": closes}] if opens else None
    return _said(hours=hours, media_off=_media(cells))


def _phone(cells: Cells) -> Document:
    return _said(place=_word(cells, "phone_place", Place))


def _email(cells: Cells) -> Document:
    return _said(
        basis=_word(cells, "email_basis", Basis),
        notice_sent_on=_iso(_day(cells, "email_notice_sent_on")),
        notice_deadline=_iso(_day(cells, "email_notice_deadline")),
        employer_provided=_yes_or_no(cells, "email_employer_provided"),
    )


def _consent(cells: Cells, kind: Channel, name: str) -> StatedConsent | None:
    at, source, wording = (f"{name}_consent_{part}" for part in ("at", "source", "wording"))
    if not cells.get(at):
        stated = next((column for column in (source, wording) if cells.get(column)), "")
        if stated:
            raise cells.refuse(at, "missing", f"write when the consent was given, or leave {stated} empty")
        return None
    given_at = cells.instant(at)
    cells.needed(source)
    return StatedConsent(kind, given_at, _text(cells, source, LONGEST_SOURCE), _text(cells, wording, LONGEST_WORDING))


def _said(**values: Any) -> Document:
    return {name: value for name, value in values.items() if value is not None}


def _word(cells: Cells, name: str, words: type[StrEnum]) -> str | None:
    value = cells.get(name).lower()
    return _one_of(cells, name, value, words) if value else None


def _one_of(cells: Cells, name: str, value: str, words: Iterable[StrEnum]) -> str:
    known = [word.value for word in words if word.value]
    if value not in known:
        raise cells.refuse(name, "not a known word", f"write one of {', '.join(known)}")
    return value


def _media(cells: Cells) -> list[str] | None:
    parts = _parts(cells, "media_off")
    if parts == ["none"]:
        return []
    return sorted({_one_of(cells, "media_off", part, Medium) for part in parts}) or None


def _licences(cells: Cells) -> list[str] | None:
    found = sorted({part.upper() for part in _parts(cells, "licences")})
    if not all(_LICENCE.fullmatch(part) for part in found):
        raise cells.refuse("licences", "not a list of jurisdictions", "write such as US-CA;US-NY")
    return found or None


def _parts(cells: Cells, name: str) -> list[str]:
    parts = (part.strip().lower() for part in cells.get(name).replace(",", ";").split(";"))
    return [part for part in parts if part]


def _hour(cells: Cells, name: str) -> str | None:
    value = cells.get(name)
    if value and not _HOUR.fullmatch(value):
        raise cells.refuse(name, "not a time of the day", "write 09:00, from 00:00 to 23:59")
    return time.fromisoformat(value).isoformat("minutes") if value else None


def _yes_or_no(cells: Cells, name: str) -> bool | None:
    value = cells.get(name).lower()
    if value and value not in _YES_OR_NO:
        raise cells.refuse(name, "neither yes nor no", "write yes or no")
    return _YES_OR_NO[value] if value else None


def _text(cells: Cells, name: str, length: int) -> str:
    value = cells.get(name)
    if len(value) > length:
        raise cells.refuse(name, f"longer than {length} characters", "shorten it")
    return value


def _day(cells: Cells, name: str) -> date | None:
    return cells.day(name) if cells.get(name) else None


def _instant(cells: Cells, name: str) -> datetime | None:
    return cells.instant(name) if cells.get(name) else None


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
