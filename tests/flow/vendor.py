"""Vendors in memory: each takes or refuses a message as it is told, remembers what it took, and answers truthfully."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.message import Channel
from outreach.domain.sending import (
    Capabilities,
    Finding,
    Found,
    NotSent,
    OutcomeUnknown,
    Parsed,
    RawWebhook,
    Reason,
    Rejected,
    Scope,
    SendRequest,
    SendResult,
)
from outreach.providers.failures import refuse_when_late

#: A vendor's list may lag: within this time of a call's start (machine time) it may say no of what it took.
LAG = timedelta(minutes=9)


class Answer(StrEnum):
    """What a vendor does with a call."""

    TAKE = "takes it"
    REFUSE_RECIPIENT = "refuses the recipient"
    REFUSE_OPTED_OUT = "knows that the recipient opted out"
    REFUSE_CONTENT = "refuses the content"
    REFUSE_SENDER = "refuses the sender"
    REFUSE_ALL = "refuses everybody"
    THROTTLE = "asks to call later"
    UNREACHED = "is not reached"
    LOSE_CALL = "does not take it, and the answer is lost"
    LOSE_ANSWER = "takes it, and the answer is lost"
    BREAK_BEFORE = "the adapter breaks before the call"
    BREAK_AFTER = "the adapter breaks after the call"


class Memory(StrEnum):
    """How a vendor answers when it is asked about a call."""

    TRUE = "truly"
    LAGGING = "its list lags"
    SILENT = "it cannot tell"


_REFUSALS = {
    Answer.REFUSE_RECIPIENT: Rejected(Scope.RECIPIENT, Reason.INVALID_ADDRESS, "21211"),
    Answer.REFUSE_OPTED_OUT: Rejected(Scope.RECIPIENT, Reason.OPTED_OUT, "21610"),
    Answer.REFUSE_CONTENT: Rejected(Scope.CONTENT, Reason.CONTENT_INVALID, "21617"),
    Answer.REFUSE_SENDER: Rejected(Scope.SENDER, Reason.NOT_REGISTERED, "30034"),
    Answer.REFUSE_ALL: Rejected(Scope.PROVIDER, Reason.AUTH, "20003"),
    Answer.THROTTLE: NotSent(Scope.PROVIDER, Reason.THROTTLED, "20429", retry_after=7),
    Answer.UNREACHED: NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN),
    Answer.LOSE_CALL: OutcomeUnknown(Scope.PROVIDER, Reason.OTHER),
}
_LOST = OutcomeUnknown(Scope.PROVIDER, Reason.OTHER)


class Watch(Protocol):
    """What a vendor knows of time."""

    def now(self) -> datetime:
        """Business time."""
        ...

    def age(self, business: datetime) -> timedelta:
        """Machine time since an instant of business."""
        ...


@dataclass
class Taken:
    """A message that a vendor took. `after_no`: it had truly said before that it had no such message."""

    attempt_id: str
    provider: str
    at: datetime
    after_no: bool
    #: What became of it on its way, in the order in which it happened.
    fate: list[EventKind] = field(default_factory=list)

    @property
    def ref(self) -> str:
        """The vendor's own id."""
        return f"{self.provider}-{self.attempt_id}"

    def may(self, kind: EventKind) -> bool:
        """Whether this can happen to it, or has happened."""
        if kind in self.fate or kind in (EventKind.QUEUED, EventKind.SENT):
            return True
        ended = EventKind.DELIVERED in self.fate or EventKind.UNDELIVERED in self.fate
        return kind is EventKind.UNDELIVERED or not ended

    def news(self, kind: EventKind, *, by_ref: bool = False, permanent: bool = False) -> DeliveryEvent:
        """The event that tells it: the same one, however often it is told."""
        if kind not in self.fate:
            self.fate.append(kind)
        return DeliveryEvent(
            event_id=f"{self.attempt_id}:{kind}",
            kind=kind,
            word=kind.value,
            attempt_id=None if by_ref else self.attempt_id,
            ref=self.ref,
            permanent=permanent and kind is EventKind.UNDELIVERED,
        )

    @property
    def end(self) -> EventKind:
        """What it came to in the end: undelivered, also when it bounced late; delivered; or taken."""
        for kind in (EventKind.UNDELIVERED, EventKind.DELIVERED):
            if kind in self.fate:
                return kind
        return EventKind.ACCEPTED


@dataclass
class Ledger:
    """What all vendors took, of which attempts they truly said that they have no such message, and what was wrong with
    calls at the moment at which they were made."""

    taken: list[Taken] = field(default_factory=list)
    denied: set[str] = field(default_factory=set)
    unlawful: list[str] = field(default_factory=list)

    def take(self, provider: str, request: SendRequest, now: datetime) -> Taken:
        """Write a message down: the vendor has it now."""
        attempt_id = request.attempt_id
        one = Taken(attempt_id, provider, now, attempt_id in self.denied)
        self.taken.append(one)
        return one

    def of(self, attempt_id: str) -> Taken | None:
        """What was taken of an attempt."""
        return next((one for one in self.taken if one.attempt_id == attempt_id), None)


class Line:
    """What happens on the line between a worker and a vendor; this one lets everything through."""

    def calls(self, request: SendRequest) -> Answer:
        """The call is on its way, the vendor has not got it yet."""
        return Answer.TAKE

    def took(self, request: SendRequest) -> None:
        """The vendor has it, its answer is on its way."""

    def asks(self, request: SendRequest) -> Memory:
        """The question is on its way."""
        return Memory.TRUE

    def told(self, request: SendRequest) -> None:
        """The vendor has looked, its answer is on its way."""


class Script(Line):
    """A line on which the next calls and questions meet with what is written; then all is taken and the truth told."""

    def __init__(self, answers: Sequence[Answer] = (), memories: Sequence[Memory] = ()) -> None:
        self.meets(answers, memories)

    def meets(self, answers: Sequence[Answer], memories: Sequence[Memory]) -> None:
        """Write it anew."""
        self.answers, self.memories = list(answers), list(memories)

    def calls(self, request: SendRequest) -> Answer:
        return self.answers.pop(0) if self.answers else Answer.TAKE

    def asks(self, request: SendRequest) -> Memory:
        return self.memories.pop(0) if self.memories else Memory.TRUE


@dataclass
class Vendor:
    """A provider of one channel, called over `line`. `wrong_with` says what is wrong with a call when it is made."""

    name: str
    channel: Channel
    ledger: Ledger
    clock: Watch
    wrong_with: Callable[[SendRequest], Sequence[str]]
    line: Line = field(default_factory=Line)
    capabilities: Capabilities = field(default_factory=Capabilities)

    def send(self, request: SendRequest) -> SendResult:
        """Do as told; a call that comes too late is refused, as every adapter does."""
        # An assertion would be taken for an error of the adapter.
        self.ledger.unlawful += self.wrong_with(request)
        answer = self.line.calls(request)
        refuse_when_late(request, self.clock.now())
        if answer is Answer.BREAK_BEFORE:
            raise ValueError("the adapter has a mistake")
        if answer in _REFUSALS:
            raise _REFUSALS[answer]
        taken = self.ledger.take(self.name, request, self.clock.now())
        self.line.took(request)
        if answer is Answer.LOSE_ANSWER:
            raise _LOST
        if answer is Answer.BREAK_AFTER:
            raise ValueError("the adapter has a mistake")
        return SendResult(taken.ref)

    def find(self, request: SendRequest) -> Finding:
        """The truth, unless the list lags or the vendor cannot tell."""
        finding = self._look(request, self.line.asks(request))
        self.line.told(request)
        return finding

    def _look(self, request: SendRequest, memory: Memory) -> Finding:
        taken = self.ledger.of(request.attempt_id)
        if memory is Memory.SILENT:
            return Finding(Found.CANNOT_TELL)
        if taken is None:
            self.ledger.denied.add(request.attempt_id)
            return Finding(Found.NO)
        if memory is Memory.LAGGING and self.clock.age(request.started_at) < LAG:
            return Finding(Found.NO)
        return Finding(Found.YES, taken.ref, taken.end)

    def verify(self, webhook: RawWebhook) -> None:
        """Its news comes in parsed."""

    def parse(self, webhook: RawWebhook) -> Parsed:
        """Its news comes in parsed."""
        return Parsed()
