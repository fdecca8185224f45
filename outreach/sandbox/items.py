"""What the providers hold: texts, mails and letters, outbound and (texts, mails) inbound."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(slots=True)
class Text:
    """A text, either way. `person` is the debtor's number, `ours` our number. `by_carrier` marks the carrier's own
    answer to STOP and the like, which only the phone sees. `validity` is in seconds."""

    sid: str
    person: str
    ours: str
    body: str
    created_at: datetime
    status: str
    service_sid: str | None = None
    attempt_id: str | None = None
    callback: str | None = None
    validity: int = 36000
    inbound: bool = False
    by_carrier: bool = False
    error_code: int | None = None
    sent_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def ref(self) -> str:
        return self.sid


@dataclass(slots=True)
class Mail:
    """An e-mail, either way. `ours` is the sender's address; `reply_to` is where an answer goes."""

    message_id: str
    sg_message_id: str
    person: str
    ours: str
    reply_to: str
    subject: str
    text: str
    html: str
    created_at: datetime
    status: str
    headers: dict[str, str] = field(default_factory=dict)
    custom_args: dict[str, str] = field(default_factory=dict)
    categories: list[str] = field(default_factory=list)
    attempt_id: str | None = None
    inbound: bool = False
    reason: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.sg_message_id


@dataclass(slots=True)
class Letter:
    """A letter. `recipient` and `sender` are Lob address objects; `history` is (event word, ISO time) pairs."""

    id: str
    recipient: dict[str, str]
    sender: dict[str, str]
    created_at: datetime
    status: str
    metadata: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    idempotency_key: str | None = None
    history: list[tuple[str, str]] = field(default_factory=list)

    @property
    def ref(self) -> str:
        return self.id

    @property
    def person(self) -> str:
        """The letterbox: a short hash of name and address, fit for a URL."""
        parts = [self.recipient.get(name, "") for name in ADDRESS_FIELDS]
        return hashlib.sha256("\n".join(parts).casefold().encode()).hexdigest()[:16]

    @property
    def lines(self) -> list[str]:
        """The address as written on the envelope."""
        return [self.recipient[name] for name in ADDRESS_FIELDS if self.recipient.get(name)]


ADDRESS_FIELDS = (
    "name",
    "company",
    "address_line1",
    "address_line2",
    "address_city",
    "address_state",
    "address_zip",
    "address_country",
)

Item = Text | Mail | Letter
