"""The ledger: what was accepted and what was called back, in SQLite, written in groups.

An accept is answered only after the commit that holds it. One thread owns the connection; while it commits one
group, the next one gathers.
"""

from __future__ import annotations

import asyncio
import hashlib
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

import orjson
from pydantic import TypeAdapter

from outreach.sandbox.items import Item, Letter, Mail, Text

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accepted (
    seq INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    ref TEXT NOT NULL UNIQUE,
    attempt_id TEXT,
    recipient TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    item TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS accepted_attempt ON accepted (attempt_id);
CREATE TABLE IF NOT EXISTS pdfs (ref TEXT PRIMARY KEY, pdf BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY,
    ref TEXT NOT NULL,
    word TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    http INTEGER,
    tries INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS callbacks_ref ON callbacks (ref);
CREATE TABLE IF NOT EXISTS replies (seq INTEGER PRIMARY KEY, provider TEXT NOT NULL, item TEXT NOT NULL);
"""
# A group goes in as one JSON array, so that SQLite works through it without taking turns with the event loop.
_ACCEPT = (
    "INSERT INTO accepted (provider, ref, attempt_id, recipient, body_sha256, accepted_at, item) SELECT value ->> 0,"
    " value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6 FROM json_each(?)"
)
_MOVE = (
    "UPDATE accepted SET item = new.item FROM (SELECT value ->> 0 AS ref, value ->> 1 AS item FROM json_each(?)) AS new"
    " WHERE accepted.ref = new.ref"
)
_REPLY = "INSERT INTO replies (provider, item) SELECT value ->> 0, value ->> 1 FROM json_each(?)"
_CALLBACK = (
    "INSERT INTO callbacks (ref, word, sent_at, http, tries)"
    " SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)"
)

_READERS: dict[str, TypeAdapter[Any]] = {
    "twilio": TypeAdapter(Text),
    "sendgrid": TypeAdapter(Mail),
    "lob": TypeAdapter(Letter),
}

Params = tuple[Any, ...]
Result = TypeVar("Result")


@dataclass(slots=True)
class _Group:
    """What the next commit writes, and who waits for it."""

    accepted: list[Params] = field(default_factory=list)
    pdfs: list[Params] = field(default_factory=list)
    moved: dict[str, Item] = field(default_factory=dict)
    replies: list[Params] = field(default_factory=list)
    callbacks: list[Params] = field(default_factory=list)
    waiting: list[asyncio.Future[None]] = field(default_factory=list)

    def statements(self) -> list[tuple[str, str]]:
        """SQL and its JSON argument; accepts come before the moves of what they accept."""
        moves = [(ref, _json(item)) for ref, item in self.moved.items()]
        work = ((_ACCEPT, self.accepted), (_MOVE, moves), (_REPLY, self.replies), (_CALLBACK, self.callbacks))
        return [(sql, orjson.dumps(rows).decode()) for sql, rows in work if rows]

    def settle(self, error: sqlite3.Error | None) -> None:
        """Tell those who wait."""
        for done in self.waiting:
            if done.cancelled():
                continue
            if error is None:
                done.set_result(None)
            else:
                done.set_exception(error)


class Ledger:
    """Open it, use it, close it, all in one event loop. Raises sqlite3.Error from `accept` when the disk refuses."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox-ledger")
        self._next = _Group()
        self._writer: asyncio.Task[None] | None = None

    async def open(self) -> None:
        await self._in_thread(self._connect)

    async def close(self) -> None:
        """Write what is pending and close the file."""
        if self._writer:
            await self._writer
        await self._in_thread(self._connection.close)
        self._thread.shutdown()

    async def accept(self, provider: str, item: Item, content: bytes, pdf: bytes | None = None) -> None:
        """Record one accept; returns once it is committed. `content` is what the debtor gets; its hash is kept."""
        attempt_id = item.idempotency_key if isinstance(item, Letter) else item.attempt_id
        digest = hashlib.sha256(content).hexdigest()
        recipient = ", ".join(item.lines) if isinstance(item, Letter) else item.person
        self._next.accepted.append(
            (provider, item.ref, attempt_id, recipient, digest, _iso(item.created_at), _json(item))
        )
        if pdf is not None:
            self._next.pdfs.append((item.ref, pdf))
        await self._committed()

    def moved(self, item: Item) -> None:
        """Record the present state of an accepted item, without waiting."""
        self._next.moved[item.ref] = item
        self._write_soon()

    def replied(self, provider: str, item: Text | Mail) -> None:
        """Record what a debtor, or the carrier, wrote."""
        self._next.replies.append((provider, _json(item)))
        self._write_soon()

    def called_back(self, ref: str, word: str, sent_at: datetime, http: int | None, tries: int) -> None:
        """Record one callback; `http` is None when nobody answered."""
        self._next.callbacks.append((ref, word, _iso(sent_at), http, tries))
        self._write_soon()

    async def query(self, sql: str, params: Params = ()) -> list[sqlite3.Row]:
        """Read, after all that was put before."""
        await self._committed()
        return await self._in_thread(lambda: self._connection.execute(sql, params).fetchall())

    async def items(self) -> list[Item]:
        """Everything accepted and replied, in order; for a restart."""
        rows = await self.query("SELECT provider, item FROM accepted UNION ALL SELECT provider, item FROM replies")
        items: list[Item] = [_READERS[row["provider"]].validate_json(row["item"]) for row in rows]
        return sorted(items, key=lambda item: item.created_at)

    async def _committed(self) -> None:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._next.waiting.append(done)
        self._write_soon()
        await done

    def _write_soon(self) -> None:
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._next != _Group():
            group, self._next = self._next, _Group()
            try:
                await self._in_thread(partial(self._commit, group.statements(), group.pdfs))
            except sqlite3.Error as error:
                group.settle(error)
            else:
                group.settle(None)
        self._writer = None

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._path)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)

    def _commit(self, statements: list[tuple[str, str]], pdfs: list[Params]) -> None:
        with self._connection:
            for sql, rows in statements:
                self._connection.execute(sql, (rows,))
            self._connection.executemany("INSERT INTO pdfs (ref, pdf) VALUES (?, ?)", pdfs)


def _json(item: Item) -> str:
    return orjson.dumps(item).decode()


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
