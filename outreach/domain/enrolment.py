"""An account (or item) in a campaign, and what one look at it leads to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from outreach.domain.account import Facts, PastStep
from outreach.domain.calendar import local_date
from outreach.domain.campaign import Campaign
from outreach.domain.next_step import Decision, Done, DoneReason, Due, Wait, WaitFor, next_step
from outreach.domain.notice import NoticeState


class EnrolmentState(StrEnum):
    """ACTIVE: steps to come. CURED: all paid. LEFT: no longer fits the campaign. FINISHED: every step taken.

    SERVICE: it only carries the service messages of an account (domain/service.py), and is never looked at.
    """

    ACTIVE = "active"
    CURED = "cured"
    LEFT = "left"
    FINISHED = "finished"
    SERVICE = "service"


_STATE_OF_DONE = {
    DoneReason.PAID: EnrolmentState.CURED,
    DoneReason.LEFT: EnrolmentState.LEFT,
    DoneReason.FINISHED: EnrolmentState.FINISHED,
}

#: When to look again at what only an event should change, in case the event was lost.
SAFETY_LOOK = timedelta(hours=1)
#: When to look again after a step that is followed at once, or was the last one.
SOON = timedelta(minutes=1)
LAST_LOOK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A row of the enrolments table. `item_id` is 0 for the whole account; `cycle` counts spells of being overdue."""

    id: int
    account_id: int
    item_id: int
    campaign: str
    version_id: int
    state: EnrolmentState
    cycle: int
    cured_on: date | None


@dataclass(frozen=True, slots=True)
class Look:
    """The outcome of one look: the enrolment as it is now, what is due, and when to look again (None: on an event)."""

    enrolment: Enrolment
    decision: Decision
    next_look_at: datetime | None

    @property
    def waits_for(self) -> str:
        """What it waits for, as `reason` or `reason: detail`; empty when a step is due."""
        if isinstance(self.decision, Due):
            return ""
        if isinstance(self.decision, Wait) and self.decision.detail:
            return f"{self.decision.reason.value}: {self.decision.detail}"
        return self.decision.reason.value


def look(enrolment: Enrolment, facts: Facts, campaign: Campaign, now: datetime) -> Look:
    """Decide what is due and what becomes of the enrolment, at the instant `now` (aware UTC).

    A reversal reopens the cycle on the original due date; a debt that fell due after the cure begins a new cycle,
    whose history is empty.
    """
    enrolment, facts = _reopened(enrolment, facts)
    decision = next_step(facts, campaign, now)
    if isinstance(decision, Done):
        return Look(_ended(enrolment, decision, facts, now), decision, None)
    active = replace(enrolment, state=EnrolmentState.ACTIVE, cured_on=None)
    if isinstance(decision, Wait):
        return Look(active, decision, _look_after_wait(decision, now))
    return Look(active, decision, _look_after_step(decision, facts, campaign, now))


def _reopened(enrolment: Enrolment, facts: Facts) -> tuple[Enrolment, Facts]:
    anchor = facts.anchor
    if anchor is None or enrolment.cured_on is None or anchor.due_on <= enrolment.cured_on:
        return enrolment, facts
    return replace(enrolment, cycle=enrolment.cycle + 1, cured_on=None), replace(facts, history=())


def _ended(enrolment: Enrolment, done: Done, facts: Facts, now: datetime) -> Enrolment:
    cured_on = enrolment.cured_on
    if done.reason is DoneReason.PAID and cured_on is None:
        zones = facts.debtor.zones or ("UTC",)
        cured_on = max(local_date(now, zone) for zone in zones)
    return replace(enrolment, state=_STATE_OF_DONE[done.reason], cured_on=cured_on)


def _look_after_wait(wait: Wait, now: datetime) -> datetime | None:
    if wait.reason is WaitFor.IN_FLIGHT:
        return now + SAFETY_LOOK
    return wait.until


def _look_after_step(due: Due, facts: Facts, campaign: Campaign, now: datetime) -> datetime:
    """When the next step can be due at the earliest if this one goes out now; if it does not, an event says so."""
    taken = PastStep(due.step.name, due.position, NoticeState.SENT, now)
    following = next_step(replace(facts, history=(*facts.history, taken), last_contact_at=now), campaign, now)
    if isinstance(following, Wait) and following.until is not None:
        return following.until
    return now + (SOON if isinstance(following, Due) else LAST_LOOK)
