"""How long a file of accounts and one of payments take, and the memory that they need.

python -m tests.bench.importing --rows 100000 --database postgresql://... (an empty database; default: SQLite)
"""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import phonenumbers
from sqlalchemy import Engine, insert

from outreach.flow.importing import ImportReport, import_accounts, import_payments
from outreach.store.engine import make_engine
from outreach.store.migrate import migrate
from outreach.store.tables import creditors

NOW = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
ZIPS = ("10001", "60601", "80202", "90012", "33101")
#: Every area code in use; in each, 100 numbers are reserved for fiction (555-0100 to 555-0199).
AREAS = tuple(
    str(area) for area in range(201, 990) if phonenumbers.is_valid_number(phonenumbers.parse(f"+1{area}5550100"))
)


def account_rows(count: int) -> Iterator[dict[str, str]]:
    """Sample accounts of one item each, with every contact point, reserved numbers and .example addresses."""
    for number in range(count):
        due = date(2026, 11, 1) - timedelta(days=number % 90)
        yield {
            "account_ref": f"A-{number}",
            "creditor": "northwind",
            "debtor_ref": f"D-{number}",
            "first_name": "Sample",
            "last_name": f"Debtor {number}",
            "language": "es" if number % 7 == 0 else "en",
            "email": f"debtor{number}@mail{number % 50}.example",
            "phone": f"+1{AREAS[number // 100 % len(AREAS)]}55501{number % 100:02d}",
            "address_line1": f"{number} Sample Street",
            "city": "Sampletown",
            "region": "NY",
            "postal_code": ZIPS[number % 5],
            "country": "US",
            "currency": "USD",
            "item_ref": f"I-{number}",
            "item_date": (due - timedelta(days=30)).isoformat(),
            "item_due_date": due.isoformat(),
            "item_amount": f"{50 + number % 900}.{number % 100:02d}",
            "tags": "sample",
            "x_branch": str(number % 40),
        }


def payment_rows(count: int) -> Iterator[dict[str, str]]:
    """One part payment an account."""
    for number in range(count):
        yield {
            "account_ref": f"A-{number}",
            "payment_ref": f"P-{number}",
            "paid_at": "2026-11-30",
            "amount": "25.00",
            "currency": "USD",
            "item_ref": "",
            "kind": "payment",
        }


def write(path: Path, rows: Iterator[dict[str, str]]) -> Path:
    """Rows of the same keys as CSV."""
    first = next(rows)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, first)
        writer.writeheader()
        writer.writerow(first)
        writer.writerows(rows)
    return path


def measure(name: str, engine: Engine, path: Path, flow: Callable[..., ImportReport]) -> None:
    """Import a file and print rows, seconds and the peak of the process's memory so far."""
    start = time.perf_counter()
    report = flow(engine, path, NOW)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = report.taken + report.rejected
    print(
        f"{name:<22} {seconds:7.1f} s {rows / seconds:9.0f} rows/s {peak:6.0f} MB  "
        f"created {report.created} updated {report.updated} unchanged {report.unchanged} rejected {report.rejected}"
    )


def run(rows: int, database: str) -> None:
    """Import accounts, the same again, and payments."""
    with tempfile.TemporaryDirectory() as folder:
        engine = make_engine(database or f"sqlite:///{folder}/bench.db")
        migrate(engine)
        with engine.begin() as connection:
            connection.execute(insert(creditors).values(ref="northwind", name="Northwind (sample)"))
        accounts = write(Path(folder) / "accounts.csv", account_rows(rows))
        payments = write(Path(folder) / "payments.csv", payment_rows(rows))
        print(f"import of {rows} rows, {engine.dialect.name}")
        measure("accounts", engine, accounts, import_accounts)
        measure("the same accounts", engine, accounts, import_accounts)
        measure("payments", engine, payments, import_payments)
        engine.dispose()


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument(
        "--database", default="", help="URL of an empty database; a new SQLite file when it is left out"
    )
    arguments = parser.parse_args()
    run(arguments.rows, arguments.database)


if __name__ == "__main__":
    main()
