"""Keep payment plans, their instalments and statements of means, and each creditor's rules for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ACTIVE = sa.text("state = 'active'")
LOOKED_AT = sa.text("next_look_at IS NOT NULL")


def upgrade() -> None:
    """Add the tables, and a document to creditors, NULL where a creditor's file says nothing of plans."""
    op.add_column("creditors", sa.Column("plans", sa.JSON(), nullable=True))
    _means()
    _plans()
    _instalments()


def downgrade() -> None:
    """Forget all of it."""
    for table in ("instalments", "payment_plans", "means_statements"):
        op.drop_table(table)
    op.drop_column("creditors", "plans")


def _means() -> None:
    op.create_table(
        "means_statements",
        sa.Column("id", KEY, nullable=False),
        sa.Column("debtor_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("statement", sa.JSON(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_means_statements_debtor_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_means_statements_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_means_statements")),
    )
    op.create_index(op.f("ix_means_statements_debtor_id"), "means_statements", ["debtor_id"])


def _plans() -> None:
    op.create_table(
        "payment_plans",
        sa.Column("id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("debtor_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("frequency", sa.String(length=30), server_default="", nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("needs", sa.String(length=20), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("agreed_with", sa.String(length=20), server_default="", nullable=False),
        sa.Column("wording", sa.Text(), server_default="", nullable=False),
        sa.Column("means_id", KEY, nullable=True),
        sa.Column("hold_id", KEY, nullable=True),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("paid_before", KEY, server_default="0", nullable=False),
        sa.Column("next_look_at", Instant(), nullable=True),
        sa.Column("proposed_at", Instant(), nullable=False),
        sa.Column("proposed_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("accepted_at", Instant(), nullable=True),
        sa.Column("accepted_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("ended_why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_payment_plans_account_id")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_payment_plans_debtor_id")),
        sa.ForeignKeyConstraint(["means_id"], ["means_statements.id"], name=op.f("fk_payment_plans_means_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_payment_plans_hold_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_plans")),
    )
    op.create_index(op.f("ix_payment_plans_debtor_id"), "payment_plans", ["debtor_id"])
    op.create_index("ix_payment_plans_account_id", "payment_plans", ["account_id"])
    op.create_index(
        "uq_payment_plans_active",
        "payment_plans",
        ["account_id"],
        unique=True,
        postgresql_where=ACTIVE,
        sqlite_where=ACTIVE,
    )
    op.create_index(
        "ix_payment_plans_next_look_at",
        "payment_plans",
        ["next_look_at"],
        postgresql_where=LOOKED_AT,
        sqlite_where=LOOKED_AT,
    )


def _instalments() -> None:
    op.create_table(
        "instalments",
        sa.Column("id", KEY, nullable=False),
        sa.Column("plan_id", KEY, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("missed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["plan_id"], ["payment_plans.id"], name=op.f("fk_instalments_plan_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instalments")),
        sa.UniqueConstraint("plan_id", "number", name=op.f("uq_instalments_plan_id_number")),
    )
