"""The words of a campaign file alone: "3 days", cron expressions, zones, currencies.

Each function takes what stands in the file and returns the value it means, or raises a mistake with its remedy.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated
from zoneinfo import available_timezones

from apscheduler.triggers.cron import CronTrigger
from pydantic import BeforeValidator, PlainValidator

from outreach.documents.problem import nearest
from outreach.documents.words import mistake, pattern, word_of
from outreach.domain.campaign import Action, CatchUp, DayKind, Days, LegalNotice, Unit
from outreach.domain.message import Channel
from outreach.domain.money import UnknownCurrency, exponent

#: The longest time a campaign may count: ten years.
MAX_DAYS = 3650

DAYS_PATTERN = r"^(\d{1,4}) (business )?(day|week)s?$"


def days(value: object) -> Days:
    """A number of days from "3 days", "2 weeks" or "5 business days"."""
    if isinstance(value, int) and value >= 0:
        raise mistake(f"`{value}` does not say of what", f'Write "{value} days" or "{value} business days"')
    text = str(value)
    if text.startswith("-"):
        raise mistake(f"`{text}` is negative", f"Use `before_due: {text[1:]}` to act before the due date")
    match = re.match(DAYS_PATTERN, text)
    if match is None or (match[2] and match[3] == "week"):
        raise mistake(f"`{text}` is not a number of days", 'Write "3 days", "2 weeks" or "5 business days"')
    count = int(match[1]) * (7 if match[3] == "week" else 1)
    if count > MAX_DAYS:
        raise mistake(f"`{text}` is more than {MAX_DAYS} days", "Give a shorter time")
    return Days(count, DayKind.BUSINESS if match[2] else DayKind.CALENDAR)


def cron(value: object) -> str:
    """A five-field cron expression whose weekdays have names.

    Numbers for weekdays are refused: cron counts from Sunday, APScheduler from Monday, and an off-by-one day is not
    seen until it has happened. A day of the month with a day of the week is refused too: cron means "or",
    APScheduler "and".
    """
    text = str(value)
    try:
        trigger = CronTrigger.from_crontab(text, timezone="UTC")
    except ValueError as error:
        remedy = 'Write minute, hour, day, month, weekday: "*/5 * * * *" or "0 9 * * mon-fri"'
        raise mistake(f"`{text}` is not a cron expression: {error}", remedy) from error
    day, weekday = text.split()[2], text.split()[4]
    if re.search(r"\d", weekday.partition("/")[0]):
        raise mistake(f"`{weekday}` counts weekdays by number", "Write their names: mon, tue, ... sun")
    if day != "*" and weekday != "*":
        raise mistake("it sets both a day of the month and a weekday", "Keep one of them and write * for the other")
    if trigger.get_next_fire_time(None, datetime.now(UTC)) is None:
        raise mistake(f"`{text}` never comes", "Choose a day that the month has")
    return text


def timezone(value: object) -> str:
    """An IANA time zone that has rules for the place: `America/New_York`, never an abbreviation."""
    text = str(value)
    if text not in _regional_zones():
        example = "Use an IANA name such as America/New_York or Asia/Shanghai"
        raise mistake(f"`{text}` is not a time zone", nearest(text.replace(" ", "_"), _regional_zones()) or example)
    return text


@lru_cache(maxsize=1)
def _regional_zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if "/" in zone)


def currency(value: object) -> str:
    """An ISO 4217 code."""
    try:
        exponent(str(value))
    except UnknownCurrency as error:
        raise mistake(f"`{value}` is not a currency", "Use an ISO 4217 code in capitals, such as USD") from error
    return str(value)


DaysValue = Annotated[Days, PlainValidator(days), pattern(DAYS_PATTERN)]
CronValue = Annotated[str, PlainValidator(cron), pattern(r"^\S+ \S+ \S+ \S+ [^0-7]\S*$")]
ZoneValue = Annotated[str, PlainValidator(timezone), pattern("^.+/.+$")]
CurrencyValue = Annotated[str, PlainValidator(currency), pattern("^[A-Z]{3}$")]
UnitValue = Annotated[Unit, BeforeValidator(word_of(Unit))]
CatchUpValue = Annotated[CatchUp, BeforeValidator(word_of(CatchUp))]
ChannelValue = Annotated[Channel, BeforeValidator(word_of(Channel))]
ActionValue = Annotated[Action, BeforeValidator(word_of(Action))]
NoticeValue = Annotated[LegalNotice, BeforeValidator(word_of(LegalNotice))]
