"""Sample files, and what a database holds after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine, insert, select

from outreach.store.engine import make_engine
from outreach.store.outbox import timeline
from outreach.store.tables import accounts, contact_points, creditors, debtors, items, payments
from tests.databases import make_tables

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
HEADER = (
    "account_ref,creditor,debtor_ref,first_name,last_name,language,timezone,email,phone,country,currency,"
    "item_ref,item_due_date,item_amount,item_open_amount,tags,x_branch"
)
ROW = (
    "A-1,northwind,D-1,Ada,Sample,en,America/New_York,ada@debtor.example,+12125550142,US,USD,"
    "I-1,2026-11-20,123.45,,vip,5"
)
PAYMENT_HEADER = "account_ref,payment_ref,paid_at,amount,currency,item_ref,kind"


@contextmanager
def ready(url: str) -> Iterator[Engine]:
    """A database with one creditor."""
    engine = make_engine(url)
    make_tables(engine)
    with engine.begin() as connection:
        connection.execute(insert(creditors).values(ref="northwind", name="Northwind (sample)"))
    yield engine
    engine.dispose()


def write(tmp_path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    """A file of accounts."""
    path = tmp_path / "accounts.csv"
    path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
    return path


def pay(tmp_path: Path, *rows: str) -> Path:
    """A file of payments."""
    path = tmp_path / "payments.csv"
    path.write_text("\n".join([PAYMENT_HEADER, *rows, ""]), encoding="utf-8")
    return path


def numbers(report: object) -> tuple[int, ...]:
    """Rows created, updated, unchanged and rejected."""
    return tuple(getattr(report, name) for name in ("created", "updated", "unchanged", "rejected"))


def state(engine: Engine) -> list[list[tuple[object, ...]]]:
    """Every row that an import may write."""
    with engine.connect() as connection:
        tables = (accounts, debtors, contact_points, items, payments, timeline)
        return [[tuple(row) for row in connection.execute(select(table).order_by(table.c.id))] for table in tables]


def open_minor(engine: Engine) -> dict[str, int]:
    """What is open by item ref."""
    with engine.connect() as connection:
        return {row.ref: row.open_minor for row in connection.execute(select(items.c.ref, items.c.open_minor))}
