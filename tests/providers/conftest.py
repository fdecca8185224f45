"""What the tests of providers share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.providers.vendor_server import VendorServer, serving


@pytest.fixture
def server() -> Iterator[VendorServer]:
    """A vendor's API on loopback."""
    with serving() as it:
        yield it
