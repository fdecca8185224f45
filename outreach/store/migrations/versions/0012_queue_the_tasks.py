"""Queue tasks: by what they are about, how urgent they are, when they are due, in which language, and who has them."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic import op

from outreach.store.types import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TASKS = sa.table(
    "tasks",
    *(sa.column(name) for name in ("account_id", "debtor_id", "kind", "queue", "priority", "language")),
    *(sa.column(name, sa.DateTime(timezone=True)) for name in ("created_at", "due_at")),
)
ACCOUNTS = sa.table("accounts", sa.column("id"), sa.column("debtor_id"))
DEBTORS = sa.table("debtors", sa.column("id"), sa.column("language", sa.String()))
IS_OPEN = sa.text("state = 'open'")
INDEXES = {
    "ix_tasks_open": ["priority", "due_at", "id"],
    "ix_tasks_open_queue": ["queue", "priority", "due_at", "id"],
    "ix_tasks_open_language": ["language", "priority", "due_at", "id"],
    "ix_tasks_open_claimed_by": ["claimed_by", "priority", "due_at", "id"],
}
#: Of the kinds that there were: queue, priority, and hours until due.
KINDS = {
    "reply": ("replies", 3, 24),
    "unknown_sender": ("replies", 3, 24),
    "call": ("calls", 3, 48),
    "review": ("delivery", 3, 24),
    "uncertain": ("delivery", 3, 24),
    "set_aside": ("delivery", 3, 24),
    "undeliverable": ("delivery", 4, 72),
    "handoff": ("handoffs", 3, 72),
}


def upgrade() -> None:
    """Add the columns, fill them for the tasks that there are, and index what is open."""
    for column in (
        sa.Column("queue", sa.String(length=20), server_default="other", nullable=False),
        sa.Column("priority", sa.Integer(), server_default="3", nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("not_before", Instant(), nullable=True),
        sa.Column("language", sa.String(length=8), server_default="", nullable=False),
        sa.Column("claimed_by", sa.String(length=320), server_default="", nullable=False),
        sa.Column("claimed_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("disposition", sa.String(length=20), server_default="", nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("closed_by", sa.String(length=320), server_default="", nullable=False),
    ):
        op.add_column("tasks", column)
    _fill()
    with op.batch_alter_table("tasks") as table:
        table.alter_column("due_at", existing_type=Instant(), nullable=False)
    for name, columns in INDEXES.items():
        op.create_index(name, "tasks", columns, postgresql_where=IS_OPEN, sqlite_where=IS_OPEN)


def downgrade() -> None:
    """Forget all of it."""
    for name in INDEXES:
        op.drop_index(name, "tasks")
    with op.batch_alter_table("tasks") as table:
        for name in ("closed_by", "note", "disposition", "attempts", "claimed_until", "claimed_by", "language"):
            table.drop_column(name)
        for name in ("not_before", "due_at", "priority", "queue"):
            table.drop_column(name)


def _fill() -> None:
    run = op.get_bind().execute
    of_account = sa.select(ACCOUNTS.c.debtor_id).where(ACCOUNTS.c.id == TASKS.c.account_id).scalar_subquery()
    nobody = [TASKS.c.debtor_id.is_(None), TASKS.c.account_id.is_not(None)]
    run(sa.update(TASKS).where(*nobody).values(debtor_id=of_account))
    for kind, (queue, priority, hours) in KINDS.items():
        filled = {"queue": queue, "priority": priority, "due_at": _later(hours)}
        run(sa.update(TASKS).where(TASKS.c.kind == kind).values(filled))
    run(sa.update(TASKS).where(TASKS.c.due_at.is_(None)).values(due_at=_later(24)))
    spoken = sa.select(_primary(DEBTORS.c.language)).where(DEBTORS.c.id == TASKS.c.debtor_id).scalar_subquery()
    run(sa.update(TASKS).where(TASKS.c.debtor_id.is_not(None)).values(language=spoken))


def _later(hours: int) -> sa.ColumnElement[datetime]:
    if op.get_bind().dialect.name == "postgresql":
        return TASKS.c.created_at + sa.literal(timedelta(hours=hours))
    # As SQLAlchemy writes instants: six digits after the second.
    return sa.func.strftime("%Y-%m-%d %H:%M:%f000", TASKS.c.created_at, f"{hours} hours")


def _primary(tag: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """The primary subtag of a BCP 47 tag."""
    if op.get_bind().dialect.name == "postgresql":
        first = sa.func.split_part(tag, "-", 1)
    else:
        first = sa.func.substr(tag, 1, sa.func.instr(tag.concat("-"), "-") - 1)
    return sa.func.lower(sa.func.substr(first, 1, 8))
