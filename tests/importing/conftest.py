"""A database with one creditor, once of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests import services
from tests.importing.files import ready


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'import.db'}"
        return
    with services.database(request.getfixturevalue("servers")) as url:
        yield url


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated database with the creditor `northwind`."""
    with ready(database_url) as engine:
        yield engine
