"""The gate: may this message go to this debtor now? Asked at the moment of sending; every rule that spoke is kept.

What must hold everywhere is written here; the law of a place is data, read from packs (domain/policy.py, domain/law.py)
and applied by domain/verdicts.py. The strictest verdict wins, so one more rule never lets more out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.account import ContactPoint, Facts, HoldReason
from outreach.domain.campaign import Days, LegalNotice, SendWindow
from outreach.domain.gap import gap_over_at
from outreach.domain.message import Channel
from outreach.domain.standing import Medium, Purpose


class Verdict(StrEnum):
    """What the gate says, from the mildest to the strictest."""

    #: send
    CLEAR = "clear"
    #: ask again at `until`
    DEFER = "defer"
    #: not by machine: a person decides
    ROUTE = "route"
    #: never this message to this contact point
    SUPPRESS = "suppress"
    #: nothing is owed any more
    CANCEL = "cancel"


_STRICTNESS = list(Verdict)

#: When to look again at a deferral whose end is not known, such as a hold without an end.
LOOK_AGAIN = timedelta(days=1)
#: A campaign that asks for no time between two contacts.
NO_GAP = Days(0)
#: How far the clocks of two machines may be apart: a hold that was placed "now" on one must stop what another sends.
CLOCKS_DIFFER = timedelta(minutes=1)
#: Which holds an answer to what they are about is not stopped by (12 CFR 1006.38(d)(2), 1006.6(c)(2)).
_ANSWERS = {
    Purpose.DISPUTE_RESPONSE: frozenset({HoldReason.DISPUTE, HoldReason.VALIDATION_PERIOD}),
    Purpose.LEGAL_NOTICE: frozenset({HoldReason.CEASE}),
}


@dataclass(frozen=True, slots=True)
class Question:
    """One message to one debtor: the facts read just now, the channel, the contact point, the campaign's window.

    `not_after` (aware UTC) is when the campaign's step has no sense any more (domain/deadline.py).
    """

    facts: Facts
    channel: Channel
    point: ContactPoint | None
    window: SendWindow | None
    now: datetime
    not_after: datetime | None = None
    purpose: Purpose = Purpose.REMINDER
    #: The campaign's least time between two contacts.
    gap: Days = NO_GAP
    #: By what the debtor would be contacted, where the channel does not say it (a voicemail is left on a call).
    by: Medium | None = None
    #: The notice that the law asks for, where the message is one.
    notice: LegalNotice | None = None
    #: Holds that do not stop it, because it is about them.
    through: frozenset[HoldReason] = frozenset()

    @property
    def medium(self) -> Medium:
        """By what the debtor would be contacted."""
        return self.by or Medium(self.channel.value)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that spoke. `reason` is plain words for an agent; `until` (aware UTC) goes with DEFER."""

    rule: str
    verdict: Verdict
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer. `send_by` (aware UTC) is when a clear message must have left; `packs` were asked."""

    verdict: Verdict
    reason: str
    hits: tuple[Hit, ...]
    until: datetime | None = None
    send_by: datetime | None = None
    packs: tuple[str, ...] = field(default=(), compare=False)


HouseRule = Callable[[Question], Hit | None]

_NO_HIT = Hit("", Verdict.CLEAR, "")


def still_owed(question: Question) -> Hit | None:
    """A payment or credit that came in since release stops the message."""
    if question.facts.anchor is None or question.facts.balance.minor <= 0:
        return Hit("house/still-owed", Verdict.CANCEL, "Nothing is owed any more")
    return None


def in_time(question: Question) -> Hit | None:
    """What the step was for is over: a reminder before the due date, from that day on."""
    if question.not_after is not None and question.now >= question.not_after:
        return Hit("campaign/deadline", Verdict.CANCEL, "The time for this step is over")
    return None


def no_hold(question: Question) -> Hit | None:
    """A hold defers to its end; one without an end is looked at again each day. One that begins in a moment counts."""
    moments = (question.now, question.now + CLOCKS_DIFFER)
    answered = _ANSWERS.get(question.purpose, frozenset()) | question.through
    active = [
        hold for hold in question.facts.holds if hold.reason not in answered and any(hold.active(at) for at in moments)
    ]
    if not active:
        return None
    ends = [hold.ends_at or question.now + LOOK_AGAIN for hold in active]
    names = ", ".join(sorted({hold.reason.value.replace("_", " ") for hold in active}))
    return Hit("house/hold", Verdict.DEFER, f"On hold: {names}", max(ends))


def has_contact_point(question: Question) -> Hit | None:
    """Without an address there is nothing to send to; a dead or wrong one is as good as none."""
    point = question.point
    if point is None:
        return Hit("house/contact-point", Verdict.SUPPRESS, f"No contact point for {question.channel.value}")
    if not point.usable and point.opted_out_at is None:
        return Hit("house/contact-point", Verdict.SUPPRESS, f"The contact point is {point.quality.value}")
    return None


def not_opted_out(question: Question) -> Hit | None:
    """After STOP nothing goes to the contact point until the debtor asks for it (47 CFR 64.1200(a)(10)).

    But one message that confirms it may, at once (47 CFR 64.1200(a)(12)).
    """
    if question.purpose is Purpose.OPT_OUT_CONFIRMATION:
        return None
    if question.point is not None and question.point.opted_out_at is not None:
        return Hit("house/opt-out", Verdict.SUPPRESS, "The debtor opted out of this contact point")
    return None


def not_turned_off(question: Question) -> Hit | None:
    """A medium or a place that the debtor does not want is not used, wherever the debtor lives."""
    wishes, point = question.facts.debtor.preferences, question.point
    if question.medium in wishes.media_off:
        return Hit("house/preference", Verdict.SUPPRESS, f"The debtor does not want {question.medium.value}")
    if point is not None and point.standing.place in wishes.places_off:
        return Hit("house/preference", Verdict.SUPPRESS, "The debtor does not want to be contacted there")
    return None


def known_place(question: Question) -> Hit | None:
    """Hours can only be kept where the zone is known. Letters are free of hours: the post decides when they arrive."""
    if question.channel is not Channel.LETTER and not question.facts.debtor.zones:
        return Hit("house/zone", Verdict.ROUTE, "Nobody knows the debtor's time zone")
    return None


def gap_kept(question: Question) -> Hit | None:
    """Two accounts or campaigns of a debtor that are due together do not write together."""
    free_at = gap_over_at(question.facts, question.gap)
    if free_at is None or free_at <= question.now:
        return None
    return Hit("campaign/gap", Verdict.DEFER, "The debtor was contacted a short time ago", free_at)


#: The rules of everywhere, in the order of precedence of compliance.md, section 2.
HOUSE_RULES: tuple[HouseRule, ...] = (
    still_owed,
    in_time,
    no_hold,
    not_opted_out,
    has_contact_point,
    not_turned_off,
    known_place,
    gap_kept,
)


def decided(question: Question, hits: Sequence[Hit], packs: tuple[str, ...] = ()) -> Decision:
    """The decision by all hits: the strictest verdict wins, of deferrals the latest. No hit is clear.

    A deferral to a time at which the step has no sense any more is a cancellation.
    """
    strictest = max(hits, key=lambda hit: _STRICTNESS.index(hit.verdict), default=_NO_HIT)
    if strictest.verdict is not Verdict.DEFER:
        return Decision(strictest.verdict, strictest.reason, tuple(hits), packs=packs)
    until = max(hit.until or question.now + LOOK_AGAIN for hit in hits if hit.verdict is Verdict.DEFER)
    if question.not_after is not None and until >= question.not_after:
        late = Hit("campaign/deadline", Verdict.CANCEL, f"{strictest.reason} until it is too late for this step")
        return Decision(late.verdict, late.reason, (*hits, late), packs=packs)
    return Decision(Verdict.DEFER, strictest.reason, tuple(hits), until, packs=packs)


def after(decision: Decision, question: Question, more: Sequence[Hit]) -> Decision:
    """A decision with what was found afterwards, in the rendered message: never milder than before."""
    if not more:
        return decision
    return replace(decided(question, (*decision.hits, *more), decision.packs), send_by=None)
