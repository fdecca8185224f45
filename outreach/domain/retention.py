"""How long a record must be kept, and when it may be erased. The longest rule wins, a legal hold overrides all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from zoneinfo import ZoneInfo

from outreach.domain.account import Hold, HoldReason
from outreach.domain.policy import Retention

#: Where a day begins first and ends last: for debtors of whom no zone is known.
_EARLIEST, _LATEST = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))


class Record(StrEnum):
    """What is kept. ACTIVITY: an account's notices, decisions, replies and timeline, and who its debtor is."""

    ACTIVITY = "activity"
    RECORDING = "recording"
    OPT_OUT = "opt_out"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record may be erased; `rule` is the id of the rule that decided, `kept_until` its last day."""

    may_erase: bool
    reason: str
    rule: str = ""
    kept_until: date | None = None


def may_erase(
    record: Record, last_used_on: date, rules: Sequence[tuple[str, Retention]], holds: Sequence[Hold], now: datetime
) -> Verdict:
    """Decide on one record, by rules with their names as `Law.retentions` gives them.

    It is kept through the last day of its time, in the zone of `now`; without a rule it is kept for good.
    """
    if any(hold.reason is HoldReason.LEGAL and hold.active(now) for hold in holds):
        return Verdict(False, "a legal hold keeps it")
    years = [(rule.years, name) for name, rule in rules if rule.record == record]
    if not years:
        return Verdict(False, f"no rule says how long {record.value} is kept")
    longest, name = max(years, key=lambda one: one[0])
    until = _years_after(last_used_on, longest)
    if now.date() <= until:
        return Verdict(False, f"{name} keeps it for {longest} years", name, until)
    return Verdict(True, f"its {longest} years are over", name, until)


def in_every_zone(zones: Sequence[str], last_used_at: datetime, now: datetime) -> tuple[date, datetime]:
    """The day of an instant and `now` as `may_erase` takes them for a debtor who may be in any of `zones`.

    The day is the latest that it was anywhere, `now` is where the day began last: kept too long rather than too short.
    """
    places: list[tzinfo] = [ZoneInfo(zone) for zone in zones] or [_EARLIEST, _LATEST]
    used_on = max(last_used_at.astimezone(place).date() for place in places)
    return used_on, min((now.astimezone(place) for place in places), key=lambda local: local.replace(tzinfo=None))


def shortest(record: Record, rules: Sequence[tuple[str, Retention]]) -> int | None:
    """The fewest years for which any rule keeps a kind of record; None when none speaks of it."""
    return min((rule.years for _, rule in rules if rule.record == record), default=None)


def _years_after(day: date, years: int) -> date:
    """The same day later; 29 February becomes 1 March, so that the time is never cut short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
