"""Seal: what the tables say of notices, answers and money, taken into the audit chain a few seconds later.

The send path pays nothing for it. Rows whose ids committed out of order are not lost: a source's mark moves only past
ids that no running transaction can still bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes

from sqlalchemy import Connection, Engine, RowMapping

from outreach.domain.chain import Entry, digest, link
from outreach.store import audit
from outreach.store.audit_sources import BY_ID, CONTENTS, DECIDED, EVENTS, NOTICES, Source, of_notices, unsealed
from outreach.store.engine import reading

#: Rows of a source in one transaction.
BATCH = 2_000


class ChainBroken(RuntimeError):
    """The chain's end is not where sealing left it: somebody removed entries. Nothing is sealed over that."""


def seal(engine: Engine, now: datetime) -> int:
    """Seal all that is committed; returns how many entries were made. Raises ChainBroken."""
    with reading(engine) as connection:
        if not audit.any_news(connection):
            return 0
    return sum(_seal_all(engine, source, now) for source in BY_ID)


def _seal_all(engine: Engine, source: Source, now: datetime) -> int:
    look = audit.look(engine, source)
    sealed, above, more = 0, look.before.sealed_to, True
    while more:
        with engine.begin() as connection:
            audit.serialise(connection)
            rows, entries = _seal_batch(connection, source, above, now)
            more = len(rows) == BATCH
            if not more:
                audit.set_mark(connection, look.after)
        above = rows[-1]["id"] if rows else above
        sealed += entries
    return sealed


def _seal_batch(connection: Connection, source: Source, above: int, now: datetime) -> tuple[Sequence[RowMapping], int]:
    seq, previous = audit.last(connection)
    if seq != (expected := audit.mark(connection, audit.CHAIN).sealed_to):
        raise ChainBroken(f"the chain ends with entry {seq}, it was sealed up to {expected}: run outreach audit verify")
    rows = unsealed(connection, source, above, BATCH)
    sealed = [(source, row) for row in rows]
    if source is EVENTS:
        decided = sorted({row["notice_id"] for row in rows if row["what"] == "move" and row["state"] in DECIDED})
        sealed += [(one, row) for one in (NOTICES, CONTENTS) for row in of_notices(connection, one, decided)]
    entries = _chained(seq, previous, sealed)
    audit.append(connection, entries, now)
    return rows, len(entries)


def _chained(seq: int, previous: bytes, rows: Sequence[tuple[Source, RowMapping]]) -> list[Entry]:
    entries = []
    for source, row in rows:
        seq += 1
        facts, personal = source.parts(row)
        salt = token_bytes(16) if personal is not None else None
        hidden = digest(personal, salt) if personal is not None and salt is not None else None
        entry = Entry(seq, source.name, row["row_key"], row["owner"], digest(facts), hidden, salt, b"")
        previous = link(previous, entry)
        entries.append(replace(entry, hash=previous))
    return entries
