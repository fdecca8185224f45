"""A house in memory: it takes each step that is due, writes it into the history and asks again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from outreach.domain.account import Facts, PastStep
from outreach.domain.campaign import Campaign
from outreach.domain.next_step import Decision, Done, Due, next_step
from outreach.domain.notice import CONTACTED, NoticeState

#: More steps than any campaign of the tests has channels: a run that takes more at once would never end.
MANY = 40


def sent(_due: Due) -> NoticeState:
    """Every notice goes out."""
    return NoticeState.SENT


@dataclass
class Simulation:
    """One enrolment; `outcome` says what becomes of a notice. `taken` is the history of the cycle."""

    facts: Facts
    campaign: Campaign
    outcome: Callable[[Due], NoticeState] = sent

    @property
    def taken(self) -> tuple[PastStep, ...]:
        return self.facts.history

    def look(self, now: datetime, **change: object) -> Decision:
        """Ask once, after the facts changed; what is due is taken."""
        self.facts = replace(self.facts, **change)  # type: ignore[arg-type]
        decision = next_step(self.facts, self.campaign, now)
        if isinstance(decision, Due):
            state = self.outcome(decision)
            past = PastStep(decision.step.name, decision.position, state, now)
            contact = now if state in CONTACTED else self.facts.last_contact_at
            self.facts = replace(self.facts, history=(*self.taken, past), last_contact_at=contact)
        return decision

    def settle(self, now: datetime) -> Decision:
        """Ask until nothing more is due at `now`."""
        for _ in range(MANY):
            decision = self.look(now)
            if not isinstance(decision, Due):
                return decision
        raise AssertionError("the steps never end")

    def tick(self, start: datetime, end: datetime, every: timedelta) -> Simulation:
        """Look at fixed times, as a cron does."""
        for now in instants(start, end, every):
            self.settle(now)
        return self

    def leap(self, start: datetime, end: datetime) -> Simulation:
        """Look only when the last answer said so, as the scheduler does."""
        now: datetime | None = start
        while now is not None and now < end:
            decision = self.settle(now)
            now = None if isinstance(decision, Done | Due) else decision.until
        return self


def instants(start: datetime, end: datetime, every: timedelta) -> Iterator[datetime]:
    """From `start` up to `end`, which is not included."""
    while start < end:
        yield start
        start += every
