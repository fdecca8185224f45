"""The table of promises to pay, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, text

from outreach.store.tables import metadata
from outreach.store.types import Instant, Key

#: One part of a promise a row; `whole_id` is the id of its first part. `grace_days` and `tolerance_minor` are what held
#: when it was made. `paid_minor` repeats what the account's payments say of it, as of the last look; `paid_before` is
#: the last payment of the account that was booked before. `reply_id`: the reply that it came in. `next_look_at`: a
#: hint, as in enrolments.
promises = Table(
    "promises",
    metadata,
    Column("id", Key, primary_key=True),
    Column("whole_id", Key, nullable=False, server_default="0"),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("amount_minor", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("grace_days", Integer, nullable=False),
    Column("tolerance_minor", BigInteger, nullable=False),
    Column("state", String(14), nullable=False),
    Column("paid_minor", BigInteger, nullable=False, server_default="0"),
    Column("paid_before", Key, nullable=False, server_default="0"),
    Column("source", String(10), nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("reply_id", Key, ForeignKey("replies.id")),
    Column("hold_id", Key, ForeignKey("holds.id")),
    Column("next_look_at", Instant),
    Column("reminded_at", Instant),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(320), nullable=False, server_default=""),
    Column("ended_at", Instant),
    Column("ended_by", String(320), nullable=False, server_default=""),
    Column("ended_why", Text, nullable=False, server_default=""),
    Index(
        "ix_promises_next_look_at",
        "next_look_at",
        postgresql_where=text("next_look_at IS NOT NULL"),
        sqlite_where=text("next_look_at IS NOT NULL"),
    ),
)
