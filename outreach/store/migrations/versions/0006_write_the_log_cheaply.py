"""Write the notices' log without a check a row, and index a provider's reference only where there is one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WITH_REF = sa.text("provider_ref IS NOT NULL")


def upgrade() -> None:
    """Drop the foreign key of the log: it is written in the transaction that moves the notice it names."""
    with op.batch_alter_table("notice_events") as table:
        table.drop_constraint("fk_notice_events_notice_id", type_="foreignkey")
    op.drop_index("ix_notices_provider_ref", "notices")
    op.create_index(
        "ix_notices_provider_ref",
        "notices",
        ["provider_ref", "provider"],
        postgresql_where=WITH_REF,
        sqlite_where=WITH_REF,
    )


def downgrade() -> None:
    """Check the log again, and index every notice."""
    op.drop_index("ix_notices_provider_ref", "notices")
    op.create_index("ix_notices_provider_ref", "notices", ["provider_ref", "provider"])
    with op.batch_alter_table("notice_events") as table:
        table.create_foreign_key("fk_notice_events_notice_id", "notices", ["notice_id"], ["id"])
