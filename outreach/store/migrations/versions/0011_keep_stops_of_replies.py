"""Keep whether a reply said stop or start apart from what it was taken for.

What replies were taken for stays as it was written: the audit chain seals it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, filled from what was said so far."""
    op.add_column("replies", sa.Column("opt", sa.String(length=10), nullable=False, server_default=""))
    op.execute("UPDATE replies SET opt = 'stop' WHERE intent = 'opt_out'")
    op.execute("UPDATE replies SET opt = 'start' WHERE intent = 'opt_in'")


def downgrade() -> None:
    """Drop the column."""
    with op.batch_alter_table("replies") as table:
        table.drop_column("opt")
