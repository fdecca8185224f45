"""Terms, standing and preferences from the documents in which rows keep them.

A document holds only what is known; NULL is nothing. Keys are the fields of `domain.standing`, a key that is none of
them is left alone, so that rows of another version can be read. A value that the law has no word for is refused: it
must not be read as nothing. Written by hand: this runs for every message, and a model of any library costs tenfold.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import orjson

from outreach.domain.campaign import SendWindow
from outreach.domain.message import Channel
from outreach.domain.standing import (
    Basis,
    CollectorRole,
    Consent,
    DebtKind,
    Medium,
    Place,
    Preferences,
    Standing,
    Terms,
    Validation,
)

Stored = Mapping[str, Any]

#: What is read where a row has nothing.
NO_TERMS = Terms()
NO_STANDING = Standing()
NO_PREFERENCES = Preferences()

#: How many documents are remembered with what they say: the same few words stand in most of them.
KEPT = 4_096
_EVERY_DAY = range(1, 8)


def terms_of(written: str | None, default: Terms = NO_TERMS) -> Terms:
    """How an account is collected; role, kind of debt and licences are its creditor's where it says none.

    Raises ValueError for a value that is none.
    """
    if written is None:
        return default
    get = orjson.loads(written).get
    licences = get("licences")
    return Terms(
        CollectorRole(role) if (role := get("role")) else default.role,
        DebtKind(debt) if (debt := get("debt")) else default.debt,
        _day(get("made_on")),
        _day(get("sol_expires_on")),
        _validation(get("validation")),
        {name: datetime.fromisoformat(at) for name, at in (get("notices") or {}).items()},
        _instant(get("first_contact_at")),
        default.licences if licences is None else frozenset(licences),
    )


def document_of(terms: Terms) -> dict[str, Any] | None:
    """What a creditor's file says of its accounts, as a document; None when it says nothing."""
    said: dict[str, Any] = {}
    if terms.role is not NO_TERMS.role:
        said["role"] = terms.role.value
    if terms.debt is not NO_TERMS.debt:
        said["debt"] = terms.debt.value
    if terms.licences:
        said["licences"] = sorted(terms.licences)
    return said or None


def standing_of(
    written: str | None, last_inbound_at: datetime | None = None, consents: tuple[Consent, ...] = ()
) -> Standing:
    """What is known of a contact point. Raises ValueError for a value that is none."""
    known = _standing(written) if written is not None else NO_STANDING
    if last_inbound_at is None and not consents:
        return known
    return Standing(
        known.place,
        known.employer_provided,
        known.basis,
        known.notice_sent_on,
        known.notice_deadline,
        last_inbound_at,
        known.checked_at,
        known.reassigned,
        consents,
    )


@lru_cache(maxsize=KEPT)
def _standing(written: str) -> Standing:
    get = orjson.loads(written).get
    return Standing(
        Place(get("place", "")),
        get("employer_provided"),
        Basis(get("basis", "")),
        _day(get("notice_sent_on")),
        _day(get("notice_deadline")),
        None,
        _instant(get("checked_at")),
        get("reassigned"),
    )


def preferences_of(written: str | None) -> Preferences:
    """What the debtor asked for. Raises ValueError for a value that is none."""
    return _preferences(written) if written is not None else NO_PREFERENCES


@lru_cache(maxsize=KEPT)
def _preferences(written: str) -> Preferences:
    get = orjson.loads(written).get
    return Preferences(
        frozenset(map(Medium, get("media_off", ()))),
        frozenset(map(Place, get("places_off", ()))),
        tuple(map(_window, get("hours", ()))),
    )


def document_of_preferences(wished: Preferences) -> dict[str, Any] | None:
    """What a debtor asked for, as a document; None for nothing."""
    document: dict[str, Any] = {}
    if wished.media_off:
        document["media_off"] = sorted(wished.media_off)
    if wished.places_off:
        document["places_off"] = sorted(wished.places_off)
    if wished.hours:
        document["hours"] = [_hours(window) for window in wished.hours]
    return document or None


def _hours(window: SendWindow) -> dict[str, Any]:
    opens, closes = window.opens.isoformat("minutes"), window.closes.isoformat("minutes")
    return {"days": sorted(window.days), "opens": opens, "closes": closes, "holidays": window.holidays}


def _window(hours: Stored) -> SendWindow:
    """Hours that a debtor named: every day, and holidays too, unless it says otherwise."""
    opens, closes = time.fromisoformat(hours["opens"]), time.fromisoformat(hours["closes"])
    return SendWindow(frozenset(hours.get("days") or _EVERY_DAY), opens, closes, hours.get("holidays", True))


def _validation(document: Stored | None) -> Validation | None:
    if document is None:
        return None
    return Validation(
        datetime.fromisoformat(document["provided_at"]),
        Channel(document.get("by", Channel.LETTER.value)),
        _day(document.get("ends_on")),
        document.get("undeliverable", False),
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def _instant(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
