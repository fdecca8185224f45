"""A whole file: checked, read in a stream, stored a batch a transaction, or all in one when it is strict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

from sqlalchemy import Connection, Engine

from outreach.flow.importing import account_rows, payment_rows
from outreach.flow.importing.accounts import AccountsImport
from outreach.flow.importing.outcome import Outcome
from outreach.flow.importing.payments import PaymentsImport
from outreach.flow.importing.report import BadFile, ImportReport, RowProblem
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


class FileImport(Protocol[T]):
    """The import of one file, which remembers what the file said."""

    def store(self, connection: Connection, rows: Sequence[T]) -> Outcome:
        """Write a batch of good rows in the caller's transaction."""

    def leftovers(self) -> Sequence[T]:
        """The rows that wait for the end of the file; they are then stored as the last batch."""


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

    def read(source: Source) -> Iterator[account_rows.AccountRow | RowProblem]:
        return account_rows.good_rows(read_rows(source, account_rows.COLUMNS), known)

    return _import(engine, path, read, AccountsImport(now), options or ImportOptions())


def import_payments(engine: Engine, path: Path, now: datetime, options: ImportOptions | None = None) -> ImportReport:
    """Import payments, credits and reversals; errors as for `import_accounts`."""

    def read(source: Source) -> Iterator[payment_rows.PaymentRow | RowProblem]:
        return payment_rows.good_rows(read_rows(source, payment_rows.COLUMNS))

    return _import(engine, path, read, PaymentsImport(now), options or ImportOptions())


def _import(
    engine: Engine,
    path: Path,
    read: Callable[[Source], Iterator[T | RowProblem]],
    file_import: FileImport[T],
    options: ImportOptions,
) -> ImportReport:
    report = options.report
    with _opened(path) as stream:
        source = check_source(stream, options.input_format or InputFormat.of(path.name))
        with _one_transaction(engine, report) if options.strict else nullcontext() as whole:
            for batch in chain(_ahead(take(read(source), BATCH)), _leftovers(file_import)):
                with nullcontext(whole) if whole is not None else engine.begin() as connection:
                    outcome = _store(connection, batch, file_import)
                outcome.add_to(report)
                options.progress(report.taken + report.rejected, source.lines)
    return report


def _store(connection: Connection, batch: list[T | RowProblem], file_import: FileImport[T]) -> Outcome:
    imports.serialise(connection)
    outcome = file_import.store(connection, [row for row in batch if not isinstance(row, RowProblem)])
    outcome.problems += [problem for problem in batch if isinstance(problem, RowProblem)]
    return outcome


def _ahead(batches: Iterator[list[T]]) -> Iterator[list[T]]:
    """The batches; while the database stores one, the next is read."""
    with ThreadPoolExecutor(max_workers=1) as pool:
        coming = pool.submit(next, batches, None)
        while (batch := coming.result()) is not None:
            coming = pool.submit(next, batches, None)
            yield batch


def _leftovers(file_import: FileImport[T]) -> Iterator[list[T | RowProblem]]:
    if leftovers := file_import.leftovers():
        yield [*leftovers]


@contextmanager
def _one_transaction(engine: Engine, report: ImportReport) -> Iterator[Connection]:
    """A transaction that is rolled back when the report has a rejected row at its end."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
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
