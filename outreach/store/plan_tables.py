"""The tables of payment plans, their instalments and the statements of means, on the same metadata as `tables.py`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint, text

from outreach.domain.plan import LIVING, PlanState
from outreach.store.tables import metadata
from outreach.store.types import Document, Instant, Key

#: The states of plans that a payment, or its reversal, may still move (domain/plan.py).
OPEN_PLANS = (PlanState.PROPOSED.value, *(state.value for state in LIVING))

#: Append-only: what a debtor said to earn and spend (`statement`: domain/means.py). Personal data of the kind that is
#: erased first.
means_statements = Table(
    "means_statements",
    metadata,
    Column("id", Key, primary_key=True),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("statement", Document, nullable=False),
    Column("source", String(100), nullable=False),
    Column("recorded_by", String(320), nullable=False, server_default=""),
    Column("recorded_at", Instant, nullable=False),
)

#: `needs`: the least authority that may agree to it; `agreed_with`: the authority with which our side already does, ''
#: while a person of ours has to decide. `because`: why no lesser authority may. `wording`: what the debtor agreed to,
#: '' while the debtor has not. `terms`: what holds while it runs (store/plans.py), NULL for a proposal. `paid_before`:
#: the last payment of the account that was booked before the plan was agreed. `next_look_at`: a hint, as in enrolments.
#: One account has at most one active plan.
payment_plans = Table(
    "payment_plans",
    metadata,
    Column("id", Key, primary_key=True),
    Column("account_id", Key, ForeignKey("accounts.id"), nullable=False),
    Column("debtor_id", Key, ForeignKey("debtors.id"), nullable=False, index=True),
    Column("state", String(10), nullable=False),
    Column("frequency", String(30), nullable=False, server_default=""),
    Column("total_minor", BigInteger, nullable=False),
    Column("source", String(100), nullable=False),
    Column("needs", String(20), nullable=False),
    Column("because", Document, nullable=False),
    Column("agreed_with", String(20), nullable=False, server_default=""),
    Column("wording", Text, nullable=False, server_default=""),
    Column("means_id", Key, ForeignKey("means_statements.id")),
    Column("hold_id", Key, ForeignKey("holds.id")),
    Column("terms", Document),
    Column("paid_before", Key, nullable=False, server_default="0"),
    Column("next_look_at", Instant),
    Column("proposed_at", Instant, nullable=False),
    Column("proposed_by", String(320), nullable=False, server_default=""),
    Column("expires_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("accepted_by", String(320), nullable=False, server_default=""),
    Column("ended_at", Instant),
    Column("ended_by", String(320), nullable=False, server_default=""),
    Column("ended_why", Text, nullable=False, server_default=""),
    Index("ix_payment_plans_account_id", "account_id"),
    Index(
        "uq_payment_plans_active",
        "account_id",
        unique=True,
        postgresql_where=text("state = 'active'"),
        sqlite_where=text("state = 'active'"),
    ),
    Index(
        "ix_payment_plans_next_look_at",
        "next_look_at",
        postgresql_where=text("next_look_at IS NOT NULL"),
        sqlite_where=text("next_look_at IS NOT NULL"),
    ),
)

#: `paid_minor` and `state` repeat what the account's payments say of it, as of the last look. `missed_at`: when it was
#: told as missed; `reminded_at`: when its reminder was planned. Each happens once.
instalments = Table(
    "instalments",
    metadata,
    Column("id", Key, primary_key=True),
    Column("plan_id", Key, ForeignKey("payment_plans.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount_minor", BigInteger, nullable=False),
    Column("paid_minor", BigInteger, nullable=False, server_default="0"),
    Column("state", String(10), nullable=False),
    Column("reminded_at", Instant),
    Column("missed_at", Instant),
    UniqueConstraint("plan_id", "number"),
)
