"""Note which accounts are erased and of whom something outlives that; find webhooks by their notice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

WITH_NOTICE = sa.text("notice_id IS NOT NULL")


def upgrade() -> None:
    """Add the columns; nothing is erased yet."""
    op.add_column("accounts", sa.Column("erased_at", Instant(), nullable=True))
    op.add_column("debtors", sa.Column("leftover", sa.Boolean(), server_default=sa.false(), nullable=False))
    leftover = sa.text("leftover")
    op.create_index("ix_debtors_leftover", "debtors", ["id"], postgresql_where=leftover, sqlite_where=leftover)
    op.create_index(
        "ix_inbox_notice_id", "inbox", ["notice_id"], postgresql_where=WITH_NOTICE, sqlite_where=WITH_NOTICE
    )


def downgrade() -> None:
    """Drop them; what was erased stays so."""
    op.drop_index("ix_inbox_notice_id", "inbox")
    op.drop_index("ix_debtors_leftover", "debtors")
    with op.batch_alter_table("debtors") as table:
        table.drop_column("leftover")
    with op.batch_alter_table("accounts") as table:
        table.drop_column("erased_at")
