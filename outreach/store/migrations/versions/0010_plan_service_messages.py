"""Let notices carry what a service message may say."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the document; notices of campaigns have none."""
    op.add_column("notices", sa.Column("service", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("notices", "service")
