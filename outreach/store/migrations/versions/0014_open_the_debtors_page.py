"""Keep by what debtors say who they are on their page, and how often that was tried."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the day of birth, which an import fills, and the tries."""
    op.add_column("debtors", sa.Column("date_of_birth", sa.String(length=10), nullable=False, server_default=""))
    op.create_table(
        "page_tries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("hour_until", Instant(), nullable=False),
        sa.Column("locked_until", Instant(), nullable=True),
        sa.Column("forget_until", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_tries")),
        sa.UniqueConstraint("key", name=op.f("uq_page_tries_key")),
    )
    op.create_index("ix_page_tries_forget_until", "page_tries", ["forget_until"])


def downgrade() -> None:
    """Drop both."""
    op.drop_table("page_tries")
    with op.batch_alter_table("debtors") as table:
        table.drop_column("date_of_birth")
