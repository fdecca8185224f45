"""The tables of the debtor's page, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, UniqueConstraint

from outreach.store.tables import metadata
from outreach.store.types import Instant, Key

#: Tries to say who one is, by whose they are (`key`: a keyed digest of a debtor or of a client's address, neither is
#: kept). `tries` are those of this hour, `total` all that were wrong. Instants are machine time: `locked_until` while
#: no answer is looked at, after `forget_until` the row says nothing any more.
page_tries = Table(
    "page_tries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("tries", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("hour_until", Instant, nullable=False),
    Column("locked_until", Instant),
    Column("forget_until", Instant, nullable=False, index=True),
)

#: Files that debtors sent with a dispute. `media_type` is what the bytes are, not what was said of them; `name` is for
#: people only.
attachments = Table(
    "attachments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False, index=True),
    Column("dispute_id", Key, ForeignKey("disputes.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("media_type", String(50), nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("received_at", Instant, nullable=False),
    UniqueConstraint("dispute_id", "sha256"),
)
