"""When a promise is to be looked at again: a hint, since what becomes of it is recomputed from the payments."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from outreach.domain.promise import PromiseTerms, PromiseToPay, reminder


def next_look(promise: PromiseToPay, terms: PromiseTerms, zones: Sequence[str], now: datetime) -> datetime | None:
    """The instant (aware UTC) at which the debtor is to be reminded, or at which the days of grace are over."""
    if not promise.is_open:
        return None
    due = reminder(promise, terms.reminder_days, zones)
    remind_at = due[0] if due and promise.reminded_at is None and now < due[1] else None
    return min(moment for moment in (remind_at, promise.over_at(zones)) if moment is not None)
