"""A sample portfolio: invented debtors with reserved numbers and .example addresses, the same on every machine."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from random import Random

from outreach.sandbox.outcomes import LETTERBOXES, MAILBOXES, NUMBERS


@dataclass(frozen=True, slots=True)
class SamplePortfolio:
    """The two files that were written, and how many accounts they hold."""

    accounts: Path
    payments: Path
    accounts_count: int


@dataclass(frozen=True, slots=True)
class _Place:
    """Where sample debtors live. `area` is an area code whose numbers 555-01xx are theirs; no creditor has it."""

    area: str
    city: str
    region: str
    postal_code: str
    country: str
    timezone: str
    street: str = "Sample Street"


@dataclass(frozen=True, slots=True)
class _Quirk:
    """What is special about a debtor: codes of the sandbox (docs/sandbox.md), and columns that are empty."""

    ending: str = ""
    mailbox: str = ""
    line2: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Group:
    """The debtors of one creditor.

    `ages`: days past due of a debtor's items, negative before they are due; the special debtors have the first, with
    which a step is due at once. `amounts`: least and most of an item, in whole units. `excluding_tag`: a tag that
    keeps an account out of the creditor's campaign.
    """

    creditor: str
    size: int
    currency: str
    languages: tuple[str, ...]
    places: tuple[_Place, ...]
    ages: tuple[tuple[int, ...], ...]
    amounts: tuple[int, int]
    excluding_tag: str
    quirks: tuple[_Quirk, ...]


_PLACES = (
    _Place("646", "New York", "NY", "10001", "US", "America/New_York"),
    _Place("773", "Chicago", "IL", "60601", "US", "America/Chicago"),
    _Place("303", "Denver", "CO", "80202", "US", "America/Denver"),
    _Place("213", "Los Angeles", "CA", "90012", "US", "America/Los_Angeles"),
    _Place("305", "Miami", "FL", "33101", "US", "America/New_York"),
    _Place("915", "El Paso", "TX", "79901", "US", "America/Denver"),
    _Place("808", "Honolulu", "HI", "96813", "US", "Pacific/Honolulu"),
)
_LONDON = _Place("", "London", "", "EC1A 1BB", "GB", "Europe/London")
#: China reserves no numbers, so the sample's debtors there have reserved ones of North America.
_SHANGHAI = _Place("628", "上海市", "上海市", "200000", "CN", "Asia/Shanghai", "示例路")
_NAMES = {
    "en": (("Ada", "Ben", "Cleo", "Dov", "Eve", "Finn", "Gus", "Hope"), ("Sample-Ash", "Sample-Birch", "Sample-Elm")),
    "es": (("Ana", "Bruno", "Carla", "Diego", "Elsa", "Fidel"), ("Sample-Ortiz", "Sample-Rojas", "Sample-Vega")),
    "zh": (("小安", "小北", "小晨", "小冬", "小方", "小禾"), ("示例",)),
}
_UNTEXTED = tuple(_Quirk(lacks=lacks) for lacks in (("phone",), ("phone",), ("email",), ("phone", "email")))
_TEXTED = tuple(_Quirk(ending=code.mark) for code in NUMBERS)
#: Texts that fail to someone without e-mail: nothing can stand in for them but a person.
_DEAD_ENDS = tuple(_Quirk(ending=ending, lacks=("email",)) for ending in ("90", "92"))
_MAILED = tuple(_Quirk(mailbox=code.mark.rstrip("@")) for code in MAILBOXES)
_UNMAILED = tuple(_Quirk(mailbox=mailbox, lacks=("phone",)) for mailbox in ("bounce", "soft", "drop"))
_POSTED = tuple(_Quirk(line2=code.mark, lacks=("email",)) for code in LETTERBOXES)

_GROUPS = (
    _Group(
        *("northwind", 110, "USD", ("en", "es"), _PLACES),
        ages=((4,), (1,), (2,), (3,), (5, 1), (9,), (15,), (29,), (45, 15), (70, 40, 10), (89,), (120,)),
        amounts=(20, 1_200),
        excluding_tag="vip",
        quirks=(*_TEXTED, *_DEAD_ENDS, *_UNTEXTED, *_TEXTED),
    ),
    _Group(
        *("lakeside-clinic", 60, "USD", ("en", "es", "zh"), _PLACES),
        ages=((15,), (5,), (10,), (14,), (20, 3), (40,), (100, 70), (200,)),
        amounts=(20, 2_400),
        excluding_tag="insurance-pending",
        quirks=(*_MAILED, *_UNMAILED),
    ),
    _Group(
        *("harbor-supply", 40, "USD", ("en",), (*_PLACES[:4], _LONDON)),
        ages=((35, -20), (-20,), (-4, -30), (8, -4), (12,), (33,), (38, 8, -20), (47,), (50, 20), (58, 28, -2)),
        amounts=(200, 1_600),
        excluding_tag="key-account",
        quirks=_POSTED,
    ),
    _Group(
        *("jinghe-credit", 40, "CNY", ("zh",), (_SHANGHAI,)),
        ages=((4,), (1,), (2,), (3,), (8,), (30, 1), (60, 30)),
        amounts=(60, 2_400),
        excluding_tag="投诉处理中",
        quirks=(*_UNTEXTED, *(_Quirk(ending=ending) for ending in ("81", "83", "90"))),
    ),
)
#: Every so many debtors bear the tag that keeps them out of the campaign.
_EXCLUDED_EVERY = 13
#: How long ago the sample accounts were opened.
_OPENED = timedelta(days=400)


class _Debtors:
    """Makes debtors one after the other; `random` is seeded, so every run makes the same."""

    def __init__(self, random: Random, today: date) -> None:
        self._random, self._today = random, today
        self._endings: dict[str, Iterator[int]] = {}
        self._serials = count(1)

    def group(self, group: _Group) -> Iterator[dict[str, str]]:
        """The rows of a creditor's debtors, the special ones first."""
        for number in range(group.size):
            special = number < len(group.quirks)
            quirk = group.quirks[number] if special else _Quirk()
            excluded = not special and number % _EXCLUDED_EVERY == 0
            place = group.places[number % len(group.places)]
            language = group.languages[number % len(group.languages)]
            serial = next(self._serials)
            debtor = {
                "account_ref": f"SAMPLE-{serial:04d}",
                "creditor": group.creditor,
                "debtor_ref": f"SD-{serial:04d}",
                **self._who(group.creditor, serial, language),
                "language": language,
                **self._where(place, serial, quirk),
                "currency": group.currency,
                "tags": f"sample {group.excluding_tag}" if excluded else "sample",
                "x_sample": "yes",
            }
            debtor |= dict.fromkeys(quirk.lacks, "")
            debtor |= self._agreed(debtor)
            ages = group.ages[0] if special else self._random.choice(group.ages)
            yield from (debtor | self._item(serial, nth, age, group.amounts) for nth, age in enumerate(ages, 1))

    def _who(self, creditor: str, serial: int, language: str) -> dict[str, str]:
        if creditor == "harbor-supply":
            return {"first_name": "", "last_name": "", "company": f"Sample Trading {serial}", "date_of_birth": ""}
        first, last = _NAMES[language]
        names = {"first_name": self._random.choice(first), "last_name": self._random.choice(last), "company": ""}
        return {**names, "date_of_birth": date(1950 + serial % 50, serial % 12 + 1, serial % 28 + 1).isoformat()}

    def _where(self, place: _Place, serial: int, quirk: _Quirk) -> dict[str, str]:
        house = self._random.randint(1, 99)
        return {
            "timezone": place.timezone,
            "email": f"{quirk.mailbox or 'sample'}+{serial}@debtor.example",
            "phone": self._phone(place.area, quirk.ending),
            "address_line1": f"{place.street} {house} 号" if place.country == "CN" else f"{house} {place.street}",
            "address_line2": quirk.line2,
            "city": place.city,
            "region": place.region,
            "postal_code": place.postal_code,
            "country": place.country,
        }

    def _agreed(self, debtor: dict[str, str]) -> dict[str, str]:
        """What the debtor agreed to when the account was opened, for each address that it has."""
        agreed = {}
        for name, verb in (("phone", "text"), ("email", "write to")):
            stated = bool(debtor[name])
            agreed[f"{name}_consent_at"] = (self._today - _OPENED).isoformat() if stated else ""
            agreed[f"{name}_consent_source"] = "application form (sample)" if stated else ""
            agreed[f"{name}_consent_wording"] = f"You may {verb} me about this account." if stated else ""
        return agreed

    def _phone(self, area: str, ending: str) -> str:
        """A reserved number of its own. Plain ones end below the codes (01, 81 and more) of the sandbox."""
        if not area:
            return ""
        plain = self._endings.setdefault(area, iter(range(2, 80)))
        return f"+1{area}55501{ending or f'{next(plain):02d}'}"

    def _item(self, serial: int, nth: int, age: int, amounts: tuple[int, int]) -> dict[str, str]:
        due_on = self._today - timedelta(days=age)
        amount = f"{self._random.randint(*amounts)}.{self._random.randint(0, 99):02d}"
        return {
            "item_ref": f"S{serial:04d}-{nth}",
            "item_date": (due_on - timedelta(days=30)).isoformat(),
            "item_due_date": due_on.isoformat(),
            "item_amount": amount,
            "item_open_amount": amount,
        }


def write_sample(directory: Path, today: date) -> SamplePortfolio:
    """Write accounts and payments as `outreach import` takes them, with items of all ages on the day `today`.

    The same day gives the same files. Raises OSError when the directory cannot be written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    debtors = _Debtors(Random(20), today)  # noqa: S311 (a sample needs no secrets)
    rows = [row for group in _GROUPS for row in debtors.group(group)]
    accounts, payments = directory / "sample-accounts.csv", directory / "sample-payments.csv"
    _write(accounts, rows)
    _write(payments, _payments(rows, today))
    return SamplePortfolio(accounts, payments, len({row["account_ref"] for row in rows}))


def _payments(rows: Sequence[dict[str, str]], today: date) -> list[dict[str, str]]:
    """Items paid in full and in part, one credit, and a payment that was taken back a day later."""

    def book(row: dict[str, str], kind: str, amount: str, days_ago: int) -> dict[str, str]:
        return {
            "account_ref": row["account_ref"],
            "payment_ref": f"SP-{row['item_ref']}",
            "paid_at": (today - timedelta(days=days_ago)).isoformat(),
            "amount": amount,
            "currency": row["currency"],
            "item_ref": row["item_ref"],
            "kind": kind,
        }

    *full, part, less, credited, back = [row for row in rows if row["creditor"] == "northwind"][-40::5]
    return [
        *(book(row, "payment", row["item_amount"], 3) for row in full),
        *(book(row, "payment", "10.00", 2) for row in (part, less)),
        book(credited, "credit", "15.00", 2),
        book(back, "payment", back["item_amount"], 3),
        book(back, "reversal", back["item_amount"], 2),
    ]


def _write(path: Path, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
