"""The audit chain in the database: its entries and how far each source is sealed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from outreach.domain.chain import BEGINNING, Entry
from outreach.store import marks
from outreach.store.audit_sources import BY_ID, Source
from outreach.store.audit_tables import audit_entries, audit_marks
from outreach.store.batch import among
from outreach.store.marks import Look, Mark

#: Any number, the same in every process: sealers wait for each other (pg_advisory_xact_lock).
_LOCK = 6_870_313
CHAIN = "chain"
_COLUMNS = tuple(Entry.__dataclass_fields__)


def serialise(connection: Connection) -> None:
    """Wait for other sealers, until the transaction ends. SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def mark(connection: Connection, source: str) -> Mark:
    """How far a source is sealed."""
    return marks.get(connection, audit_marks, source)


def set_mark(connection: Connection, one: Mark) -> None:
    """Keep it."""
    marks.put(connection, audit_marks, one)


def any_news(connection: Connection) -> bool:
    """Whether some source has grown beyond its mark."""
    return marks.any_news(connection, audit_marks, [(source.name, source.table) for source in BY_ID])


def look(engine: Engine, source: Source) -> Look:
    """Look at a source before it is sealed."""
    return marks.look(engine, audit_marks, source.name, source.table)


def append(connection: Connection, entries: Sequence[Entry], now: datetime) -> None:
    """Append entries and move the mark of the chain."""
    if entries:
        connection.execute(insert(audit_entries), [_row(entry, now) for entry in entries])
        set_mark(connection, Mark(CHAIN, entries[-1].seq))


def _row(entry: Entry, now: datetime) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _COLUMNS} | {"sealed_at": now}


def last(connection: Connection) -> tuple[int, bytes]:
    """Number and hash of the last entry that is there; (0, BEGINNING) for an empty chain."""
    query = select(audit_entries.c.seq, audit_entries.c.hash).order_by(audit_entries.c.seq.desc()).limit(1)
    row = connection.execute(query).first()
    return (row.seq, row.hash) if row else (0, BEGINNING)


def in_order(connection: Connection, size: int) -> Iterator[list[Entry]]:
    """All entries in the order of their numbers, `size` at a time."""
    after = 0
    columns: list[Any] = [audit_entries.c[name] for name in _COLUMNS]
    while True:
        query = select(*columns).where(audit_entries.c.seq > after).order_by(audit_entries.c.seq).limit(size)
        batch = [Entry(*row) for row in connection.execute(query)]
        if not batch:
            return
        yield batch
        after = batch[-1].seq


def links(connection: Connection, source: Source, keys: Sequence[str]) -> dict[str, tuple[Entry, bytes]]:
    """Entries by the keys of their rows, each with the hash of the entry before it."""
    before = audit_entries.alias("before")
    query = (
        select(*(audit_entries.c[name] for name in _COLUMNS), before.c.hash.label("previous"))
        .outerjoin(before, before.c.seq == audit_entries.c.seq - 1)
        .where(audit_entries.c.source == source.name, among(connection, audit_entries.c.row_key, keys))
    )
    return {row.row_key: (Entry(*row[:-1]), row.previous or BEGINNING) for row in connection.execute(query)}
