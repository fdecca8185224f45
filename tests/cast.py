"""Sample people as frozen facts, and the builders that make them. Nobody here is real.

`NOON` is Tuesday, 1 December 2026, twelve o'clock in New York: open by any rule, no holiday, no change of clocks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from outreach.domain.account import (
    Account,
    ContactPoint,
    Creditor,
    Debtor,
    Facts,
    Hold,
    HoldReason,
    Item,
    PastStep,
    Quality,
)
from outreach.domain.campaign import Campaign, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.money import Money
from outreach.domain.notice import NoticeState

NEW_YORK, CHICAGO, LOS_ANGELES = "America/New_York", "America/Chicago", "America/Los_Angeles"
HONOLULU, LONDON, SHANGHAI = "Pacific/Honolulu", "Europe/London", "Asia/Shanghai"

NOON = datetime(2026, 12, 1, 17, 0, tzinfo=UTC)
DAY = timedelta(days=1)

ALWAYS = SendWindow(frozenset(range(1, 8)), time(0), time.max, holidays=True)
OFFICE_HOURS = SendWindow(frozenset(range(1, 7)), time(9), time(19))

NORTHWIND = Creditor("northwind", "Northwind Sample", phone="+12125550100")
PHONE = ContactPoint(1, Channel.SMS, "+12125550142")
EMAIL = ContactPoint(2, Channel.EMAIL, "ada@sample.example")
HOME = PostalAddress("Ada Sample", "12 Sample Street", "", "New York", "NY", "10001", "US")
LETTERBOX = ContactPoint(3, Channel.LETTER, "12 Sample Street, 10001 New York, NY, US", postal=HOME)
EVERY_WAY = (PHONE, EMAIL, LETTERBOX)


def noon_of(day: str | date) -> datetime:
    """Noon UTC of a day, given as a date or in ISO form."""
    when = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime.combine(when, time(12), UTC)


def owed(ref: str, due_on: str | date, amount: str = "123.45", currency: str = "USD", number: int = 1) -> Item:
    """An unpaid item; `amount` is in major units."""
    money = Money.of(Decimal(amount), currency)
    due = date.fromisoformat(due_on) if isinstance(due_on, str) else due_on
    return Item(number, ref, None, due, money, money)


def debtor(*zones: str, points: Iterable[ContactPoint] = EVERY_WAY, country: str = "US", region: str = "NY") -> Debtor:
    """A sample debtor; without zones in New York."""
    return Debtor(
        1, "D-1", "Ada", "Sample", "", "en", zones or (NEW_YORK,), country, region, contact_points=tuple(points)
    )


def account(currency: str = "USD", tags: Iterable[str] = ()) -> Account:
    """A sample account with Northwind."""
    return Account(1, "A-1", NORTHWIND, currency, frozenset(tags))


def facts(*zones: str, **more: Any) -> Facts:
    """Someone who has owed 123.45 USD since 20 November 2026; `more` are fields of Facts."""
    return replace(Facts(account(), debtor(*zones), (owed("I-1", "2026-11-20"),)), **more)


def hold(
    reason: HoldReason, since: datetime, until: datetime | None = None, *, freezes_dpd: bool = False
) -> tuple[Hold, ...]:
    """One hold, as the tuple that Facts take."""
    return (Hold(reason, since, until, freezes_dpd),)


def taken(step: str, at: datetime, state: NoticeState = NoticeState.SENT, position: int = 0) -> PastStep:
    """A step of the past."""
    return PastStep(step, position, state, at)


def after_due(name: str, days: int, *channels: Channel, **more: Any) -> Step:
    """A step some days after the due date; without channels by e-mail."""
    return Step(name, Trigger(TriggerKind.AFTER_DUE, Days(days)), channels or (Channel.EMAIL,), "sample", **more)


def before_due(name: str, days: int, *channels: Channel) -> Step:
    """A step some days before the due date."""
    return Step(name, Trigger(TriggerKind.BEFORE_DUE, Days(days)), channels or (Channel.EMAIL,), "sample")


def after_previous(name: str, days: int, *channels: Channel, **more: Any) -> Step:
    """A step some days after the contact of the step before."""
    return Step(name, Trigger(TriggerKind.AFTER_PREVIOUS, Days(days)), channels or (Channel.EMAIL,), "sample", **more)


def campaign(*steps: Step, window: SendWindow = OFFICE_HOURS, **more: Any) -> Campaign:
    """A campaign of Northwind; without steps a reminder on the third day and a demand on the tenth."""
    chosen = steps or (after_due("reminder", 3, Channel.SMS, Channel.EMAIL), after_due("demand", 10, Channel.LETTER))
    return Campaign("sample", "v1", "northwind", "* * * * *", NEW_YORK, window, chosen, **more)


#: Ada owes and may be reached in every way.
ADA = facts()
#: Ben has stopped texts; his mailbox is open.
BEN = facts(debtor=debtor(points=(replace(PHONE, opted_out_at=NOON - 400 * DAY), EMAIL)))
#: Cleo disputes the debt.
CLEO = facts(holds=hold(HoldReason.DISPUTE, NOON - DAY, freezes_dpd=True))
#: Eve has a New York number and a Los Angeles address: either may be where she is.
EVE = facts(NEW_YORK, LOS_ANGELES)
#: Of Fay nobody knows where she is.
FAY = facts(debtor=replace(debtor(), zones=()))
#: Gil's mailbox is dead and he has nothing else.
GIL = facts(debtor=debtor(points=(replace(EMAIL, quality=Quality.UNDELIVERABLE),)))
#: Hua promised to pay within five days.
HUA = facts(holds=hold(HoldReason.PROMISE, NOON - DAY, NOON + 4 * DAY, freezes_dpd=True))


def dov(now: datetime) -> Facts:
    """Dov owes until he pays, at noon."""
    return facts() if now < NOON else facts(items=())
