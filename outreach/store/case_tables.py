"""The tables of cases and of the disputes among them, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Index, String, Table, Text, text

from outreach.store.tables import metadata
from outreach.store.types import Document, Instant, Key

#: Why a hold is there, until when a person must look (`review_at`, all business time), and how it ended (`way` and
#: `record`, see domain/case.py). `account_id` is the account about which it was said, the debtor's first one where
#: nobody knows; the hold says what is stopped. `ends_at` is the hold's own end, NULL for one that only a person ends.
cases = Table(
    "cases",
    metadata,
    Column("id", Key, primary_key=True),
    Column("hold_id", Key, ForeignKey("holds.id"), nullable=False, unique=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("account_id", Key, ForeignKey("accounts.id")),
    Column("kind", String(20), nullable=False),
    Column("source", String(100), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("reply_id", Key, ForeignKey("replies.id")),
    Column("opened_at", Instant, nullable=False),
    Column("review_at", Instant, nullable=False),
    Column("reviewed_at", Instant),
    Column("ends_at", Instant),
    Column("closed_at", Instant),
    Column("closed_by", String(320), nullable=False, server_default=""),
    Column("way", String(30), nullable=False, server_default=""),
    Column("record", Document),
    Index(
        "ix_cases_review_at",
        "review_at",
        postgresql_where=text("closed_at IS NULL AND reviewed_at IS NULL"),
        sqlite_where=text("closed_at IS NULL AND reviewed_at IS NULL"),
    ),
    Index(
        "ix_cases_ends_at",
        "ends_at",
        postgresql_where=text("closed_at IS NULL AND ends_at IS NOT NULL"),
        sqlite_where=text("closed_at IS NULL AND ends_at IS NOT NULL"),
    ),
)

#: What a debtor contests, in which state (domain/dispute.py). `account_id` is NULL for all of the debtor's accounts.
#: `amount_minor`: how much of the debt, NULL for all of it; `items`: the refs of the items that are meant.
#: `within_validation`: it came within the validation period (12 CFR 1006.38). `verification_sent_on` is a day in the
#: debtor's zone.
disputes = Table(
    "disputes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("case_id", Key, ForeignKey("cases.id"), nullable=False, unique=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("account_id", Key, ForeignKey("accounts.id"), index=True),
    Column("state", String(20), nullable=False),
    Column("reason", String(30), nullable=False),
    Column("source", String(100), nullable=False),
    Column("text", Text, nullable=False, server_default=""),
    Column("amount_minor", BigInteger),
    Column("items", Document),
    Column("received_at", Instant, nullable=False),
    Column("within_validation", Boolean, nullable=False),
    Column("verification_sent_on", Date),
    Column("verification_how", String(100), nullable=False, server_default=""),
    Column("resolved_at", Instant),
    Column("resolved_by", String(320), nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
)
