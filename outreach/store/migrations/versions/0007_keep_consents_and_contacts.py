"""Keep consents and contacts, and what the law asks about accounts, debtors and their contact points."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
DOCUMENTS = (("accounts", "terms"), ("creditors", "terms"), ("debtors", "preferences"), ("contact_points", "standing"))


def upgrade() -> None:
    """Add the documents, NULL where nothing is known, and the two tables; drop a flag that nobody ever set."""
    for table, name in DOCUMENTS:
        op.add_column(table, sa.Column(name, sa.JSON(), nullable=True))
    op.add_column("contact_points", sa.Column("last_inbound_at", Instant(), nullable=True))
    op.drop_column("contact_points", "consent")
    op.create_table(
        "consents",
        sa.Column("id", KEY, nullable=False),
        sa.Column("debtor_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=600), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("given_at", Instant(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("wording", sa.Text(), server_default="", nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.Column("revoked_how", sa.String(length=100), server_default="", nullable=False),
        sa.Column("revoked_by", sa.String(length=320), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_consents_debtor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint(
            "debtor_id",
            "kind",
            "value",
            "scope",
            "given_at",
            "source",
            name=op.f("uq_consents_debtor_id_kind_value_scope_given_at_source"),
        ),
    )
    op.create_index("ix_consents_kind_value", "consents", ["kind", "value"])
    op.create_table(
        "contacts",
        sa.Column("id", KEY, nullable=False),
        sa.Column("debtor_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("medium", sa.String(length=10), nullable=False),
        sa.Column("reach", sa.String(length=12), nullable=False),
        sa.Column("inbound", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("value", sa.String(length=600), server_default="", nullable=False),
        sa.Column("place", sa.String(length=10), server_default="", nullable=False),
        sa.Column("excluded", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["debtor_id"], ["debtors.id"], name=op.f("fk_contacts_debtor_id")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_contacts_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
    )
    op.create_index("ix_contacts_debtor_id", "contacts", ["debtor_id", "at"])


def downgrade() -> None:
    """Forget all of it."""
    op.drop_table("contacts")
    op.drop_table("consents")
    for table, name in (*DOCUMENTS, ("contact_points", "last_inbound_at")):
        op.drop_column(table, name)
    op.add_column("contact_points", sa.Column("consent", sa.Boolean(), server_default=sa.false(), nullable=False))
