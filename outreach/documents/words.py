"""The words that files of every kind share: names, times of day, weekdays, languages, places, and enumerations.

Each function takes what stands in the file and returns the value it means, or raises a mistake with its remedy.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time
from enum import StrEnum
from typing import Annotated, TypeVar

from babel import Locale, UnknownLocaleError
from pydantic import BeforeValidator, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from outreach.documents.problem import suggestion
from outreach.domain.standing import CollectorRole, DebtKind

E = TypeVar("E", bound=StrEnum)

#: ISO weekdays by their names in files.
WEEKDAYS = {"mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6, "sun": 7}

CLOCK_PATTERN = r"^([01]\d|2[0-3]):[0-5]\d$"
#: A jurisdiction: an ISO 3166 country, or a state or province of it.
LICENCE_PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
SLUG_PATTERN = r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
_WEEKDAY = f"({'|'.join(WEEKDAYS)})"
WEEKDAYS_PATTERN = rf"^{_WEEKDAY}(-{_WEEKDAY})?(, ?{_WEEKDAY}(-{_WEEKDAY})?)*$"

_COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha())


def mistake(message: str, remedy: str, *at: str | int) -> PydanticCustomError:
    """An error that carries its remedy to the reader of the file; `at` is the way down to the key that is meant."""
    return PydanticCustomError("mistake", "{message}", {"message": message, "remedy": remedy, "at": at})


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


def language(value: object) -> str:
    """A BCP 47 language tag, such as `en`, `es` or `zh`."""
    try:
        Locale.parse(str(value), sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise mistake(f"`{value}` is not a language", "Use a tag such as en, es or zh") from error
    return str(value)


def country(value: object) -> str:
    """An ISO 3166-1 code."""
    if str(value) not in _COUNTRIES:
        raise mistake(f"`{value}` is not a country", "Use an ISO 3166 code in capitals, such as US, GB or CN")
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


def pattern(regex: str) -> WithJsonSchema:
    """The JSON Schema of a text by its regular expression, for values that a function reads."""
    return WithJsonSchema({"type": "string", "pattern": regex})


ClockValue = Annotated[time, PlainValidator(clock), pattern(CLOCK_PATTERN)]
WeekdaysValue = Annotated[frozenset[int], PlainValidator(weekdays), pattern(WEEKDAYS_PATTERN)]
LanguageValue = Annotated[str, PlainValidator(language), pattern("^[a-z]{2,3}(-[A-Za-z0-9]+)*$")]
LicenceValue = Annotated[str, PlainValidator(licence), pattern(LICENCE_PATTERN)]
SlugValue = Annotated[str, PlainValidator(slug), pattern(SLUG_PATTERN)]
RoleValue = Annotated[CollectorRole, BeforeValidator(word_of(CollectorRole))]
DebtValue = Annotated[DebtKind, BeforeValidator(word_of(DebtKind))]
CountryValue = Annotated[str, PlainValidator(country), pattern("^[A-Z]{2}$")]
