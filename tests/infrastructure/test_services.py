"""The servers that tests run on."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from tests import services

pytestmark = pytest.mark.services
ROOT = Path(__file__).parents[2]
OWNER = """
import signal
from tests import services
services.open_run()
services.shared()
print(services.os.environ[services.RUN_VARIABLE], flush=True)
signal.pause()
"""


@pytest.fixture
def own_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start servers even where the run was given the URLs of others."""
    monkeypatch.delenv("OUTREACH_TEST_POSTGRES_URL", raising=False)
    monkeypatch.delenv("OUTREACH_TEST_REDIS_URL", raising=False)


def test_a_database_is_empty_and_gone_afterwards(servers: services.Servers) -> None:
    with services.database(servers) as url, psycopg.connect(url.replace("+psycopg", "")) as connection:
        tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    assert tables == (0,)
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url.replace("+psycopg", ""))


def test_a_redis_database_is_emptied_before_each_use(servers: services.Servers) -> None:
    with redis.Redis.from_url(services.redis_database(servers, 63)) as client:
        client.set("left", "behind")
        services.redis_database(servers, 63)
        assert client.dbsize() == 0


@pytest.mark.parametrize(("durable", "fsync", "appendonly"), [(False, "off", "no"), (True, "on", "yes")])
def test_only_durable_servers_wait_for_the_disk(durable: bool, fsync: str, appendonly: str, own_servers: None) -> None:
    with services.running(durable=durable) as started:
        with psycopg.connect(started.postgres) as connection:
            assert connection.execute("SHOW fsync").fetchone() == (fsync,)
        with redis.Redis.from_url(started.redis, decode_responses=True) as client:
            assert client.config_get("appendonly") == {"appendonly": appendonly}


def test_servers_end_and_leave_no_files_when_their_run_is_killed(own_servers: None) -> None:
    environ = {name: value for name, value in os.environ.items() if name != services.RUN_VARIABLE}
    with subprocess.Popen(
        [sys.executable, "-c", OWNER], stdout=subprocess.PIPE, text=True, env=environ, cwd=ROOT
    ) as owner:
        assert owner.stdout
        run = Path(owner.stdout.readline().strip().partition(":")[2])
        started = services.Servers(**json.loads((run / "servers.json").read_text()))
        guardian = os.pidfd_open(int((run / "guardian.pid").read_text()))
        owner.send_signal(signal.SIGKILL)
    ended, _, _ = select.select([guardian], [], [], 30)
    os.close(guardian)
    assert ended
    assert not run.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(started.postgres)


@pytest.mark.parametrize(("ci", "result"), [("", pytest.ExitCode.OK), ("true", pytest.ExitCode.TESTS_FAILED)])
def test_ci_does_not_allow_a_skip(ci: str, result: pytest.ExitCode, tmp_path: Path) -> None:
    (tmp_path / "test_left_out.py").write_text("import pytest\ndef test(): pytest.skip('no server')\n")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-c",
        os.devnull,
        "--rootdir",
        str(tmp_path),
        "-p",
        "tests.conftest",
    ]
    environ = os.environ | {"CI": ci}
    run = subprocess.run([*command, tmp_path], cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert run.returncode == result, run.stdout
