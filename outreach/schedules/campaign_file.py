"""The campaign file as it is written: its keys, what they take, and the help that editors show for them."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from outreach.documents.model import FileModel, key
from outreach.documents.words import ClockValue, SlugValue, WeekdaysValue
from outreach.domain.campaign import CatchUp, Days, Unit
from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.schedules.values import (
    ActionValue,
    CatchUpValue,
    ChannelValue,
    CronValue,
    CurrencyValue,
    DaysValue,
    NoticeValue,
    UnitValue,
    ZoneValue,
)

Amount = Annotated[Decimal, Field(ge=0, strict=False), WithJsonSchema({"type": "number", "minimum": 0})]
Day = Annotated[int, Field(strict=True, ge=-3650, le=3650)]
Tag = Annotated[str, Field(min_length=1)]


def _needs(channels: tuple[Channel, ...], name: str) -> JsonDict:
    """The JSON Schema by which a step with one of these channels needs the key `name`."""
    contains: JsonDict = {"contains": {"enum": [channel.value for channel in channels]}}
    return {"if": {"properties": {"channels": contains}, "required": ["channels"]}, "then": {"required": [name]}}


class DaysPastDue(FileModel):
    """Age of the oldest unpaid item at entry, in days past due; negative before the due date."""

    first: Day | None = key("First day past due on which an account may enter.", 1, default=None, alias="from")
    last: Day | None = key("Last day past due on which an account may enter.", 90, default=None, alias="to")


class Balance(FileModel):
    """Open amount in major units (25 is 25.00 USD) of the one currency in `applies_to.currency`."""

    at_least: Amount | None = key("Smallest balance that is worth a contact.", 25, default=None)
    at_most: Amount | None = key("Largest balance that this campaign handles.", 5000, default=None)


class Tags(FileModel):
    """Tags of the account, as imported."""

    any_of: list[Tag] = key("The account has one of these.", ["card"], default=[])
    all_of: list[Tag] = key("The account has every one of these.", ["card"], default=[])
    none_of: list[Tag] = key("The account has none of these.", ["vip"], default=[])


class AppliesToKeys(FileModel):
    """Which accounts of the creditor enter. Currency, balance and tags must hold at every step."""

    currency: list[CurrencyValue] = key("ISO 4217 codes; left out, any currency.", ["USD"], default=[])
    days_past_due: DaysPastDue = key("Age at entry.", {"from": 1, "to": 90}, default=DaysPastDue())
    balance: Balance = key("Bounds of the balance.", {"at_least": 25}, default=Balance())
    tags: Tags = key("What the account is tagged with.", {"none_of": ["vip"]}, default=Tags())


class SendWindowKeys(FileModel):
    """When people are contacted, in their own local time. The law may narrow it, never widen it."""

    days: WeekdaysValue = key("Weekdays, as a range or a list.", "mon-sat")
    opens: ClockValue = key("First minute of the day for a contact.", "09:00", alias="from")
    closes: ClockValue = key("From this minute on there is no contact.", "19:00", alias="to")
    holidays: bool = key("Also on public holidays of the debtor's country.", False, default=False, strict=True)


class When(FileModel):
    """What the step counts its days from. Exactly one key; the day itself is included."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    after_due: DaysValue | None = key("After the due date of the oldest unpaid item.", "3 days", default=None)
    before_due: DaysValue | None = key("Before that due date.", "5 business days", default=None)
    after_due_end_of_month: DaysValue | None = key(
        "After the last day of the month in which it was due.", "10 days", default=None
    )
    after_previous: DaysValue | None = key("After the contact of the step before.", "7 days", default=None)


class StepKeys(FileModel):
    """One step: a message on the first channel that reaches the debtor, a call for an agent, or a handoff."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [{"required": ["channels"]}, {"required": ["action", "to"]}],
            "allOf": [_needs(SENT_CHANNELS, "template"), _needs((Channel.CALL,), "task")],
        }
    )

    step: SlugValue = key("Name of the step, once per campaign; shown in timelines and reports.", "reminder")
    when: When = key("When the step is due.", {"after_due": "3 days"})
    channels: list[ChannelValue] = key(
        "Tried in order: the next stands in when one has no usable address or does not arrive.",
        ["sms", "email"],
        default=[],
    )
    template: SlugValue = key("Directory of templates/ that holds the text.", "friendly_reminder", default="")
    task: str = key("What the agent who calls shall do.", "Call about the demand letter", default="")
    action: ActionValue | None = key("Instead of a message: hand the account over.", "handoff", default=None)
    to: str = key("Who takes the account over.", "agency", default="")
    approval: Literal["required"] | None = key("A person approves before it happens.", "required", default=None)
    notice: NoticeValue | None = key(
        "The message is this notice of the law: the account keeps that it was given.", "validation", default=None
    )


class CampaignKeys(FileModel):
    """An Outreach campaign: who is contacted, when, and by which steps."""

    campaign: SlugValue = key("Name of the campaign, once in the directory.", "card-early")
    creditor: SlugValue = key("Reference of a creditor in creditors.yaml.", "northwind")
    applies_to: AppliesToKeys = key("Which accounts enter.", {"currency": ["USD"]}, default=AppliesToKeys())
    runs: CronValue = key("When due steps are looked for: cron with named weekdays, in `timezone`.", "*/5 * * * *")
    timezone: ZoneValue = key("IANA zone of `runs`.", "America/New_York")
    send_window: SendWindowKeys = key(
        "When people may be contacted, in their own time.", {"days": "mon-sat", "from": "09:00", "to": "19:00"}
    )
    unit: UnitValue = key("What carries the clock: the account or each item.", "account", default=Unit.ACCOUNT)
    catch_up: CatchUpValue = key(
        "Late accounts: every step in turn, or from the one that fits the age.",
        "sequential",
        default=CatchUp.SEQUENTIAL,
    )
    min_contact_gap: DaysValue = key("Least time between two contacts.", "3 days", default=Days(0))
    steps: list[StepKeys] = key("The steps, in order.", [{"step": "reminder"}], min_length=1)
