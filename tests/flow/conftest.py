"""A house on each database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import services
from tests.flow.house import House, house


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'house.db'}"
        return
    with services.database(request.getfixturevalue("servers")) as url:
        yield url


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    """A house with the default campaign."""
    with house(database_url) as built:
        yield built
