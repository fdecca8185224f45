"""Importing any file twice equals importing it once, however it contradicts itself."""

from __future__ import annotations

import csv
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from outreach.flow.importing import import_accounts, import_payments
from outreach.store.tables import accounts, items
from tests.importing.files import HEADER, NOW, PAYMENT_HEADER, ready, state


def row(**cells: tuple[str, ...]) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({name: st.sampled_from(values) for name, values in cells.items()})


ACCOUNT_ROWS = st.lists(
    row(
        account_ref=("A-1", "A-2"),
        creditor=("northwind", "northwind", "northwind", "nobody"),
        debtor_ref=("D-1", "D-1", "D-2"),
        first_name=("Ada", "Eve", ""),
        last_name=("Sample",),
        language=("en", "es", "", "??"),
        timezone=("", "America/New_York", "Mars/Base"),
        email=("ada@debtor.example", "eve@debtor.example", "", "no"),
        phone=("+12125550142", "+18505550143", "", "12"),
        country=("US", "", "UK"),
        currency=("USD", "USD", "USD", "EUR"),
        item_ref=("I-1", "I-2", "I-3"),
        item_due_date=("2026-11-20", "2026-10-01", "soon"),
        item_amount=("100.00", "80", "1,00"),
        item_open_amount=("", "0", "50.00", "90.00"),
        tags=("vip", "", "a;b"),
        x_branch=("5", "", "6"),
    ),
    max_size=8,
)
PAYMENT_ROWS = st.lists(
    row(
        account_ref=("A-1", "A-1", "A-2", "A-404"),
        payment_ref=("P-1", "P-2", "P-3"),
        paid_at=("2026-11-30", "2026-11-30", "2026-12-01T10:00:00Z"),
        amount=("10", "60.00", "200.00", "", "0"),
        currency=("USD", "USD", "EUR"),
        item_ref=("", "I-1", "I-2"),
        kind=("payment", "payment", "credit", "reversal", "gift"),
    ),
    max_size=10,
)


def write_rows(path: Path, header: str, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, header.split(","))
        writer.writeheader()
        writer.writerows(rows)
    return path


def holds_together(engine: Engine) -> bool:
    """Whether every item is open between nothing and its amount, and balances are the sums of the items."""
    open_sum = select(func.coalesce(func.sum(items.c.open_minor), 0)).where(items.c.account_id == accounts.c.id)
    wrong_items = select(items.c.id).where((items.c.open_minor < 0) | (items.c.open_minor > items.c.amount_minor))
    wrong_sums = select(accounts.c.id).where(accounts.c.balance_minor != open_sum.scalar_subquery())
    with engine.connect() as connection:
        return not connection.scalars(wrong_items).all() and not connection.scalars(wrong_sums).all()


@settings(max_examples=40, deadline=None, derandomize=True)
@given(account_rows=ACCOUNT_ROWS, payment_rows=PAYMENT_ROWS)
def test_any_files_imported_twice_leave_what_importing_them_once_leaves(
    account_rows: list[dict[str, str]], payment_rows: list[dict[str, str]]
) -> None:
    with TemporaryDirectory() as name, ready(f"sqlite:///{name}/twice.db") as engine:
        folder = Path(name)
        statement = write_rows(folder / "accounts.csv", HEADER, account_rows)
        bookings = write_rows(folder / "payments.csv", PAYMENT_HEADER, payment_rows)
        for flow, path in ((import_accounts, statement), (import_payments, bookings), (import_accounts, statement)):
            flow(engine, path, NOW)
            once = state(engine)
            again = flow(engine, path, NOW)
            assert (again.created, again.updated) == (0, 0)
            assert state(engine) == once
            assert holds_together(engine)
