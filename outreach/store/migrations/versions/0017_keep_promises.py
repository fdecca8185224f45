"""Keep promises to pay, and on which terms a creditor takes them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table; nothing was promised before."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("creditors", sa.Column("promises", sa.JSON(), nullable=True))
    op.create_table(
        "promises",
        sa.Column("id", key, nullable=False),
        sa.Column("whole_id", key, server_default="0", nullable=False),
        sa.Column("account_id", key, nullable=False),
        sa.Column("debtor_id", key, nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_days", sa.Integer(), nullable=False),
        sa.Column("tolerance_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("paid_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_before", key, server_default="0", nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_id", key, nullable=True),
        sa.Column("hold_id", key, nullable=True),
        sa.Column("next_look_at", Instant(), nullable=True),
        sa.Column("reminded_at", Instant(), nullable=True),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("made_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("ended_why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_promises_account_id")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_promises_debtor_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_promises_hold_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_promises_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
    )
    op.create_index(op.f("ix_promises_account_id"), "promises", ["account_id"])
    op.create_index(op.f("ix_promises_debtor_id"), "promises", ["debtor_id"])
    op.create_index(
        "ix_promises_next_look_at",
        "promises",
        ["next_look_at"],
        postgresql_where=sa.text("next_look_at IS NOT NULL"),
        sqlite_where=sa.text("next_look_at IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("promises")
    op.drop_column("creditors", "promises")
