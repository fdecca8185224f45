"""Rows of data on stdout, as a table for people or as JSON or CSV for programs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence

import typer
from rich.markup import escape
from rich.table import Table

from outreach.cli.context import OutputFormat, stdout

#: Columns of ISO 8601 instants, which a table shows to the minute.
INSTANTS = frozenset({"at", "since", "ended", "given", "revoked"})


def print_rows(
    rows: Sequence[dict[str, str]], output: OutputFormat, columns: Sequence[str], shown: Sequence[str]
) -> None:
    """Print rows of `columns`; a table has only those `shown`, an empty CSV has its header."""
    if output is OutputFormat.JSON:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    elif output is OutputFormat.CSV:
        text = io.StringIO()
        writer = csv.DictWriter(text, list(columns))
        writer.writeheader()
        writer.writerows(rows)
        typer.echo(text.getvalue(), nl=False)
    else:
        table = Table(*shown)
        for row in rows:
            table.add_row(*(escape(_short(name, row[name])) for name in shown))
        stdout.print(table)


def _short(name: str, value: str) -> str:
    return value[:16].replace("T", " ") if name in INSTANTS else value
