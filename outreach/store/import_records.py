"""What an import knows of accounts, debtors and items: rows as they are, or shall be, in the database.

`terms`, `preferences` and `standing` are documents as store/standing.py reads them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

#: The columns of `debtors` that a file states as they are.
DEBTOR_COLUMNS = (
    *("first_name", "last_name", "company", "language", "country", "region", "postal_code"),
    "date_of_birth",
)


class ConsentKey(NamedTuple):
    """What makes a consent of a debtor one of its own."""

    kind: str
    value: str
    scope: str
    given_at: datetime
    source: str


@dataclass(slots=True)
class PointRecord:
    """A contact point; `id` is 0 until it is stored."""

    kind: str
    value: str
    postal: dict[str, str] | None = None
    quality: str = "unverified"
    standing: dict[str, Any] | None = None
    retired_at: datetime | None = None
    id: int = 0
    changed: bool = False


@dataclass(slots=True)
class DebtorRecord:
    """A debtor; `facts` are DEBTOR_COLUMNS. `id` is 0 until it is stored; `changed` when any fact or point is.

    `consents` are those on record, `given` those to be recorded with their wording.
    """

    creditor_id: int
    ref: str
    facts: dict[str, str]
    zones: list[str] = field(default_factory=list)
    preferences: dict[str, Any] | None = None
    points: list[PointRecord] = field(default_factory=list)
    consents: set[ConsentKey] = field(default_factory=set)
    given: dict[ConsentKey, str] = field(default_factory=dict)
    id: int = 0
    changed: bool = False


@dataclass(slots=True)
class ItemRecord:
    """An item of an account, amounts in minor units; `id` is 0 until it is stored."""

    ref: str
    issued_on: date | None
    due_on: date
    amount_minor: int
    stated_open_minor: int
    open_minor: int
    id: int = 0
    changed: bool = False


@dataclass(slots=True)
class AccountRecord:
    """An account with those of its items that the batch names. `id` is 0 until it is stored."""

    ref: str
    debtor: DebtorRecord
    currency: str
    tags: list[str] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    terms: dict[str, Any] | None = None
    items: dict[str, ItemRecord] = field(default_factory=dict)
    erased_at: datetime | None = None
    id: int = 0
    changed: bool = False


@dataclass(slots=True)
class Snapshot:
    """The rows that a batch names, read and locked; debtors by (creditor id, ref), accounts by ref."""

    debtors: dict[tuple[int, str], DebtorRecord]
    accounts: dict[str, AccountRecord]
