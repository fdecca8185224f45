"""The people who may sign in to the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.exc import IntegrityError

from outreach.store.tables import users


class Role(StrEnum):
    """What a user may do; each role may also do what those after it may."""

    ADMIN = "admin"
    #: releases, approves and pauses
    OPERATOR = "operator"
    #: works with debtors: holds, tasks
    AGENT = "agent"
    #: reads
    VIEWER = "viewer"

    def may(self, needed: Role) -> bool:
        """Whether this role is `needed` or above it."""
        order = list(Role)
        return order.index(self) <= order.index(needed)


class UserExists(Exception):
    """The e-mail address has a user already."""


class UserUnknown(Exception):
    """No user has this e-mail address."""


@dataclass(frozen=True, slots=True)
class User:
    """A row. `email` is lower case; `created_at` is aware UTC."""

    id: int
    email: str
    role: Role
    disabled: bool
    password_hash: str
    created_at: datetime


def add(connection: Connection, email: str, password_hash: str, role: Role, now: datetime) -> None:
    """Raises UserExists."""
    row = {"email": email.lower(), "password_hash": password_hash, "role": role.value, "created_at": now}
    try:
        connection.execute(insert(users).values(row))
    except IntegrityError as error:
        raise UserExists(email) from error


def everyone(connection: Connection) -> list[User]:
    """All users by address."""
    return [_user(row) for row in connection.execute(select(users).order_by(users.c.email))]


def by_email(connection: Connection, email: str) -> User | None:
    """The user with this address in any case."""
    return _one(connection.execute(select(users).where(users.c.email == email.lower())).first())


def by_id(connection: Connection, user_id: int) -> User | None:
    """The user of a session."""
    return _one(connection.execute(select(users).where(users.c.id == user_id)).first())


def disable(connection: Connection, email: str) -> None:
    """Shut a user out, from open sessions too. Raises UserUnknown."""
    changed = connection.execute(update(users).where(users.c.email == email.lower()).values(disabled=True))
    if changed.rowcount == 0:
        raise UserUnknown(email)


def _one(row: Row[tuple[object, ...]] | None) -> User | None:
    return None if row is None else _user(row)


def _user(row: Row[tuple[object, ...]]) -> User:
    return User(row.id, row.email, Role(row.role), row.disabled, row.password_hash, row.created_at)
