"""Keep what was set aside until a person replays or dismisses it; a replayed notice leaves its place free."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

POSITION = ["account_id", "campaign", "item_id", "step", "cycle", "position"]


def upgrade() -> None:
    """Create the table with what is set aside already, and let replayed notices leave their place."""
    op.create_table(
        "dead_letters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(length=200), server_default="", nullable=False),
        sa.Column("error", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.Column("set_aside_at", Instant(), nullable=False),
        sa.Column("outcome", sa.String(length=10), server_default="", nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("ended_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_dead_letters_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dead_letters")),
    )
    op.create_index(
        "uq_dead_letters_open",
        "dead_letters",
        ["kind", "subject"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.execute(
        "INSERT INTO dead_letters (kind, subject, what, error, set_aside_at)"
        " SELECT CASE state WHEN 'failed' THEN 'event' ELSE state END, CAST(id AS VARCHAR(32)),"
        " provider || ' ' || kind, substr(error, 1, 200), received_at"
        " FROM inbox WHERE state IN ('failed', 'unmatched', 'garbled') ORDER BY id"
    )
    op.add_column("notices", sa.Column("replayed_at", Instant(), nullable=True))
    _index_positions("state <> 'cancelled' AND replayed_at IS NULL")


def downgrade() -> None:
    """Forget what was set aside. Fails where a replayed notice's place was taken again: cancel one of the two first."""
    _index_positions("state <> 'cancelled'")
    op.drop_column("notices", "replayed_at")
    op.drop_table("dead_letters")


def _index_positions(of_which: str) -> None:
    op.drop_index("uq_notices_position", table_name="notices")
    where = sa.text(of_which)
    op.create_index("uq_notices_position", "notices", POSITION, unique=True, postgresql_where=where, sqlite_where=where)
