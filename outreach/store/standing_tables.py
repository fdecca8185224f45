"""The tables of consents and of contacts that are no notices, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint, false

from outreach.store.tables import metadata
from outreach.store.types import Instant, Key

#: Append-only: what a debtor consented to for an address (`kind`, `value` as of its contact point), in which words, and
#: who recorded it. Of a row only the revocation is ever written, once; whoever consents again gets a new row. The key
#: is the address, not the contact point: a consent outlives a change of number and is whole again when it comes back.
consents = Table(
    "consents",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("value", String(600), nullable=False),
    Column("scope", String(20), nullable=False),
    Column("basis", String(20), nullable=False),
    Column("given_at", Instant, nullable=False),
    Column("source", String(100), nullable=False),
    Column("wording", Text, nullable=False, server_default=""),
    Column("recorded_by", String(320), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("revoked_how", String(100), nullable=False, server_default=""),
    Column("revoked_by", String(320), nullable=False, server_default=""),
    UniqueConstraint("debtor_id", "kind", "value", "scope", "given_at", "source"),
    Index("ix_consents_kind_value", "kind", "value"),
)

#: Contacts that are no notices, in either direction: calls and conversations by people, and what the creditor or a
#: collector before us did. `value` is the address; `excluded` marks a call that 12 CFR 1006.14(b)(3) does not count.
contacts = Table(
    "contacts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("medium", String(10), nullable=False),
    Column("reach", String(12), nullable=False),
    Column("inbound", Boolean, nullable=False, server_default=false()),
    Column("value", String(600), nullable=False, server_default=""),
    Column("place", String(10), nullable=False, server_default=""),
    Column("excluded", Boolean, nullable=False, server_default=false()),
    Column("source", String(100), nullable=False),
    Column("recorded_by", String(320), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Index("ix_contacts_debtor_id", "debtor_id", "at"),
)
