"""Databases with their tables, made in no time: SQLite's file is migrated once in a process and written for each test.

Migrating costs twenty times as much, grows with each revision, and is proved in tests/store/test_migrations.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine

from outreach.store.engine import make_engine
from outreach.store.migrate import migrate


def make_tables(engine: Engine) -> None:
    """Bring an empty database to the newest schema, before anything is connected to it."""
    if engine.dialect.name != "sqlite":
        migrate(engine)
        return
    assert engine.url.database, "a database in memory has no file to write"
    with Path(engine.url.database).open("xb") as file:
        file.write(_migrated_file())


@cache
def _migrated_file() -> bytes:
    with TemporaryDirectory(prefix="outreach-tables-") as folder:
        path = Path(folder) / "migrated.db"
        engine = make_engine(f"sqlite:///{path}")
        migrate(engine)
        engine.dispose()
        return path.read_bytes()
