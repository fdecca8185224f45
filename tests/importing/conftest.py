"""A database with one creditor, once of each kind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.importing.files import ready


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A migrated database with the creditor `northwind`."""
    with ready(database_url) as engine:
        yield engine
