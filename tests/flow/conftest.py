"""A house on each database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.flow.house import House, house


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    """A house with the default campaign."""
    with house(database_url) as built:
        yield built
