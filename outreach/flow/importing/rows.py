"""Rows of a CSV or JSON lines file, each with the line on which it begins."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from outreach.flow.importing.report import BadFile, RowProblem, Severity, hint
from outreach.flow.importing.source import InputFormat, Source

_DELIMITERS = ",;\t"
#: What no name, number or reference contains, and what PostgreSQL or a terminal would choke on.
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a file must and may have. With `extra`, any column x_* may stand in it, too."""

    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    extra: bool = False

    def knows(self, name: str) -> bool:
        """Whether the import reads the column."""
        return name in self.required or name in self.optional or (self.extra and name.startswith("x_"))


@dataclass(frozen=True, slots=True)
class Row:
    """Cells by column; white space is trimmed and runs of it are one blank. A column that is not given is absent."""

    line: int
    values: dict[str, str]


def read_rows(source: Source, columns: Columns) -> Iterator[Row | RowProblem]:
    """The rows in the order of the file, and a problem in the place of each row that cannot be read.

    Raises BadFile when the header does not name the columns that the import needs.
    """
    text = io.TextIOWrapper(source.stream, encoding="utf-8-sig", newline="")
    try:
        read = _json_rows if source.input_format is InputFormat.JSONL else _csv_rows
        yield from read(text, columns)
    finally:
        text.detach()


def _csv_rows(text: io.TextIOWrapper, columns: Columns) -> Iterator[Row | RowProblem]:
    line, delimiter, header = _read_header(text, columns)
    for name in header:
        if name and not columns.knows(name):
            yield _unknown_column(line, name, columns)
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    while True:
        start = line + reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield _bad_quotes(start, line + reader.line_num)
            continue
        if any(cell.strip() for cell in cells):
            yield _csv_row(start, header, cells)


def _csv_row(line: int, header: list[str], cells: list[str]) -> Row | RowProblem:
    if len(cells) != len(header):
        return RowProblem(
            line,
            "",
            "",
            f"the row has {len(cells)} cells, the header {len(header)}",
            'put a cell that holds the delimiter in double quotes ("); if it is the last row, the file may be cut off',
        )
    return _clean(line, dict(zip(header, cells, strict=True)))


def _clean(line: int, values: dict[str, str]) -> Row | RowProblem:
    tidy = {name: " ".join(value.split()) for name, value in values.items()}
    if _UNREADABLE.search("".join(tidy.values())):
        name = next(name for name, value in tidy.items() if _UNREADABLE.search(value))
        return RowProblem(line, name, "", "a NUL or control character", "remove it and import the row again")
    return Row(line, tidy)


def _read_header(text: io.TextIOWrapper, columns: Columns) -> tuple[int, str, list[str]]:
    line, first = 1, text.readline()
    stated = re.fullmatch(r"sep=(.)", first.strip("\r\n"))
    if stated:
        line, first = 2, text.readline()
    headers = {mark: _names(first, mark) for mark in (stated.group(1) if stated else _DELIMITERS)}
    delimiter = max(headers, key=lambda mark: sum(map(columns.knows, headers[mark])))
    header = headers[delimiter]
    missing = [name for name in columns.required if name not in header]
    if missing:
        strange = ", ".join(name for name in header if not columns.knows(name))
        raise BadFile(
            f"line {line}: the header lacks {', '.join(missing)}"
            + (f" and has {hint(strange)}, which is not known" if strange else "")
            + ": name every needed column in the first line, delimited by comma, semicolon or tab"
        )
    doubled = sorted({name for name in header if name and header.count(name) > 1})
    if doubled:
        raise BadFile(f"line {line}: the header names {', '.join(doubled)} more than once: keep one of each")
    return line, delimiter, header


def _names(line: str, delimiter: str) -> list[str]:
    return [cell.strip().lower() for cell in next(csv.reader([line], delimiter=delimiter), [])]


def _unknown_column(line: int, name: str, columns: Columns) -> RowProblem:
    near = get_close_matches(name, columns.required + columns.optional, n=1)
    keep = "call it x_<name> to offer it to templates, or " if columns.extra else ""
    remedy = f"did you mean {near[0]}?" if near else f"{keep}leave it out"
    return RowProblem(line, hint(name), "", "the column is not known and is not read", remedy, Severity.WARNING)


def _bad_quotes(start: int, end: int) -> RowProblem:
    lines = "" if start == end else f" (lines {start} to {end} were read as one row)"
    return RowProblem(
        start,
        "",
        "",
        f"a double quote is not closed, or text follows it{lines}",
        'write a quote inside a quoted cell twice ("")',
    )


def _json_rows(text: io.TextIOWrapper, columns: Columns) -> Iterator[Row | RowProblem]:
    warned: set[str] = set()
    for line, written in enumerate(text, start=1):
        if not written.strip():
            continue
        if line == 1 and written.lstrip().startswith("["):
            raise BadFile("line 1: the file is a JSON array: write one object a line")
        row = _json_row(line, written)
        if isinstance(row, Row):
            unknown = {name for name in row.values if not columns.knows(name)} - warned
            warned |= unknown
            for name in sorted(unknown):
                yield _unknown_column(line, name, columns)
        yield row


def _json_row(line: int, written: str) -> Row | RowProblem:
    try:
        # Numbers stay the text that they are: an amount is never a float.
        found = json.loads(written, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return RowProblem(line, "", "", "not JSON", "write one complete JSON object a line")
    if not isinstance(found, dict):
        return RowProblem(line, "", "", "not a JSON object", 'write {"account_ref": ...}')
    values = {name: _json_text(value) for name, value in found.items()}
    for name, value in values.items():
        if value is None:
            return RowProblem(line, hint(name), "", "neither text nor a number", "write text, a number or null")
    return _clean(line, {name: value or "" for name, value in values.items()})


def _json_text(value: Any) -> str | None:
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return ";".join(value)
    return value if isinstance(value, str) else None
