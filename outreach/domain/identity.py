"""Whether somebody is the debtor: an answer held against what is on record, and how often it may be tried.

Knowing the link proves nothing: whoever holds the telephone or reads the mailbox has it. So the page asks for a day of
birth or a postal code, and nobody may guess for long.
"""

from __future__ import annotations

import hmac
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

#: Within how long tries are counted together, and how long no answer is looked at when they were too many.
HOUR = timedelta(hours=1)
_NOISE = re.compile(r"[^0-9A-Z]")


class By(StrEnum):
    """By what somebody said who he or she is."""

    DATE_OF_BIRTH = "date_of_birth"
    POSTAL_CODE = "postal_code"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was entered: a day of birth, or a postal code."""

    by: By
    value: str

    @classmethod
    def born(cls, day: date) -> Answer:
        """A day of birth."""
        return cls(By.DATE_OF_BIRTH, day.isoformat())

    @classmethod
    def living_at(cls, postal_code: str) -> Answer:
        """A postal code, as written."""
        return cls(By.POSTAL_CODE, postal_code)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """What is known of a debtor: an ISO day, postal codes and a country; "" for what is not."""

    date_of_birth: str = ""
    postal_codes: tuple[str, ...] = ()
    country: str = ""


#: Nobody: what an answer is held against where there is no debtor, so that it takes as long.
NOBODY = OnRecord("0001-01-01", ("-",))


def proves(answer: Answer, known: OnRecord) -> bool:
    """Whether the answer is what is on record. What is not on record is proved by nothing."""
    if answer.by is By.DATE_OF_BIRTH:
        return _same(answer.value, known.date_of_birth)
    given = normal_postal_code(answer.value, known.country)
    # All of them are compared, whichever fits.
    return any([_same(given, normal_postal_code(code, known.country)) for code in known.postal_codes])  # noqa: C419


def normal_postal_code(written: str, country: str) -> str:
    """A postal code without case, spaces and signs, wide digits made plain; of a ZIP+4 the ZIP code (US)."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", written).upper())
    return plain[:5] if country == "US" and plain.isdigit() and len(plain) == 9 else plain


def _same(given: str, known: str) -> bool:
    return hmac.compare_digest(given.encode(), known.encode()) and bool(known)


@dataclass(frozen=True, slots=True)
class Limit:
    """How many wrong answers lock for an hour, and how many for good; `most` None: never for good."""

    in_an_hour: int
    most: int | None = None


#: For a link: a postal code has some hundred likely values where the town is known. The next message has a link anew.
OF_LINK = Limit(5, 20)
#: For a debtor, over all links.
OF_DEBTOR = Limit(5)
#: For an address on the internet: one is shared by all who are behind the same mobile network or office.
OF_CLIENT = Limit(50)


@dataclass(frozen=True, slots=True)
class Tries:
    """The tries so far. Instants are aware UTC of the machine's clock."""

    tries: int
    total: int
    hour_until: datetime
    locked_until: datetime | None = None


def another(so_far: Tries | None, limit: Limit, now: datetime) -> Tries | None:
    """The tries with one more, which may be made; None when it may not."""
    before = so_far or Tries(0, 0, now + HOUR)
    if before.locked_until is not None and now < before.locked_until:
        return None
    if limit.most is not None and before.total >= limit.most:
        return None
    if before.locked_until is not None or now >= before.hour_until:
        before = replace(before, tries=0, hour_until=now + HOUR, locked_until=None)
    tries = before.tries + 1
    locked_until = now + HOUR if tries >= limit.in_an_hour else None
    return Tries(tries, before.total + 1, before.hour_until, locked_until)
