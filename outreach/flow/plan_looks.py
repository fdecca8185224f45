"""When a plan is to be looked at again: a hint, since what becomes of it is recomputed from its payments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from outreach.domain.calendar import ANYWHERE, start_everywhere, start_of_day
from outreach.domain.plan import Instalment, InstalmentState, defaults_on, missed_on, remind_on
from outreach.domain.plan_policy import PlanTerms


def next_look(
    parts: Sequence[Instalment], terms: PlanTerms, agreed_on: date, zones: Sequence[str], now: datetime
) -> datetime | None:
    """The next instant (aware UTC) after `now` at which a day that matters has begun in every zone."""
    moments = (start_everywhere(day, zones or ANYWHERE) for day in _days(parts, terms, agreed_on))
    return min((moment for moment in moments if moment > now), default=None)


def _days(parts: Sequence[Instalment], terms: PlanTerms, agreed_on: date) -> Iterator[date]:
    for one in parts:
        if one.state is InstalmentState.PAID:
            continue
        reminder = remind_on(one, agreed_on, terms)
        if reminder:
            yield reminder
        yield missed_on(one, terms)
        yield defaults_on(one, terms)


def end_of_day(day: date, zones: Sequence[str]) -> datetime:
    """The instant (aware UTC) at which `day` ends where it ends first."""
    return min(start_of_day(day + timedelta(days=1), zone) for zone in zones)
