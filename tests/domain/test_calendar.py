"""Days and hours where the debtor is, on the days on which clocks change and on holidays."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.calendar import (
    add_days,
    closes_at,
    end_of_month,
    is_business_day,
    is_holiday,
    is_open,
    local_date,
    next_open,
    start_of_day,
)
from outreach.domain.campaign import DayKind, Days, SendWindow
from tests.cast import HONOLULU, LOS_ANGELES, NEW_YORK, OFFICE_HOURS, SHANGHAI
from tests.law import HOUSE_HOURS

PLACES = st.sampled_from(
    [NEW_YORK, LOS_ANGELES, HONOLULU, SHANGHAI, "Europe/London", "Asia/Kolkata", "Australia/Lord_Howe", "Africa/Cairo"]
)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DATES = st.dates(date(2026, 1, 1), date(2028, 1, 1))


@st.composite
def windows(draw: st.DrawFn) -> SendWindow:
    """Windows of the day: no clock changes between five in the morning and midnight."""
    opens, closes = sorted(draw(st.sets(st.integers(5, 23), min_size=2, max_size=2)))
    days = draw(st.sets(st.integers(1, 7), min_size=1))
    return SendWindow(
        frozenset(days), time(opens, draw(st.sampled_from([0, 5, 30]))), time(closes), draw(st.booleans())
    )


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_zones_come_from_the_pinned_database_and_not_from_the_machine() -> None:
    """From 2026f on British Columbia keeps one time all year; older files put its winter an hour wrong."""
    assert local_date(utc("2027-01-15T07:30"), "America/Vancouver") == date(2027, 1, 15)
    assert not is_open(HOUSE_HOURS, utc("2026-12-02T04:30"), "America/Vancouver", "CA")


@pytest.mark.parametrize(
    ("zone", "asked", "opens"),
    [
        (NEW_YORK, "2027-03-14T04:00", "2027-03-14T12:05"),
        (NEW_YORK, "2027-03-13T13:00", "2027-03-13T13:05"),
        (NEW_YORK, "2026-11-01T02:00", "2026-11-01T13:05"),
        ("Europe/London", "2027-03-27T23:00", "2027-03-28T07:05"),
        ("Europe/London", "2026-10-24T23:00", "2026-10-25T08:05"),
        ("Australia/Sydney", "2026-10-03T12:00", "2026-10-03T21:05"),
        ("Africa/Cairo", "2027-04-29T20:00", "2027-04-30T05:05"),
    ],
)
def test_an_opening_is_computed_from_the_date_and_never_by_adding_a_day(zone: str, asked: str, opens: str) -> None:
    assert next_open(HOUSE_HOURS, utc(asked), [zone], "") == utc(opens)


def test_no_zone_at_all_is_never_open() -> None:
    assert next_open(HOUSE_HOURS, utc("2026-12-01T17:00"), [], "US") is None


def test_the_day_of_a_zone_begins_with_its_first_minute_even_where_midnight_is_skipped() -> None:
    cairo = ZoneInfo("Africa/Cairo")
    begun = start_of_day(date(2027, 4, 30), "Africa/Cairo")
    assert begun.astimezone(cairo).time() == time(1)
    assert (begun - timedelta(seconds=1)).astimezone(cairo).date() == date(2027, 4, 29)


def test_every_day_of_two_years_begins_once_in_every_zone() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(0, 730, 7)]
    for zone in sorted(available_timezones())[::12]:
        for day in days:
            assert local_date(start_of_day(day, zone), zone) == day
            assert local_date(start_of_day(day, zone) - timedelta(seconds=1), zone) < day


@pytest.mark.parametrize(
    ("start", "days", "country", "region", "there"),
    [
        ("2026-12-23", 2, "US", "", "2026-12-28"),
        ("2026-12-23", 2, "CN", "", "2026-12-25"),
        ("2026-02-13", 1, "CN", "", "2026-02-24"),
        ("2026-12-04", 1, "US", "", "2026-12-07"),
        ("2026-12-07", -1, "US", "", "2026-12-04"),
        ("2026-06-23", 1, "CA", "QC", "2026-06-25"),
        ("2026-06-23", 1, "CA", "ON", "2026-06-24"),
        ("2026-12-05", 0, "US", "", "2026-12-05"),
        ("2026-12-24", 1, "", "", "2026-12-25"),
    ],
)
def test_business_days_skip_weekends_and_the_holidays_of_the_country_and_region(
    start: str, days: int, country: str, region: str, there: str
) -> None:
    found = add_days(date.fromisoformat(start), Days(days, DayKind.BUSINESS), country, region)
    assert found == date.fromisoformat(there)


def test_an_unknown_country_has_no_holidays_and_an_unknown_region_those_of_its_country() -> None:
    christmas = date(2026, 12, 25)
    assert not is_holiday(christmas, "XX")
    assert is_holiday(christmas, "US", "Nowhere")


def test_a_holiday_that_is_observed_on_another_day_counts_on_both() -> None:
    assert is_holiday(date(2026, 7, 4), "US")
    assert is_holiday(date(2026, 7, 3), "US")


def test_the_last_day_of_february_knows_leap_years() -> None:
    assert end_of_month(date(2028, 2, 3)) == date(2028, 2, 29)
    assert end_of_month(date(2027, 2, 28)) == date(2027, 2, 28)


def test_of_two_zones_the_first_to_close_ends_the_hours() -> None:
    assert closes_at(OFFICE_HOURS, utc("2026-12-01T18:00"), [NEW_YORK, LOS_ANGELES]) == utc("2026-12-02T00:00")


@given(
    window=windows(), now=INSTANTS, zones=st.sets(PLACES, min_size=1, max_size=2), country=st.sampled_from(["US", ""])
)
def test_the_next_opening_is_open_everywhere_and_nothing_before_it_is(
    window: SendWindow, now: datetime, zones: set[str], country: str
) -> None:
    opening = next_open(window, now, sorted(zones), country)
    if opening is None:
        return
    assert opening >= now
    assert all(is_open(window, opening, zone, country) for zone in zones)
    moment = max(now, opening - timedelta(days=2))
    while moment < opening:
        assert not all(is_open(window, moment, zone, country) for zone in zones), moment
        moment += timedelta(minutes=37)


@given(window=windows(), now=INSTANTS, zones=st.sets(PLACES, min_size=1, max_size=2))
def test_an_open_window_stays_open_until_it_closes(window: SendWindow, now: datetime, zones: set[str]) -> None:
    opening = next_open(window, now, sorted(zones), "US")
    if opening is None:
        return
    closing = closes_at(window, opening, zones)
    assert closing > opening
    last = closing - timedelta(microseconds=1)
    assert all(is_open(window, last, zone, "US") for zone in zones)
    assert not all(is_open(window, closing, zone, "US") for zone in zones)


@given(start=DATES, count=st.integers(1, 40), country=st.sampled_from(["US", "CN", "GB", ""]))
def test_so_many_business_days_lie_between(start: date, count: int, country: str) -> None:
    end = add_days(start, Days(count, DayKind.BUSINESS), country)
    between = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    assert is_business_day(end, country)
    assert sum(is_business_day(day, country) for day in between) == count


@given(day=DATES, counts=st.lists(st.integers(-40, 40), min_size=2, max_size=5), kind=st.sampled_from(DayKind))
def test_more_days_never_lead_to_an_earlier_day(day: date, counts: list[int], kind: DayKind) -> None:
    found = [add_days(day, Days(count, kind), "US") for count in sorted(counts)]
    assert all(one <= other for one, other in pairwise(found))
