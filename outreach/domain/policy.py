"""Policy packs: the law of a place as data. A pack has dated versions; each rule says what it asks and its source.

Packs only ever add: every rule of every pack that touches the debtor must be content, so one more pack never allows
more. What a rule lets pass by itself (`except_purposes`) concerns that rule alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from outreach.domain.account import HoldReason
from outreach.domain.campaign import SendWindow
from outreach.domain.closed_days import ClosedDays
from outreach.domain.standing import Basis, CollectorRole, ConsentScope, DebtKind, Medium, Place, Purpose


class Status(StrEnum):
    """How sure it is: read at an official source, at another one, not checked (may only tighten), or not in force
    (never applied)."""

    VERIFIED = "verified"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    PROPOSED = "proposed"


class OnHit(StrEnum):
    """What a rule does that is not content: wait, give the message to a person, or never send it there."""

    DEFER = "defer"
    ROUTE = "route"
    SUPPRESS = "suppress"


class Need(StrEnum):
    """What a `require` rule may ask for; each has one function in `domain/needs.py`."""

    CONSENT = "consent"
    BASIS = "basis"
    IDENTITY = "identity"
    NOTICE_FIRST = "notice_first"
    VALIDATION = "validation"
    ESIGN = "esign"
    PREFERENCE = "preference"
    SENDER = "sender"
    TEXT = "text"
    HEADER = "header"


class CapScope(StrEnum):
    """Whose contacts a cap counts: all of the debtor, of the account, or to the one address."""

    DEBTOR = "debtor"
    ACCOUNT = "account"
    NUMBER = "number"


class Counts(StrEnum):
    """Which contacts a cap counts: every attempt of ours that reached a number; those that reached somebody or
    something; conversations, in either direction; every number dialled, busy and dead ones too."""

    ATTEMPTS = "attempts"
    CONTACTS = "contacts"
    CONVERSATIONS = "conversations"
    DIALS = "dials"


@dataclass(frozen=True, slots=True)
class When:
    """When a rule speaks: every set that is not empty must contain what the question has."""

    media: frozenset[Medium] = frozenset()
    roles: frozenset[CollectorRole] = frozenset()
    debt: frozenset[DebtKind] = frozenset()
    purposes: frozenset[Purpose] = frozenset()
    places: frozenset[Place] = frozenset()
    #: Only the first communication about the account, or only those after it.
    first: bool | None = None
    #: Only when the debt is past its limitation period, as far as is known.
    time_barred: bool | None = None
    #: Only while the validation period runs.
    validating: bool | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What all kinds of rules have. `note` is the rule in plain words, for an agent. `sources` are where it stands."""

    id: str
    note: str
    sources: tuple[str, ...]
    when: When = field(default_factory=When)
    except_purposes: frozenset[Purpose] = frozenset()
    on_hit: OnHit = OnHit.SUPPRESS
    status: Status = Status.SECONDARY


@dataclass(frozen=True, slots=True)
class Hours(Rule):
    """Contact only within one of the windows, in every zone where the debtor may be. `guard` minutes at each end are
    kept free of every pack's hours, since what counts is when the message leaves."""

    windows: tuple[SendWindow, ...] = ()
    guard: int = 0


@dataclass(frozen=True, slots=True)
class Calendar(Rule):
    """No contact on the days of `closed`."""

    closed: ClosedDays = field(default_factory=ClosedDays)


@dataclass(frozen=True, slots=True)
class Cap(Rule):
    """Less than `limit` of the counted contacts lie in the last `days` local days (today included), or `hours`.

    `counted` are the media that count, by default those to which the rule applies.
    """

    scope: CapScope = CapScope.DEBTOR
    counts: Counts = Counts.ATTEMPTS
    counted: frozenset[Medium] = frozenset()
    limit: int = 1
    days: int = 0
    hours: int = 0


@dataclass(frozen=True, slots=True)
class Require(Rule):
    """Something must be there. Which fields count depends on `need`:

    consent: `scope`, `basis`, `valid_days` (0: for ever); basis: `basis`; notice_first: `notice`, `days`;
    validation: `days` within which the notice must follow the first contact; text: `texts` by language.
    """

    need: Need = Need.CONSENT
    scope: ConsentScope = ConsentScope.SERVICING
    basis: frozenset[Basis] = frozenset()
    valid_days: int = 0
    notice: str = ""
    days: int = 0
    #: Texts that the message must contain, by language; "*" is any. A message without it gets the text added.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: Regular expressions one of which shows that the text is there already, by language.
    shown_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    header: str = ""


@dataclass(frozen=True, slots=True)
class Forbid(Rule):
    """Never, when `when` fits; narrowed to some providers, or to addresses that an employer provided."""

    providers: frozenset[str] = frozenset()
    employer_provided: bool | None = None


@dataclass(frozen=True, slots=True)
class Recency(Rule):
    """The newest of the debtor's last message from the address, consent, and check for reassignment is at most
    `days` old."""

    days: int = 60


@dataclass(frozen=True, slots=True)
class Holds(Rule):
    """While one of these holds is on the account, nothing but what `except_purposes` lets pass."""

    reasons: frozenset[HoldReason] = frozenset()


@dataclass(frozen=True, slots=True)
class Lint(Rule):
    """Words that must not stand in a message: regular expressions by language ("*" is any), in `parts` (subject, body;
    empty: all). `amounts`: every amount in the message must be one of the account's."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()
    amounts: bool = False


@dataclass(frozen=True, slots=True)
class Retention(Rule):
    """How long a kind of record is kept, in years after the last activity."""

    record: str = ""
    years: int = 0


@dataclass(frozen=True, slots=True)
class Applies:
    """Whom a pack concerns. The places are alternatives, one is enough: countries (ISO 3166-1), states ("US-NY"),
    prefixes of postal codes ("US:104"), area codes, and jurisdictions in which the collector is licensed. Roles and
    kinds of debt must fit, too. A pack with neither concerns everybody; `not_only` are countries whose debtors are
    left to their own packs when nothing else touches them."""

    countries: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    postal_codes: tuple[str, ...] = ()
    area_codes: frozenset[str] = frozenset()
    licences: frozenset[str] = frozenset()
    roles: frozenset[CollectorRole] = frozenset()
    debt: frozenset[DebtKind] = frozenset()
    not_only: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pack:
    """One version of a pack: in force from `effective_from` until before `effective_to` (days, UTC)."""

    id: str
    version: str
    title: str
    status: Status
    applies: Applies
    rules: tuple[Rule, ...]
    effective_from: date | None = None
    effective_to: date | None = None

    @property
    def name(self) -> str:
        """Pack and version, as decisions name them."""
        return f"{self.id}@{self.version}"

    def in_force(self, day: date) -> bool:
        """Whether it is applied on `day`; what is only proposed never is."""
        begun = self.effective_from is None or self.effective_from <= day
        over = self.effective_to is not None and self.effective_to <= day
        return self.status is not Status.PROPOSED and begun and not over
