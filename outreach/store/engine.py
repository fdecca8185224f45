"""One engine per process, and transactions that behave alike on PostgreSQL and SQLite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError

#: Seconds that PostgreSQL may take to accept a connection; then the caller waits for it in its own way.
CONNECT_TIMEOUT = 5
#: A database whose machine or network is gone without a word is noticed within half a minute, not in two hours.
NOTICE_SILENCE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()


def make_engine(url: str, pool_size: int = 10) -> Engine:
    """An engine for a PostgreSQL (psycopg 3) or SQLite URL. `postgresql://` means psycopg 3."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        engine = create_engine(
            parsed,
            json_serializer=_dumps,
            json_deserializer=orjson.loads,
            hide_parameters=True,
            connect_args={"timeout": 30, "check_same_thread": False},
            # No limit: writers queue for the database's own lock, and a queue before it could stand in its own way.
            pool_size=0,
        )
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_immediate)
        return engine
    return create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        json_serializer=_dumps,
        json_deserializer=orjson.loads,
        # An error's text goes to the log, and the parameters are debtors' data.
        hide_parameters=True,
        connect_args={"connect_timeout": CONNECT_TIMEOUT, **NOTICE_SILENCE},
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_pre_ping=True,
    )


def _configure_sqlite(connection: SqliteConnection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_immediate(connection: Connection) -> None:
    # A deferred transaction that turns into a writer fails at once when another wrote since; immediate ones queue.
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reads: one snapshot on SQLite, no writer's lock."""
    with engine.connect().execution_options(read_only=True) as connection, connection.begin():
        yield connection


def is_deadlock(error: DBAPIError) -> bool:
    """Whether the database ended this transaction so that another, which waits for it, may go on: begin it again."""
    return getattr(error.orig, "sqlstate", "") == "40P01"
