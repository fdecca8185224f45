"""A campaign: ordered steps, each with a trigger, channels and a template. Read from a file, pinned by its content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from outreach.domain.message import Channel


class Unit(StrEnum):
    """What the clock runs on: the account (its anchor item) or each item by itself."""

    ACCOUNT = "account"
    ITEM = "item"


class CatchUp(StrEnum):
    """After a late start or an outage: one step after the other, or from the step that fits the age."""

    SEQUENTIAL = "sequential"
    CONTEXTUAL = "contextual"


class TriggerKind(StrEnum):
    """What a step counts its days from."""

    AFTER_DUE = "after_due"
    BEFORE_DUE = "before_due"
    AFTER_DUE_END_OF_MONTH = "after_due_end_of_month"
    AFTER_PREVIOUS = "after_previous"


class DayKind(StrEnum):
    """Calendar days, or business days of the debtor's country (Monday to Friday without public holidays)."""

    CALENDAR = "calendar"
    BUSINESS = "business"


@dataclass(frozen=True, slots=True)
class Days:
    """A number of days; written "3 days", "2 weeks" or "5 business days"."""

    count: int
    kind: DayKind = DayKind.CALENDAR


@dataclass(frozen=True, slots=True)
class Trigger:
    """When a step is due. Boundaries are inclusive: after_due 5 days is due on the fifth day after the due date."""

    kind: TriggerKind
    days: Days


@dataclass(frozen=True, slots=True)
class SendWindow:
    """When a campaign contacts people, in the debtor's local time. `days` are ISO weekdays (1 is Monday).

    Half-open: `opens` is allowed, `closes` is not. `holidays`: whether to send on public holidays of the debtor's
    country.
    """

    days: frozenset[int]
    opens: time
    closes: time
    holidays: bool = False


class Action(StrEnum):
    """What a step does beside or instead of a message."""

    HANDOFF = "handoff"


class LegalNotice(StrEnum):
    """A notice that the law asks for, by the name that packs, imports and terms of accounts have for it."""

    #: 12 CFR 1006.34: the debt and the debtor's rights.
    VALIDATION = "validation"
    #: Ontario: before anything else, in writing.
    WRITTEN = "written"
    #: Directive (EU) 2021/2167: to whom the debt was transferred.
    TRANSFER = "transfer"
    #: Nevada: before a medical debt is collected.
    MEDICAL = "medical"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. Either `channels` (and a template, or a task text for calls) or `action` is set.

    `channels` are tried in order: the next one stands in when one has no usable contact point or did not arrive.
    `min_items`: the step is due only while at least so many items are unpaid. `notice`: its message is a notice that
    the law asks for, and the account's terms keep that it was given.
    """

    name: str
    trigger: Trigger
    channels: tuple[Channel, ...] = ()
    template: str = ""
    task: str = ""
    action: Action | None = None
    to: str = ""
    approval: bool = False
    min_items: int = 0
    notice: LegalNotice | None = None


@dataclass(frozen=True, slots=True)
class AppliesTo:
    """Who enters a campaign. Empty collections and None do not restrict. Bounds are inclusive.

    `days_past_due` decides on entry only, so that the last step of a campaign is not lost to a holiday; currency,
    balance and tags must hold at every step. `balance_minor_*` are in minor units of the account's currency.
    """

    currencies: frozenset[str] = frozenset()
    dpd_from: int | None = None
    dpd_to: int | None = None
    balance_minor_at_least: int | None = None
    balance_minor_at_most: int | None = None
    tags_any_of: frozenset[str] = frozenset()
    tags_all_of: frozenset[str] = frozenset()
    tags_none_of: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Campaign:
    """A campaign as one version of its file says. `version` is the SHA-256 (hex) of its normalised content.

    `runs` is a five-field cron expression in `timezone`.
    """

    name: str
    version: str
    creditor: str
    runs: str
    timezone: str
    send_window: SendWindow
    steps: tuple[Step, ...]
    applies_to: AppliesTo = field(default_factory=AppliesTo)
    unit: Unit = Unit.ACCOUNT
    catch_up: CatchUp = CatchUp.SEQUENTIAL
    min_contact_gap: Days = field(default_factory=lambda: Days(0))

    def index(self, step: str) -> int:
        """The place of a step by name; raises KeyError when the campaign has no such step."""
        for position, candidate in enumerate(self.steps):
            if candidate.name == step:
                return position
        raise KeyError(step)
