"""How often a debtor may be contacted, counted over local days."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.caps import full_until
from outreach.domain.policy import Cap, CapScope, Counts, When
from outreach.domain.standing import Contact, Medium, Place, Reach
from tests.cast import LOS_ANGELES, NEW_YORK, facts

VOICE = frozenset({Medium.CALL, Medium.VOICEMAIL})
WRITTEN = frozenset({Medium.SMS, Medium.EMAIL})


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def cap(media: frozenset[Medium] = WRITTEN, **more: object) -> Cap:
    return Cap("cap", "Often enough", ("a source",), When(media), **more)  # type: ignore[arg-type]


def texts(*ats: str, **more: object) -> tuple[Contact, ...]:
    return tuple(Contact(utc(at), Medium.SMS, 1, **more) for at in ats)  # type: ignore[arg-type]


def calls(*ats: str, **more: object) -> tuple[Contact, ...]:
    return tuple(Contact(utc(at), Medium.CALL, 1, **more) for at in ats)  # type: ignore[arg-type]


def until(rule: Cap, contacts: tuple[Contact, ...], now: str, *zones: str, address: str = "") -> datetime | None:
    return full_until(rule, facts(*zones, contacts=contacts), address, utc(now))


def test_the_eighth_call_in_seven_days_waits_for_the_day_on_which_the_first_no_longer_counts() -> None:
    seven = calls(
        *(f"2026-12-0{day}T{hour}:00" for day, hour in [(1, 15), (2, 15), (2, 20), (3, 15), (3, 20), (4, 15), (4, 20)])
    )
    rule = cap(VOICE, limit=7, days=7)
    assert until(rule, seven, "2026-12-07T15:00") == utc("2026-12-08T05:00")
    assert until(rule, seven, "2026-12-08T15:00") is None


def test_the_third_text_in_a_week_may_go_and_the_fourth_may_not() -> None:
    rule = cap(limit=3, days=7)
    assert until(rule, texts("2026-12-01T17:00", "2026-12-02T17:00"), "2026-12-03T17:00") is None
    three = texts("2026-12-01T17:00", "2026-12-02T17:00", "2026-12-03T17:00")
    assert until(rule, three, "2026-12-04T17:00") == utc("2026-12-08T05:00")


def test_after_a_conversation_in_either_direction_a_week_passes() -> None:
    rule = cap(VOICE, limit=1, days=7, counts=Counts.CONVERSATIONS)
    spoke = calls("2026-12-01T20:00", inbound=True, reach=Reach.CONVERSATION)
    assert until(rule, spoke, "2026-12-07T15:00") == utc("2026-12-08T05:00")
    assert until(rule, spoke, "2026-12-08T15:00") is None


def test_an_inbound_message_is_no_attempt_of_ours() -> None:
    assert until(cap(limit=1, days=1), texts("2026-12-01T15:00", inbound=True), "2026-12-01T17:00") is None


@pytest.mark.parametrize(("medium", "counts"), [(Medium.CALL, False), (Medium.SMS, True)])
def test_a_call_to_a_busy_number_does_not_count_and_a_text_that_came_back_does(medium: Medium, *, counts: bool) -> None:
    failed = (Contact(utc("2026-12-01T15:00"), medium, 1, Reach.FAILED),)
    rule = cap(frozenset({medium}), limit=1, days=1)
    assert (until(rule, failed, "2026-12-01T17:00") is not None) is counts


def test_where_dials_are_counted_a_busy_number_counts_too() -> None:
    busy = calls("2026-12-01T15:00", reach=Reach.FAILED)
    assert until(cap(VOICE, limit=1, days=1, counts=Counts.DIALS), busy, "2026-12-01T17:00") is not None


def test_of_whom_no_zone_is_known_a_cap_is_kept_for_as_long_as_the_day_lasts_anywhere() -> None:
    nowhere = facts(contacts=texts("2026-12-01T12:30"))
    nowhere = replace(nowhere, debtor=replace(nowhere.debtor, zones=()))
    full = full_until(cap(limit=1, days=1), nowhere, "", utc("2026-12-02T11:00"))
    assert full == utc("2026-12-02T12:00")


def test_a_call_that_the_debtor_asked_for_is_not_counted() -> None:
    assert until(cap(VOICE, limit=1, days=7), calls("2026-12-01T15:00", excluded=True), "2026-12-01T17:00") is None


def test_a_cap_on_an_account_does_not_count_the_debtors_other_accounts() -> None:
    other = (replace(texts("2026-12-01T15:00")[0], account_id=2),)
    assert until(cap(limit=1, days=1), other, "2026-12-01T17:00") is not None
    assert until(cap(limit=1, days=1, scope=CapScope.ACCOUNT), other, "2026-12-01T17:00") is None


def test_a_cap_on_a_number_counts_only_what_went_to_it() -> None:
    one = texts("2026-12-01T15:00", value="+12125550142")
    rule = cap(limit=1, days=1, scope=CapScope.NUMBER)
    assert until(rule, one, "2026-12-01T17:00", address="+12125550142") is not None
    assert until(rule, one, "2026-12-01T17:00", address="+12125550143") is None


def test_a_cap_on_a_workplace_counts_only_contacts_there() -> None:
    rule = Cap("cap", "", ("a source",), When(VOICE, places=frozenset({Place.WORK})), limit=1, days=7)
    assert until(rule, calls("2026-12-01T15:00", place=Place.HOME), "2026-12-01T17:00") is None
    assert until(rule, calls("2026-12-01T15:00", place=Place.WORK), "2026-12-01T17:00") is not None


def test_a_gap_in_hours_is_counted_from_the_minute() -> None:
    rule = cap(limit=1, hours=24)
    assert until(rule, texts("2026-12-01T17:00"), "2026-12-02T16:59") == utc("2026-12-02T17:00")
    assert until(rule, texts("2026-12-01T17:00"), "2026-12-02T17:00") is None


def test_where_a_debtor_may_be_in_two_zones_the_day_ends_in_the_later_one() -> None:
    rule = cap(limit=1, days=1)
    evening = texts("2026-12-02T04:00")  # 23:00 of the first in New York, 20:00 in Los Angeles
    assert until(rule, evening, "2026-12-02T17:00", NEW_YORK) is None
    assert until(rule, texts("2026-12-02T07:30"), "2026-12-02T17:00", NEW_YORK, LOS_ANGELES) == utc("2026-12-03T05:00")


@given(
    limit=st.integers(1, 5),
    days=st.integers(1, 10),
    hours=st.lists(st.integers(1, 30), min_size=20, max_size=60),
    start=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_who_sends_whenever_the_cap_lets_him_never_exceeds_it_on_any_days_of_two_years(
    limit: int, days: int, hours: list[int], start: date
) -> None:
    rule, zones = cap(limit=limit, days=days), (NEW_YORK, LOS_ANGELES)
    now, sent = datetime.combine(start, datetime.min.time(), UTC), ()
    for gap in hours:
        now += timedelta(hours=gap)
        waits = full_until(rule, facts(*zones, contacts=sent), "", now)
        if waits is not None:
            assert waits > now
            assert full_until(rule, facts(*zones, contacts=sent), "", waits) is None
            now = waits
        sent = (*sent, Contact(now, Medium.SMS, 1))
    for zone in zones:
        ordered = [one.at.astimezone(ZoneInfo(zone)).date() for one in sent]
        for first, last in zip(ordered, ordered[limit:], strict=False):
            assert (last - first).days >= days
