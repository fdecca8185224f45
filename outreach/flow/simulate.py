"""Simulate: the days to come of a whole portfolio, by the decisions that are made in earnest. Nothing is stored.

Debtors are taken in batches, so that memory is bounded however large the portfolio is, and by several processes, since
no debtor's days depend on another's. How fast messages leave is not simulated: each leaves when it may.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Connection, Engine

from outreach.domain.account import Facts, PastStep
from outreach.domain.calendar import start_of_day
from outreach.domain.campaign import Campaign
from outreach.domain.enrolment import Enrolment, EnrolmentState
from outreach.domain.gate import Decision, Question, Verdict, after
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.next_step import tags_fit
from outreach.domain.notice import NoticeState
from outreach.domain.verdicts import barred, gate
from outreach.flow.desk import Versions
from outreach.flow.isolating import by_halves, each
from outreach.flow.rehearsal import Assume, Assumptions, Course, Pending, Rehearsal, Row
from outreach.schedules.runs import Runs
from outreach.store import campaigns, enrolments, facts, simulating
from outreach.store.engine import make_engine, reading
from outreach.store.facts import Subject
from outreach.store.simulating import WaitingNotice

#: Debtors that are read at once.
BATCH = 1_000
#: Processes that a portfolio of more than one batch is shared among.
PROCESSES = 2
#: Batches that may be ahead of the reader, for each process: results wait in memory.
AHEAD = 2

#: Work that is under way is done in a moment: what is claimed is decided on, what is being sent has left.
_IN_A_MOMENT = {NoticeState.CLAIMED: NoticeState.PLANNED, NoticeState.SENDING: NoticeState.SENT}


@dataclass(frozen=True)
class Period:
    """From the start of `first` to the end of `last`, days in each campaign's zone. A day that has begun counts from
    `now` (business time, aware UTC) on."""

    first: date
    last: date
    now: datetime

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Begin and end (aware UTC) in a zone."""
        begins, ends = start_of_day(self.first, zone), start_of_day(self.last + timedelta(days=1), zone)
        return (self.now if begins < self.now < ends else begins), ends

    @property
    def begins(self) -> datetime:
        """An instant before which it has begun nowhere."""
        return datetime.combine(self.first, time.min, UTC) - timedelta(hours=14)

    @property
    def ends(self) -> datetime:
        """An instant at which it has ended everywhere."""
        return datetime.combine(self.last, time.max, UTC) + timedelta(hours=12)


@dataclass(frozen=True)
class Plan:
    """What is simulated: campaigns as their files say, for a period, under a law. `routes`: names of the providers of
    each channel, some of which the law may close."""

    period: Period
    campaigns: Sequence[Campaign]
    law: Law
    routes: Mapping[Channel, Sequence[str]]
    assume: Assume = Assume.DELIVERED
    approved: bool = False


@dataclass
class Part:
    """What came of one batch: `rows` by debtor and time, how many debtors, and how many enrolments could not be read or
    decided on."""

    rows: list[Row] = field(default_factory=list)
    debtors: int = 0
    unreadable: int = 0


@dataclass(frozen=True)
class _House:
    """What all batches share. `running`: campaigns that run, by name; `creditors`: ids by ref."""

    engine: Engine
    plan: Plan
    given: Assumptions
    running: Mapping[str, Campaign]
    runs: Mapping[str, Runs]
    creditors: Mapping[str, int]
    versions: Versions = field(default_factory=Versions)


def size(engine: Engine) -> int:
    """How many debtors a simulation goes through."""
    with reading(engine) as connection:
        return simulating.count_debtors(connection)


def paused(engine: Engine, known: Sequence[Campaign]) -> list[str]:
    """The names of campaigns that are paused: nothing is due in them."""
    with reading(engine) as connection:
        found = [campaigns.running(connection, campaign.name) for campaign in known]
    return [one.name for one in found if one is not None and one.paused]


def simulate(engine: Engine, plan: Plan, *, processes: int = PROCESSES, batch: int = BATCH) -> Iterator[Part]:
    """Simulate every debtor, in the order of their ids. The campaigns of one debtor are simulated together, since what
    one of them sends counts for the others' gaps and caps."""
    with reading(engine) as connection:
        ends = simulating.batch_ends(connection, batch)
    spans = list(zip([0, *ends], ends, strict=False))
    if processes == 1 or len(spans) < 2:
        house = _house(engine, plan)
        yield from (_batch(house, *span) for span in spans)
        return
    url = engine.url.render_as_string(hide_password=False)
    with ProcessPoolExecutor(processes, get_context("spawn"), _move_in, (url, plan)) as pool:
        under_way = [pool.submit(_batch_there, span) for span in spans[: processes * AHEAD]]
        for number in range(len(spans)):
            part = under_way.pop(0).result()
            following = number + processes * AHEAD
            under_way += [pool.submit(_batch_there, span) for span in spans[following : following + 1]]
            yield part


_here: list[_House] = []


def _move_in(url: str, plan: Plan) -> None:
    """Set a process up."""
    _here[:] = [_house(make_engine(url), plan)]


def _batch_there(span: tuple[int, int]) -> Part:
    return _batch(_here[0], *span)


def _house(engine: Engine, plan: Plan) -> _House:
    resting = set(paused(engine, plan.campaigns))
    running = {one.name: one for one in plan.campaigns if one.name not in resting}
    with reading(engine) as connection:
        creditors = simulating.creditor_ids(connection)
    given = Assumptions(partial(_decide, plan.law, plan.routes), plan.assume, plan.approved)
    return _House(engine, plan, given, running, {name: Runs(one) for name, one in running.items()}, creditors)


def _decide(law: Law, routes: Mapping[Channel, Sequence[str]], asked: Question) -> Decision:
    """The gate's answer, and whether any provider is left to send by."""
    decision = gate(asked, law)
    if decision.verdict is not Verdict.CLEAR:
        return decision
    closed = barred(asked, law)
    left = [name for name in routes.get(asked.channel, ()) if name not in closed]
    return after(decision, asked, [] if left else list(closed.values()))


def _batch(house: _House, after: int, last: int) -> Part:
    with reading(house.engine) as connection:
        debtors = simulating.debtor_ids(connection, after, last)
        in_flight, unread = _in_campaigns(connection, house, debtors)
        entering, unfit = _entering(connection, house, debtors)
        made, unknown = by_halves(partial(_courses, connection, house), [*in_flight, *entering])
    by_debtor: dict[int, list[Course]] = {}
    for courses in made:
        for course in courses:
            by_debtor.setdefault(course.facts.debtor.id, []).append(course)
    rows, undecided = each(lambda mine: list(Rehearsal(mine, house.given).rows()), by_debtor.values())
    lost = unread + unfit + len(unknown) + sum(len(one.row) for one in undecided)
    return Part([row for mine in rows for row in mine], len(debtors), lost)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An enrolment in its campaign's version, as it is or will be, with its next look."""

    enrolment: Enrolment
    campaign: Campaign
    look_at: datetime | None
    waiting: WaitingNotice | None = None


def _in_campaigns(connection: Connection, house: _House, debtors: Sequence[int]) -> tuple[list[_Entry], int]:
    rows = simulating.to_look_at(connection, debtors, list(house.running), house.plan.period.ends)
    waiting = simulating.waiting_notices(connection, [row.id for row in rows])

    def entry(row: Any) -> _Entry:
        enrolment = enrolments.read(row)
        campaign = house.versions.get(connection, enrolment.version_id)
        return _Entry(enrolment, campaign, row.next_look_at, waiting.get(enrolment.id))

    read, unreadable = each(entry, rows)
    return read, len(unreadable)


def _entering(connection: Connection, house: _House, debtors: Sequence[int]) -> tuple[list[_Entry], int]:
    """Those that will enter, each on the first day on which it fits."""
    found: list[_Entry] = []
    unreadable = 0
    period = house.plan.period
    for campaign in house.running.values():
        creditor_id = house.creditors.get(campaign.creditor)
        if creditor_id is None:
            continue
        days = (period.first, period.last)
        rows = enrolments.candidates_among(connection, campaign, creditor_id, days, debtors)
        read, poisoned = each(lambda row: (enrolments.candidate(row), row.due_on), rows)
        unreadable += len(poisoned)
        for candidate, due_on in read:
            if tags_fit(campaign, candidate.tags):
                # Numbers below zero are no other enrolment's.
                id_, day = -len(found) - 1, _day_of_entry(campaign, due_on, period.first)
                enrolment = Enrolment(
                    *(id_, candidate.account_id, candidate.item_id, campaign.name, 0),
                    *(EnrolmentState.ACTIVE, 1, None),
                )
                found.append(_Entry(enrolment, campaign, start_of_day(day, campaign.timezone)))
    return found, unreadable


def _day_of_entry(campaign: Campaign, due_on: date, first: date) -> date:
    youngest = campaign.applies_to.dpd_from
    return first if youngest is None else max(first, due_on + timedelta(days=youngest))


def _courses(connection: Connection, house: _House, entries: Sequence[_Entry]) -> list[Course]:
    subjects = [
        Subject(one.enrolment.id, one.enrolment.account_id, one.enrolment.item_id, one.enrolment.cycle)
        for one in entries
    ]
    known = facts.load_facts(connection, subjects, house.plan.period.begins)
    return [_course(house, one, known[one.enrolment.id]) for one in entries if one.enrolment.id in known]


def _course(house: _House, entry: _Entry, known: Facts) -> Course:
    runs = house.runs.get(entry.enrolment.campaign)
    begins, ends = house.plan.period.bounds(entry.campaign.timezone)
    look_at = runs.from_(max(begins, entry.look_at)) if runs and entry.look_at else None
    settled = replace(known, history=tuple(_in_a_moment(past) for past in known.history))
    pending = _pending(house, entry, begins) if entry.waiting else None
    return Course(entry.enrolment, settled, entry.campaign, ends, runs, look_at, pending)


def _in_a_moment(past: PastStep) -> PastStep:
    return replace(past, state=_IN_A_MOMENT[past.state]) if past.state in _IN_A_MOMENT else past


def _pending(house: _House, entry: _Entry, begins: datetime) -> Pending:
    waiting = entry.waiting
    assert waiting is not None
    step = entry.campaign.steps[entry.campaign.index(waiting.step)]
    held = waiting.needs_approval and not house.given.approved
    not_before = None if held else max(begins, waiting.not_before)
    return Pending(step, waiting.position, waiting.channel, not_before)
