"""How long records are kept: the examples of the catalogue of rules."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from outreach.domain.account import Hold, HoldReason
from outreach.domain.policy import Retention
from outreach.domain.retention import Record, in_every_zone, may_erase, shortest


def rule(name: str, record: Record, years: int) -> tuple[str, Retention]:
    return name, Retention(name, "", ("sample",), record=record, years=years)


FEDERAL = rule("RF-32", Record.ACTIVITY, 3)
CARD = rule("CN-10-card", Record.RECORDING, 2)
CONSUMER_FINANCE = rule("CN-10-consumer", Record.RECORDING, 5)
NEW_YORK_CITY = rule("NYC-03", Record.ACTIVITY, 3)
LAST = date(2026, 12, 1)


def on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "erased"), [(on(2029, 12, 2), True), (on(2029, 12, 1), False), (on(2029, 11, 30), False)]
)
def test_activity_is_kept_three_years_after_the_last_of_it(now: datetime, erased: bool) -> None:
    assert may_erase(Record.ACTIVITY, LAST, [FEDERAL, NEW_YORK_CITY], [], now).may_erase is erased


@pytest.mark.parametrize(("now", "erased"), [(on(2031, 12, 2), True), (on(2028, 6, 1), False), (on(2029, 6, 1), False)])
def test_the_longest_rule_wins(now: datetime, erased: bool) -> None:
    verdict = may_erase(Record.RECORDING, LAST, [CARD, CONSUMER_FINANCE, FEDERAL], [], now)
    assert verdict.may_erase is erased
    assert verdict.rule == "CN-10-consumer"


def test_a_legal_hold_overrides_every_rule_until_it_ends() -> None:
    now = on(2040, 1, 1)
    hold = Hold(HoldReason.LEGAL, on(2027, 1, 1))
    assert not may_erase(Record.ACTIVITY, LAST, [FEDERAL], [hold], now).may_erase
    ended = Hold(HoldReason.LEGAL, on(2027, 1, 1), now - timedelta(days=1))
    assert may_erase(Record.ACTIVITY, LAST, [FEDERAL], [ended], now).may_erase


def test_a_hold_of_another_kind_keeps_nothing() -> None:
    hold = Hold(HoldReason.DISPUTE, on(2027, 1, 1))
    assert may_erase(Record.ACTIVITY, LAST, [FEDERAL], [hold], on(2040, 1, 1)).may_erase


def test_what_no_rule_speaks_of_is_kept() -> None:
    assert not may_erase(Record.OPT_OUT, LAST, [FEDERAL], [], on(2040, 1, 1)).may_erase


def test_a_leap_day_is_never_cut_short() -> None:
    assert may_erase(Record.ACTIVITY, date(2028, 2, 29), [FEDERAL], [], on(2031, 3, 2)).may_erase
    assert not may_erase(Record.ACTIVITY, date(2028, 2, 29), [FEDERAL], [], on(2031, 3, 1)).may_erase


def test_the_days_are_those_of_the_places_where_most_of_the_time_is_left() -> None:
    used_at, now = datetime(2026, 12, 1, 20, tzinfo=UTC), datetime(2029, 12, 2, 2, tzinfo=UTC)
    used_on, here = in_every_zone(("America/New_York", "Asia/Shanghai"), used_at, now)
    assert (used_on, here.date()) == (date(2026, 12, 2), date(2029, 12, 1))
    assert here == now


def test_where_no_zone_is_known_every_zone_of_the_earth_counts() -> None:
    used_on, here = in_every_zone((), datetime(2026, 12, 1, 11, tzinfo=UTC), datetime(2029, 12, 2, 11, tzinfo=UTC))
    assert (used_on, here.date()) == (date(2026, 12, 2), date(2029, 12, 1))


def test_the_shortest_time_is_that_of_the_kind_of_record() -> None:
    assert shortest(Record.RECORDING, [CARD, CONSUMER_FINANCE, FEDERAL]) == 2
    assert shortest(Record.OPT_OUT, [CARD, FEDERAL]) is None
