"""Any facts, any campaign, any moment and any question, for the laws that hold for all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import strategies as st

from outreach.domain.account import ContactPoint, Facts, Hold, HoldReason, Item, Quality
from outreach.domain.campaign import Campaign, CatchUp, DayKind, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.gate import Question
from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from tests.cast import (
    CHICAGO,
    DAY,
    EMAIL,
    EVERY_WAY,
    HONOLULU,
    LONDON,
    LOS_ANGELES,
    NEW_YORK,
    OFFICE_HOURS,
    PHONE,
    SHANGHAI,
    campaign,
    debtor,
    facts,
    hold,
    owed,
    taken,
)

START = datetime(2026, 10, 1, tzinfo=UTC)
ZONES = st.sets(st.sampled_from([NEW_YORK, CHICAGO, LOS_ANGELES, HONOLULU, LONDON, SHANGHAI]), min_size=1, max_size=3)
TWO_YEARS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DAYS = st.builds(Days, st.integers(0, 30), st.sampled_from(DayKind))
WINDOWS = st.sampled_from(
    [
        OFFICE_HOURS,
        SendWindow(frozenset(range(1, 8)), time(8), time(21), holidays=True),
        SendWindow(frozenset({2, 4}), time(6), time(12)),
        SendWindow(frozenset(range(1, 6)), time(12), time(23)),
    ]
)


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """Any campaign that a file may describe."""
    steps = []
    for index in range(draw(st.integers(1, 5))):
        kinds = [kind for kind in TriggerKind if index or kind is not TriggerKind.AFTER_PREVIOUS]
        trigger = Trigger(draw(st.sampled_from(kinds)), draw(DAYS))
        channels = draw(st.lists(st.sampled_from(Channel), unique=True, max_size=3))
        steps.append(Step(f"s{index}", trigger, tuple(channels), "sample", min_items=draw(st.integers(0, 2))))
    gap = Days(draw(st.integers(0, 5)))
    return campaign(*steps, window=draw(WINDOWS), catch_up=draw(st.sampled_from(CatchUp)), min_contact_gap=gap)


@st.composite
def holds(draw: st.DrawFn) -> tuple[Hold, ...]:
    """Holds around the start of a simulation, each with an end."""
    found: tuple[Hold, ...] = ()
    for _ in range(draw(st.integers(0, 3))):
        start = START + timedelta(hours=draw(st.integers(-1500, 1500)))
        until = start + timedelta(hours=draw(st.integers(0, 700)))
        found += hold(draw(st.sampled_from(HoldReason)), start, until, freezes_dpd=draw(st.booleans()))
    return found


@st.composite
def points(draw: st.DrawFn) -> tuple[ContactPoint, ...]:
    """Some of the ways to a debtor, in any condition."""
    return tuple(
        replace(
            point,
            quality=draw(st.sampled_from(Quality)),
            opted_out_at=draw(st.sampled_from([None, None, START - DAY])),
        )
        for point in EVERY_WAY
        if draw(st.booleans())
    )


@st.composite
def debts(draw: st.DrawFn) -> tuple[Item, ...]:
    """One to three unpaid items that fell due, or will, around the start."""
    ages = draw(st.lists(st.integers(-40, 60), min_size=1, max_size=3))
    return tuple(owed(f"I-{n}", START.date() - timedelta(days=age), number=n) for n, age in enumerate(ages))


@st.composite
def people(draw: st.DrawFn) -> Facts:
    """Anyone who owes and of whom something is known."""
    where = debtor(*sorted(draw(ZONES)), points=draw(points()), country=draw(st.sampled_from(["US", "CN", ""])))
    return facts(debtor=where, items=draw(debts()), holds=draw(holds()))


@st.composite
def moments(draw: st.DrawFn) -> tuple[Facts, Campaign, datetime]:
    """Anyone in the middle of any campaign."""
    who, plan = draw(people()), draw(campaigns())
    now = START + timedelta(minutes=draw(st.integers(0, 60 * 24 * 90)))
    done = draw(st.integers(0, len(plan.steps)))
    ages = sorted((draw(st.integers(0, 60)) for _ in range(done)), reverse=True)
    history = tuple(
        taken(step.name, now - timedelta(days=age), draw(st.sampled_from(NoticeState)))
        for step, age in zip(plan.steps, ages, strict=False)
    )
    contact = draw(st.sampled_from([None, now - 2 * DAY, now - 30 * DAY]))
    return replace(who, history=history, last_contact_at=contact), plan, now


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """A question about anyone at any time of two years."""
    channel = draw(st.sampled_from([Channel.SMS, Channel.EMAIL, Channel.CALL]))
    known = draw(people())
    point = next(iter(known.debtor.points(channel)), None)
    now = draw(TWO_YEARS)
    if draw(st.booleans()):
        known = replace(known, holds=())
    if draw(st.booleans()):
        point = EMAIL if channel is Channel.EMAIL else PHONE
    return Question(known, channel, point, draw(st.none() | WINDOWS), now)
