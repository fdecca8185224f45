"""Find a channel's planned notices by one index that leaves out those that wait for approval."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index."""
    op.drop_index("ix_notices_planned", table_name="notices")
    op.create_index(
        "ix_notices_planned",
        "notices",
        ["channel", "not_before"],
        postgresql_where=sa.text("state = 'planned' AND NOT needs_approval"),
        sqlite_where=sa.text("state = 'planned' AND needs_approval = 0"),
    )


def downgrade() -> None:
    """Put the old index back."""
    op.drop_index("ix_notices_planned", table_name="notices")
    op.create_index(
        "ix_notices_planned",
        "notices",
        ["not_before"],
        postgresql_where=sa.text("state = 'planned'"),
        sqlite_where=sa.text("state = 'planned'"),
    )
