"""A notice: one message to one debtor for one step of a campaign, and every move that it may make.

`MOVES` is the whole law of states. Anything else is late or doubled news: kept in the notice's log, not applied.
"""

from __future__ import annotations

from enum import StrEnum

from outreach.domain.event import EventKind


class NoticeState(StrEnum):
    """Where a notice is. SUPPRESSED, CANCELLED, FAILED and UNDELIVERED are ends."""

    #: due, waiting for a worker or for `not_before`
    PLANNED = "planned"
    #: a worker holds it under a lease and decides
    CLAIMED = "claimed"
    #: the attempt id is committed; the call to the provider is under way, or its worker died
    SENDING = "sending"
    #: the call ended without a usable answer; reconcile asks the provider
    UNCERTAIN = "uncertain"
    #: the provider took it
    SENT = "sent"
    #: it reached the debtor's phone, mailbox or letterbox
    DELIVERED = "delivered"
    #: it surely did not reach the debtor
    UNDELIVERED = "undelivered"
    #: the gate forbade it for good
    SUPPRESSED = "suppressed"
    #: no longer wanted (paid, left the campaign); it never left the house
    CANCELLED = "cancelled"
    #: it could not be sent and never left the house, or the provider refused it
    FAILED = "failed"


_S = NoticeState

#: from -> the states it may move to (design.md, "The data path"). What is planned or claimed may be planned again, and
#: its last attempt turn out to have arrived: then it is sent or delivered without a further one.
MOVES: dict[NoticeState, frozenset[NoticeState]] = {
    _S.PLANNED: frozenset({_S.CLAIMED, _S.CANCELLED, _S.SENT, _S.DELIVERED}),
    _S.CLAIMED: frozenset({_S.SENDING, _S.PLANNED, _S.SUPPRESSED, _S.CANCELLED, _S.FAILED, _S.SENT, _S.DELIVERED}),
    _S.SENDING: frozenset({_S.SENT, _S.DELIVERED, _S.UNDELIVERED, _S.FAILED, _S.UNCERTAIN, _S.PLANNED}),
    _S.UNCERTAIN: frozenset({_S.SENT, _S.DELIVERED, _S.UNDELIVERED, _S.FAILED, _S.PLANNED}),
    _S.SENT: frozenset({_S.DELIVERED, _S.UNDELIVERED}),
    _S.DELIVERED: frozenset({_S.UNDELIVERED}),
    _S.SUPPRESSED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.FAILED: frozenset(),
    _S.UNDELIVERED: frozenset(),
}

#: States in which a notice has not been decided yet: the campaign waits for it.
IN_FLIGHT = frozenset({_S.PLANNED, _S.CLAIMED, _S.SENDING})
#: States before a call: no attempt is under way.
WAITING = frozenset({_S.PLANNED, _S.CLAIMED})
#: States in which the debtor was, or may have been, contacted: they count for gaps and caps.
CONTACTED = frozenset({_S.SENDING, _S.UNCERTAIN, _S.SENT, _S.DELIVERED})
#: Ends after which the next channel of the step stands in.
UNREACHED = frozenset({_S.SUPPRESSED, _S.FAILED, _S.UNDELIVERED})

#: What a delivery event asks of the notice; kinds not listed here ask nothing and are only logged.
STATE_OF_EVENT: dict[EventKind, NoticeState] = {
    EventKind.ACCEPTED: _S.SENT,
    EventKind.QUEUED: _S.SENT,
    EventKind.SENT: _S.SENT,
    EventKind.DELIVERED: _S.DELIVERED,
    EventKind.UNDELIVERED: _S.UNDELIVERED,
    EventKind.REJECTED: _S.UNDELIVERED,
    EventKind.FAILED: _S.UNDELIVERED,
    EventKind.RETURNED: _S.UNDELIVERED,
}


def may_move(old: NoticeState, new: NoticeState) -> bool:
    """Whether `old` -> `new` is a legal move."""
    return new in MOVES[old]


def settle_event(state: NoticeState, kind: EventKind, *, given_up: bool = False) -> NoticeState | None:
    """The state that a delivery event moves a notice to, or None when it is late, doubled or side news.

    `given_up`: the event is about an attempt that was thought not to have arrived, so that the notice was planned again
    or even makes another attempt. Then it counts only when it says that the provider has the message after all.
    """
    wanted = STATE_OF_EVENT.get(kind)
    if wanted is None or not may_move(state, wanted):
        return None
    if given_up:
        return wanted if wanted in CONTACTED else None
    return None if state in WAITING else wanted
