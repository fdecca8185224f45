"""Who may sign in, and whether the password is right."""

from __future__ import annotations

import hashlib
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import Engine

from outreach.store import users
from outreach.store.engine import reading
from outreach.store.users import Role, User

SHORTEST_PASSWORD = 12
#: Longer ones would let a stranger make us hash megabytes.
LONGEST_PASSWORD = 1024

#: OWASP Password Storage Cheat Sheet, Argon2id minimum: 19 MiB, two passes, one lane.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
#: Verified when nobody has the address, so that the answer takes as long as for somebody.
_NOBODY = _HASHER.hash("nobody")


class PasswordUnfit(ValueError):
    """The password is too short or too long."""


def add_user(engine: Engine, email: str, password: str, role: Role, now: datetime) -> None:
    """Raises PasswordUnfit or UserExists."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PasswordUnfit(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    password_hash = _HASHER.hash(password)
    with engine.begin() as connection:
        users.add(connection, email, password_hash, role, now)


def authenticate(engine: Engine, email: str, password: str) -> User | None:
    """The user, or None for a wrong password, an unknown address or a disabled user, all in the same time."""
    with reading(engine) as connection:
        user = users.by_email(connection, email.strip())
    try:
        _HASHER.verify(user.password_hash if user else _NOBODY, password[:LONGEST_PASSWORD])
    except (VerifyMismatchError, InvalidHashError):
        return None
    return user if user and not user.disabled else None


def fingerprint(user: User) -> str:
    """What a session remembers of the password, so that a new password ends it."""
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:16]
