"""`plans` of a creditor: who may agree to which payment plan, and what holds while one runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from outreach.documents.model import FileModel, key
from outreach.domain.plan_policy import Authority, Limits, PlanPolicy, PlanTerms

#: Major units of each account's currency; no currency has more decimal places.
MajorUnits = Annotated[
    Decimal,
    Field(ge=0, le=10**9, decimal_places=3, allow_inf_nan=False),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10**9}),
]
Months = Annotated[int, Field(ge=1, le=120)]
Days = Annotated[int, Field(ge=0, le=366)]

_DEFAULT = PlanPolicy()


class LimitsKeys(FileModel):
    """What an authority may agree to; amounts are major units of the account's currency. What is left out is the
    product's own."""

    max_months: Months | None = key("Longest plan.", 12, default=None)
    min_instalment: MajorUnits | None = key("Smallest instalment.", 10, default=None)
    max_deferral_days: Days | None = key("Longest time until the first payment.", 60, default=None)
    max_balance: MajorUnits | None = key("Largest balance.", 20000, default=None)


class PlanKeys(FileModel):
    """Payment plans. No authority may agree to less than the balance."""

    self_service: LimitsKeys = key("What debtors may agree by themselves.", {"max_months": 6}, default=LimitsKeys())
    agent: LimitsKeys = key("What an agent may agree.", {"max_months": 12}, default=LimitsKeys())
    operations: LimitsKeys = key("What an operator may agree.", {"max_months": 60}, default=LimitsKeys())
    buffer_percent: int = key(
        "Share of a month's surplus that stays with the debtor.", 10, default=_DEFAULT.buffer_percent, ge=0, le=90
    )
    buffer_floor: MajorUnits = key("What stays with the debtor each month at least.", 50, default=_DEFAULT.buffer_floor)
    proposal_days: int = key("How long a proposal is open.", 14, default=_DEFAULT.proposal_days, ge=1, le=90)
    grace_days: int = key(
        "Days after its day before an instalment is missed.", 3, default=_DEFAULT.terms.grace_days, ge=0, le=60
    )
    tolerance: MajorUnits = key("What may lack of an instalment.", 1, default=_DEFAULT.terms.tolerance)
    default_after_missed: int = key(
        "Missed instalments after which a plan is over.", 2, default=_DEFAULT.terms.default_after_missed, ge=1, le=12
    )
    default_after_days: int = key(
        "Days after which one missed instalment ends a plan.",
        30,
        default=_DEFAULT.terms.default_after_days,
        ge=1,
        le=366,
    )
    reminder_days: int = key(
        "Days before each instalment on which it is reminded of.", 3, default=_DEFAULT.terms.reminder_days, ge=0, le=30
    )


def plan_policy(keys: PlanKeys) -> PlanPolicy:
    """The rules that the keys say."""
    written = {
        Authority.SELF_SERVICE: keys.self_service,
        Authority.AGENT: keys.agent,
        Authority.OPERATIONS: keys.operations,
    }
    terms = PlanTerms(
        keys.grace_days, keys.tolerance, keys.default_after_missed, keys.default_after_days, keys.reminder_days
    )
    limits = {authority: _limits(given, _DEFAULT.limits[authority]) for authority, given in written.items()}
    return PlanPolicy(limits, terms, keys.buffer_percent, keys.buffer_floor, keys.proposal_days)


def _limits(given: LimitsKeys, default: Limits) -> Limits:
    return Limits(
        default.max_months if given.max_months is None else given.max_months,
        default.min_instalment if given.min_instalment is None else given.min_instalment,
        default.max_deferral_days if given.max_deferral_days is None else given.max_deferral_days,
        default.max_balance if given.max_balance is None else given.max_balance,
    )
