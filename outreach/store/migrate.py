"""Brings a database to the schema of this version, and tells whether it is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from outreach.store import (
    audit_tables,
    case_tables,
    outbox,
    outcome_tables,
    page_tables,
    plan_tables,
    promise_tables,
    standing_tables,
    tables,
)
from outreach.store.types import Instant

metadata = outbox.notices.metadata
assert metadata is tables.metadata is standing_tables.consents.metadata is audit_tables.audit_entries.metadata
assert metadata is case_tables.cases.metadata
assert metadata is page_tables.page_tries.metadata
assert metadata is plan_tables.payment_plans.metadata
assert metadata is outcome_tables.outcomes.metadata
assert metadata is promise_tables.promises.metadata

#: Any number, the same in every process: two `migrate` runs at once wait for each other (pg_advisory_xact_lock).
_LOCK = 6_870_311


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine) -> str:
    """Upgrade to the newest revision and return its id. Safe to run twice and from two processes at once."""
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
        command.upgrade(_config(connection), "head")
        return current(connection) or ""


def current(connection: Connection) -> str | None:
    """The revision that the database is at, None when it is empty."""
    return MigrationContext.configure(connection).get_current_revision()


def head() -> str | None:
    """The revision that this version of the code needs."""
    return ScriptDirectory(str(Path(__file__).parent / "migrations")).get_current_head()


def differences(connection: Connection) -> list[Any]:
    """What the tables in the code have and the database has not, or the reverse; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, metadata))


def revise(engine: Engine, message: str) -> None:
    """Write the next revision from the difference between the tables and the database (for developers)."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def render_item(kind: str, item: object, context: Any) -> str | Literal[False]:
    """How autogenerate writes our column types."""
    if kind == "type" and isinstance(item, Instant):
        context.imports.add("from outreach.store.types import Instant")
        return "Instant()"
    return False
