"""What providers report, in our words. The vendor's own word is kept beside ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from outreach.domain.message import Channel


class EventKind(StrEnum):
    """A delivery event. The side kinds (from READ on) never move a notice; they are kept in its log."""

    ACCEPTED = "accepted"
    QUEUED = "queued"
    SENT = "sent"
    DEFERRED = "deferred"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    FAILED = "failed"
    RETURNED = "returned"
    READ = "read"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    RESUBSCRIBED = "resubscribed"
    IN_TRANSIT = "in_transit"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeliveryEvent:
    """One thing that a provider said of one message.

    `event_id` is unique per provider: the vendor's, or a hash of what makes it one. `attempt_id` is ours, echoed;
    `ref` the provider's. `occurred_at` is aware UTC, None when the vendor gives no time. `permanent` says whether an
    address is dead for good. `word` is the vendor's own status word, `reason` a value of `sending.Reason`.
    `address` is the recipient as the vendor names it, needed for unsubscribes that name no message.
    """

    event_id: str
    kind: EventKind
    word: str
    attempt_id: str | None = None
    ref: str | None = None
    occurred_at: datetime | None = None
    permanent: bool | None = None
    reason: str | None = None
    code: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A debtor's message to us. `opt` is the provider's own reading of it (stop, start, help) when it gives one.

    `sender` and `recipient` are E.164 numbers or e-mail addresses. `token` is what stood after `+` in the reply
    address, the id of the notice that is answered. `auto_reply` is True for out-of-office and the like.
    """

    event_id: str
    channel: Channel
    sender: str
    recipient: str
    text: str
    subject: str = ""
    opt: str | None = None
    token: str | None = None
    auto_reply: bool = False
    occurred_at: datetime | None = None
