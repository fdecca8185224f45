"""What is due next for one enrolment: a pure function of facts, campaign version and time.

Run at every tick and after every payment, hold, reversal and delivery outcome. What was done is stored, never what
is to be done; so a payment, a reversal or an outage needs no repair of a schedule.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import itemgetter

from outreach.domain.account import Facts, Item, PastStep
from outreach.domain.ageing import pauses, thaw
from outreach.domain.calendar import HORIZON_DAYS, add_days, end_of_month, local_date, next_open, start_everywhere
from outreach.domain.campaign import Campaign, CatchUp, Step, TriggerKind
from outreach.domain.deadline import deadline
from outreach.domain.gap import gap_over_at
from outreach.domain.message import Channel
from outreach.domain.notice import IN_FLIGHT, UNREACHED


@dataclass(frozen=True, slots=True)
class Due:
    """A step is to be taken now, on `channel`, the `position`-th of the step's channels.

    `channel` is None for a step that only hands over. `stands_in` is True when an earlier channel of the same step
    did not reach the debtor.
    """

    step: Step
    position: int
    channel: Channel | None
    stands_in: bool = False


class WaitFor(StrEnum):
    """What an enrolment waits for."""

    DAY = "day"
    WINDOW = "window"
    GAP = "gap"
    HOLD = "hold"
    IN_FLIGHT = "in_flight"
    ITEMS = "items"
    ZONE = "zone"


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing is due before `until` (aware UTC); None means that only an event can make something due."""

    until: datetime | None
    reason: WaitFor
    detail: str = ""


class DoneReason(StrEnum):
    """Why nothing will be due: all is paid, the account no longer fits the campaign, or every step was taken."""

    PAID = "paid"
    LEFT = "left"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Done:
    """The campaign has nothing more to do in this cycle."""

    reason: DoneReason


Decision = Due | Wait | Done


def next_step(facts: Facts, campaign: Campaign, now: datetime) -> Decision:
    """Decide on one enrolment at the instant `now` (aware UTC)."""
    anchor = facts.anchor
    if anchor is None or facts.balance.minor <= 0:
        return Done(DoneReason.PAID)
    if not applies(facts, campaign):
        return Done(DoneReason.LEFT)
    waiting = _hold(facts, now) or _in_flight(facts)
    if waiting is not None:
        return waiting
    if not facts.debtor.zones:
        return Wait(None, WaitFor.ZONE)
    stand_in = _stand_in(facts, campaign)
    if stand_in is not None:
        return _after_gap(stand_in, facts, campaign, now)
    return _following(facts, campaign, anchor, now)


def applies(facts: Facts, campaign: Campaign) -> bool:
    """Whether the account still fits the campaign: currency, balance and tags; age decides on entry only."""
    rule, tags, minor = campaign.applies_to, facts.account.tags, facts.balance.minor
    return (
        (not rule.currencies or facts.account.currency in rule.currencies)
        and (rule.balance_minor_at_least is None or minor >= rule.balance_minor_at_least)
        and (rule.balance_minor_at_most is None or minor <= rule.balance_minor_at_most)
        and tags_fit(campaign, tags)
    )


def tags_fit(campaign: Campaign, tags: frozenset[str]) -> bool:
    """Whether tags let an account into, or keep it in, the campaign."""
    rule = campaign.applies_to
    return (
        rule.tags_all_of <= tags
        and not rule.tags_none_of & tags
        and (not rule.tags_any_of or bool(rule.tags_any_of & tags))
    )


def _hold(facts: Facts, now: datetime) -> Wait | None:
    active = [hold for hold in facts.holds if hold.active(now)]
    if not active:
        return None
    ends = [hold.ends_at for hold in active]
    until = None if None in ends else max(end for end in ends if end is not None)
    return Wait(until, WaitFor.HOLD, ", ".join(sorted({hold.reason.value for hold in active})))


def _in_flight(facts: Facts) -> Wait | None:
    flying = sorted({past.step for past in facts.history if past.state in IN_FLIGHT})
    return Wait(None, WaitFor.IN_FLIGHT, ", ".join(flying)) if flying else None


def _stand_in(facts: Facts, campaign: Campaign) -> Due | None:
    """The next channel of the step that was taken last, when none of its channels reached the debtor.

    Without any usable one it is the next all the same: the gate suppresses it, and the last one makes a task.
    """
    last = _last_taken(facts.history, campaign)
    if last is None:
        return None
    step, tries = last
    if any(past.state not in UNREACHED for past in tries):
        return None
    after = max(past.position for past in tries)
    if after + 1 >= len(step.channels):
        return None
    return _first_usable(step, facts, after) or Due(step, after + 1, step.channels[after + 1], stands_in=True)


def _last_taken(history: Sequence[PastStep], campaign: Campaign) -> tuple[Step, list[PastStep]] | None:
    names = {past.step for past in history}
    for step in reversed(campaign.steps):
        if step.name in names:
            return step, [past for past in history if past.step == step.name]
    return None


def _first_usable(step: Step, facts: Facts, after: int) -> Due | None:
    for position, channel in enumerate(step.channels):
        if position > after and any(point.usable for point in facts.debtor.points(channel)):
            return Due(step, position, channel, stands_in=after >= 0)
    return None


def _following(facts: Facts, campaign: Campaign, anchor: Item, now: datetime) -> Decision:
    zones = facts.debtor.zones
    today = min(local_date(now, zone) for zone in zones)
    to_come = ((step, day) for step, day in _days(facts, campaign, anchor) if not _missed(step, facts, now))
    contextual = campaign.catch_up is CatchUp.CONTEXTUAL
    step, day = _in_context(list(to_come), facts, today) if contextual else next(to_come, (None, None))
    if step is None:
        return Done(DoneReason.FINISHED)
    if day is None or not _enough_items(step, facts):
        return Wait(None, WaitFor.ITEMS)
    due_at = start_everywhere(day, zones)
    if due_at > now:
        return Wait(_opening(due_at, facts, campaign), WaitFor.DAY)
    return _after_gap(_on_first_channel(step, facts), facts, campaign, now)


def _in_context(
    to_come: Sequence[tuple[Step, date | None]], facts: Facts, today: date
) -> tuple[Step | None, date | None]:
    """The last step whose day has come by the calendar; before any has, the one whose day comes first."""
    dated = [(step, day) for step, day in to_come if day is not None and _enough_items(step, facts)]
    fixed = [(step, day) for step, day in dated if step.trigger.kind is not TriggerKind.AFTER_PREVIOUS]
    reached = [(step, day) for step, day in fixed if day <= today]
    if reached:
        return reached[-1]
    return min(dated, key=itemgetter(1)) if dated else next(iter(to_come), (None, None))


def _enough_items(step: Step, facts: Facts) -> bool:
    return sum(item.open_amount.minor > 0 for item in facts.items) >= step.min_items


def _missed(step: Step, facts: Facts, now: datetime) -> bool:
    until = deadline(step, facts)
    return until is not None and now >= until


def _days(facts: Facts, campaign: Campaign, anchor: Item) -> Iterator[tuple[Step, date | None]]:
    """The steps to come with the day on which each is due; None when it follows a step that never had one.

    after_previous counts from the contact, or from the day of a step before it that was missed.
    """
    last = _last_taken(facts.history, campaign)
    first, day = 0, None
    if last is not None:
        first = campaign.index(last[0].name) + 1
        taken_at = max(past.at for past in last[1])
        day = max(local_date(taken_at, zone) for zone in facts.debtor.zones)
    for step in campaign.steps[first:]:
        day = _day(step, facts, anchor, day)
        yield step, day


def _day(step: Step, facts: Facts, anchor: Item, previous: date | None) -> date | None:
    country, region = facts.debtor.country, facts.debtor.region
    kind, days = step.trigger.kind, step.trigger.days
    if kind is TriggerKind.AFTER_PREVIOUS:
        return None if previous is None else add_days(previous, days, country, region)
    if kind is TriggerKind.BEFORE_DUE:
        return add_days(anchor.due_on, replace(days, count=-days.count), country, region)
    base = end_of_month(anchor.due_on) if kind is TriggerKind.AFTER_DUE_END_OF_MONTH else anchor.due_on
    frozen = pauses(facts.holds, facts.debtor.zones[0])
    return thaw(add_days(base, days, country, region), anchor.due_on, frozen)


def _after_gap(due: Due, facts: Facts, campaign: Campaign, now: datetime) -> Decision:
    free_at = gap_over_at(facts, campaign.min_contact_gap)
    if free_at is not None and free_at > now:
        return Wait(_opening(free_at, facts, campaign), WaitFor.GAP)
    opens_at = _opening(now, facts, campaign)
    return due if opens_at == now else Wait(opens_at, WaitFor.WINDOW)


def _on_first_channel(step: Step, facts: Facts) -> Due:
    """The first channel with a usable contact point; without any the first one, which the gate will suppress."""
    if not step.channels:
        return Due(step, 0, None)
    return _first_usable(step, facts, after=-1) or Due(step, 0, step.channels[0])


def _opening(not_before: datetime, facts: Facts, campaign: Campaign) -> datetime:
    """When the window opens in every zone; the end of the horizon when it does not open before."""
    debtor = facts.debtor
    opens_at = next_open(campaign.send_window, not_before, debtor.zones, debtor.country, debtor.region)
    return opens_at or not_before + timedelta(days=HORIZON_DAYS)
