"""What leaves the house: rendered content per channel, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Channel(StrEnum):
    """A way to reach a debtor. `CALL` makes a task for an agent; nothing is sent by machine."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    CALL = "call"


#: The channels on which a message is sent by a provider.
SENT_CHANNELS = (Channel.SMS, Channel.EMAIL, Channel.LETTER)


class SmsEncoding(StrEnum):
    """How a text travels (3GPP TS 23.038): GSM-7 takes 160/153 septets a segment, UCS-2 takes 70/67 units."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


@dataclass(frozen=True, slots=True)
class SmsMessage:
    """A text. `forces_ucs2` lists the characters that GSM-7 lacks, so that a writer can replace them."""

    body: str
    encoding: SmsEncoding
    segments: int
    forces_ucs2: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EmailMessage:
    """An e-mail with both parts; `html` has its CSS inlined. `headers` carry List-Unsubscribe (RFC 8058)."""

    subject: str
    html: str
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LetterMessage:
    """A letter as PDF bytes; equal input gives equal bytes, so `sha256` is evidence. `html` is its source."""

    pdf: bytes
    pages: int
    sha256: str
    html: str = ""


Content = SmsMessage | EmailMessage | LetterMessage


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where a letter goes. `country` is ISO 3166-1 alpha-2."""

    name: str
    line1: str
    line2: str
    city: str
    region: str
    postal_code: str
    country: str


#: An E.164 number, an e-mail address, or a postal address.
Address = str | PostalAddress
