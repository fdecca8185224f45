"""The tables of the audit chain, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import Column, Index, LargeBinary, String, Table, UniqueConstraint

from outreach.store.marks import marks_table
from outreach.store.tables import metadata
from outreach.store.types import Instant, Key

#: Append-only: an entry a sealed row (domain/chain.py). Only `salt` is ever changed: erasing a row's personal part
#: erases it, too. No foreign keys: a deleted row must leave its entry behind.
audit_entries = Table(
    "audit_entries",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=False),
    Column("source", String(20), nullable=False),
    Column("row_key", String(64), nullable=False),
    Column("account_id", Key),
    Column("facts", LargeBinary(32), nullable=False),
    Column("personal", LargeBinary(32)),
    Column("salt", LargeBinary(16)),
    Column("hash", LargeBinary(32), nullable=False),
    Column("sealed_at", Instant, nullable=False),
    UniqueConstraint("source", "row_key"),
    Index("ix_audit_entries_account_id", "account_id"),
)

#: How far each source is sealed. The row of the source "chain" has the number of the last entry.
audit_marks = marks_table("audit_marks", metadata)
