"""How far readers of growing tables have come, where ids may become visible out of their order.

On PostgreSQL a row gets its id when it is inserted and is seen when its transaction commits, so that a lower id may
come after a higher one. A reader works on all that it sees above its mark and has not worked on yet; the mark moves
only past ids that no running transaction can still bring. Nothing is lost, and whoever writes the rows pays nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Column, Connection, Engine, MetaData, String, Table, func, select, text

from outreach.store.batch import insert_into
from outreach.store.engine import reading
from outreach.store.types import Document

#: The transactions of other sessions in this database that may still bring rows. One that has no transaction id and is
#: between two statements, or in one that began a minute ago, has inserted nothing: whatever it inserts from now on gets
#: a new id. So neither a backup nor whoever forgot an open window holds a mark back. Of sessions that we may not look
#: into (`state` is NULL) the worst is thought.
_RUNNING = text(
    "SELECT l.virtualtransaction FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'virtualxid' AND a.datname = current_database() AND l.pid <> pg_backend_pid()"
    " AND NOT (a.backend_xid IS NULL AND a.state IS NOT NULL"
    " AND (a.state LIKE 'idle in transaction%' OR a.query_start < clock_timestamp() - interval '1 minute'))"
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a source is done: every row with an id up to `sealed_to` is, or will never come.

    `next_mark` takes its place once the transactions in `running` are over.
    """

    source: str
    sealed_to: int = 0
    next_mark: int = 0
    running: tuple[str, ...] = ()

    def moved(self, newest: int, running: set[str]) -> Mark:
        """The mark after all that was visible is done: past ids that no running transaction can still bring."""
        if not running:
            return Mark(self.source, newest, newest)
        if not running.isdisjoint(self.running):
            return self
        return Mark(self.source, max(self.sealed_to, self.next_mark), newest, tuple(sorted(running)))


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a source before it is worked on: its mark, and where the mark may go once all that is seen is done."""

    before: Mark
    after: Mark


def marks_table(name: str, metadata: MetaData) -> Table:
    """A table of marks, one a source."""
    return Table(
        name,
        metadata,
        Column("source", String(20), primary_key=True),
        Column("sealed_to", BigInteger, nullable=False),
        Column("next_mark", BigInteger, nullable=False),
        Column("running", Document, nullable=False),
    )


def get(connection: Connection, table: Table, source: str) -> Mark:
    """How far a source is done."""
    row = connection.execute(select(table).where(table.c.source == source)).first()
    return Mark(row.source, row.sealed_to, row.next_mark, tuple(row.running)) if row else Mark(source)


def put(connection: Connection, table: Table, mark: Mark) -> None:
    """Keep it."""
    values = asdict(mark) | {"running": list(mark.running)}
    changed = {name: value for name, value in values.items() if name != "source"}
    statement = insert_into(connection, table).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["source"], set_=changed))


def newest_id(connection: Connection, source: Table) -> int:
    """The largest id that is committed."""
    return connection.scalar(select(func.max(source.c.id))) or 0


def any_news(connection: Connection, table: Table, sources: Iterable[tuple[str, Table]]) -> bool:
    """Whether some source, by the name of its mark, has grown beyond it."""
    return any(newest_id(connection, source) > get(connection, table, name).sealed_to for name, source in sources)


def running(connection: Connection) -> set[str]:
    """The transactions of others that may still bring rows; on SQLite there are none beside a writer."""
    return set(connection.scalars(_RUNNING)) if connection.dialect.name == "postgresql" else set()


def look(engine: Engine, table: Table, name: str, source: Table) -> Look:
    """Look at a source; what is done must be read afterwards."""
    with reading(engine) as connection:
        mark = get(connection, table, name)
        # In this order: whoever could still bring an id up to `newest` is running, or shows its rows to what follows.
        newest = newest_id(connection, source)
    with reading(engine) as connection:
        return Look(mark, mark.moved(newest, running(connection)))
