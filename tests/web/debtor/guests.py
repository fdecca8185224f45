"""Debtors who open their page: their data, the link of a real message, and a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from sqlalchemy import select, update

from outreach.store.migrate import metadata
from outreach.store.outbox import contents, notices, timeline
from outreach.store.tables import accounts, debtors
from tests.flow.house import House
from tests.serving import NO_TLS

BORN = {"day": "31", "month": "1", "year": "1980"}
POSTAL = "10001"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
_LINK = re.compile(r"/p/[0-9A-Za-z]{26}")


def known(home: House, ref: str = "A-1", born: str = "1980-01-31", postal: str = POSTAL) -> None:
    """Put on record by what a debtor is known."""
    owner = select(accounts.c.debtor_id).where(accounts.c.ref == ref).scalar_subquery()
    with home.engine.begin() as connection:
        connection.execute(update(debtors).where(debtors.c.id == owner).values(date_of_birth=born, postal_code=postal))


def link(home: House, ref: str = "A-1") -> str:
    """The path of the link in the last message that was sent about an account."""
    query = (
        select(contents.c.body)
        .join(notices, notices.c.id == contents.c.notice_id)
        .join(accounts, accounts.c.id == notices.c.account_id)
        .where(accounts.c.ref == ref)
        .order_by(notices.c.id.desc())
    )
    with home.engine.connect() as connection:
        found = _LINK.search(connection.scalars(query).first() or "")
    assert found
    return found.group()


def written_to(home: House, ref: str = "A-1", **account: object) -> str:
    """An account whose debtor is known and was written to; the path of the link."""
    home.account(ref, **account)  # type: ignore[arg-type]
    known(home, ref)
    home.deliver()
    home.wait(lambda: set(home.states().values()) == {"delivered"})
    return link(home, ref)


@contextmanager
def phone(home: House, path: str = "", language: str = "en") -> Iterator[httpx.Client]:
    """A browser, which opened a link."""
    headers = {"accept": "text/html", "accept-language": language}
    with httpx.Client(base_url=home.public_url, follow_redirects=True, verify=NO_TLS, headers=headers) as client:
        if path:
            client.get(path)
        yield client


def send(client: httpx.Client, path: str, page: str = "", **fields: str) -> httpx.Response:
    """Open a page and post the form on it."""
    found = _CSRF.search(client.get(page or path).text)
    assert found, client.get(page or path).text
    return client.post(path, data={"csrf": found.group(1), **fields})


@contextmanager
def inside(home: House, path: str, language: str = "en") -> Iterator[httpx.Client]:
    """A browser whose debtor said who he or she is."""
    with phone(home, path, language) as client:
        assert send(client, "/p/who", **BORN).status_code == 200
        yield client


def told(home: House, kind: str) -> list[dict[str, object]]:
    """What the timelines say of a kind of happening."""
    with home.engine.connect() as connection:
        query = select(timeline.c.data).where(timeline.c.kind == kind).order_by(timeline.c.id)
        return list(connection.scalars(query))


def rows(home: House) -> dict[str, list[object]]:
    """Every row of every table."""
    with home.engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in metadata.sorted_tables}
