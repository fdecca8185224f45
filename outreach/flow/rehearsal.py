"""Rehearse: one debtor's days to come, by the decisions that are made in earnest, on a copy of the facts.

It goes from one moment at which something may happen to the next: a run of a campaign at which an enrolment is looked
at, or the time of a notice. What is assumed to have reached the debtor goes into the facts of all of the debtor's
accounts, so that gaps and caps count it.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import count
from typing import NamedTuple

from outreach.domain.account import Account, Facts, PastStep
from outreach.domain.campaign import Campaign, LegalNotice, Step
from outreach.domain.enrolment import Enrolment, look
from outreach.domain.gate import LOOK_AGAIN, Decision, Hit, Question, Verdict
from outreach.domain.legal_notice import given
from outreach.domain.message import Channel
from outreach.domain.next_step import Due, Wait, WaitFor
from outreach.domain.notice import CONTACTED, NoticeState
from outreach.domain.standing import Contact, Medium, Reach
from outreach.domain.verdicts import OPENING
from outreach.flow.drafting import question
from outreach.schedules.runs import Runs

#: The gate with the law that is in force.
Decide = Callable[[Question], Decision]

#: No time passes between a deferral and itself, however short it is.
_LEAST_WAIT = timedelta(seconds=1)


class Assume(StrEnum):
    """What is taken for granted of every message that leaves: that it arrives, that nothing is heard of it, or that it
    does not arrive, so that the next channel stands in."""

    DELIVERED = "delivered"
    SENT = "sent"
    UNDELIVERED = "undelivered"


_STATE = {one: NoticeState(one.value) for one in Assume}
_REACH = {
    Assume.DELIVERED: Reach.DELIVERED,
    Assume.SENT: Reach.ATTEMPTED,
    Assume.UNDELIVERED: Reach.FAILED,
}


class Row(NamedTuple):
    """One decision on one notice. `decision`: the gate's verdict, or `approval` for what waits for a person's, or
    `task` for a call or a handover. `rule` decided it; of several the strictest, of deferrals the longest."""

    at: datetime
    account_ref: str
    campaign: str
    step: str
    channel: str
    decision: str
    reason: str
    rule: str


@dataclass(slots=True)
class Pending:
    """A notice that is planned. `not_before` is when it is decided on next, None while it waits for an approval."""

    step: Step
    position: int
    channel: Channel
    not_before: datetime | None


@dataclass(slots=True)
class Course:
    """An enrolment on its way through its campaign. Without `runs` its campaign does not run: only a notice that is
    planned already goes out. `look_at` is its next look, `ends_at` the end of the simulation (aware UTC)."""

    enrolment: Enrolment
    facts: Facts
    campaign: Campaign
    ends_at: datetime
    runs: Runs | None = None
    look_at: datetime | None = None
    pending: Pending | None = None


@dataclass(frozen=True, slots=True)
class Assumptions:
    """How the gate decides, what becomes of what leaves, and whether approvals are given at once."""

    decide: Decide
    assume: Assume = Assume.DELIVERED
    approved: bool = False


_LOOK, _ATTEMPT = 0, 1


@dataclass
class Rehearsal:
    """One debtor: all courses of all of the debtor's accounts."""

    courses: Sequence[Course]
    given: Assumptions
    _moments: list[tuple[datetime, int, int, Course]] = field(init=False, default_factory=list)
    _order: Iterator[int] = field(init=False, default_factory=count)

    def rows(self) -> Iterator[Row]:
        """Every decision, the earliest first."""
        for course in self.courses:
            self._push_look(course, course.look_at)
            self._push_attempt(course)
        while self._moments:
            at, kind, _, course = heapq.heappop(self._moments)
            if kind == _LOOK and course.look_at == at:
                yield from self._look(course, at)
            elif kind == _ATTEMPT:
                yield self._attempt(course, at)

    def _push_look(self, course: Course, at: datetime | None) -> None:
        course.look_at = at if at is not None and at < course.ends_at else None
        if course.look_at is not None:
            heapq.heappush(self._moments, (course.look_at, _LOOK, next(self._order), course))

    def _push_attempt(self, course: Course) -> None:
        at = course.pending.not_before if course.pending else None
        if at is not None and at < course.ends_at:
            heapq.heappush(self._moments, (at, _ATTEMPT, next(self._order), course))

    def _look(self, course: Course, at: datetime) -> Iterator[Row]:
        seen = look(course.enrolment, course.facts, course.campaign, at)
        if seen.enrolment.cycle != course.enrolment.cycle:
            course.facts = replace(course.facts, history=())
        course.enrolment = seen.enrolment
        if isinstance(seen.decision, Due):
            yield from self._take(course, seen.decision, at)
        next_at = seen.next_look_at
        if isinstance(seen.decision, Wait) and seen.decision.reason is WaitFor.IN_FLIGHT:
            next_at = _look_when_decided(course, at, next_at)
        runs = course.runs
        self._push_look(course, runs.after(at, next_at) if runs and next_at else None)

    def _take(self, course: Course, due: Due, at: datetime) -> Iterator[Row]:
        step = due.step
        if due.channel in (None, Channel.CALL):
            _remember(course, PastStep(step.name, due.position, NoticeState.SENT, at))
            yield _row(course, due, at, "task", step.task or f"Hand over to {step.to}")
            return
        assert due.channel is not None
        held = step.approval and not self.given.approved
        _remember(course, PastStep(step.name, due.position, NoticeState.PLANNED, at))
        course.pending = Pending(step, due.position, due.channel, None if held else at)
        if held:
            yield _row(course, due, at, "approval", "Waits for a person's approval")
        self._push_attempt(course)

    def _attempt(self, course: Course, at: datetime) -> Row:
        pending = course.pending
        assert pending is not None
        asked = question(course.facts, course.campaign, pending.step.name, pending.channel, at)
        decision = self.given.decide(asked)
        if decision.verdict is Verdict.DEFER:
            pending.not_before = max(decision.until or at + LOOK_AGAIN, at + _LEAST_WAIT)
            self._push_attempt(course)
        elif decision.verdict is Verdict.CLEAR:
            self._leave(course, pending, asked, at)
        else:
            self._end(course, pending, NoticeState.SUPPRESSED, at, forget=decision.verdict is Verdict.CANCEL)
        hit = _decisive(decision)
        return _row(course, pending, at, decision.verdict.value, *((hit.reason, hit.rule) if hit else ("", "")))

    def _leave(self, course: Course, pending: Pending, asked: Question, at: datetime) -> None:
        """It left: the debtor was contacted, as far as is assumed, on whichever account."""
        state, point = _STATE[self.given.assume], asked.point
        assert point is not None, "the gate clears nothing without an address"
        medium, reach = Medium(pending.channel.value), _REACH[self.given.assume]
        account_id, place = course.enrolment.account_id, point.standing.place
        contact = Contact(at, medium, account_id, reach, value=point.value, place=place)
        for other in self.courses:
            other.facts = _contacted(other.facts, contact, counts=state in CONTACTED)
            if asked.notice is not None and state in CONTACTED and other.facts.account.id == account_id:
                other.facts = _given(other.facts, asked.notice, at, pending.channel)
        self._end(course, pending, state, at)

    def _end(self, course: Course, pending: Pending, state: NoticeState, at: datetime, *, forget: bool = False) -> None:
        """Decided: a cancelled notice is no step taken; what did not reach the debtor has the enrolment looked at."""
        others = tuple(past for past in course.facts.history if past.state is not NoticeState.PLANNED)
        taken = () if forget else (PastStep(pending.step.name, pending.position, state, at),)
        course.facts = replace(course.facts, history=(*others, *taken))
        course.pending = None
        if course.runs is not None and state not in CONTACTED:
            self._push_look(course, course.runs.after(at, at))


def _look_when_decided(course: Course, at: datetime, next_at: datetime | None) -> datetime | None:
    """The first of the looks, one after the other, that is not before its notice is decided on: none before finds
    anything else. None while the notice waits for a person."""
    not_before = course.pending.not_before if course.pending else None
    if next_at is None or not_before is None:
        return None
    every = next_at - at
    return at + every * max(1, -((at - not_before) // every))


def _remember(course: Course, past: PastStep) -> None:
    course.facts = replace(course.facts, history=(*course.facts.history, past))


def _contacted(facts: Facts, contact: Contact, *, counts: bool) -> Facts:
    contacts = (*facts.contacts, contact)
    if not counts:
        return replace(facts, contacts=contacts)
    account = facts.account
    if account.id == contact.account_id and account.terms.first_contact_at is None:
        account = _first_contacted(account, contact.at)
    return replace(facts, account=account, contacts=contacts, last_contact_at=contact.at)


def _first_contacted(account: Account, at: datetime) -> Account:
    return replace(account, terms=replace(account.terms, first_contact_at=at))


def _given(facts: Facts, notice: LegalNotice, at: datetime, by: Channel) -> Facts:
    """A notice that the law asks for left: what waits for it may follow."""
    terms = given(facts.account.terms, notice, at, by, facts.debtor.zones)
    return replace(facts, account=replace(facts.account, terms=terms))


def _row(course: Course, what: Due | Pending, at: datetime, decision: str, reason: str, rule: str = "") -> Row:
    channel = what.channel.value if what.channel else ""
    ref, campaign = course.facts.account.ref, course.enrolment.campaign
    return Row(at, ref, campaign, what.step.name, channel, decision, reason, rule)


def _decisive(decision: Decision) -> Hit | None:
    """The rule that decided, of deferrals the one that lasts longest; None when no rule spoke.

    The opening after a deferral is nobody's rule: the deferral is why it matters.
    """
    decisive = [hit for hit in decision.hits if hit.verdict is decision.verdict]
    rules = [hit for hit in decisive if hit.rule != OPENING] or decisive
    return max(rules, key=lambda hit: hit.until.timestamp() if hit.until else 0.0, default=None)
