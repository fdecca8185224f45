"""Rows of data on stdout, as a table for people or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import typer
from rich.markup import escape
from rich.table import Table

from outreach.cli.context import OutputFormat, stdout

#: Columns of ISO 8601 instants, which a table shows to the minute.
INSTANTS = frozenset(
    {"at", "since", "ended", "given", "revoked", "until", "look_again_by", "received", "resolved", "used", "success"}
)

#: Rows that are written at once.
AT_ONCE = 1_000


def print_rows(
    rows: Iterable[dict[str, str]], output: OutputFormat, columns: Sequence[str], shown: Sequence[str]
) -> None:
    """Print rows of `columns`, as they come where it is for programs; a table has only those `shown`, an empty CSV has
    its header."""
    if output is not OutputFormat.TABLE:
        parts = _as_json(rows) if output is OutputFormat.JSON else _as_csv(rows, columns)
        while written := "".join(islice(parts, AT_ONCE)):
            typer.echo(written, nl=False)
    else:
        table = Table(*shown)
        for row in rows:
            table.add_row(*(escape(_short(name, row[name])) for name in shown))
        stdout.print(table)


def _as_json(rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """One array, a row a part."""
    before = "[\n "
    for row in rows:
        yield before + json.dumps(row, ensure_ascii=False, indent=1).replace("\n", "\n ")
        before = ",\n "
    yield "\n]\n" if before.startswith(",") else "[]\n"


def _as_csv(rows: Iterable[dict[str, str]], columns: Sequence[str]) -> Iterator[str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    for row in rows:
        writer.writerow(row)
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _short(name: str, value: str) -> str:
    return value[:16].replace("T", " ") if name in INSTANTS else value
