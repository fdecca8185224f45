"""Column types that behave alike on PostgreSQL and SQLite."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, DateTime, Dialect, Integer, String
from sqlalchemy.types import JSON, TypeDecorator, TypeEngine

#: A generated key: 64 bits, and the rowid on SQLite.
Key = BigInteger().with_variant(Integer(), "sqlite")

#: A small structured value that is read as a whole and never queried into.
Document = JSON(none_as_null=True)


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in the database; a naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware in; UTC (without the zone on SQLite, which keeps none) to the database."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()}: instants are aware")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (the base class names it)
        """Aware UTC out."""
        if value is None:
            return None
        stamp: datetime = value
        return stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)


class Rows(TypeDecorator[Sequence[Any]]):
    """Rows (dicts or dataclasses) as one JSON document. Raises ValueError for a naive datetime."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> str:
        """Python in, JSON to the database."""
        to_json = _sqlite_plain if dialect.name == "sqlite" else _plain
        return orjson.dumps(value, default=to_json, option=orjson.OPT_PASSTHROUGH_DATETIME).decode()


class Ids(TypeDecorator[Sequence[Any]]):
    """A list of keys: an array on PostgreSQL, a JSON document on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        self.item = item
        super().__init__()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What the database knows."""
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(self.item))

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        """Python in."""
        ids = list(value or ())
        return orjson.dumps(ids).decode() if dialect.name == "sqlite" else ids


def _plain(value: object) -> str:
    """What JSON does not know itself: instants and days as PostgreSQL reads them."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value.isoformat()}: instants are aware")
        return value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} is nothing that JSON knows")


def _sqlite_plain(value: object) -> str:
    """The same as SQLAlchemy stores them in SQLite."""
    plain = _plain(value)
    return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(value, datetime) else plain
