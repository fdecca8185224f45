"""Drop the mark of what is with the workers: the leading scheduler keeps it in memory."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop `queued_until`."""
    op.drop_column("notices", "queued_until")


def downgrade() -> None:
    """Add it again, empty: everything that is due is dispatched once more."""
    op.add_column("notices", sa.Column("queued_until", Instant(), nullable=True))
