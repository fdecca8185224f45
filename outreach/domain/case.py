"""A case: something about a debtor that stops outreach until a person has dealt with it.

Each kind has its hold, its task, its clock and its way out, as data in `case_rules.py`; here is what these are, and
the pure questions about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]

from outreach.domain.account import HoldReason
from outreach.domain.calendar import ANYWHERE, add_days, local_date, start_of_day
from outreach.domain.campaign import DayKind, Days

#: A hold that ends by itself is looked at by a person a day before.
AHEAD = timedelta(days=1)


class CaseKind(StrEnum):
    """What a case is about; section 13 of the compliance catalogue, and what the law of a place adds."""

    DISPUTE = "dispute"
    PAID_CLAIMED = "paid_claimed"
    IDENTITY_THEFT = "identity_theft"
    ORIGINAL_CREDITOR = "original_creditor"
    HARDSHIP = "hardship"
    DEBT_ADVICE = "debt_advice"
    VULNERABLE = "vulnerable"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    BEREAVEMENT = "bereavement"
    ATTORNEY = "attorney"
    CEASE = "cease"
    COMPLAINT = "complaint"
    BREATHING_SPACE = "breathing_space"
    MILITARY = "military"
    OBJECTION = "objection"


class Scope(StrEnum):
    """What the hold of a case stops."""

    ACCOUNT = "account"
    DEBTOR = "debtor"


class Authority(StrEnum):
    """Who may let outreach go on: any agent, a supervisor, or who answers for the law."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    LEGAL = "legal"


class TermUnit(StrEnum):
    """What a term counts."""

    DAY = "day"
    BUSINESS_DAY = "business_day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time, counted from the day after the one on which it begins."""

    count: int
    unit: TermUnit = TermUnit.DAY


class Needed(StrEnum):
    """What a person records when a case ends."""

    ON = "on"
    HOW = "how"
    WHO = "who"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which a case ends. `says` is what then has happened; `ask` is how to ask for what is missing."""

    name: str
    says: str
    ask: str
    needs: tuple[Needed, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseRule:
    """What a kind of case means.

    `review`: when a person must look again. `pause`: the hold ends by itself after it; without one it stays until
    somebody releases it, as no such hold may end by time alone (compliance catalogue, section 2). `cancels`: what is
    queued is cancelled at once, not only put off. `reply_step`: the one answer that may go by machine, a step of the
    service campaign, '' for none. `source`: the law or rule behind it; "house" is our own choice.
    """

    kind: CaseKind
    hold: HoldReason
    scope: Scope
    task: str
    title: str
    review: Term
    ways: tuple[Way, ...]
    source: tuple[str, ...]
    authority: Authority = Authority.AGENT
    pause: Term | None = None
    freezes_dpd: bool = False
    cancels: bool = False
    disputes: bool = False
    reply_step: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What a person recorded to end a case. `on` is a calendar day in the debtor's zone."""

    way: str = ""
    on: date | None = None
    how: str = ""
    who: str = ""
    note: str = ""

    def has(self, needed: Needed) -> bool:
        """Whether something is recorded there."""
        value = getattr(self, needed.value)
        return bool(value.strip() if isinstance(value, str) else value)


class NotRecorded(ValueError):
    """A case cannot end like this; the message says what to write, `missing` which parts of a record."""

    def __init__(self, message: str, missing: tuple[Needed, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where the debtor may be: the clocks count the days there, and the holidays."""

    zones: tuple[str, ...] = field(default=ANYWHERE)
    country: str = ""
    region: str = ""


def due(term: Term, now: datetime, where: Whereabouts) -> datetime:
    """By when a person must have looked: the end of the term's last day where it ends first (aware UTC)."""
    return min(start_of_day(day + timedelta(days=1), zone) for day, zone in _last_days(term, now, where))


def over(term: Term, now: datetime, where: Whereabouts) -> datetime:
    """When a pause is over: the end of its last day where it ends last (aware UTC)."""
    return max(start_of_day(day + timedelta(days=1), zone) for day, zone in _last_days(term, now, where))


@dataclass(frozen=True, slots=True)
class Clock:
    """When a person must look at a case again, and when its hold ends by itself, if it does (both aware UTC)."""

    review_at: datetime
    ends_at: datetime | None = None


def clock(
    rule: CaseRule, received_at: datetime, now: datetime, where: Whereabouts, ends_at: datetime | None = None
) -> Clock:
    """The clock of a case that opens now: what a person must do counts from when the debtor said it, a pause from now.

    `ends_at` is an end that was told us, such as an official notice's: a pause ends then; any other hold stays, and a
    person looks at it then.
    """
    if rule.pause is None:
        return Clock(ends_at or due(rule.review, received_at, where))
    if ends_at is None:
        return Clock(due(rule.review, now, where), over(rule.pause, now, where))
    return Clock(max(now, ends_at - AHEAD), ends_at)


def way_out(rule: CaseRule, record: Record, now: datetime, zones: Iterable[str]) -> Way:
    """The way by which a case ends with what was recorded. Raises NotRecorded."""
    way = _way(rule, record)
    missing = tuple(one for one in way.needs if not record.has(one))
    if missing:
        raise NotRecorded(way.ask, missing)
    today = max(local_date(now, zone) for zone in tuple(zones) or ANYWHERE)
    if record.on is not None and record.on > today:
        raise NotRecorded(f"{record.on:%Y-%m-%d} lies in the future: write the day on which it happened.")
    return way


def _way(rule: CaseRule, record: Record) -> Way:
    for way in rule.ways:
        if way.name == record.way:
            return way
    if not record.way and len(rule.ways) == 1:
        return rule.ways[0]
    wrong = f"{record.way} is none of its ends. " if record.way else ""
    raise NotRecorded(f"{wrong}Say how it ended: {_choices(rule.ways)}.")


def _choices(ways: Sequence[Way]) -> str:
    return "; ".join(f"{way.name} ({way.says})" for way in ways)


def _last_days(term: Term, now: datetime, where: Whereabouts) -> list[tuple[date, str]]:
    zones = where.zones or ANYWHERE
    return [(_last_day(term, local_date(now, zone), where), zone) for zone in zones]


def _last_day(term: Term, begins: date, where: Whereabouts) -> date:
    if term.unit is TermUnit.MONTH:
        # A month that lacks the day ends on its last one (Regulation (EEC, Euratom) 1182/71, art. 3(2)(c)).
        day: date = begins + relativedelta(months=term.count)
        return day
    kind = DayKind.BUSINESS if term.unit is TermUnit.BUSINESS_DAY else DayKind.CALENDAR
    return add_days(begins, Days(term.count, kind), where.country, where.region)
