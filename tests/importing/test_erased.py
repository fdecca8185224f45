"""An erased account does not come back with the next file."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select, update

from outreach.flow.importing import import_accounts
from outreach.store.tables import accounts, debtors
from tests.importing.files import NOW, ROW, numbers, write


def test_a_row_of_an_erased_account_is_refused_and_says_why(engine: Engine, tmp_path: Path) -> None:
    file = write(tmp_path, ROW)
    import_accounts(engine, file, NOW)
    with engine.begin() as connection:
        connection.execute(update(accounts).values(erased_at=NOW))
        connection.execute(update(debtors).values(first_name="", last_name=""))
    report = import_accounts(engine, write(tmp_path, ROW, ROW.replace("A-1", "A-2").replace("D-1", "D-2")), NOW)
    assert numbers(report) == (1, 0, 0, 1)
    assert "erased on 2026-12-01" in report.problems[0].reason
    with engine.connect() as connection:
        names = connection.execute(select(debtors.c.ref, debtors.c.first_name).order_by(debtors.c.ref)).all()
    assert [tuple(row) for row in names] == [("D-1", ""), ("D-2", "Ada")]
