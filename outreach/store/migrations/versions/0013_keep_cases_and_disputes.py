"""Keep cases with their clocks and ways out, and the disputes among them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create both; holds that are there already keep running and are released by the same rules."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    document = sa.JSON(none_as_null=True)
    op.create_table(
        "cases",
        sa.Column("id", key, nullable=False),
        sa.Column("hold_id", key, nullable=False),
        sa.Column("debtor_id", key, nullable=False),
        sa.Column("account_id", key, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("reply_id", key, nullable=True),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("review_at", Instant(), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.Column("closed_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("way", sa.String(length=30), server_default="", nullable=False),
        sa.Column("record", document, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_cases_account_id")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_cases_debtor_id")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_cases_hold_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["replies.id"], name=op.f("fk_cases_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_cases_hold_id")),
    )
    op.create_index("ix_cases_debtor_id", "cases", ["debtor_id"])
    unseen = sa.text("closed_at IS NULL AND reviewed_at IS NULL")
    op.create_index("ix_cases_review_at", "cases", ["review_at"], postgresql_where=unseen, sqlite_where=unseen)
    pausing = sa.text("closed_at IS NULL AND ends_at IS NOT NULL")
    op.create_index("ix_cases_ends_at", "cases", ["ends_at"], postgresql_where=pausing, sqlite_where=pausing)
    op.create_table(
        "disputes",
        sa.Column("id", key, nullable=False),
        sa.Column("case_id", key, nullable=False),
        sa.Column("debtor_id", key, nullable=False),
        sa.Column("account_id", key, nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), server_default="", nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("items", document, nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("within_validation", sa.Boolean(), nullable=False),
        sa.Column("verification_sent_on", sa.Date(), nullable=True),
        sa.Column("verification_how", sa.String(length=100), server_default="", nullable=False),
        sa.Column("resolved_at", Instant(), nullable=True),
        sa.Column("resolved_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_disputes_account_id")),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_disputes_case_id")),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_disputes_debtor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("case_id", name=op.f("uq_disputes_case_id")),
    )
    op.create_index("ix_disputes_account_id", "disputes", ["account_id"])
    op.create_index("ix_disputes_debtor_id", "disputes", ["debtor_id"])


def downgrade() -> None:
    """Drop both; the holds stay."""
    op.drop_table("disputes")
    op.drop_table("cases")
