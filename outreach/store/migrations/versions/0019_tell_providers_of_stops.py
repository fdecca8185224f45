"""Know of which stops the providers were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the mark; who stopped before is told after."""
    op.add_column("contact_points", sa.Column("listed", sa.Boolean(), server_default=sa.false(), nullable=False))
    untold = sa.text("(opted_out_at IS NOT NULL) <> listed")
    op.create_index(
        "ix_contact_points_untold", "contact_points", ["kind"], postgresql_where=untold, sqlite_where=untold
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_index("ix_contact_points_untold", "contact_points")
    op.drop_column("contact_points", "listed")
