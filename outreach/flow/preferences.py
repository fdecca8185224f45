"""Preferences: the channels, places, hours and language that a debtor asks for, in whichever way they came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.preference import PreferenceChange
from outreach.flow import consent
from outreach.flow.consent import Change
from outreach.store import debtors


def change(
    connection: Connection, debtor_id: int, wished: PreferenceChange, source: str, now: datetime, by: str = ""
) -> bool:
    """Keep what a debtor asked for; whether that changes anything. It holds for all accounts of the debtor at once.

    `source` is the means (reply, page, call), `by` the person of ours to whom it was said.
    """
    debtors.lock(connection, [debtor_id])
    before, language = debtors.wishes(connection, debtor_id)
    after = wished.of(before)
    if after == before and wished.language in (None, language):
        return False
    debtors.keep_wishes(connection, debtor_id, after, wished.language or language)
    consent.changed(connection, [debtor_id], Change("preference_changed", wished.said() | {"source": source}, now, by))
    return True
