"""What a debtor's page offers and says, by the facts: who must not be asked for a payment is not asked there either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from outreach.domain.account import Facts, HoldReason


class Offer(StrEnum):
    """What can be done on the page about an account."""

    PAY = "pay"
    PROMISE = "promise"
    PLAN = "plan"
    DISPUTE = "dispute"
    DOCUMENTS = "documents"
    HISTORY = "history"
    PREFERENCES = "preferences"
    STOP = "stop"


#: While one of these holds, the debtor, or who acts for the debtor, is asked for nothing (12 CFR 1006.6(b)(2), (c);
#: 1006.38(d)(2); 11 USC 362; UK Breathing Space; the house's own choice for a bereavement and for legal steps).
NO_ASK = frozenset(
    {
        HoldReason.DISPUTE,
        HoldReason.BANKRUPTCY,
        HoldReason.ATTORNEY,
        HoldReason.DECEASED,
        HoldReason.BEREAVEMENT,
        HoldReason.CEASE,
        HoldReason.BREATHING_SPACE,
        HoldReason.LEGAL,
        HoldReason.MILITARY,
    }
)

#: The words for a hold that a debtor may read: neutral, and none for what only our side waits for.
_NOTES = {
    HoldReason.DISPUTE: "hold_dispute",
    HoldReason.PROMISE: "hold_promise",
    HoldReason.PLAN: "hold_plan",
    HoldReason.HARDSHIP: "hold_hardship",
    HoldReason.VULNERABLE: "hold_hardship",
    HoldReason.ATTORNEY: "hold_attorney",
    HoldReason.VALIDATION_PERIOD: "",
}
_OTHER = "hold_other"


def holding(facts: Facts, now: datetime) -> frozenset[HoldReason]:
    """Why outreach rests at `now` (aware UTC)."""
    return frozenset(hold.reason for hold in facts.holds if hold.active(now))


def offers(facts: Facts, now: datetime) -> tuple[Offer, ...]:
    """What the page offers, in the order in which it does; to pay where the creditor has a way."""
    return tuple(_offers(facts, holding(facts, now)))


def _offers(facts: Facts, reasons: frozenset[HoldReason]) -> Iterator[Offer]:
    owes = facts.balance.minor > 0
    if owes and not reasons & NO_ASK:
        yield Offer.PAY
        if HoldReason.PLAN not in reasons:
            yield Offer.PROMISE
            yield Offer.PLAN
    if owes:
        yield Offer.DISPUTE
    yield from (Offer.DOCUMENTS, Offer.HISTORY, Offer.PREFERENCES, Offer.STOP)


def notes(facts: Facts, now: datetime) -> tuple[str, ...]:
    """The keys of the words that say what is going on, each once."""
    reasons = holding(facts, now)
    found = [_NOTES.get(reason, _OTHER) for reason in sorted(reasons)]
    if reasons & NO_ASK - {HoldReason.DISPUTE}:  # of a dispute its own words say so
        found.append("no_ask")
    return tuple(dict.fromkeys(key for key in found if key))
