"""Until when a step of a campaign has any sense."""

from __future__ import annotations

from datetime import datetime

from outreach.domain.account import Facts
from outreach.domain.calendar import start_everywhere
from outreach.domain.campaign import Step, TriggerKind


def deadline(step: Step, facts: Facts) -> datetime | None:
    """The instant (aware UTC) from which a step must not be taken any more; None when it has no end.

    A reminder before the due date has no sense once that day has begun wherever the debtor may be.
    """
    anchor, zones = facts.anchor, facts.debtor.zones
    if step.trigger.kind is not TriggerKind.BEFORE_DUE or anchor is None or not zones:
        return None
    return start_everywhere(anchor.due_on, zones)
