"""A whole file: checked, read in a stream, stored a batch a transaction, or all in one when it is strict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, TypeVar

from sqlalchemy import Engine

from outreach.flow.importing import account_rows, accounts, payments
from outreach.flow.importing.report import BadFile, ImportReport
from outreach.flow.importing.rows import read_rows
from outreach.flow.importing.source import InputFormat, Source, check_source
from outreach.store import imports
from outreach.store.batch import take
from outreach.store.engine import reading

#: Rows per transaction.
BATCH = 2_000

#: Told how many lines were read, of about how many.
Progress = Callable[[int, int], None]
T = TypeVar("T")


@dataclass(frozen=True)
class ImportOptions:
    """How to import. `strict`: one bad row and nothing is taken. `report` is filled, such as one with a sink."""

    strict: bool = False
    progress: Progress = lambda _done, _of: None
    input_format: InputFormat | None = None
    report: ImportReport = field(default_factory=ImportReport)


def import_accounts(engine: Engine, path: Path, now: datetime, options: ImportOptions | None = None) -> ImportReport:
    """Import the accounts of a CSV or JSON lines file; see docs/import.md for its columns.

    A file may be imported again: what is unchanged changes nothing. Interrupted, it leaves whole batches, and
    importing it again goes on. Raises BadFile when nothing of the file can be read.
    """
    with reading(engine) as connection:
        known = imports.creditor_ids(connection)

    def rows(source: Source, report: ImportReport) -> Iterator[account_rows.AccountRow]:
        return account_rows.good_rows(read_rows(source, account_rows.COLUMNS), known, report)

    return _import(engine, path, rows, partial(accounts.store_batch, now=now), options or ImportOptions())


def import_payments(engine: Engine, path: Path, now: datetime, options: ImportOptions | None = None) -> ImportReport:
    """Import payments, credits and reversals; errors as for `import_accounts`."""

    def rows(source: Source, report: ImportReport) -> Iterator[payments.PaymentRow]:
        return payments.good_rows(read_rows(source, payments.COLUMNS), report)

    return _import(engine, path, rows, partial(payments.store_batch, now=now), options or ImportOptions())


def _import(
    engine: Engine,
    path: Path,
    rows: Callable[[Source, ImportReport], Iterator[T]],
    store: Callable[..., None],
    options: ImportOptions,
) -> ImportReport:
    report = options.report
    with _opened(path) as stream:
        source = check_source(stream, options.input_format or InputFormat.of(path.name))
        batches = take(rows(source, report), BATCH)
        if options.strict:
            _all_or_nothing(engine, batches, store, report)
            return report
        for batch in batches:
            with engine.begin() as connection:
                imports.serialise(connection)
                store(connection, batch, report=report)
            options.progress(report.taken + report.rejected, source.lines)
    return report


def _all_or_nothing(
    engine: Engine, batches: Iterator[list[T]], store: Callable[..., None], report: ImportReport
) -> None:
    with engine.connect() as connection, connection.begin() as transaction:
        imports.serialise(connection)
        for batch in batches:
            store(connection, batch, report=report)
        if report.rejected:
            transaction.rollback()
            report.take_nothing()


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise BadFile(f"{path}: {error.strerror}: check the path and the rights") from error
