"""The words of a campaign file: "3 days", "mon-sat", "09:00", cron expressions, zones, currencies, languages.

Each function takes what stands in the file and returns the value it means, or raises a mistake with its remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, TypeVar
from zoneinfo import available_timezones

from apscheduler.triggers.cron import CronTrigger
from babel import Locale, UnknownLocaleError
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from outreach.domain.campaign import Action, CatchUp, DayKind, Days, Unit
from outreach.domain.message import Channel
from outreach.domain.money import UnknownCurrency, exponent
from outreach.domain.standing import CollectorRole, DebtKind
from outreach.schedules.problem import nearest, suggestion

E = TypeVar("E", bound=StrEnum)

#: ISO weekdays by their names in files.
WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}
#: The longest time a campaign may count: ten years.
MAX_DAYS = 3650

DAYS_PATTERN = r"^(\d{1,4}) (business )?(day|week)s?$"
CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"
#: A jurisdiction: an ISO 3166 country, or a state or province of it.
LICENCE_PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
SLUG_PATTERN = r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
_WEEKDAY = f"({'|'.join(WEEKDAYS)})"
WEEKDAYS_PATTERN = rf"^{_WEEKDAY}(-{_WEEKDAY})?(, ?{_WEEKDAY}(-{_WEEKDAY})?)*$"


def mistake(message: str, remedy: str) -> PydanticCustomError:
    """An error that carries its remedy to the reader of the file."""
    return PydanticCustomError("mistake", "{message}", {"message": message, "remedy": remedy})


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


def clock(value: object) -> time:
    """A local time of day from "09:00"."""
    if not re.match(CLOCK_PATTERN, str(value)):
        raise mistake(f"`{value}` is not a time of day", 'Write hours and minutes as "09:00", at most "23:59"')
    return time.fromisoformat(str(value))


def weekdays(value: object) -> frozenset[int]:
    """ISO weekdays from "mon-sat" or "mon, wed, fri"."""
    text = str(value)
    if not re.match(WEEKDAYS_PATTERN, text):
        raise mistake(f"`{text}` is not a list of weekdays", 'Write "mon-sat" or "mon, wed, fri"')
    found: set[int] = set()
    for part in text.replace(" ", "").split(","):
        first, _, last = part.partition("-")
        start, end = WEEKDAYS[first], WEEKDAYS[last or first]
        if start > end:
            raise mistake(f"`{part}` runs backwards", "Weeks begin on Monday: write `sat-sun, mon` for `sat-mon`")
        found.update(range(start, end + 1))
    return frozenset(found)


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


def language(value: object) -> str:
    """A BCP 47 language tag, such as `en`, `es` or `zh`."""
    try:
        Locale.parse(str(value), sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise mistake(f"`{value}` is not a language", "Use a tag such as en, es or zh") from error
    return str(value)


def slug(value: object) -> str:
    """A name for programs: it becomes part of paths, keys and addresses."""
    if not isinstance(value, str) or not re.match(SLUG_PATTERN, value):
        raise mistake(f"`{value}` is not a plain name", "Use small letters, digits, - and _, beginning with a letter")
    return value


def licence(value: object) -> str:
    """A jurisdiction in which a collector is licensed, such as `US-CA`."""
    if not re.match(LICENCE_PATTERN, str(value)):
        raise mistake(f"`{value}` is not a jurisdiction", "Use an ISO 3166 code in capitals, such as US-CA")
    return str(value)


def word_of(words: type[E]) -> Callable[[object], E]:
    """A reader of the words of an enumeration."""

    def read(value: object) -> E:
        choices = [word.value for word in words]
        if value not in choices:
            raise mistake(f"`{value}` is not known here", suggestion(str(value), choices))
        return words(value)

    return read


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


DaysValue = Annotated[Days, PlainValidator(days), _text(DAYS_PATTERN)]
ClockValue = Annotated[time, PlainValidator(clock), _text(CLOCK_PATTERN)]
WeekdaysValue = Annotated[frozenset[int], PlainValidator(weekdays), _text(WEEKDAYS_PATTERN)]
CronValue = Annotated[str, PlainValidator(cron), _text(r"^\S+ \S+ \S+ \S+ [^0-7]\S*$")]
ZoneValue = Annotated[str, PlainValidator(timezone), _text("^.+/.+$")]
CurrencyValue = Annotated[str, PlainValidator(currency), _text("^[A-Z]{3}$")]
LanguageValue = Annotated[str, PlainValidator(language), _text("^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
LicenceValue = Annotated[str, PlainValidator(licence), _text(LICENCE_PATTERN)]
SlugValue = Annotated[str, PlainValidator(slug), _text(SLUG_PATTERN)]
UnitValue = Annotated[Unit, BeforeValidator(word_of(Unit))]
CatchUpValue = Annotated[CatchUp, BeforeValidator(word_of(CatchUp))]
ChannelValue = Annotated[Channel, BeforeValidator(word_of(Channel))]
ActionValue = Annotated[Action, BeforeValidator(word_of(Action))]
RoleValue = Annotated[CollectorRole, BeforeValidator(word_of(CollectorRole))]
DebtValue = Annotated[DebtKind, BeforeValidator(word_of(DebtKind))]
