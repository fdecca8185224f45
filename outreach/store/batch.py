"""A batch of rows as one statement's parameter: a JSON array that both databases can join with.

One round trip and one plan for any number of rows; ten times cheaper than a statement a row. What runs for every
batch of notices is built once (`prebuilt`) and given its rows and ids as parameters; `values` and `among` carry them
with them, for what runs less often.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, FromClause, Table, and_, any_, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.types import TypeEngine

from outreach.store.types import Ids, Rows

T = TypeVar("T")
Columns = dict[str, Any]


def in_batches(rows: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """`rows` in slices of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def take(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    """An iterator cut into lists of at most `size`, without reading further ahead."""
    while batch := list(islice(rows, size)):
        yield batch


def prebuilt(build: Callable[[str], T]) -> Callable[[Connection], T]:
    """Builds a statement once for each database, whose name `build` gets: building costs more than running it."""
    built = cache(build)

    def of(connection: Connection) -> T:
        return built(connection.dialect.name)

    return of


def rows_of(dialect: str, columns: Columns, name: str = "v") -> FromClause:
    """The parameter `name`, rows (dicts or dataclasses), as a FROM clause with `columns` (name -> SQLAlchemy type).

    Instants must have a column of type Instant, JSON documents Document; a missing key is NULL, one that is no column
    is left out.
    """
    return _recordset(dialect, bindparam(name, type_=Rows()), columns, name)


def one_of(dialect: str, column: ColumnElement[Any], name: str = "ids") -> ColumnElement[bool]:
    """`column` is one of the parameter `name`, a list."""
    return _among(dialect, column, bindparam(name, type_=Ids(column.type)))


def joined(dialect: str, column: ColumnElement[Any], key: ColumnElement[Any]) -> ColumnElement[bool]:
    """`column` is `key`, a column of `rows_of` whose keys are given once more as the parameter `ids`.

    PostgreSQL guesses how many rows there are and may read the whole table for them; told the keys, it reads those.
    SQLite goes through the rows by itself, and told the keys would go through all rows for each.
    """
    return and_(column == key, one_of(dialect, column)) if dialect == "postgresql" else column == key


def values(connection: Connection, rows: Sequence[Any], columns: Columns, name: str = "v") -> FromClause:
    """The same as `rows_of`, with its rows."""
    return _recordset(connection.dialect.name, bindparam(None, rows, type_=Rows()), columns, name)


def among(connection: Connection, column: ColumnElement[Any], ids: Sequence[Any]) -> ColumnElement[bool]:
    """The same as `one_of`, with its ids."""
    return _among(connection.dialect.name, column, bindparam(None, list(ids), type_=Ids(column.type)))


def as_is(column: ColumnElement[str]) -> ColumnElement[str]:
    """A text column for which no statistics and no index hold: PostgreSQL then finds the rows by the other condition.

    How many notices are planned changes within a minute by a hundred thousand; statistics that are older make
    "by state, for there are none" look cheaper than "by id".
    """
    return column.concat("")


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, which both databases have but SQLAlchemy writes for each by itself."""
    return insert_of(connection.dialect.name, table)


def insert_of(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a database's name."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _among(dialect: str, column: ColumnElement[Any], ids: Any) -> ColumnElement[bool]:
    """PostgreSQL gets an array: of an array it knows the length, of a JSON document it guesses it, and with a wrong
    guess it compares every row with every id."""
    if dialect == "postgresql":
        return column == any_(ids)
    return column.in_(select(func.json_each(ids).table_valued("value").c.value))


def _recordset(dialect: str, rows: Any, columns: Columns, name: str) -> FromClause:
    types = {key: _instance(kind) for key, kind in columns.items()}
    if dialect == "postgresql":
        table = func.json_to_recordset(func.cast(rows, JSON))
        return table.table_valued(*(column(key, kind) for key, kind in types.items()), name=name).render_derived(
            name=name, with_types=True
        )
    source = func.json_each(rows).table_valued("value", name=f"{name}_json")
    picked = [func.json_extract(source.c.value, f"$.{key}", type_=kind).label(key) for key, kind in types.items()]
    return select(*picked).subquery(name)


def _instance(kind: Any) -> TypeEngine[Any]:
    made: TypeEngine[Any] = kind() if isinstance(kind, type) else kind
    return made
