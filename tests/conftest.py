"""What every test may ask for: real servers, started at the first need and shared by the whole run."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from outreach.store.engine import make_engine
from tests import services
from tests.databases import make_tables


def pytest_configure(config: pytest.Config) -> None:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        services.open_run()
        config.add_cleanup(services.close_run)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs servers, so that the fast checks can leave it out without a list of folders.

    A test that runs on several databases needs them in its variant named `postgres`.
    """
    for item in items:
        parameters = item.callspec.params.values() if hasattr(item, "callspec") else ()
        if "servers" in getattr(item, "fixturenames", ()) or "postgres" in parameters:
            item.add_marker(pytest.mark.services)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI what cannot run has failed: a missing server or browser must not turn into a green run."""
    report = yield
    if report.skipped and os.environ.get("CI") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which CI does not allow: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def servers() -> services.Servers:
    """The PostgreSQL and Redis servers of this run."""
    return services.shared()


@pytest.fixture(scope="module")
def postgres_url(servers: services.Servers) -> Iterator[str]:
    """A fresh empty PostgreSQL database of the test module's own."""
    with services.database(servers) as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(servers: services.Servers) -> Iterator[str]:
    """The name of a PostgreSQL database with its tables, of which tests take copies."""
    with services.database(servers) as url:
        engine = make_engine(url)
        make_tables(engine)
        engine.dispose()
        yield engine.url.database or ""


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database for `make_tables`, once of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    template = request.getfixturevalue("migrated_postgres")
    with services.database(request.getfixturevalue("servers"), template) as url:
        yield url


@pytest.fixture
def redis_url(servers: services.Servers) -> str:
    """An emptied Redis database of the test process's own."""
    return services.redis_database(servers, int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
