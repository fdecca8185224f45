"""Keep the files that debtors send with a dispute."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "attachments",
        sa.Column("id", key, nullable=False),
        sa.Column("debtor_id", key, nullable=False),
        sa.Column("account_id", key, nullable=False),
        sa.Column("dispute_id", key, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=50), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_attachments_account_id")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_attachments_debtor_id")),
        sa.ForeignKeyConstraint(["dispute_id"], ["disputes.id"], name=op.f("fk_attachments_dispute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sa.UniqueConstraint("dispute_id", "sha256", name=op.f("uq_attachments_dispute_id_sha256")),
    )
    op.create_index("ix_attachments_account_id", "attachments", ["account_id"])
    op.create_index("ix_attachments_debtor_id", "attachments", ["debtor_id"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("attachments")
