"""Who owes what to whom, and how they may be reached: the facts on which every decision is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from outreach.domain.message import Channel, PostalAddress
from outreach.domain.money import Money
from outreach.domain.notice import NoticeState
from outreach.domain.plan_policy import PlanPolicy
from outreach.domain.promise import PromiseTerms
from outreach.domain.standing import Contact, Preferences, Standing, Terms

#: How far back facts hold contacts: longer than any cap counts.
CONTACTS_KEPT = timedelta(days=62)


class Quality(StrEnum):
    """How well a contact point is known to reach the debtor."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    UNDELIVERABLE = "undeliverable"
    WRONG_PARTY = "wrong_party"


class HoldReason(StrEnum):
    """Why outreach pauses. Holds are rows, many at once; one is enough to stop."""

    DISPUTE = "dispute"
    PROMISE = "promise"
    PLAN = "plan"
    HARDSHIP = "hardship"
    LEGAL = "legal"
    BANKRUPTCY = "bankruptcy"
    DECEASED = "deceased"
    ATTORNEY = "attorney"
    COMPLAINT = "complaint"
    CEASE = "cease"
    MANUAL = "manual"
    VALIDATION_PERIOD = "validation_period"
    VULNERABLE = "vulnerable"
    BREATHING_SPACE = "breathing_space"
    MILITARY = "military"
    OBJECTION = "objection"
    BEREAVEMENT = "bereavement"


@dataclass(frozen=True, slots=True)
class Creditor:
    """Who is owed, as the debtor sees it. `terms` hold for its accounts where they do not say otherwise.

    `plans` and `promises`: its rules for payment plans and its terms for promises, as its file says them; facts read
    for messages have none (store/plans.py, store/promises.py).
    """

    ref: str
    name: str
    phone: str = ""
    email: str = ""
    website: str = ""
    address: PostalAddress | None = None
    payment_url: str = ""
    terms: Terms = field(default_factory=Terms)
    plans: PlanPolicy | None = None
    promises: PromiseTerms | None = None


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """A number, an e-mail address or a postal address of a debtor. `value` is E.164, an address, or ''.

    `opted_out_at` is aware UTC; an opt-out is never undone except by the debtor.
    """

    id: int
    kind: Channel
    value: str
    quality: Quality = Quality.UNVERIFIED
    opted_out_at: datetime | None = None
    postal: PostalAddress | None = None
    standing: Standing = field(default_factory=Standing)

    @property
    def usable(self) -> bool:
        """Whether a message may be addressed to it at all."""
        return self.opted_out_at is None and self.quality not in (Quality.UNDELIVERABLE, Quality.WRONG_PARTY)


@dataclass(frozen=True, slots=True)
class Debtor:
    """A person or a business. `language` is a BCP 47 tag; `zones` are the IANA zones where the debtor may be:
    a time is lawful only when it is lawful in every one of them; empty means that nothing is known."""

    id: int
    ref: str
    first_name: str
    last_name: str
    company: str
    language: str
    zones: tuple[str, ...]
    country: str
    region: str = ""
    postal_code: str = ""
    contact_points: tuple[ContactPoint, ...] = ()
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def name(self) -> str:
        """How the debtor is addressed: the person's name, else the company's."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.company

    def points(self, channel: Channel) -> tuple[ContactPoint, ...]:
        """The contact points for a channel, usable or not. Calls go to the numbers that texts go to."""
        kind = Channel.SMS if channel is Channel.CALL else channel
        return tuple(point for point in self.contact_points if point.kind is kind)


@dataclass(frozen=True, slots=True)
class Item:
    """One due amount (invoice or instalment). Dates are calendar days in the debtor's zone."""

    id: int
    ref: str
    issued_on: date | None
    due_on: date
    amount: Money
    open_amount: Money


@dataclass(frozen=True, slots=True)
class Hold:
    """A pause of outreach on an account, or on all accounts of the debtor. Instants are aware UTC; the end is open."""

    reason: HoldReason
    starts_at: datetime
    ends_at: datetime | None = None
    freezes_dpd: bool = False

    def active(self, now: datetime) -> bool:
        """Whether it stops outreach at `now`."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


@dataclass(frozen=True, slots=True)
class PastStep:
    """A step of the current cycle that was taken: a notice, or the task of a `call` or `handoff` step.

    `at` is when the debtor was contacted, or when the step was planned while it is in flight (aware UTC).
    `notice_id` is "" for a task.
    """

    step: str
    position: int
    state: NoticeState
    at: datetime
    notice_id: str = ""


@dataclass(frozen=True, slots=True)
class Account:
    """The relation of a debtor with a creditor in one currency."""

    id: int
    ref: str
    creditor: Creditor
    currency: str
    tags: frozenset[str] = frozenset()
    extra: Mapping[str, str] = field(default_factory=dict)
    terms: Terms = field(default_factory=Terms)


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a decision on one enrolment may look at, read in one go.

    `items` are the unpaid items of the account (for an item campaign: that one item). `history` is this cycle's.
    `last_contact_at` is the debtor's last contact on any account (aware UTC); `contacts` are those of the last
    CONTACTS_KEPT on any account, in either direction. `version` is the debtor's facts version: a send is started only
    if it is still the same.
    """

    account: Account
    debtor: Debtor
    items: tuple[Item, ...]
    holds: tuple[Hold, ...] = ()
    history: tuple[PastStep, ...] = ()
    last_contact_at: datetime | None = None
    contacts: tuple[Contact, ...] = ()
    version: int = 0

    @property
    def balance(self) -> Money:
        """What is open on `items`, in minor units of the account's currency."""
        return Money(sum(item.open_amount.minor for item in self.items), self.account.currency)

    @property
    def anchor(self) -> Item | None:
        """The item that carries the clock: the oldest unpaid one; of several, the largest (dunning.md, anchor_item)."""
        open_items = [item for item in self.items if item.open_amount.minor > 0]
        return min(open_items, key=lambda item: (item.due_on, -item.open_amount.minor, item.id), default=None)
