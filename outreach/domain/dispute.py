"""A dispute: what a debtor contests and why, and the states that it goes through."""

from __future__ import annotations

from enum import StrEnum

from outreach.domain.case import CaseKind


class DisputeReason(StrEnum):
    """Why a debtor contests a debt."""

    NOT_MINE = "not_mine"
    AMOUNT_WRONG = "amount_wrong"
    PAID = "paid"
    IDENTITY_THEFT = "identity_theft"
    NOT_RECEIVED = "not_received"
    DEFECTIVE = "defective"
    TOO_OLD = "too_old"
    OTHER = "other"


class DisputeState(StrEnum):
    """Where a dispute stands (dunning.md). `UPHELD`: the debtor was right. `REJECTED`: the debt was verified."""

    RAISED = "raised"
    UNDER_REVIEW = "under_review"
    UPHELD = "upheld"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


#: Those that nobody has decided yet.
OPEN = frozenset({DisputeState.RAISED, DisputeState.UNDER_REVIEW})

#: Of which kind the case of a dispute is, and which dispute a case of such a kind is when no reason is given.
KIND_OF = {DisputeReason.PAID: CaseKind.PAID_CLAIMED, DisputeReason.IDENTITY_THEFT: CaseKind.IDENTITY_THEFT}
REASON_OF = {kind: reason for reason, kind in KIND_OF.items()}

#: In which state a dispute is when its case ends in a way (domain/case_rules.py).
STATE_OF_WAY = {
    "verified": DisputeState.REJECTED,
    "duplicate": DisputeState.REJECTED,
    "corrected": DisputeState.UPHELD,
    "payment_found": DisputeState.UPHELD,
    "withdrawn": DisputeState.WITHDRAWN,
}


def kind_of(reason: DisputeReason) -> CaseKind:
    """The kind of the case that a dispute opens."""
    return KIND_OF.get(reason, CaseKind.DISPUTE)


def reason_of(kind: CaseKind) -> DisputeReason:
    """The reason of a dispute of which only the kind of its case is known."""
    return REASON_OF.get(kind, DisputeReason.OTHER)
