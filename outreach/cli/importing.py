"""`outreach import`: accounts and payments from files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr, stdout
from outreach.flow.importing import (
    BadFile,
    ImportOptions,
    ImportReport,
    InputFormat,
    RowProblem,
    import_accounts,
    import_payments,
)

import_cli = typer.Typer(name="import", help="Import accounts and payments from files.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="CSV or JSON lines (.jsonl).")]
Strict = Annotated[bool, typer.Option("--strict", help="Take nothing when one row is bad.")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="Write every problem to this CSV file.")]
Input = Annotated[InputFormat | None, typer.Option("--input-format", help="Instead of by the file's ending.")]
Output = Annotated[OutputFormat, typer.Option("--format", help="How to print the counts.")]

#: Problems shown on the terminal; a report file has all.
SHOWN = 20


@import_cli.command("accounts")
def accounts(
    file: File,
    strict: Strict = False,
    report: ReportFile = None,
    input_format: Input = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Import accounts, debtors and items: one row an item. Safe to run again.

    Example: outreach import accounts portfolio.csv --report problems.csv
    """
    _run(import_accounts, file, strict, report, input_format, output)


@import_cli.command("payments")
def payments(
    file: File,
    strict: Strict = False,
    report: ReportFile = None,
    input_format: Input = None,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Import payments, credits and reversals. What is paid stops being chased at once. Safe to run again.

    Example: outreach import payments today.csv --format json
    """
    _run(import_payments, file, strict, report, input_format, output)


def _run(
    flow: Callable[..., ImportReport],
    file: Path,
    strict: bool,
    report_file: Path | None,
    input_format: InputFormat | None,
    output: OutputFormat,
) -> None:
    if report_file is not None and report_file.exists() and file.exists() and report_file.samefile(file):
        raise fail("--report names the file to import: name another", 2)
    counts = ImportReport()
    try:
        with ExitStack() as stack:
            app = stack.enter_context(app_of(load_settings()))
            app.register_campaigns()
            counts.sink = stack.enter_context(_sink(report_file))
            progress = stack.enter_context(_progress())
            options = ImportOptions(strict, progress, input_format, counts)
            flow(app.engine, file, app.clock.now(), options)
    except BadFile as error:
        raise fail(escape(str(error)), 2) from error
    except KeyboardInterrupt as error:
        raise fail(f"interrupted: {_left(counts, strict)}; run the same command again to go on", 130) from error
    _print_problems(counts, report_file)
    _print_counts(counts, output)
    if counts.rejected:
        raise typer.Exit(1)


def _left(counts: ImportReport, strict: bool) -> str:
    return "nothing was taken" if strict else f"{counts.taken} rows are in"


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("rows"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as bar:
        task = bar.add_task("import")
        yield lambda done, of: bar.update(task, completed=done, total=of)


@contextmanager
def _sink(file: Path | None) -> Iterator[Callable[[RowProblem], None] | None]:
    if file is None:
        yield None
        return
    try:
        stream = file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise BadFile(f"--report {file}: {error.strerror}: name a file that can be written") from error
    with stream:
        writer = csv.writer(stream)
        writer.writerow(RowProblem.__dataclass_fields__)
        yield lambda problem: writer.writerow(_inert(cell) for cell in astuple(problem))


def _inert(cell: object) -> object:
    """A spreadsheet runs what begins like a formula; the value of a bad row may be anybody's."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell


def _print_problems(counts: ImportReport, report_file: Path | None) -> None:
    for problem in counts.problems[:SHOWN]:
        stderr.print(f"{problem.severity.value}: {problem}", markup=False, soft_wrap=True)
    total = counts.rejected + counts.warnings
    if total > SHOWN:
        where = f"all are in {report_file}" if report_file else "write all to a file with --report FILE"
        stderr.print(f"... and {total - SHOWN} more: {where}", markup=False)
    if not counts.applied:
        stderr.print("nothing was taken: the import was strict and a row is bad", markup=False)


def _print_counts(counts: ImportReport, output: OutputFormat) -> None:
    names = ("created", "updated", "unchanged", "rejected", "warnings")
    row = {name: getattr(counts, name) for name in names}
    if output is OutputFormat.JSON:
        problems = [asdict(problem) for problem in counts.problems]
        typer.echo(json.dumps(row | {"applied": counts.applied, "problems": problems}, ensure_ascii=False))
    elif output is OutputFormat.CSV:
        typer.echo(",".join(names) + "\n" + ",".join(str(value) for value in row.values()))
    else:
        table = Table(*names)
        table.add_row(*(str(value) for value in row.values()))
        stdout.print(table)
