"""The validation period of a debt (12 CFR 1006.34): when it ends, and whether what a debtor said came within it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from outreach.domain.calendar import ANYWHERE, add_days, local_date
from outreach.domain.campaign import DayKind, Days
from outreach.domain.message import Channel
from outreach.domain.standing import CollectorRole, Terms, Validation

#: A notice counts as received no sooner than five days later, without weekends and federal holidays (5 USC 6103(a)).
ASSUMED_RECEIPT = Days(5, DayKind.BUSINESS)
#: The period runs for thirty calendar days from receipt (12 CFR 1006.34(b)(5), row RF-25 of docs/compliance.md).
PERIOD = timedelta(days=30)
#: Whom Regulation F binds to give a notice: for them the period has not even begun while none was given.
_BOUND = frozenset({CollectorRole.THIRD_PARTY, CollectorRole.DEBT_BUYER})


def period_ends_on(provided_on: date) -> date:
    """The last day of the period of a notice that was provided on a day."""
    return add_days(provided_on, ASSUMED_RECEIPT, "US") + PERIOD


def provided(at: datetime, by: Channel, zones: Iterable[str]) -> Validation:
    """The notice that was provided at an instant (aware UTC): of the days that it may be, the last one counts."""
    return Validation(at, by, period_ends_on(max(local_date(at, zone) for zone in tuple(zones) or ANYWHERE)))


def came_back(validation: Validation) -> Validation:
    """The same notice after it came back: it counts as none, and its period ends with the next one (RF-31)."""
    return replace(validation, ends_on=None, undeliverable=True)


def received_within(terms: Terms, received_at: datetime, zones: Iterable[str]) -> bool:
    """Whether a dispute or request came within the period (RF-27, RF-28).

    What is not known counts for the debtor: the first day that it may be where they are, and a notice that came back
    or was never given by who must give one.
    """
    notice = terms.validation
    if notice is None:
        return terms.role in _BOUND
    if notice.undeliverable:
        return True
    places = tuple(zones) or ANYWHERE
    last = notice.ends_on or period_ends_on(max(local_date(notice.provided_at, zone) for zone in places))
    return min(local_date(received_at, zone) for zone in places) <= last
