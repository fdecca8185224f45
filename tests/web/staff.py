"""The people who work in the console, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from argon2 import PasswordHasher

from outreach.store import users
from outreach.store.users import Role
from tests.flow.house import House
from tests.serving import NO_TLS

PASSWORD = "a long sample password"
_HASHED = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def token(page: str) -> str:
    """The CSRF token of a page with a form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found.group(1)


def hire(home: House) -> None:
    """A user of each role, whose password costs no time to check; what it costs in earnest, `add_user` decides."""
    with home.engine.begin() as connection:
        for role in Role:
            users.add(connection, f"{role}@lender.example", _HASHED, role, home.clock.now())


@contextmanager
def browser(home: House, role: Role = Role.ADMIN, password: str = PASSWORD) -> Iterator[httpx.Client]:
    """Somebody who tried to sign in."""
    with httpx.Client(base_url=home.public_url, follow_redirects=True, verify=NO_TLS) as client:
        form = {"csrf": token(client.get("/sign-in").text), "email": f"{role}@lender.example", "password": password}
        client.post("/sign-in", data=form)
        yield client


def submit(client: httpx.Client, page: str, action: str, **fields: str) -> httpx.Response:
    """Open a page and post one of its forms."""
    return client.post(action, data={"csrf": token(client.get(page).text), **fields})
