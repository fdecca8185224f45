"""Databases with their tables, made in no time: one of each kind is migrated in a process, the others are copies.

Migrating costs many times as much, grows with each revision, and is proved in tests/store/test_migrations.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, inspect

from outreach.store.engine import make_engine
from outreach.store.migrate import migrate
from outreach.store.tables import accounts


def make_tables(engine: Engine) -> None:
    """Bring a new database to the newest schema, before anything is written to it."""
    if engine.dialect.name == "postgresql":
        # A copy of the migrated one has its tables.
        if not inspect(engine).has_table(accounts.name):
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
