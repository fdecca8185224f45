"""Whole batches of rows in one statement, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Column, Connection, Row, Table, insert, literal, select, update

from outreach.store import batch


def insert_rows(
    connection: Connection,
    table: Table,
    rows: Sequence[dict[str, Any]],
    *returning: Column[Any],
    alike: Mapping[str, Any] = MappingProxyType({}),
) -> Sequence[Row[Any]]:
    """Insert rows of the same keys in one statement; `alike` are further columns with one value for all rows."""
    if not rows:
        return []
    source = batch.values(connection, rows, {name: table.c[name].type for name in rows[0]})
    shared = (literal(value, table.c[name].type) for name, value in alike.items())
    picked = select(*(source.c[name] for name in rows[0]), *shared)
    statement = insert(table).from_select([*rows[0], *alike], picked)
    if not returning:
        connection.execute(statement)
        return []
    return connection.execute(statement.returning(*returning)).all()


def update_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Set the columns of rows of the same keys, found by their `id`, in one statement."""
    if not rows:
        return
    source = batch.values(connection, rows, {name: table.c[name].type for name in rows[0]})
    changes = {name: source.c[name] for name in rows[0] if name != "id"}
    connection.execute(update(table).where(table.c.id == source.c.id).values(changes))
