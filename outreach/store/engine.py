"""One engine per process, and transactions that behave alike on PostgreSQL and SQLite."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from sqlite3 import Connection as SqliteConnection
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry

#: Seconds that PostgreSQL may take to accept a connection; then the caller waits for it in its own way.
CONNECT_TIMEOUT = 5
#: A database whose machine or network is gone without a word is noticed within half a minute, not in two hours.
NOTICE_SILENCE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
#: Seconds for which a writer waits for another one on SQLite.
SQLITE_PATIENCE = 30


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
            connect_args={"timeout": SQLITE_PATIENCE, "check_same_thread": False},
            # No limit: writers queue for the database's own lock, and a queue before it could stand in its own way.
            pool_size=0,
        )
        event.listen(engine, "connect", _configure_sqlite)
        _queue_writers(engine)
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
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={SQLITE_PATIENCE * 1000}"):
        connection.execute(f"PRAGMA {pragma}")


def _queue_writers(engine: Engine) -> None:
    """Let the writers of this process wait for each other in a queue before they ask SQLite for its lock.

    SQLite itself lets them sleep and try again, up to a tenth of a second at a time while nobody writes at all.
    """
    queue = _Queue()

    def begin(connection: Connection) -> None:
        if connection.get_execution_options().get("read_only", False):
            connection.exec_driver_sql("BEGIN")
            return
        notes = connection.connection.record_info
        assert notes is not None, "connections come from the pool"
        # It is given back with the connection, which may write twice in a row.
        if not notes.get("turn"):
            notes["turn"] = queue.wait()
        # A deferred transaction that turns into a writer fails at once when another wrote since; immediate ones queue.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def give_back(_connection: SqliteConnection | None, record: ConnectionPoolEntry) -> None:
        turn = (record.record_info or {}).pop("turn", None)
        if turn is not None:
            turn.release()

    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", give_back)
    event.listen(engine, "engine_disposed", lambda _: queue.begin_anew())


class _Queue:
    """The turn to write. A disposed engine begins anew: whoever had the turn is gone with its connection."""

    def __init__(self) -> None:
        self._turn = threading.Lock()

    def wait(self) -> threading.Lock | None:
        """The lock that is held now, or None: whoever waits longer than SQLite would lets SQLite say so."""
        turn = self._turn
        return turn if turn.acquire(timeout=SQLITE_PATIENCE) else None

    def begin_anew(self) -> None:
        """Forget whose turn it is."""
        self._turn = threading.Lock()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reads: one snapshot on SQLite, no writer's lock."""
    with engine.connect().execution_options(read_only=True) as connection, connection.begin():
        yield connection


def is_deadlock(error: DBAPIError) -> bool:
    """Whether the database ended this transaction so that another, which waits for it, may go on: begin it again."""
    return getattr(error.orig, "sqlstate", "") == "40P01"
