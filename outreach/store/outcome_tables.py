"""The tables of outcome events and of those who are told of them, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from outreach.store.marks import marks_table
from outreach.store.tables import metadata
from outreach.store.types import Document, Instant, Key

#: Append-only: what the creditor's systems are told (domain/outcome_event.py), once for each row of its `source`
#: (timeline or notice_events). Whoever publishes holds a lock until the commit, so that ids are seen in their order.
#: No foreign keys: publishing checks nothing a row, and an erased account leaves its events behind.
outcomes = Table(
    "outcomes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("source", String(20), nullable=False),
    Column("source_id", BigInteger, nullable=False),
    Column("creditor_id", Key, nullable=False),
    Column("account_id", Key, nullable=False),
    Column("account_ref", String(128), nullable=False),
    Column("debtor_ref", String(128), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", Document, nullable=False),
    UniqueConstraint("source", "source_id"),
    Index("ix_outcomes_creditor_id", "creditor_id", "id"),
)

#: How far each source is published.
outcome_marks = marks_table("outcome_marks", metadata)

#: A webhook of creditors.yaml and how it stands. `kinds`: those it wants, none for all. `secret`: the name of the
#: environment variable. Every event up to `sent_to` is delivered, or has a row in `outcome_deliveries`. `tries` counts
#: the calls in a row that came to nothing; until `look_until` it is left alone, and at `give_up_until` it is disabled.
#: `lease_token`: of the worker that has it until `lease_until`. `state`: active, paused, disabled, or removed from the
#: file. `delivered` counts. Instants named `*_until` are machine time.
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", Key, primary_key=True),
    Column("creditor_id", Key, ForeignKey("creditors.id"), nullable=False),
    Column("name", String(64), nullable=False),
    Column("url", String(1000), nullable=False),
    Column("kinds", Document, nullable=False),
    Column("secret", String(100), nullable=False),
    Column("state", String(10), nullable=False, server_default="active"),
    Column("sent_to", BigInteger, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("look_until", Instant),
    Column("give_up_until", Instant),
    Column("lease_token", String(32), nullable=False, server_default=""),
    Column("lease_until", Instant),
    Column("delivered", BigInteger, nullable=False, server_default="0"),
    Column("last_success_at", Instant),
    Column("last_error_at", Instant),
    Column("last_error", String(200), nullable=False, server_default=""),
    Column("changed_at", Instant, nullable=False),
    Column("changed_by", String(320), nullable=False, server_default=""),
    UniqueConstraint("creditor_id", "name"),
)

#: The exceptions of an endpoint: events up to its `sent_to` that are not delivered, because they failed or wait behind
#: an earlier one of their account, and those that are replayed. Delivered ones leave. `state`: waiting or dead.
outcome_deliveries = Table(
    "outcome_deliveries",
    metadata,
    Column("endpoint_id", Key, ForeignKey("webhook_endpoints.id"), primary_key=True),
    Column("outcome_id", Key, ForeignKey("outcomes.id"), primary_key=True),
    Column("account_id", Key, nullable=False),
    Column("state", String(10), nullable=False, server_default="waiting"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("look_until", Instant),
    Column("give_up_until", Instant),
    Column("error", String(200), nullable=False, server_default=""),
    Index(
        "ix_outcome_deliveries_waiting",
        "endpoint_id",
        "account_id",
        "outcome_id",
        postgresql_where=text("state = 'waiting'"),
        sqlite_where=text("state = 'waiting'"),
    ),
)

#: Who may read a creditor's outcome events. `hash` is the SHA-256 of the secret, which is shown once and kept nowhere.
api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", Key, primary_key=True),
    Column("creditor_id", Key, ForeignKey("creditors.id"), nullable=False),
    Column("name", String(100), nullable=False),
    Column("hash", LargeBinary(32), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("created_by", String(320), nullable=False),
    Column("used_at", Instant),
    Column("revoked_at", Instant),
    Column("revoked_by", String(320), nullable=False, server_default=""),
)
