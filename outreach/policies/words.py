"""The words of a pack file: dates, hours that end at midnight, places, calendars, regular expressions.

Each function takes what stands in the file and returns the value it means, or raises a mistake with its remedy.
"""

from __future__ import annotations

import re
import warnings
from datetime import date, time
from functools import lru_cache
from typing import Annotated

from holidays import country_holidays, list_supported_countries
from pydantic import AfterValidator, BeforeValidator, PlainValidator

from outreach.documents.problem import nearest
from outreach.documents.words import clock, language, mistake, pattern, word_of
from outreach.domain.account import HoldReason
from outreach.domain.policy import CapScope, Counts, Need, OnHit, Status
from outreach.domain.retention import Record
from outreach.domain.standing import Basis, ConsentScope, Medium, Place, Purpose

DATE_PATTERN = r"^\d{4}-\d\d-\d\d$"
CLOSING_PATTERN = r"^(([01]\d|2[0-3]):[0-5]\d|24:00)$"
VERSION_PATTERN = r"^[0-9]+(\.[0-9]+)*$"
RULE_PATTERN = r"^[A-Z][A-Z0-9]*(-[A-Za-z0-9]+)*$"
STATE_PATTERN = r"^[A-Z]{2}-[A-Z0-9]{1,3}$"
POSTAL_PATTERN = r"^[A-Z]{2}:[A-Z0-9][A-Z0-9-]*$"
AREA_PATTERN = r"^[2-9]\d{2}$"
CALENDAR_PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,4})?$"
EXTRA_PATTERN = r"^(\d\d-\d\d|easter([+-]\d{1,2})?)$"
#: Years whose holidays are looked through for a name.
_YEARS = range(2024, 2028)


def _text(value: object, regex: str, what: str, remedy: str) -> str:
    if not isinstance(value, str) or not re.match(regex, value):
        raise mistake(f"`{value}` is not {what}", remedy)
    return value


def day(value: object) -> date:
    """A day from "2026-09-01"."""
    text = _text(value, DATE_PATTERN, "a day", 'Write year, month and day: "2026-09-01"')
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise mistake(f"`{value}` is not in the calendar", "Choose a day that the month has") from error


def closing(value: object) -> time:
    """The end of a window; "24:00" is the last moment of the day."""
    return time.max if value == "24:00" else clock(value)


def version(value: object) -> str:
    """A version of a pack: numbers and points, in quotes since 2026.10 is no number."""
    return _text(value, VERSION_PATTERN, "a version", 'Write numbers and points in quotes: "2026.1"')


def rule_id(value: object) -> str:
    """What a rule is called in its pack."""
    return _text(value, RULE_PATTERN, "a rule's id", "Use capitals, digits and -, such as RF-01")


def state(value: object) -> str:
    """A state or province, ISO 3166-2."""
    return _text(value, STATE_PATTERN, "a state", "Write country and state: US-NY")


def postal_prefix(value: object) -> str:
    """The beginning of the postal codes of a place."""
    remedy = 'Write the country and the beginning of its codes in quotes, without spaces: "US:104"'
    return _text(value, POSTAL_PATTERN, "the beginning of postal codes", remedy)


def area_code(value: object) -> str:
    """An area code of North America."""
    return _text(value, AREA_PATTERN, "an area code", 'Write three digits in quotes: "212"')


def calendar(value: object) -> str:
    """A country, or a part of it, whose public holidays the holidays package knows."""
    text = _text(value, CALENDAR_PATTERN, "a calendar of holidays", "Write a country, or a part of it: AU or CA-QC")
    code, _, part = text.partition("-")
    known = list_supported_countries(include_aliases=False)
    if code not in known:
        raise mistake(f"the holidays of `{code}` are not known", "List its days in `extra`, or check the code")
    if part and part not in known[code]:
        parts = ", ".join(f"{code}-{one}" for one in known[code]) or "none"
        raise mistake(f"the holidays of `{text}` are not known", f"Use {code}, or a part of it that is: {parts}")
    return text


def extra_day(value: object) -> str:
    """A day of every year: "06-24", or one that is counted from Easter Sunday."""
    text = _text(value, EXTRA_PATTERN, "a day of the year", 'Write "06-24", or "easter+1" for Easter Monday')
    if not text.startswith("easter"):
        day(f"2023-{text}")
    return text


@lru_cache(maxsize=64)
def holiday_names(code: str) -> frozenset[str]:
    """The English names of the holidays of a country; none when it is not known."""
    if code not in list_supported_countries(include_aliases=False):
        return frozenset()
    return frozenset(country_holidays(code, years=_YEARS, language="en_US").values())


def check_holiday(code: str, name: str) -> None:
    """Raises a mistake when no holiday of the country has `name` in its name."""
    names = holiday_names(code)
    if not names:
        raise mistake(
            f"the holidays of `{code}` are not known", "List its days in `extra`, or check the code", "country"
        )
    if not any(name in known for known in names):
        remedy = nearest(name, names) or f"Use one of: {', '.join(sorted(names))}"
        raise mistake(f"`{name}` is no holiday of {code}", remedy, "name")


def regex(value: object) -> str:
    """A regular expression that says something: one that fits an empty text would fit every text."""
    text = _text(value, r"(?s)^.+$", "a regular expression", "Write it in single quotes: '\\barrest'")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            compiled = re.compile(text)
    except (re.error, FutureWarning) as error:
        raise mistake(
            f"`{text}` is no regular expression: {error}", "Repair it; in YAML, put it in single quotes"
        ) from (error)
    if compiled.search(""):
        raise mistake(f"`{text}` fits every text", "Let it ask for at least one character")
    return text


def any_language(value: object) -> str:
    """A language, or "*" for all that are not named."""
    return "*" if value == "*" else language(value)


DayValue = Annotated[date, PlainValidator(day), pattern(DATE_PATTERN)]
ClosingValue = Annotated[time, PlainValidator(closing), pattern(CLOSING_PATTERN)]
VersionValue = Annotated[str, PlainValidator(version), pattern(VERSION_PATTERN)]
RuleIdValue = Annotated[str, PlainValidator(rule_id), pattern(RULE_PATTERN)]
StateValue = Annotated[str, PlainValidator(state), pattern(STATE_PATTERN)]
PostalValue = Annotated[str, PlainValidator(postal_prefix), pattern(POSTAL_PATTERN)]
AreaValue = Annotated[str, PlainValidator(area_code), pattern(AREA_PATTERN)]
CalendarValue = Annotated[str, PlainValidator(calendar), pattern(CALENDAR_PATTERN)]
ExtraValue = Annotated[str, PlainValidator(extra_day), pattern(EXTRA_PATTERN)]
RegexValue = Annotated[str, BeforeValidator(regex)]
AnyLanguageValue = Annotated[str, AfterValidator(any_language)]
StatusValue = Annotated[Status, BeforeValidator(word_of(Status))]
OnHitValue = Annotated[OnHit, BeforeValidator(word_of(OnHit))]
NeedValue = Annotated[Need, BeforeValidator(word_of(Need))]
ScopeValue = Annotated[CapScope, BeforeValidator(word_of(CapScope))]
CountsValue = Annotated[Counts, BeforeValidator(word_of(Counts))]
MediumValue = Annotated[Medium, BeforeValidator(word_of(Medium))]
PlaceValue = Annotated[Place, BeforeValidator(word_of(Place))]
PurposeValue = Annotated[Purpose, BeforeValidator(word_of(Purpose))]
BasisValue = Annotated[Basis, BeforeValidator(word_of(Basis))]
ConsentValue = Annotated[ConsentScope, BeforeValidator(word_of(ConsentScope))]
HoldValue = Annotated[HoldReason, BeforeValidator(word_of(HoldReason))]
RecordValue = Annotated[Record, BeforeValidator(word_of(Record))]
