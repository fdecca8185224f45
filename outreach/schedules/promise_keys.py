"""`promises` of a creditor: what keeps a promise to pay, and what a debtor may promise without a person."""

from __future__ import annotations

from outreach.documents.model import FileModel, key
from outreach.domain.promise import PromiseTerms
from outreach.schedules.plan_keys import Days, MajorUnits

_DEFAULT = PromiseTerms()


class PromiseKeys(FileModel):
    """Promises to pay. What is left out is the product's own."""

    grace_days: Days = key("Days after the promised one before it is broken.", 3, default=_DEFAULT.grace_days)
    tolerance: MajorUnits = key("What may lack of the amount.", 1, default=_DEFAULT.tolerance)
    tolerance_percent: int = key(
        "Share of the amount that may lack; the larger of the two counts.",
        5,
        default=_DEFAULT.tolerance_percent,
        ge=0,
        le=50,
    )
    furthest_days: Days = key(
        "How far ahead a debtor may promise; further is for a person.", 30, default=_DEFAULT.furthest_days
    )
    broken_in_row: int = key(
        "Broken promises in a row after which a person decides; 0: never.",
        2,
        default=_DEFAULT.broken_in_row,
        ge=0,
        le=20,
    )
    reminder_days: int = key(
        "Days before the promised one on which the debtor is reminded; 0: never.",
        1,
        default=_DEFAULT.reminder_days,
        ge=0,
        le=30,
    )
    confirm: bool = key("Whether a promise is confirmed by a message.", example=True, default=_DEFAULT.confirm)
    tell_broken: bool = key(
        "Whether the debtor is told of a broken promise.", example=False, default=_DEFAULT.tell_broken
    )


def promise_terms(keys: PromiseKeys) -> PromiseTerms:
    """The terms that the keys say."""
    return PromiseTerms(**keys.model_dump())
