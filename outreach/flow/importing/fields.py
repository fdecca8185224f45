"""Cells to values. What the debt needs is right or the row is refused; what only helps is left out with a warning."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache

from babel import Locale

from outreach.domain.contact import SCIENTIFIC
from outreach.domain.money import Money, UnknownCurrency, exponent
from outreach.domain.zones import known_zones
from outreach.flow.importing.report import BadRow, RowProblem, Severity, hint
from outreach.flow.importing.rows import Row

REF_LENGTH = 128
_AMOUNT = re.compile(r"\d{1,12}(\.\d{1,6})?", re.ASCII)
_DAY = re.compile(r"(1[89]|2\d)\d\d-\d\d-\d\d", re.ASCII)
_LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|\d{3}))?", re.ASCII | re.IGNORECASE)
_COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)) - {
    "ZZ",
    "EU",
    "UN",
}


class Cells:
    """The cells of one row, and the warnings that reading them gave."""

    def __init__(self, row: Row) -> None:
        self.line = row.line
        self.values = row.values
        self.warnings: list[RowProblem] = []

    def has(self, name: str) -> bool:
        """Whether the file states the column at all; an absent one leaves what is known as it is."""
        return name in self.values

    def get(self, name: str) -> str:
        """The cell, '' when the column is absent."""
        return self.values.get(name, "")

    def refuse(self, name: str, reason: str, remedy: str) -> BadRow:
        """The exception that keeps the row out."""
        return BadRow(RowProblem(self.line, name, hint(self.get(name)), reason, remedy))

    def warn(self, name: str, reason: str, remedy: str) -> None:
        """Note that a value is left out."""
        self.warnings.append(RowProblem(self.line, name, hint(self.get(name)), reason, remedy, Severity.WARNING))

    def needed(self, name: str) -> str:
        """A cell that may not be empty."""
        value = self.get(name)
        if not value:
            raise self.refuse(name, "missing", "fill it in")
        return value

    def ref(self, name: str) -> str:
        """A reference of the creditor's system."""
        value = self.needed(name)
        if len(value) > REF_LENGTH:
            raise self.refuse(name, f"longer than {REF_LENGTH} characters", "use the system's own reference")
        if SCIENTIFIC.fullmatch(value) and "+" in value:
            raise self.refuse(name, "a spreadsheet shortened the number", "format the column as text and export again")
        return value

    def currency(self, name: str) -> str:
        """An ISO 4217 code, upper case."""
        value = self.needed(name).upper()
        try:
            exponent(value)
        except UnknownCurrency:
            raise self.refuse(name, "not an ISO 4217 currency", "write a code such as USD") from None
        return value

    def amount(self, name: str, currency: str) -> int:
        """Minor units of `currency`, zero or more."""
        value = self.needed(name)
        if value.startswith(("-", "(", "\u2212")):
            raise self.refuse(
                name, "negative", "write what is owed or paid as a positive number; import a credit as such"
            )
        if not _AMOUNT.fullmatch(value):
            remedy = "write digits and one point, without currency sign or thousands separators, such as 1234.56"
            raise self.refuse(name, "not a plain decimal number", remedy)
        try:
            return Money.of(Decimal(value), currency).minor
        except ValueError:
            places = exponent(currency)
            remedy = f"write at most {places} digits after the point; a point never separates thousands"
            raise self.refuse(name, f"more decimal places than {currency} has", remedy) from None

    def day(self, name: str) -> date:
        """A calendar day."""
        value = self.needed(name)
        found = _day(value)
        if found is None:
            raise self.refuse(name, "not a date of the form YYYY-MM-DD", _day_remedy(value))
        return found

    def optional_day(self, name: str) -> date | None:
        """A calendar day that only helps."""
        value = self.get(name)
        found = _day(value)
        if value and found is None:
            self.warn(name, "not a date of the form YYYY-MM-DD; left out", _day_remedy(value))
        return found

    def birthday(self, name: str) -> str:
        """A day on which somebody who is alive may be born, as ISO text, or ''."""
        found = self.optional_day(name)
        if found is not None and not 1900 <= found.year <= datetime.now(UTC).year:
            self.warn(name, "not a day of birth; left out", "check the year, and that dates are written YYYY-MM-DD")
            return ""
        return found.isoformat() if found else ""

    def instant(self, name: str) -> datetime:
        """An instant (aware UTC) from an ISO date, which means its start in UTC, or an ISO time with its offset."""
        value = self.needed(name)
        if (found := _day(value)) is not None:
            return datetime.combine(found, time.min, UTC)
        try:
            moment = datetime.fromisoformat(value) if _DAY.match(value) else None
        except ValueError:
            moment = None
        if moment is None:
            raise self.refuse(name, "neither an ISO date nor an ISO time", _day_remedy(value))
        if moment.tzinfo is None:
            raise self.refuse(name, "the time has no offset", "write 2026-03-31T14:05:00+02:00, or Z for UTC")
        return moment.astimezone(UTC)

    def text(self, name: str, length: int) -> str:
        """Text that only helps."""
        value = self.get(name)
        if len(value) > length:
            self.warn(name, f"longer than {length} characters; left out", "shorten it")
            return ""
        return value

    def country(self, name: str) -> str:
        """An ISO 3166-1 alpha-2 code, or ''."""
        value = self.get(name).upper()
        if value and value not in _COUNTRIES:
            remedy = "write GB" if value == "UK" else "write two letters such as US"
            self.warn(name, "not an ISO 3166-1 alpha-2 country; left out", remedy)
            return ""
        return value

    def language(self, name: str) -> str:
        """A BCP 47 tag, or ''."""
        value = self.get(name)
        tag = _language(value)
        if value and not tag:
            self.warn(name, "not a language tag; left out", "write a tag such as en, es-MX or zh-Hans")
        return tag

    def timezone(self, name: str) -> str:
        """An IANA zone, or ''."""
        value = self.get(name)
        if value and value not in known_zones():
            self.warn(
                name, "not an IANA time zone; left out", "write a name such as America/New_York, or leave it empty"
            )
            return ""
        return value


@lru_cache(maxsize=8192)
def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def _day_remedy(value: str) -> str:
    if re.fullmatch(r"\d{5}", value):
        return "it looks like a spreadsheet's day number: format the column as YYYY-MM-DD and export again"
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", value):
        return "day and month cannot be told apart: format the column as YYYY-MM-DD and export again"
    if _DAY.match(value) and len(value) > len("YYYY-MM-DD"):
        return "write only the day, or a time such as 2026-03-31T14:05:00Z where a time is read"
    return "write a day of the calendar such as 2026-03-31"


@lru_cache(maxsize=256)
def _language(value: str) -> str:
    match = _LANGUAGE.fullmatch(value)
    if not match:
        return ""
    language, script, region = match.groups(default="")
    return "-".join(part for part in (language.lower(), script.title(), region.upper()) if part)
