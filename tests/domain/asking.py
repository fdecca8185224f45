"""How the tests of the next step ask, and what they expect to hear."""

from __future__ import annotations

from datetime import timedelta

from outreach.domain.account import Facts
from outreach.domain.message import Channel
from outreach.domain.next_step import Due, Wait
from tests.cast import (
    ALWAYS,
    NOON,
    after_due,
    campaign,
    facts,
    owed,
)

CAMPAIGN = campaign()
SEQUENCE = campaign(after_due("first", 5), after_due("second", 20), after_due("third", 40), window=ALWAYS)


def due(decision: object) -> tuple[str, Channel | None]:
    """The step and channel of what is due."""
    assert isinstance(decision, Due), decision
    return decision.step.name, decision.channel


def waiting(decision: object) -> Wait:
    """What is waited for."""
    assert isinstance(decision, Wait), decision
    return decision


def aged(days: int, **more: object) -> Facts:
    """Facts of someone whose debt is so many days past due at noon."""
    return facts(items=(owed("I-1", NOON.date() - timedelta(days=days)),), **more)
