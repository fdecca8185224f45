"""A sample portfolio: invented debtors with reserved numbers and .example addresses, the same on every machine."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

#: Debtors of each creditor.
CARD, CLINIC, WHOLESALE, CREDIT = 110, 60, 40, 40


@dataclass(frozen=True, slots=True)
class SamplePortfolio:
    """The two files that were written, and how many accounts they hold."""

    accounts: Path
    payments: Path
    accounts_count: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where sample debtors live; `area` is an area code of the place."""

    area: str
    city: str
    region: str
    postal_code: str
    country: str
    timezone: str


_PLACES = (
    _Place("212", "New York", "NY", "10001", "US", "America/New_York"),
    _Place("312", "Chicago", "IL", "60601", "US", "America/Chicago"),
    _Place("303", "Denver", "CO", "80202", "US", "America/Denver"),
    _Place("213", "Los Angeles", "CA", "90012", "US", "America/Los_Angeles"),
    _Place("305", "Miami", "FL", "33101", "US", "America/New_York"),
    _Place("915", "El Paso", "TX", "79901", "US", "America/Denver"),
    _Place("808", "Honolulu", "HI", "96813", "US", "Pacific/Honolulu"),
)
_SHANGHAI = _Place("628", "上海市", "上海", "200001", "CN", "Asia/Shanghai")
_NAMES = {
    "en": (["Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gus", "Hope"], ["Sample-Ash", "Sample-Birch", "Sample-Elm"]),
    "es": (["Ana", "Bruno", "Carla", "Diego", "Elsa", "Fidel"], ["Muestra-Roble", "Muestra-Pino", "Muestra-Olmo"]),
    "zh": (["示例甲", "示例乙", "示例丙", "示例丁"], ["样"]),
}
#: Endings of sample numbers that mean something to the sandbox (see docs/sandbox.md): one debtor each.
_CODED_ENDINGS = ("81", "82", "83", "89", "90", "91", "92", "93", "95", "97", "99")
_CODED_MAILBOXES = ("bounce", "late-bounce", "soft", "spam", "unsubscribe", "reply-promise", "late")
_STREETS = ("Sample Street", "Example Avenue", "Specimen Road")


class _Debtors:
    """Makes debtors one after the other; `random` is seeded, so every run makes the same."""

    def __init__(self, random: Random, today: date) -> None:
        self._random, self._today = random, today
        self._areas: dict[str, Iterator[int]] = {}
        self._serial = count(1)

    def person(
        self, creditor: str, language: str, place: _Place, ages: Sequence[int], currency: str
    ) -> list[dict[str, str]]:
        """The rows of a person's account, one item for each age in days past due."""
        first, last = _NAMES[language]
        serial = next(self._serial)
        base = self._base(creditor, serial, place) | {
            "first_name": self._random.choice(first),
            "last_name": self._random.choice(last),
            "language": language,
            "currency": currency,
            "phone": self._phone(place.area),
            "email": f"sample{serial}@debtor.example",
        }
        return [base | self._item(serial, number, age) for number, age in enumerate(ages, 1)]

    def business(self, creditor: str, place: _Place, ages: Sequence[int]) -> list[dict[str, str]]:
        """The rows of a business with several invoices."""
        serial = next(self._serial)
        base = self._base(creditor, serial, place) | {
            "company": f"Sample Trading {serial} Inc.",
            "language": "en",
            "currency": "USD",
            "email": f"payables{serial}@business.example",
        }
        return [base | self._item(serial, number, age, scale=10) for number, age in enumerate(ages, 1)]

    def _base(self, creditor: str, serial: int, place: _Place) -> dict[str, str]:
        return {
            "account_ref": f"SAMPLE-{serial:04d}",
            "creditor": creditor,
            "debtor_ref": f"SD-{serial:04d}",
            "timezone": place.timezone,
            "address_line1": f"{self._random.randint(1, 99)} {self._random.choice(_STREETS)}",
            "city": place.city,
            "region": place.region,
            "postal_code": place.postal_code,
            "country": place.country,
            "tags": "sample",
            "x_sample": "yes",
        }

    def _phone(self, area: str) -> str:
        ending = next(self._areas.setdefault(area, count(2)))
        return f"+1{area}55501{ending:02d}" if ending <= 79 else ""

    def _item(self, serial: int, number: int, age: int, scale: int = 1) -> dict[str, str]:
        due_on = self._today - timedelta(days=age)
        amount = f"{self._random.randint(40, 480) * scale}.{self._random.randint(0, 99):02d}"
        return {
            "item_ref": f"S{serial:04d}-{number}",
            "item_date": (due_on - timedelta(days=30)).isoformat(),
            "item_due_date": due_on.isoformat(),
            "item_amount": amount,
            "item_open_amount": amount,
        }


def write_sample(directory: Path, today: date) -> SamplePortfolio:
    """Write accounts.csv and payments.csv for a portfolio whose items are of all ages on the day `today`."""
    directory.mkdir(parents=True, exist_ok=True)
    rows = list(_rows(Random(20), today))  # noqa: S311 (a sample needs no secrets)
    _code(rows)
    accounts, payments = directory / "sample-accounts.csv", directory / "sample-payments.csv"
    _write(accounts, rows)
    _write(payments, _payments(rows, today))
    return SamplePortfolio(accounts, payments, len({row["account_ref"] for row in rows}))


def _rows(random: Random, today: date) -> Iterator[dict[str, str]]:
    debtors = _Debtors(random, today)
    for number in range(CARD):
        place = _PLACES[number % len(_PLACES)]
        language = "es" if number % 3 == 0 else "en"
        ages = [random.choice((2, 3, 4, 5, 9, 20, 45, 70)), *([1] if number % 4 == 0 else [])]
        yield from debtors.person("northwind", language, place, ages, "USD")
    for number in range(CLINIC):
        place, language = _PLACES[number % len(_PLACES)], ("en", "es", "zh")[number % 3]
        yield from debtors.person("lakeside-clinic", language, place, [random.choice((10, 14, 15, 40, 100))], "USD")
    for number in range(WHOLESALE):
        ages = [random.choice((4, 8, 31, 33, 38, 46, 50)), -4, *([12] if number % 3 == 0 else [])]
        yield from debtors.business("harbor-supply", _PLACES[number % 3], ages)
    for _ in range(CREDIT):
        yield from debtors.person("jinghe-credit", "zh", _SHANGHAI, [random.choice((2, 3, 4, 8, 30))], "CNY")


def _code(rows: list[dict[str, str]]) -> None:
    """Give some debtors numbers, mailboxes and address lines that the sandbox answers in its special ways."""
    people = [row for row in rows if row["creditor"] == "northwind"]
    for ending, row in zip(_CODED_ENDINGS, people[4::7], strict=False):
        row["phone"] = row["phone"][:-2] + ending
    for mailbox, row in zip(
        _CODED_MAILBOXES, [row for row in rows if row["creditor"] == "lakeside-clinic"], strict=False
    ):
        row["email"] = f"{mailbox}@debtor.example"
    for row in people[2::11]:
        row["phone"] = ""
    _code_businesses(rows)


def _code_businesses(rows: list[dict[str, str]]) -> None:
    businesses = [row for row in rows if row["creditor"] == "harbor-supply"]
    for number, ref in enumerate(sorted({row["account_ref"] for row in businesses})):
        mine = [row for row in businesses if row["account_ref"] == ref]
        if number % 2:
            for row in mine:
                row["email"] = ""
        if number % 7 == 1:
            for row in mine:
                row["address_line2"] = "RETURNED"


def _payments(rows: list[dict[str, str]], today: date) -> list[dict[str, str]]:
    people = [row for row in rows if row["creditor"] == "northwind"]
    paid_at = (today - timedelta(days=1)).isoformat()

    def pay(row: dict[str, str], ref: str, amount: str, kind: str) -> dict[str, str]:
        return {
            "account_ref": row["account_ref"],
            "payment_ref": ref,
            "paid_at": paid_at,
            "amount": amount,
            "currency": row["currency"],
            "item_ref": row["item_ref"],
            "kind": kind,
        }

    full, part, back = people[1], people[3], people[6]
    return [
        pay(full, "SP-1", full["item_amount"], "payment"),
        pay(part, "SP-2", "10.00", "payment"),
        pay(back, "SP-3", back["item_amount"], "payment"),
        pay(back, "SP-3", back["item_amount"], "reversal"),
    ]


def _write(path: Path, rows: list[dict[str, str]]) -> None:
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, names, restval="")
        writer.writeheader()
        writer.writerows(rows)
