"""Keep open circuits, so that all processes leave alone the provider that fails for one of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "circuits",
        sa.Column("provider", sa.String(length=30), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened", sa.Integer(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("reason", sa.String(length=200), server_default="", nullable=False),
        sa.Column("probe", sa.String(length=32), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("provider", "sender", name=op.f("pk_circuits")),
    )


def downgrade() -> None:
    """Close every circuit."""
    op.drop_table("circuits")
