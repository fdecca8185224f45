"""Files in, accounts out: idempotent, row by row, with a remedy for every mistake."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select, text, update

from outreach.flow.importing import BadFile, ImportOptions, import_accounts, import_payments
from outreach.store.tables import accounts, contact_points, debtors, items
from tests.importing.files import HEADER, NOW, ROW, numbers, pay, ready, state, write


def test_a_row_makes_a_debtor_an_account_and_an_item(engine: Engine, tmp_path: Path) -> None:
    assert numbers(import_accounts(engine, write(tmp_path, ROW), NOW)) == (1, 0, 0, 0)
    with engine.connect() as connection:
        account = connection.execute(select(accounts)).one()
        points = {row.kind: row.value for row in connection.execute(select(contact_points))}
        zones = connection.scalar(select(debtors.c.zones))
    assert (account.balance_minor, account.currency, account.tags, account.extra) == (
        12345,
        "USD",
        ["vip"],
        {"x_branch": "5"},
    )
    assert points == {"sms": "+12125550142", "email": "ada@debtor.example"}
    assert zones == ["America/New_York"]


def test_importing_a_file_twice_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, ROW, ROW.replace("A-1", "A-2").replace("D-1", "D-2"))
    import_accounts(engine, path, NOW)
    before = state(engine)
    assert numbers(import_accounts(engine, path, NOW)) == (0, 0, 2, 0)
    assert state(engine) == before


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("USD", "XXQ"), "currency"),
        (("2026-11-20", ""), "item_due_date"),
        (("2026-11-20", "20/11/2026"), "item_due_date"),
        (("123.45", "1.234,56"), "item_amount"),
        (("123.45", "$123"), "item_amount"),
        (("123.45", "-5"), "item_amount"),
        (("northwind", "nobody"), "creditor"),
        (("A-1,", ","), "account_ref"),
    ],
)
def test_a_bad_row_is_refused_with_line_field_and_remedy(
    engine: Engine, tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    bad = (
        ROW.replace(*change, 1)
        if "," not in change[1]
        else ROW.replace(change[0], f'"{change[1]}"' if change[1] != "," else ",", 1)
    )
    good = ROW.replace("A-1", "A-9").replace("D-1", "D-9")
    report = import_accounts(engine, write(tmp_path, bad, good), NOW)
    assert numbers(report) == (1, 0, 0, 1)
    problem = report.problems[0]
    assert (problem.line, problem.field) == (2, field)
    assert problem.remedy


@pytest.mark.parametrize(
    ("change", "kind"), [(("+12125550142", "12"), "sms"), (("ada@debtor.example", "ada@"), "email")]
)
def test_a_bad_contact_is_left_out_and_the_debt_is_taken(
    engine: Engine, tmp_path: Path, change: tuple[str, str], kind: str
) -> None:
    report = import_accounts(engine, write(tmp_path, ROW.replace(*change)), NOW)
    assert (report.created, report.warnings) == (1, 1)
    with engine.connect() as connection:
        assert kind not in connection.scalars(select(contact_points.c.kind)).all()


def test_a_strict_import_with_one_bad_row_takes_nothing(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, ROW, ROW.replace("USD", "XXQ"))
    report = import_accounts(engine, path, NOW, ImportOptions(strict=True))
    assert not report.applied
    assert [len(rows) for rows in state(engine)] == [0] * 6


def test_excel_semicolons_and_a_bom_are_read(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, ROW.replace(",", ";"), header="\ufeffsep=;\n" + HEADER.replace(",", ";"))
    assert numbers(import_accounts(engine, path, NOW)) == (1, 0, 0, 0)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_a_file_that_is_not_utf8_is_refused_whole(engine: Engine, tmp_path: Path, encoding: str) -> None:
    with pytest.raises(BadFile, match="UTF-"):
        import_accounts(engine, write(tmp_path, ROW.replace("Ada", "Adé"), encoding=encoding), NOW)


def test_missing_columns_are_named(engine: Engine, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="item_due_date"):
        import_accounts(engine, write(tmp_path, ROW, header=HEADER.replace("item_due_date", "due")), NOW)


def test_the_same_item_stated_twice_differently_is_refused(engine: Engine, tmp_path: Path) -> None:
    report = import_accounts(engine, write(tmp_path, ROW, ROW.replace("123.45", "99.00"), ROW), NOW)
    assert report.rejected == 1
    assert report.problems[0].line == 3


def test_an_opt_out_survives_a_new_import(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    with engine.begin() as connection:
        connection.execute(update(contact_points).where(contact_points.c.kind == "sms").values(opted_out_at=NOW))
    import_accounts(engine, write(tmp_path, ROW.replace("+12125550142", "+12125550143")), NOW)
    import_accounts(engine, write(tmp_path, ROW), NOW)
    with engine.connect() as connection:
        query = select(contact_points).where(contact_points.c.value == "+12125550142")
        point = connection.execute(query).one()
    assert point.opted_out_at is not None
    assert point.retired_at is None


def test_a_payment_settles_the_oldest_item_and_its_reversal_gives_it_back(engine: Engine, tmp_path: Path) -> None:
    later = ROW.replace("I-1", "I-2").replace("2026-11-20", "2026-12-20")
    import_accounts(engine, write(tmp_path, ROW, later), NOW)
    paid = pay(tmp_path, "A-1,P-1,2026-11-30,150.00,USD,,payment")
    assert numbers(import_payments(engine, paid, NOW)) == (1, 0, 0, 0)
    assert numbers(import_payments(engine, paid, NOW)) == (0, 0, 1, 0)
    with engine.connect() as connection:
        assert connection.scalars(select(items.c.open_minor).order_by(items.c.ref)).all() == [0, 9690]
    import_payments(engine, pay(tmp_path, "A-1,P-1,2026-12-01,150.00,USD,,reversal"), NOW)
    with engine.connect() as connection:
        assert connection.scalars(select(items.c.open_minor).order_by(items.c.ref)).all() == [12345, 12345]
        assert str(connection.scalar(select(accounts.c.oldest_due_on))) == "2026-11-20"


def test_importing_the_accounts_again_does_not_undo_a_payment(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, ROW)
    import_accounts(engine, path, NOW)
    import_payments(engine, pay(tmp_path, "A-1,P-1,2026-11-30,23.45,USD,,"), NOW)
    import_accounts(engine, path, NOW)
    with engine.connect() as connection:
        assert connection.scalar(select(accounts.c.balance_minor)) == 10_000


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("A-404,P-1,2026-11-30,5,USD,,", "account_ref"),
        ("A-1,P-1,2026-11-30,5,EUR,,", "currency"),
        ("A-1,P-1,2026-11-30,0,USD,,", "amount"),
        ("A-1,P-1,2026-11-30T10:00:00,5,USD,,", "paid_at"),
        ("A-1,P-1,2026-11-30,5,USD,I-404,", "item_ref"),
        ("A-1,P-1,2026-11-30,5,USD,,gift", "kind"),
        ("A-1,P-9,2026-11-30,5,USD,,reversal", "amount"),
    ],
)
def test_a_bad_payment_is_refused_with_its_field(engine: Engine, tmp_path: Path, row: str, field: str) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    report = import_payments(engine, pay(tmp_path, row), NOW)
    assert report.rejected == 1
    assert report.problems[0].field == field


PAYMENTS = st.lists(st.tuples(st.integers(1, 20_000), st.booleans()), min_size=1, max_size=8)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(booked=PAYMENTS)
def test_no_sequence_of_payments_and_reversals_opens_more_than_the_amount(
    tmp_path: Path, booked: list[tuple[int, bool]]
) -> None:
    (tmp_path / "h.db").unlink(missing_ok=True)
    with ready(f"sqlite:///{tmp_path / 'h.db'}") as engine:
        import_accounts(engine, write(tmp_path, ROW, ROW.replace("I-1", "I-2")), NOW)
        rows = []
        for number, (minor, back) in enumerate(booked):
            amount = f"{minor // 100}.{minor % 100:02d}"
            rows.append(f"A-1,P-{number},2026-11-30,{amount},USD,,payment")
            rows += [f"A-1,P-{number},2026-11-30,{amount},USD,,reversal"] if back else []
        import_payments(engine, pay(tmp_path, *rows), NOW)
        with engine.connect() as connection:
            assert (
                connection.scalar(
                    select(func.count()).where(text("open_minor < 0 OR open_minor > amount_minor")).select_from(items)
                )
                == 0
            )
            total = connection.scalar(select(func.sum(items.c.open_minor)))
            assert connection.scalar(select(accounts.c.balance_minor)) == total


def test_the_report_can_be_read_as_csv(engine: Engine, tmp_path: Path) -> None:
    seen = io.StringIO()
    options = ImportOptions()
    options.report.sink = lambda problem: csv.writer(seen).writerow([problem.line, problem.field])
    import_accounts(engine, write(tmp_path, ROW.replace("USD", "XXQ")), NOW, options)
    assert seen.getvalue().strip() == "2,currency"


def test_a_day_of_birth_is_taken_kept_and_changed_and_one_that_cannot_be_is_left_out(
    engine: Engine, tmp_path: Path
) -> None:
    def born(written: str) -> str:
        import_accounts(engine, write(tmp_path, f"{ROW},{written}", header=f"{HEADER},date_of_birth"), NOW)
        with engine.connect() as connection:
            return str(connection.scalars(select(debtors.c.date_of_birth)).one())

    assert born("1980-01-31") == "1980-01-31"
    assert born("31/01/1980") == "1980-01-31"
    assert born("1880-01-31") == "1980-01-31"
    assert born("2999-01-31") == "1980-01-31"
    import_accounts(engine, write(tmp_path, ROW), NOW)
    assert born("1981-02-28") == "1981-02-28"
    assert born("") == ""
