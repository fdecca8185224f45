"""What the law asks about an account, an address and a debtor: roles, consents, preferences, earlier contacts.

Names follow the inputs of the compliance catalogue, section 2. Whatever is not known has its empty value, and the
rules read an empty value as the strict one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from outreach.domain.campaign import SendWindow
from outreach.domain.message import Channel


class CollectorRole(StrEnum):
    """In whose name the debt is collected: Regulation F binds third parties and buyers, some states everybody."""

    FIRST_PARTY = "first_party"
    THIRD_PARTY = "third_party"
    DEBT_BUYER = "debt_buyer"
    SERVICER = "servicer"


class DebtKind(StrEnum):
    """What the debt is from."""

    CONSUMER = "consumer"
    COMMERCIAL = "commercial"
    MEDICAL = "medical"
    MORTGAGE = "mortgage"
    STUDENT = "student"
    MICROFINANCE = "microfinance"


class Purpose(StrEnum):
    """What a message is for. Some rules let answers and notices that the law itself asks for pass."""

    REMINDER = "reminder"
    VALIDATION = "validation"
    DISPUTE_RESPONSE = "dispute_response"
    OPT_OUT_CONFIRMATION = "opt_out_confirmation"
    REPLY = "reply"
    PAYMENT_RECEIPT = "payment_receipt"
    CONSENT_REQUEST = "consent_request"
    LEGAL_NOTICE = "legal_notice"
    PROMOTION = "promotion"


class Medium(StrEnum):
    """By what a debtor was or shall be contacted. `CALL` is a call by a person, `AUTO_CALL` one by a machine."""

    SMS = "sms"
    EMAIL = "email"
    LETTER = "letter"
    CALL = "call"
    AUTO_CALL = "auto_call"
    VOICEMAIL = "voicemail"


class Place(StrEnum):
    """Where a contact point reaches the debtor; empty when nobody knows."""

    UNKNOWN = ""
    HOME = "home"
    MOBILE = "mobile"
    WORK = "work"


class Basis(StrEnum):
    """Why an address may be used (12 CFR 1006.6(d)(4)); empty when nobody knows."""

    UNKNOWN = ""
    CREDITOR_NOTICE = "creditor_notice"
    DIRECT_CONSENT = "direct_consent"
    CONSUMER_USED = "consumer_used"
    PRIOR_COLLECTOR = "prior_collector"


class Reach(StrEnum):
    """How far a contact came. `FAILED`: it reached nothing (busy, no such number, bounced)."""

    ATTEMPTED = "attempted"
    FAILED = "failed"
    DELIVERED = "delivered"
    VOICEMAIL = "voicemail"
    CONVERSATION = "conversation"


class ConsentScope(StrEnum):
    """What a debtor consented to."""

    SERVICING = "servicing"
    PROMOTION = "promotion"
    AUTO_CALL = "auto_call"
    ESIGN = "esign"


@dataclass(frozen=True, slots=True)
class Consent:
    """One consent: to what, when (aware UTC), on which basis, in which words. `revoked_at` ends it for good."""

    scope: ConsentScope
    given_at: datetime
    basis: Basis = Basis.DIRECT_CONSENT
    source: str = ""
    wording: str = ""
    revoked_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it holds at `now`."""
        return self.given_at <= now and (self.revoked_at is None or now < self.revoked_at)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a contact point beside its value.

    `notice_deadline` is the last day of the opt-out period of the creditor's notice (1006.6(d)(4)(ii)); `reassigned` is
    what the reassigned-numbers database said at `checked_at`.
    """

    place: Place = Place.UNKNOWN
    employer_provided: bool | None = None
    basis: Basis = Basis.UNKNOWN
    notice_sent_on: date | None = None
    notice_deadline: date | None = None
    last_inbound_at: datetime | None = None
    checked_at: datetime | None = None
    reassigned: bool | None = None
    consents: tuple[Consent, ...] = ()


@dataclass(frozen=True, slots=True)
class Validation:
    """The validation notice of an account (12 CFR 1006.34): when and how it was provided, and when its period ends."""

    provided_at: datetime
    by: Channel = Channel.LETTER
    ends_on: date | None = None
    undeliverable: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """How an account is collected.

    `notices`: when a notice that must come first was given, by its name in the packs (written, transfer, medical).
    `first_contact_at`: the first communication about the account, by us or before us. `licences`: jurisdictions
    ("US-CA") in which the collector is licensed.
    """

    role: CollectorRole = CollectorRole.FIRST_PARTY
    debt: DebtKind = DebtKind.CONSUMER
    made_on: date | None = None
    sol_expires_on: date | None = None
    validation: Validation | None = None
    notices: Mapping[str, datetime] = field(default_factory=dict)
    first_contact_at: datetime | None = None
    licences: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the debtor asked for: media that are off, places that are off, and the only hours that are convenient."""

    media_off: frozenset[Medium] = frozenset()
    places_off: frozenset[Place] = frozenset()
    hours: tuple[SendWindow, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """One attempt or contact in the log, in either direction; `at` is aware UTC.

    `value` is the address; `excluded` marks a call that 12 CFR 1006.14(b)(3) does not count.
    """

    at: datetime
    medium: Medium
    account_id: int
    reach: Reach = Reach.ATTEMPTED
    inbound: bool = False
    value: str = ""
    place: Place = Place.UNKNOWN
    excluded: bool = False
