"""Days and hours where the debtor is. Local times are computed from date and zone, never by adding 24 hours."""

from __future__ import annotations

import calendar as month_calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, reset_tzpath

from holidays import HolidayBase, country_holidays

from outreach.domain.campaign import DayKind, Days, SendWindow
from outreach.domain.closed_days import ClosedDays, is_closed

# Only the pinned tzdata counts: a machine's own zone files may be years old and put the law's hours wrong by one
# (compliance catalogue, section 10: America/Vancouver from 2026f on).
reset_tzpath(to=())
ZoneInfo.clear_cache()

#: For a debtor of whom no zone is known: where a day begins first and where it ends last.
ANYWHERE = ("Pacific/Kiritimati", "Etc/GMT+12")
#: How far ahead an opening is looked for; longer than any run of weekends and holidays.
HORIZON_DAYS = 30


def zones_are_current() -> bool:
    """Whether the zone data knows what changed in 2026: Vancouver stays at seven hours behind UTC in winter."""
    winter = datetime(2027, 1, 15, tzinfo=UTC).astimezone(ZoneInfo("America/Vancouver"))
    return winter.utcoffset() == timedelta(hours=-7)


@lru_cache(maxsize=4096)
def _holidays(country: str, region: str, year: int) -> HolidayBase | None:
    for subdivision in (region or None, None):
        try:
            return country_holidays(country, subdiv=subdivision, years=year)
        except NotImplementedError:
            continue
    return None


@lru_cache(maxsize=65_536)
def is_holiday(day: date, country: str, region: str = "") -> bool:
    """Whether `day` is a public holiday of the country (ISO 3166-1 alpha-2) or region, by the holidays package."""
    known = _holidays(country, region, day.year) if country else None
    return known is not None and day in known


def is_business_day(day: date, country: str, region: str = "") -> bool:
    """Monday to Friday and no public holiday."""
    return day.isoweekday() <= 5 and not is_holiday(day, country, region)


def add_days(start: date, days: Days, country: str, region: str = "") -> date:
    """The day that lies `days` after `start`; a negative count goes back."""
    if days.kind is DayKind.CALENDAR:
        return start + timedelta(days=days.count)
    step = timedelta(days=1 if days.count >= 0 else -1)
    day, left = start, abs(days.count)
    while left:
        day += step
        left -= is_business_day(day, country, region)
    return day


def end_of_month(day: date) -> date:
    """The last day of the month of `day`."""
    return day.replace(day=month_calendar.monthrange(day.year, day.month)[1])


@lru_cache(maxsize=1024)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def local_date(now: datetime, zone: str) -> date:
    """The calendar day in `zone` at the instant `now` (aware)."""
    return now.astimezone(_zone(zone)).date()


@lru_cache(maxsize=65_536)
def start_of_day(day: date, zone: str) -> datetime:
    """The instant (aware UTC) at which `day` begins in `zone`."""
    return datetime.combine(day, time.min, _zone(zone)).astimezone(UTC)


def start_everywhere(day: date, zones: Iterable[str]) -> datetime:
    """The instant (aware UTC) by which `day` has begun in every zone."""
    return max(start_of_day(day, zone) for zone in zones)


def is_open(window: SendWindow, now: datetime, zone: str, country: str, region: str = "") -> bool:
    """Whether the window is open at the instant `now` for someone in `zone`."""
    local = now.astimezone(_zone(zone))
    return window.opens <= local.time() < window.closes and _day_open(window, local.date(), country, region)


@dataclass(frozen=True, slots=True, eq=False)
class Opening:
    """When contact is open by one rule: in one of the windows, on no day that `closed` names.

    Compared by identity, so that answers are found again quickly: make one of each.
    """

    windows: tuple[SendWindow, ...]
    closed: ClosedDays | None = None


def next_opening(
    openings: tuple[Opening, ...], now: datetime, zones: Iterable[str], country: str, region: str = ""
) -> datetime | None:
    """The first instant from `now` (aware UTC) that every opening allows in every zone, None within the horizon.

    Returns `now` itself when it is open already.
    """
    return _next_opening(openings, now, tuple(zones), country, region)


def next_closing(openings: tuple[Opening, ...], now: datetime, zones: Iterable[str]) -> datetime:
    """The first instant (aware UTC) from an open `now` at which one of the openings closes in one of the zones."""
    return min(_closing(opening, now, zone) for zone in zones for opening in openings)


def next_open(
    window: SendWindow, now: datetime, zones: Iterable[str], country: str, region: str = ""
) -> datetime | None:
    """The same for one window."""
    return next_opening((opening_of(window),), now, zones, country, region)


def closes_at(window: SendWindow, now: datetime, zones: Iterable[str]) -> datetime:
    """The same for one window."""
    return next_closing((opening_of(window),), now, zones)


@lru_cache(maxsize=4096)
def opening_of(*windows: SendWindow) -> Opening:
    """The opening of some windows, always the same one."""
    return Opening(windows)


@lru_cache(maxsize=16_384)  # a batch asks the same of thousands of debtors
def _next_opening(
    openings: tuple[Opening, ...], now: datetime, zones: tuple[str, ...], country: str, region: str
) -> datetime | None:
    if _open_everywhere(openings, now, zones, country, region):
        return now
    today = [(zone, local_date(now, zone)) for zone in zones]
    starts = sorted({window.opens for opening in openings for window in opening.windows})
    for offset in range(HORIZON_DAYS):
        moments = sorted(
            moment
            for zone, first in today
            for start in starts
            if (moment := _instant(first + timedelta(days=offset), start, zone)) > now
        )
        for moment in moments:
            if _open_everywhere(openings, moment, zones, country, region):
                return moment
    return None


def _closing(opening: Opening, now: datetime, zone: str) -> datetime:
    local = now.astimezone(_zone(zone))
    closes = [window.closes for window in opening.windows if window.opens <= local.time() < window.closes]
    return _instant(local.date(), max(closes, default=local.time()), zone)


def _instant(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, _zone(zone)).astimezone(UTC)


def _open_everywhere(
    openings: tuple[Opening, ...], now: datetime, zones: tuple[str, ...], country: str, region: str
) -> bool:
    return bool(zones) and all(
        any(is_open(window, now, zone, country, region) for window in opening.windows)
        and (opening.closed is None or not is_closed(opening.closed, local_date(now, zone)))
        for zone in zones
        for opening in openings
    )


def _day_open(window: SendWindow, day: date, country: str, region: str) -> bool:
    return day.isoweekday() in window.days and (window.holidays or not is_holiday(day, country, region))
