"""The schema: made by migrations, on both databases, and the same as the code's tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import Engine

from outreach.store.engine import make_engine, reading
from outreach.store.migrate import current, differences, head, migrate
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
