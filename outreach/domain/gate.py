"""The gate: may this message go to this debtor now? Asked at the moment of sending; every rule that spoke is kept.

Each rule is a pure function from the question to a hit or None; the strictest verdict wins.
The law's packs plug in here as further rules.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from outreach.domain.account import ContactPoint, Facts
from outreach.domain.calendar import closes_at, next_open
from outreach.domain.campaign import SendWindow
from outreach.domain.message import Channel


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

#: No text, e-mail or call outside these local hours whatever a campaign says: 12 CFR 1006.6(b)(1)(i) has 08:00 to
#: 21:00; five minutes of guard at each end because what counts is when the message leaves (compliance.md, section 2).
HOUSE_HOURS = SendWindow(days=frozenset(range(1, 8)), opens=time(8, 5), closes=time(20, 55), holidays=True)

#: When to look again at a deferral whose end is not known, such as a hold without an end.
LOOK_AGAIN = timedelta(days=1)
#: How far the clocks of two machines may be apart: a hold that was placed "now" on one must stop what another sends.
CLOCKS_DIFFER = timedelta(minutes=1)


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


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that spoke. `reason` is plain words for an agent; `until` (aware UTC) goes with DEFER."""

    rule: str
    verdict: Verdict
    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The gate's answer. `send_by` (aware UTC) is when a clear message must have left."""

    verdict: Verdict
    reason: str
    hits: tuple[Hit, ...]
    until: datetime | None = None
    send_by: datetime | None = None


Rule = Callable[[Question], Hit | None]

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
    active = [hold for hold in question.facts.holds if any(hold.active(at) for at in moments)]
    if not active:
        return None
    ends = [hold.ends_at or question.now + LOOK_AGAIN for hold in active]
    names = ", ".join(sorted({hold.reason.value for hold in active}))
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
    """After STOP nothing goes to the contact point until the debtor asks for it (47 CFR 64.1200(a)(10))."""
    if question.point is not None and question.point.opted_out_at is not None:
        return Hit("house/opt-out", Verdict.SUPPRESS, "The debtor opted out of this contact point")
    return None


def within_hours(question: Question) -> Hit | None:
    """Texts and e-mails only in the house's hours and the campaign's window, in every zone where the debtor may be.

    Letters are free of hours: the post decides when they arrive.
    """
    if question.channel is Channel.LETTER:
        return None
    debtor = question.facts.debtor
    if not debtor.zones:
        return Hit("house/zone", Verdict.ROUTE, "Nobody knows the debtor's time zone")
    opens_at = _next_open(_hours(question), question)
    if opens_at == question.now:
        return None
    rule = "campaign/send-window" if _next_open(HOUSE_HOURS, question) == question.now else "house/hours"
    if opens_at is None:
        return Hit(rule, Verdict.ROUTE, "No hour of the coming month is allowed wherever the debtor may be")
    return Hit(rule, Verdict.DEFER, "Outside the hours in which the debtor may be contacted", opens_at)


#: The rules in the order of precedence of compliance.md, section 2.
HOUSE_RULES: tuple[Rule, ...] = (still_owed, in_time, no_hold, not_opted_out, has_contact_point, within_hours)


def gate(question: Question, rules: Sequence[Rule] = HOUSE_RULES) -> Decision:
    """Ask every rule; the strictest verdict wins, of deferrals the latest. No hit is clear.

    A deferral to a time at which the step has no sense any more is a cancellation.
    """
    hits = tuple(hit for rule in rules if (hit := rule(question)) is not None)
    strictest = max(hits, key=lambda hit: _STRICTNESS.index(hit.verdict), default=_NO_HIT)
    until, send_by = None, None
    if strictest.verdict is Verdict.DEFER:
        until = max(hit.until or question.now + LOOK_AGAIN for hit in hits if hit.verdict is Verdict.DEFER)
        if question.not_after is not None and until >= question.not_after:
            late = Hit("campaign/deadline", Verdict.CANCEL, f"{strictest.reason} until it is too late for this step")
            return Decision(late.verdict, late.reason, (*hits, late))
    if strictest.verdict is Verdict.CLEAR:
        send_by = _send_by(question)
    return Decision(strictest.verdict, strictest.reason, hits, until, send_by)


def _hours(question: Question) -> SendWindow:
    """The house's hours, narrowed by the campaign's window."""
    window = question.window
    if window is None:
        return HOUSE_HOURS
    return SendWindow(
        days=window.days & HOUSE_HOURS.days,
        opens=max(window.opens, HOUSE_HOURS.opens),
        closes=min(window.closes, HOUSE_HOURS.closes),
        holidays=window.holidays and HOUSE_HOURS.holidays,
    )


def _next_open(window: SendWindow, question: Question) -> datetime | None:
    debtor = question.facts.debtor
    return next_open(window, question.now, debtor.zones, debtor.country, debtor.region)


def _send_by(question: Question) -> datetime | None:
    """The end of the hours, or of the step's time when that comes first. Letters know no hours."""
    if question.channel is Channel.LETTER:
        return question.not_after
    closes = closes_at(_hours(question), question.now, question.facts.debtor.zones)
    return closes if question.not_after is None else min(closes, question.not_after)
