"""A later file against an earlier one: what it states changes, what it does not state stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from outreach.domain.account import Quality
from outreach.flow.importing import ImportOptions, Severity, import_accounts, import_payments
from outreach.flow.importing.files import BATCH
from outreach.store.tables import accounts, contact_points, debtors, items
from tests.importing.files import HEADER, NOW, ROW, numbers, open_minor, pay, state, write

DEBT = "account_ref,creditor,debtor_ref,currency,item_ref,item_due_date,item_amount,item_open_amount"
POSTAL = f"{DEBT},first_name,address_line1,city,postal_code,country"


def usable(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(select(contact_points.c.value).where(contact_points.c.retired_at.is_(None))))


def debtor(engine: Engine) -> Mapping[str, object]:
    with engine.connect() as connection:
        return connection.execute(select(debtors)).mappings().one()


def test_a_column_that_a_file_does_not_have_leaves_what_is_known(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    before = state(engine)
    report = import_accounts(engine, write(tmp_path, "A-1,northwind,D-1,USD,I-1,2026-11-20,123.45,", header=DEBT), NOW)
    assert numbers(report) == (0, 0, 1, 0)
    assert state(engine) == before


def test_an_empty_cell_states_that_there_is_none(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    report = import_accounts(engine, write(tmp_path, ROW.replace("+12125550142", "").replace("vip", "")), NOW)
    assert numbers(report) == (0, 1, 0, 0)
    assert usable(engine) == {"ada@debtor.example"}
    with engine.connect() as connection:
        assert connection.scalar(select(accounts.c.tags)) == []


def test_a_number_that_an_agent_verified_is_not_retired_by_a_file(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    with engine.begin() as connection:
        connection.execute(
            update(contact_points).where(contact_points.c.kind == "sms").values(quality=Quality.VERIFIED)
        )
    import_accounts(engine, write(tmp_path, ROW.replace("+12125550142", "+12125550143")), NOW)
    assert usable(engine) == {"+12125550142", "+12125550143", "ada@debtor.example"}


def test_every_change_raises_the_version_of_the_debtors_facts_once(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    version = debtor(engine)["version"]
    import_accounts(engine, write(tmp_path, ROW.replace("Ada", "Eve").replace("123.45", "100.00")), NOW)
    assert debtor(engine)["version"] == version + 1  # type: ignore[operator]


def test_a_new_name_is_on_the_letters_address_too(engine: Engine, tmp_path: Path) -> None:
    row = "A-1,northwind,D-1,USD,I-1,2026-11-20,123.45,,Ada,1 Sample Street,New York,10001,US"
    import_accounts(engine, write(tmp_path, row, header=POSTAL), NOW)
    import_accounts(engine, write(tmp_path, row.replace("Ada", "Eve"), header=POSTAL), NOW)
    with engine.connect() as connection:
        point = connection.execute(select(contact_points)).one()
    assert point.value == "1 Sample Street, 10001 New York, US"
    assert point.postal["name"] == "Eve"


def test_the_zone_follows_phone_and_address_only_when_they_change(engine: Engine, tmp_path: Path) -> None:
    row = ROW.replace("America/New_York", "")
    import_accounts(engine, write(tmp_path, row), NOW)
    assert debtor(engine)["zones"] == ["America/New_York"]
    with engine.begin() as connection:
        connection.execute(update(debtors).values(zones=["Pacific/Honolulu"]))
    import_accounts(engine, write(tmp_path, row), NOW)
    assert debtor(engine)["zones"] == ["Pacific/Honolulu"]
    import_accounts(engine, write(tmp_path, row.replace("+1212", "+1850")), NOW)
    assert debtor(engine)["zones"] == ["America/Chicago", "America/New_York"]


def test_of_rows_that_contradict_each_other_on_the_debtor_the_first_stands(engine: Engine, tmp_path: Path) -> None:
    path = write(tmp_path, ROW, ROW.replace("Ada", "Eve").replace("I-1", "I-2").replace("vip", "late"))
    report = import_accounts(engine, path, NOW)
    assert numbers(report) == (2, 0, 0, 0)
    assert [(problem.line, problem.field, problem.severity) for problem in report.problems] == [
        (3, "debtor_ref", Severity.WARNING),
        (3, "account_ref", Severity.WARNING),
    ]
    assert debtor(engine)["first_name"] == "Ada"
    before = state(engine)
    assert numbers(import_accounts(engine, path, NOW)) == (0, 0, 2, 0)
    assert state(engine) == before


def test_the_same_item_stated_otherwise_is_refused_however_far_down_the_file(engine: Engine, tmp_path: Path) -> None:
    filler = [
        ROW.replace("A-1", f"A-{n}").replace("D-1", f"D-{n}").replace("+12125550142", "") for n in range(2, BATCH + 2)
    ]
    path = write(tmp_path, ROW, *filler, ROW.replace("123.45", "99.00"), ROW)
    report = import_accounts(engine, path, NOW)
    assert numbers(report) == (BATCH + 1, 0, 1, 1)
    assert (report.problems[0].line, report.problems[0].field) == (BATCH + 3, "item_ref")
    assert open_minor(engine)["I-1"] == 12_345


@pytest.mark.parametrize(
    ("change", "field"),
    [(("USD", "EUR"), "currency"), (("D-1", "D-2"), "debtor_ref")],
)
def test_a_row_that_contradicts_its_account_is_refused(
    engine: Engine, tmp_path: Path, change: tuple[str, str], field: str
) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    before = state(engine)
    report = import_accounts(engine, write(tmp_path, ROW.replace(*change)), NOW)
    assert [(problem.field, bool(problem.remedy)) for problem in report.problems] == [(field, True)]
    assert state(engine) == before


def test_an_item_that_a_file_leaves_out_stays_as_it_is(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW, ROW.replace("I-1", "I-2")), NOW)
    import_accounts(engine, write(tmp_path, ROW.replace("123.45", "200.00")), NOW)
    assert open_minor(engine) == {"I-1": 20_000, "I-2": 12_345}


def test_a_new_open_amount_replaces_what_payments_made_of_it(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    import_payments(engine, pay(tmp_path, "A-1,P-1,2026-11-30,23.45,USD,,payment"), NOW)
    import_accounts(engine, write(tmp_path, ROW.replace("123.45,", "123.45,50.00")), NOW)
    assert open_minor(engine) == {"I-1": 5_000}


def test_what_is_paid_in_full_can_be_imported_and_is_not_due(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW.replace("123.45,", "123.45,0")), NOW)
    with engine.connect() as connection:
        account = connection.execute(select(accounts)).one()
        assert connection.scalar(select(items.c.amount_minor)) == 12_345
    assert (account.balance_minor, account.oldest_due_on) == (0, None)


def test_progress_is_told_in_rows_of_about_how_many(engine: Engine, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    options = ImportOptions(progress=lambda done, of: told.append((done, of)))
    import_accounts(engine, write(tmp_path, ROW, ROW.replace("USD", "XXQ"), header=HEADER), NOW, options)
    assert told == [(2, 4)]
