"""Days past due (dpd) and the buckets of age. Days under a hold that freezes dpd do not count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.domain.account import Hold, Item
from outreach.domain.calendar import local_date
from outreach.domain.money import Money


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that do not age a debt: from `start` up to `end`, the end itself not counted. None: no end yet."""

    start: date
    end: date | None = None


@dataclass(frozen=True, slots=True)
class Bucket:
    """A range of days past due, both ends included; `to` None is open."""

    name: str
    first: int
    to: int | None = None


#: The field's usual buckets (dunning.md, dpd_bucket).
BUCKETS = (Bucket("1-30", 1, 30), Bucket("31-60", 31, 60), Bucket("61-90", 61, 90), Bucket("91+", 91))


def pauses(holds: Iterable[Hold], zone: str) -> tuple[Pause, ...]:
    """The pauses that freezing holds make, as calendar days in `zone`, joined where they overlap."""
    spans = sorted(
        (local_date(hold.starts_at, zone), local_date(hold.ends_at, zone) if hold.ends_at else date.max)
        for hold in holds
        if hold.freezes_dpd
    )
    joined: list[tuple[date, date]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return tuple(Pause(start, None if end == date.max else end) for start, end in joined)


def frozen_days(due_on: date, today: date, frozen: Sequence[Pause]) -> int:
    """Days between `due_on` and `today` that lie in a pause."""
    spans = ((max(pause.start, due_on), min(pause.end or today, today)) for pause in frozen)
    return sum(max(0, (end - start).days) for start, end in spans)


def days_past_due(due_on: date, today: date, frozen: Sequence[Pause] = ()) -> int:
    """Days since the due date, less frozen ones; negative before the due date (Fineract's formula)."""
    return (today - due_on).days - frozen_days(due_on, today, frozen)


def thaw(day: date, due_on: date, frozen: Sequence[Pause]) -> date:
    """`day` moved on by the frozen days that lie between `due_on` and it.

    A pause without an end moves nothing: how far is known when it ends, and until then its hold stops everything.
    """
    ended = [pause for pause in frozen if pause.end is not None]
    moved = day
    while (later := day + timedelta(days=frozen_days(due_on, moved, ended))) != moved:
        moved = later
    return moved


def bucket_of(dpd: int, buckets: Sequence[Bucket] = BUCKETS) -> str | None:
    """The name of the bucket that `dpd` falls into, None when it is not past due."""
    for bucket in buckets:
        if bucket.first <= dpd and (bucket.to is None or dpd <= bucket.to):
            return bucket.name
    return None


def ageing(
    items: Iterable[Item], today: date, frozen: Sequence[Pause] = (), buckets: Sequence[Bucket] = BUCKETS
) -> dict[str, Money]:
    """What is open in each bucket that holds anything."""
    amounts: dict[str, Money] = {}
    for item in items:
        name = bucket_of(days_past_due(item.due_on, today, frozen), buckets)
        if name is not None and item.open_amount.minor > 0:
            amounts[name] = amounts[name] + item.open_amount if name in amounts else item.open_amount
    return amounts
