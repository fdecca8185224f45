"""Order what is planned by id where its time is the same, so that the first in line stay the first."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the index."""
    _replace("channel", "not_before", "id")


def downgrade() -> None:
    """Put the old index back."""
    _replace("channel", "not_before")


def _replace(*columns: str) -> None:
    op.drop_index("ix_notices_planned", table_name="notices")
    op.create_index(
        "ix_notices_planned",
        "notices",
        list(columns),
        postgresql_where=sa.text("state = 'planned' AND NOT needs_approval"),
        sqlite_where=sa.text("state = 'planned' AND needs_approval = 0"),
    )
