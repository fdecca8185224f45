"""API tokens: who may read a creditor's outcome events. Only the hash of a secret is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, or_, select, update

from outreach.store.outcome_tables import api_tokens
from outreach.store.tables import creditors

T = api_tokens.c


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A row. `creditor` is the creditor's ref, `hash` the SHA-256 of the secret."""

    id: int
    creditor_id: int
    creditor: str
    name: str
    hash: bytes
    created_at: datetime
    created_by: str
    used_at: datetime | None
    revoked_at: datetime | None


def add(connection: Connection, creditor_id: int, name: str, hashed: bytes, now: datetime, by: str) -> int:
    """Keep a new token and return its id."""
    row = {"creditor_id": creditor_id, "name": name, "hash": hashed, "created_at": now, "created_by": by}
    token_id: int = connection.scalars(insert(api_tokens).returning(T.id), [row]).one()
    return token_id


def get(connection: Connection, token_id: int) -> ApiToken | None:
    """One of them, revoked or not."""
    row = connection.execute(_reading().where(T.id == token_id)).first()
    return None if row is None else ApiToken(*row)


def everyone(connection: Connection) -> list[ApiToken]:
    """All tokens, by creditor."""
    return [ApiToken(*row) for row in connection.execute(_reading().order_by(creditors.c.ref, T.id))]


def used(connection: Connection, token_id: int, now: datetime, unless_since: datetime) -> None:
    """Note that it was used, unless it is noted since `unless_since`."""
    stale = or_(T.used_at.is_(None), T.used_at < unless_since)
    connection.execute(update(api_tokens).where(T.id == token_id, stale).values(used_at=now))


def revoke(connection: Connection, token_id: int, now: datetime, by: str) -> bool:
    """End a token; whether it was there and not ended before."""
    ended = update(api_tokens).where(T.id == token_id, T.revoked_at.is_(None))
    return bool(connection.execute(ended.values(revoked_at=now, revoked_by=by)).rowcount)


def _reading() -> Select[Any]:
    columns = [creditors.c.ref if name == "creditor" else T[name] for name in ApiToken.__dataclass_fields__]
    return select(*columns).join(creditors, creditors.c.id == T.creditor_id)
