"""`outreach import` on the files that people really have: clear errors, right exit codes, nothing half-applied."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.flow.importing.files import BATCH
from outreach.store.engine import make_engine
from outreach.store.tables import accounts
from tests.databases import make_tables
from tests.importing.files import HEADER, PAYMENT_HEADER, ROW

SCHEDULES = Path(__file__).parents[2] / "schedules"
BAD = ROW.replace("123.45", '"1.234,56"').replace("A-1", "A-2")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The command's environment: an empty SQLite database and the sample creditors with one campaign."""
    url = f"sqlite:///{tmp_path / 'outreach.db'}"
    schedules = tmp_path / "schedules"
    schedules.mkdir()
    for name in ("creditors.yaml", "b2b-net-terms.yaml"):
        shutil.copy(SCHEDULES / name, schedules)
    for name, value in {"DATABASE_URL": url, "SCHEDULES": str(schedules), "SECRET_KEY": "k" * 40}.items():
        monkeypatch.setenv(f"OUTREACH_{name}", value)
    engine = make_engine(url)
    make_tables(engine)
    engine.dispose()
    return url


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["import", *map(str, arguments)])


def count(url: str) -> int:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(accounts))
    engine.dispose()
    return found or 0


def lines(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (lines(ROW.replace("Ada", "Ad\u00e9")).decode().encode("cp1252"), "line 2: byte 0xE9"),
        (lines(ROW).decode().encode("utf-16"), "UTF-16"),
        (lines(ROW).decode().encode("utf-16-le"), "UTF-16"),
        (b"PK\x03\x04" + b"\x00" * 300, "Excel workbook"),
        (lines(ROW).split(b"\n", 1)[1], "header lacks"),
        (lines(ROW).replace(b"item_due_date", b"[/due]", 1), "item_due_date"),
        (lines(ROW).replace(b"x_branch", b"tags", 1), "more than once"),
        (b'[{"account_ref": "A-1"}]', "header lacks"),
    ],
)
def test_a_file_that_cannot_be_read_exits_2_and_changes_nothing(
    database: str, tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    result = run("accounts", path)
    assert (result.exit_code, count(database)) == (2, 0)
    assert says in " ".join(result.stderr.split())
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("content", [b'[{"account_ref": "A-1"}]'])
def test_a_json_array_is_told_from_json_lines(database: str, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.jsonl"
    path.write_bytes(content)
    result = run("accounts", path)
    assert (result.exit_code, count(database)) == (2, 0)
    assert "one object a line" in result.stderr


def test_a_missing_file_exits_2(database: str, tmp_path: Path) -> None:
    assert run("accounts", tmp_path / "nothing.csv").exit_code == 2


def test_bad_rows_exit_1_and_the_good_ones_are_in(database: str, tmp_path: Path) -> None:
    path, problems = tmp_path / "file.csv", tmp_path / "problems.csv"
    path.write_bytes(lines(BAD, ROW))
    result = run("accounts", path, "--report", problems, "--format", "json")
    counts = json.loads(result.stdout)
    assert (result.exit_code, counts["created"], counts["rejected"], count(database)) == (1, 1, 1, 1)
    with problems.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [(row["line"], row["field"], row["value"]) for row in found] == [("2", "item_amount", "1.234,56")]
    assert found[0]["remedy"]


def test_strict_takes_nothing_even_when_the_bad_row_is_the_last_of_many(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    rows = [ROW.replace("A-1", f"A-{n}").replace("D-1", f"D-{n}") for n in range(10, BATCH + 20)]
    path.write_bytes(lines(*rows, BAD))
    result = run("accounts", path, "--strict")
    assert (result.exit_code, count(database)) == (1, 0)
    assert "nothing was taken" in result.stderr


def test_a_warning_alone_exits_0(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(lines(ROW.replace("+12125550142", "1.21256E+10")))
    result = run("accounts", path)
    assert (result.exit_code, count(database)) == (0, 1)
    assert "spreadsheet" in result.stderr


def test_line_numbers_are_right_after_a_quoted_line_break(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(lines(ROW.replace("Ada", '"Ada\nMaria"'), "", BAD))
    assert "line 5, item_amount" in run("accounts", path).stderr


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (ROW.replace("Ada", '"Ada'), "double quote"),
        (ROW[:60], "cells"),
        (ROW.replace("Ada", "A\x00da"), "NUL or control character"),
        (ROW.replace("Ada", "A\x1b[2Jda"), "NUL or control character"),
        (ROW.replace("A-1,", "1.23E+11,"), "spreadsheet"),
        (ROW.replace("2026-11-20", "11/20/2026"), "YYYY-MM-DD"),
        (ROW.replace("2026-11-20", "46346"), "spreadsheet's day number"),
    ],
)
def test_what_spreadsheets_and_exports_do_to_a_row_is_named(database: str, tmp_path: Path, row: str, says: str) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(lines(row))
    result = run("accounts", path)
    assert (result.exit_code, count(database)) == (1, 0)
    assert says in result.stderr


def test_a_misspelt_column_is_told_with_the_one_that_was_meant(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(lines(ROW).replace(b"item_open_amount", b"item_open_amuont", 1))
    assert "did you mean item_open_amount?" in run("accounts", path).stderr


def test_json_lines_keep_amounts_exact(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    row = dict(zip(HEADER.split(","), ROW.split(","), strict=True)) | {"item_amount": 0.07, "tags": ["a", "b"]}
    path.write_text(json.dumps(row) + "\nnot json\n")
    result = run("accounts", path, "--format", "csv")
    assert (result.exit_code, result.stdout.splitlines()[1]) == (1, "1,0,0,1,0")
    assert "line 2: not JSON" in result.stderr


def test_the_report_never_overwrites_the_file_itself(database: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(lines(ROW))
    assert run("accounts", path, "--report", path).exit_code == 2
    assert path.read_bytes() == lines(ROW)


def test_payments_are_imported_by_tabs_too(database: str, tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(lines(ROW))
    run("accounts", path)
    paid = tmp_path / "paid.tsv"
    paid.write_text(f"{PAYMENT_HEADER}\nA-1,P-1,2026-11-30,5,USD,,payment\n".replace(",", "\t"))
    assert run("payments", paid, "--format", "csv").stdout.splitlines()[1] == "1,0,0,0,0"


@pytest.mark.parametrize("command", ["accounts", "payments"])
def test_help_has_an_example(command: str) -> None:
    assert f"outreach import {command}" in run(command, "--help").output
