"""Days on which nobody is contacted: public holidays, fixed days, days around Easter or another named holiday."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter  # type: ignore[import-untyped]
from holidays import country_holidays

_EASTER = re.compile(r"easter([+-]\d+)?")


@dataclass(frozen=True, slots=True)
class Named:
    """Days around a holiday by its English name in the holidays package; `first` and `last` are offsets in days."""

    country: str
    name: str
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The public holidays of `holidays` ("AU", "CA-QC"), the days `extra` ("06-24", "easter+1"), and those around
    named holidays."""

    holidays: str = ""
    extra: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()


def is_closed(closed: ClosedDays, day: date) -> bool:
    """Whether `day` is one of them. Raises ValueError for an `extra` that is no day."""
    return day in _days(closed, day.year)


@lru_cache(maxsize=1024)
def _days(closed: ClosedDays, year: int) -> frozenset[date]:
    days = {_extra(text, year) for text in closed.extra}
    if closed.holidays:
        country, _, subdivision = closed.holidays.partition("-")
        days |= set(country_holidays(country, subdiv=subdivision or None, years=year))
    for named in closed.named:
        days |= _around(named, year)
    return frozenset(days)


def _extra(text: str, year: int) -> date:
    found = _EASTER.fullmatch(text)
    if found:
        sunday: date = easter(year)
        return sunday + timedelta(days=int(found[1] or 0))
    return date.fromisoformat(f"{year}-{text}")


def _around(named: Named, year: int) -> set[date]:
    """The days around the first day of that name; a holiday may lie in the year before or after."""
    found: set[date] = set()
    for near in (year - 1, year, year + 1):
        listed = country_holidays(named.country, years=near, language="en_US")
        begins = min((day for day in listed if named.name in listed[day] and day.year == near), default=None)
        if begins:
            found |= {begins + timedelta(days=offset) for offset in range(named.first, named.last + 1)}
    return found
