"""The rules and the terms of payment plans as the documents in which rows keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from outreach.domain.plan_policy import Authority, Limits, PlanPolicy, PlanTerms


def policy_document(policy: PlanPolicy) -> dict[str, Any]:
    """What a creditor's file says of payment plans, amounts as text."""
    return {
        "limits": {authority.value: _plain(asdict(limits)) for authority, limits in policy.limits.items()},
        "terms": terms_document(policy.terms),
        "buffer_percent": policy.buffer_percent,
        "buffer_floor": str(policy.buffer_floor),
        "proposal_days": policy.proposal_days,
    }


def policy_of(document: Mapping[str, Any] | None) -> PlanPolicy:
    """The rules of a document; the product's own where there is none. Raises ValueError for words that it has not."""
    if document is None:
        return PlanPolicy()
    return PlanPolicy(
        {Authority(name): _limits(limits) for name, limits in document["limits"].items()},
        terms_of(document["terms"]),
        document["buffer_percent"],
        Decimal(document["buffer_floor"]),
        document["proposal_days"],
    )


def terms_document(terms: PlanTerms) -> dict[str, Any]:
    """What holds while a plan runs, as it was when the plan was agreed."""
    return _plain(asdict(terms))


def terms_of(document: Mapping[str, Any]) -> PlanTerms:
    """The terms of a document."""
    return PlanTerms(**{**document, "tolerance": Decimal(document["tolerance"])})


def _limits(document: Mapping[str, Any]) -> Limits:
    most = document["max_balance"]
    return Limits(
        document["max_months"],
        Decimal(document["min_instalment"]),
        document["max_deferral_days"],
        None if most is None else Decimal(most),
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
