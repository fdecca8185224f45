"""Publish outcome events to the creditor's systems: the events, their receivers, and who may read them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    """Create the tables; events begin with what happens from now on."""
    key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "outcomes",
        sa.Column("id", key, nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("creditor_id", key, nullable=False),
        sa.Column("account_id", key, nullable=False),
        sa.Column("account_ref", sa.String(length=128), nullable=False),
        sa.Column("debtor_ref", sa.String(length=128), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_outcomes_source_source_id")),
    )
    op.create_index("ix_outcomes_creditor_id", "outcomes", ["creditor_id", "id"])
    marks = op.create_table(
        "outcome_marks",
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("sealed_to", sa.BigInteger(), nullable=False),
        sa.Column("next_mark", sa.BigInteger(), nullable=False),
        sa.Column("running", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_outcome_marks")),
    )
    for source in ("timeline", "notice_events"):
        last = op.get_bind().scalar(sa.select(sa.func.max(sa.table(source, sa.column("id")).c.id))) or 0
        op.bulk_insert(marks, [{"source": source, "sealed_to": last, "next_mark": last, "running": []}])
    op.create_table(
        "webhook_endpoints",
        sa.Column("id", key, nullable=False),
        sa.Column("creditor_id", key, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("url", sa.String(length=1000), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("secret", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), server_default="active", nullable=False),
        sa.Column("sent_to", sa.BigInteger(), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look_until", Instant(), nullable=True),
        sa.Column("give_up_until", Instant(), nullable=True),
        sa.Column("lease_token", sa.String(length=32), server_default="", nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("delivered", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last_success_at", Instant(), nullable=True),
        sa.Column("last_error_at", Instant(), nullable=True),
        sa.Column("last_error", sa.String(length=200), server_default="", nullable=False),
        sa.Column("changed_at", Instant(), nullable=False),
        sa.Column("changed_by", sa.String(length=320), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditors.id"], name=op.f("fk_webhook_endpoints_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_endpoints")),
        sa.UniqueConstraint("creditor_id", "name", name=op.f("uq_webhook_endpoints_creditor_id_name")),
    )
    op.create_table(
        "outcome_deliveries",
        sa.Column("endpoint_id", key, nullable=False),
        sa.Column("outcome_id", key, nullable=False),
        sa.Column("account_id", key, nullable=False),
        sa.Column("state", sa.String(length=10), server_default="waiting", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("look_until", Instant(), nullable=True),
        sa.Column("give_up_until", Instant(), nullable=True),
        sa.Column("error", sa.String(length=200), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["endpoint_id"], ["webhook_endpoints.id"], name=op.f("fk_outcome_deliveries_endpoint_id")
        ),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcomes.id"], name=op.f("fk_outcome_deliveries_outcome_id")),
        sa.PrimaryKeyConstraint("endpoint_id", "outcome_id", name=op.f("pk_outcome_deliveries")),
    )
    op.create_index(
        "ix_outcome_deliveries_waiting",
        "outcome_deliveries",
        ["endpoint_id", "account_id", "outcome_id"],
        postgresql_where=WAITING,
        sqlite_where=WAITING,
    )
    op.create_table(
        "api_tokens",
        sa.Column("id", key, nullable=False),
        sa.Column("creditor_id", key, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("created_by", sa.String(length=320), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_by", sa.String(length=320), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["creditor_id"], ["creditors.id"], name=op.f("fk_api_tokens_creditor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
    )


def downgrade() -> None:
    """Drop them: receivers are told of nothing any more."""
    for table in ("api_tokens", "outcome_deliveries", "webhook_endpoints", "outcome_marks", "outcomes"):
        op.drop_table(table)
