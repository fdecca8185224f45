"""The house's own law, by which most tests ask; packs of places are named where a test is about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from outreach.domain import verdicts
from outreach.domain.campaign import SendWindow
from outreach.domain.gate import Decision, Question
from outreach.domain.law import Law
from outreach.domain.policy import Applies, Hours, OnHit, Pack, Rule, Status, When
from outreach.domain.standing import Medium

#: What the house's hours and their guard of five minutes leave.
HOUSE_HOURS = SendWindow(days=frozenset(range(1, 8)), opens=time(8, 5), closes=time(20, 55), holidays=True)

_HOURS = Hours(
    "hours",
    "Outside the hours in which the debtor may be contacted",
    ("house policy",),
    when=When(media=frozenset({Medium.SMS, Medium.EMAIL, Medium.CALL})),
    on_hit=OnHit.DEFER,
    windows=(replace(HOUSE_HOURS, opens=time(8), closes=time(21)),),
    guard=5,
)


def pack(*rules: Rule, name: str = "sample", applies: Applies | None = None) -> Pack:
    """A pack of some rules."""
    return Pack(name, "1", "A sample", Status.SECONDARY, applies or Applies(), rules)


HOURS_ONLY = pack(_HOURS, name="house")
HOUSE = Law((HOURS_ONLY,))


def gate(question: Question, law: Law = HOUSE) -> Decision:
    """Ask the gate, by the house's law unless another is given."""
    return verdicts.gate(question, law)
