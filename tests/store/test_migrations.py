"""The schema: made by migrations, on both databases, and the same as the code's tables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from alembic import command
from sqlalchemy import Engine, insert, select

from outreach.store import migrate as migrating
from outreach.store.engine import make_engine, reading
from outreach.store.migrate import current, differences, head, migrate
from outreach.store.outbox import tasks
from outreach.store.tables import accounts, creditors, debtors
from tests import services


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield made
        made.dispose()
        return
    with services.database(request.getfixturevalue("servers")) as url:
        made = make_engine(url)
        yield made
        made.dispose()


def test_migrations_make_the_tables_that_the_code_uses(engine: Engine) -> None:
    migrate(engine)
    with reading(engine) as connection:
        assert differences(connection) == []
        assert current(connection) == head()


def test_two_migrations_at_once_wait_for_each_other(engine: Engine) -> None:
    runs = [Thread(target=migrate, args=(engine,)) for _ in range(2)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    with reading(engine) as connection:
        assert current(connection) == head()


def test_tasks_that_were_there_find_their_place_in_the_queues(engine: Engine) -> None:
    at = datetime(2026, 11, 24, 20, 0, 0, 250_000, tzinfo=UTC)
    with engine.begin() as connection:
        command.upgrade(migrating._config(connection), "0011")
        creditor = connection.scalar(insert(creditors).values(ref="c", name="C").returning(creditors.c.id))
        made = {"created_at": at}
        person = {"creditor_id": creditor, "ref": "d", "language": "es-US", "zones": []}
        debtor = connection.scalar(insert(debtors).values(**person, **made).returning(debtors.c.id))
        owed = {"creditor_id": creditor, "debtor_id": debtor, "ref": "a", "currency": "USD", "tags": [], "extra": {}}
        account = connection.scalar(insert(accounts).values(**owed, **made).returning(accounts.c.id))
        for kind in ("call", "unknown_sender", "something_else"):
            of_account = account if kind == "call" else None
            row = {"kind": kind, "title": kind, "dedupe": kind, "account_id": of_account}
            connection.execute(insert(tasks).values(**row, **made))
    migrate(engine)
    with reading(engine) as connection:
        columns = tasks.c["kind", "queue", "priority", "due_at", "language", "debtor_id"]
        rows = {row[0]: tuple(row[1:]) for row in connection.execute(select(*columns))}
    assert rows == {
        "call": ("calls", 3, at + timedelta(hours=48), "es", debtor),
        "unknown_sender": ("replies", 3, at + timedelta(hours=24), "", None),
        "something_else": ("other", 3, at + timedelta(hours=24), "", None),
    }
