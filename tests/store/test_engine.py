"""Writers on SQLite."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text

from outreach.store.engine import make_engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = make_engine(f"sqlite:///{tmp_path}/writers.db")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (n INTEGER)"))
    return made


def _add(engine: Engine, n: int) -> None:
    with engine.begin() as connection:
        before = connection.scalar(text("SELECT count(*) FROM numbers"))
        connection.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": before})


def test_writers_queue_and_none_is_lost(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: _add(engine, n), range(200)))
    with engine.connect() as connection:
        assert connection.scalars(text("SELECT n FROM numbers ORDER BY n")).all() == list(range(200))


def test_writers_wait_in_the_process_and_not_for_sqlite(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/impatient.db")
    # SQLite itself would refuse at once whoever comes while another one writes.
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=0"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE numbers (n INTEGER)"))
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda n: _add(engine, n), range(100)))
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM numbers")) == 100


def test_a_writer_that_fails_lets_the_next_one_write(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), engine.begin():
        1 / 0  # noqa: B018
    _add(engine, 0)


def test_a_writer_whose_connection_breaks_lets_the_next_one_write(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.execute(text("INSERT INTO numbers VALUES (7)"))
        connection.invalidate()
    _add(engine, 0)


def test_a_connection_writes_twice_in_a_row(engine: Engine) -> None:
    with engine.connect() as connection:
        for n in range(2):
            with connection.begin():
                connection.execute(text("INSERT INTO numbers VALUES (:n)"), {"n": n})
    _add(engine, 2)
