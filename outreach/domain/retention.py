"""How long a record must be kept, and when it may be erased. The longest rule wins, a legal hold overrides all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from outreach.domain.account import Hold, HoldReason
from outreach.domain.policy import Retention


class Record(StrEnum):
    """What is kept. ACTIVITY: an account's notices, consents, decisions, replies and timeline."""

    ACTIVITY = "activity"
    RECORDING = "recording"
    OPT_OUT = "opt_out"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a record may be erased; `rule` is the id of the rule that decided, `kept_until` its last day (UTC)."""

    may_erase: bool
    reason: str
    rule: str = ""
    kept_until: date | None = None


def may_erase(
    record: Record, last_used_on: date, rules: Sequence[tuple[str, Retention]], holds: Sequence[Hold], now: datetime
) -> Verdict:
    """Decide on one record, by rules with their names as `Law.retentions` gives them.

    It is kept through the last day of its time; without a rule it is kept for good.
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


def _years_after(day: date, years: int) -> date:
    """The same day later; 29 February becomes 1 March, so that the time is never cut short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
