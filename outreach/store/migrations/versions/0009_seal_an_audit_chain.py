"""Seal what was sent, decided and answered in a chain in which every change shows."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the chain, empty: the sweep seals what is there already."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "audit_entries",
        sa.Column("seq", key, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("row_key", sa.String(length=64), nullable=False),
        sa.Column("account_id", key, nullable=True),
        sa.Column("facts", sa.LargeBinary(length=32), nullable=False),
        sa.Column("personal", sa.LargeBinary(length=32), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("sealed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("source", "row_key", name=op.f("uq_audit_entries_source_row_key")),
    )
    op.create_index("ix_audit_entries_account_id", "audit_entries", ["account_id"])
    op.create_table(
        "audit_marks",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sealed_to", sa.BigInteger(), nullable=False),
        sa.Column("next_mark", sa.BigInteger(), nullable=False),
        sa.Column("running", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_audit_marks")),
    )


def downgrade() -> None:
    """Drop the chain. Deposit its head first: outreach audit head."""
    op.drop_table("audit_marks")
    op.drop_table("audit_entries")
