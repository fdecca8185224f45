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
    ref TEXT NOT NULL,
    attempt_id TEXT,
    recipient TEXT NOT NULL,
    body_sha256 TEXT NOT NULL,
    accepted_at TEXT NOT NULL,
    item BLOB NOT NULL,
    pdf BLOB
);
CREATE UNIQUE INDEX IF NOT EXISTS accepted_ref ON accepted (ref);
CREATE INDEX IF NOT EXISTS accepted_attempt ON accepted (attempt_id);
CREATE TABLE IF NOT EXISTS callbacks (
    seq INTEGER PRIMARY KEY,
    ref TEXT NOT NULL,
    word TEXT NOT NULL,
    sent_at TEXT NOT NULL,
    http INTEGER,
    tries INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS callbacks_ref ON callbacks (ref);
CREATE TABLE IF NOT EXISTS replies (seq INTEGER PRIMARY KEY, provider TEXT NOT NULL, item BLOB NOT NULL);
"""
_ACCEPT = (
    "INSERT INTO accepted (provider, ref, attempt_id, recipient, body_sha256, accepted_at, item, pdf)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_CALLBACK = "INSERT INTO callbacks (ref, word, sent_at, http, tries) VALUES (?, ?, ?, ?, ?)"

_READERS: dict[str, TypeAdapter[Any]] = {
    "twilio": TypeAdapter(Text),
    "sendgrid": TypeAdapter(Mail),
    "lob": TypeAdapter(Letter),
}

Params = tuple[Any, ...]
Result = TypeVar("Result")


class Ledger:
    """Open it, use it, close it, all in one event loop. Raises sqlite3.Error from `accept` when the disk refuses."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sandbox-ledger")
        self._pending: list[tuple[str, Params, asyncio.Future[None] | None]] = []
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
        row = (provider, item.ref, attempt_id, recipient, digest, _iso(item.created_at), orjson.dumps(item), pdf)
        committed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(_ACCEPT, row, committed)
        await committed

    def moved(self, item: Item) -> None:
        """Record the present state of an accepted item, without waiting."""
        self._put("UPDATE accepted SET item = ? WHERE ref = ?", (orjson.dumps(item), item.ref))

    def replied(self, provider: str, item: Text | Mail) -> None:
        """Record what a debtor, or the carrier, wrote."""
        self._put("INSERT INTO replies (provider, item) VALUES (?, ?)", (provider, orjson.dumps(item)))

    def called_back(self, ref: str, word: str, sent_at: datetime, http: int | None, tries: int) -> None:
        """Record one callback; `http` is None when nobody answered."""
        self._put(_CALLBACK, (ref, word, _iso(sent_at), http, tries))

    async def query(self, sql: str, params: Params = ()) -> list[sqlite3.Row]:
        """Read, after all that was put before."""
        written: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put("SELECT 1", (), written)
        await written
        return await self._in_thread(lambda: self._connection.execute(sql, params).fetchall())

    async def items(self) -> list[Item]:
        """Everything accepted and replied, in order; for a restart."""
        rows = await self.query("SELECT provider, item FROM accepted UNION ALL SELECT provider, item FROM replies")
        items: list[Item] = [_READERS[row["provider"]].validate_json(row["item"]) for row in rows]
        return sorted(items, key=lambda item: item.created_at)

    def _put(self, sql: str, params: Params, done: asyncio.Future[None] | None = None) -> None:
        self._pending.append((sql, params, done))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())

    async def _write(self) -> None:
        while self._pending:
            group, self._pending = self._pending, []
            try:
                await self._in_thread(partial(self._commit, group))
            except sqlite3.Error as error:
                _settle(group, error)
            else:
                _settle(group, None)
        self._writer = None

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _connect(self) -> None:
        self._connection = sqlite3.connect(self._path)
        self._connection.row_factory = sqlite3.Row
        self._connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;" + _SCHEMA)

    def _commit(self, group: list[tuple[str, Params, asyncio.Future[None] | None]]) -> None:
        with self._connection:
            for sql, params, _ in group:
                self._connection.execute(sql, params)


def _settle(group: list[tuple[str, Params, asyncio.Future[None] | None]], error: sqlite3.Error | None) -> None:
    for _, _, done in group:
        if done is None or done.cancelled():
            continue
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
