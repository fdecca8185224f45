"""The contract with providers: what is asked of them, what they may answer, and how they may fail.

A provider adapter (one file in `outreach/providers/`) translates its vendor's words into these and nothing else
in the system knows a vendor's words.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from outreach.domain.event import DeliveryEvent, EventKind, InboundMessage
from outreach.domain.message import Address, Channel, Content


@dataclass(frozen=True, slots=True)
class SendRequest:
    """One attempt to send one notice. It is committed before the call, so the attempt id survives a crash.

    `attempt_id` ("<notice id>.<n>", ASCII, at most 40 characters) travels with the call and comes back in events.
    `not_after` is aware UTC: the provider must not deliver later (Twilio ValidityPeriod), or the adapter refuses.
    `started_at` is aware UTC; `find` searches from it.
    """

    attempt_id: str
    channel: Channel
    to: Address
    content: Content
    sender: Address
    started_at: datetime
    not_after: datetime | None = None
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class SendResult:
    """The provider took it. `ref` is its own id for the message, None when it names none."""

    ref: str | None
    kind: EventKind = EventKind.ACCEPTED
    segments: int | None = None


class Scope(StrEnum):
    """What a failure is about. Only SENDER, ACCOUNT and PROVIDER failures may go to another provider."""

    RECIPIENT = "recipient"
    CONTENT = "content"
    SENDER = "sender"
    ACCOUNT = "account"
    PROVIDER = "provider"


class Reason(StrEnum):
    """Why a message did not arrive, in our words."""

    INVALID_ADDRESS = "invalid_address"
    OPTED_OUT = "opted_out"
    NOT_MOBILE = "not_mobile"
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    SPAM = "spam"
    CONTENT_INVALID = "content_invalid"
    CONTENT_TOO_LARGE = "content_too_large"
    NOT_REGISTERED = "not_registered"
    GEO = "geo"
    AUTH = "auth"
    QUOTA = "quota"
    THROTTLED = "throttled"
    EXPIRED = "expired"
    PROVIDER_DOWN = "provider_down"
    OTHER = "other"


@dataclass
class SendError(Exception):
    """A send that did not succeed. `code` is the vendor's own, `retry_after` is in seconds.

    `detail` is for operators and must hold no debtor's data (no number, address, body).
    """

    scope: Scope
    reason: Reason
    code: str | None = None
    http: int | None = None
    retry_after: float | None = None
    detail: str = ""

    def __str__(self) -> str:
        parts = [type(self).__name__, self.scope.value, self.reason.value]
        return " ".join([*parts, *(str(p) for p in (self.code, self.http, self.detail) if p)])


class NotSent(SendError):
    """The provider surely did not take it and may later (429, refused connection, DNS): plan again, or fail over."""


class Rejected(SendError):
    """The provider surely refused it for good (4xx with a reason): it ends, falls back, or fails over by scope."""


class OutcomeUnknown(SendError):
    """It cannot be known whether the provider took it: read timeout, reset, 5xx, unparsable 2xx. Never sent blindly."""


class Found(StrEnum):
    """What a provider says of an attempt when asked: it has it, it surely has not, or it cannot tell."""

    YES = "yes"
    NO = "no"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of `Provider.find`; `ref` and `kind` are set when found."""

    found: Found
    ref: str | None = None
    kind: EventKind | None = None


@dataclass(frozen=True, slots=True)
class RawWebhook:
    """A webhook as it came in: `url` is the public URL it was posted to (scheme, host, path and raw query as signed),
    `headers` have lower-case names, `body` is the raw bytes, `received_at` is aware UTC."""

    url: str
    headers: dict[str, str]
    body: bytes
    received_at: datetime


class WebhookInvalid(Exception):
    """The signature is missing, wrong or stale. The web layer answers 403 and keeps nothing of it."""


class WebhookGarbled(Exception):
    """The signature is right but the body cannot be read. The web layer keeps the raw body and answers 2xx."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """All that one webhook body said, in the order in which it said it."""

    events: tuple[DeliveryEvent, ...] = ()
    messages: tuple[InboundMessage, ...] = ()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the flows need to know of a provider.

    `idempotent`: a repeated send with the same attempt id yields the first answer, so an unknown outcome may be
    asked again by sending. `signs_webhooks`: False means that it calls nothing back over HTTP.
    """

    idempotent: bool = False
    can_find: bool = True
    signs_webhooks: bool = True


class Provider(Protocol):
    """A way out of the house, and the way its echo comes back. Methods are called from many threads."""

    name: str
    channel: Channel
    capabilities: Capabilities

    def send(self, request: SendRequest) -> SendResult:
        """Send once, with a timeout. Raises NotSent, Rejected or OutcomeUnknown, nothing else."""
        ...

    def find(self, request: SendRequest) -> Finding:
        """Ask whether an attempt whose outcome is unknown reached the provider. Never sends."""
        ...

    def verify(self, webhook: RawWebhook) -> None:
        """Check the signature over the raw bytes. Raises WebhookInvalid."""
        ...

    def parse(self, webhook: RawWebhook) -> Parsed:
        """Translate a verified webhook. Words it does not know become EventKind.UNKNOWN. Raises WebhookGarbled."""
        ...


@runtime_checkable
class KeepsStops(Protocol):
    """A provider with a list of its own of addresses to which nothing is sent. Both may be called again and again.

    Both raise NotSent, Rejected or OutcomeUnknown, as `send` does.
    """

    def list_stop(self, address: str) -> None:
        """Put an address on the list."""
        ...

    def list_start(self, address: str) -> None:
        """Take an address off the list: whoever holds it asked for messages again."""
        ...


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt id taken apart: which notice, and which try of it."""

    notice_id: str
    number: int

    @classmethod
    def parse(cls, attempt_id: str) -> Attempt | None:
        """None when the text is not one of our attempt ids."""
        notice_id, _, number = attempt_id.partition(".")
        if len(notice_id) != 32 or not number.isdigit() or set(notice_id) - set("0123456789abcdef"):
            return None
        return cls(notice_id, int(number))

    def __str__(self) -> str:
        return f"{self.notice_id}.{self.number}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one send: a result or an error, never both."""

    attempt_id: str
    provider: str
    result: SendResult | None = None
    error: SendError | None = None
    tried: tuple[str, ...] = field(default=())
