"""A production system whose every process may be killed: schedulers, workers, web, provider, broker, database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import redis

from outreach.sandbox.config import SandboxConfig
from tests.flow.house import free_port
from tests.open_house import campaign_file
from tests.servers import Server, postgres, redis_server

ROOT = Path(__file__).parents[2]
#: Whatever happens to the one who conducts, nothing of the cluster outlives it.
LEASH = ("setpriv", "--pdeathsig", "KILL", "--")


@dataclass(frozen=True, slots=True)
class Role:
    """A process: its command, and how far its clock is off (seconds)."""

    words: tuple[str, ...]
    skew: float = 0.0


WORKERS = ("workers", "worker-behind", "worker-ahead")
SCHEDULERS = ("scheduler-1", "scheduler-2")
ROLES = {
    "scheduler-1": Role(("scheduler",)),
    "scheduler-2": Role(("scheduler",), skew=2),
    "workers": Role(("worker", "--processes", "2", "--threads", "2")),
    "worker-behind": Role(("worker", "--threads", "2"), skew=-5),
    "worker-ahead": Role(("worker", "--threads", "2"), skew=5),
    "web": Role(("web",)),
}


class Cluster:
    """Everything that runs, and the ways to break it."""

    def __init__(self, folder: Path, *, unguarded: bool = False) -> None:
        self.folder = folder
        self.database = _leashed(postgres(folder, durable=True))
        self.broker = _leashed(redis_server(folder, durable=False))
        self.ledger = folder / "ledger.db"
        self.web_url, self.sandbox_url = (f"http://127.0.0.1:{free_port()}" for _ in range(2))
        self.database_url = self.database.url
        self.env = self._environment(unguarded)
        self.kills: Counter[str] = Counter()
        #: Processes that ended although nobody killed them.
        self.surprises: list[str] = []
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def _environment(self, unguarded: bool) -> dict[str, str]:
        schedules = self.folder / "schedules"
        schedules.mkdir()
        (schedules / "chaos.yaml").write_text(campaign_file("chaos"))
        (schedules / "creditors.yaml").write_bytes((ROOT / "schedules/creditors.yaml").read_bytes())
        config = SandboxConfig(callback_url=self.web_url)
        return {
            # Where Python may not keep what it compiled, compiling is most of the time that a process takes to start.
            **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
            "OUTREACH_DATABASE_URL": self.database_url,
            "OUTREACH_BROKER_URL": self.broker.url,
            "OUTREACH_PUBLIC_URL": self.web_url,
            "OUTREACH_PORT": self.web_url.rpartition(":")[2],
            "OUTREACH_SANDBOX_PORT": self.sandbox_url.rpartition(":")[2],
            "OUTREACH_SECRET_KEY": "chaos" * 8,
            "OUTREACH_SENDGRID_FROM": "help@northwind.example",
            "OUTREACH_SCHEDULES": str(schedules),
            # Many small batches: more of them are under way, each at another point, when something dies.
            "OUTREACH_SEND_CONCURRENCY": "4",
            **{f"OUTREACH_{name.upper()}": value for name, value in config.as_settings(self.sandbox_url).items()},
            "CHAOS_DOUBLED": "1",
            **({"CHAOS_UNGUARDED": "1"} if unguarded else {}),
        }

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [sys.executable, "-m", "outreach", *words],
            env=self.env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *names: str) -> None:
        """Start processes by name."""
        for name in names:
            words, skew = self._role(name)
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen(
                    [*LEASH, sys.executable, "-m", "tests.chaos.program", *words],
                    env={**self.env, "CHAOS_SKEW": str(skew)},
                    cwd=ROOT,
                    stdout=log,
                    stderr=log,
                )

    def _role(self, name: str) -> tuple[tuple[str, ...], float]:
        if name == "sandbox":
            return ("sandbox", "--callback", self.web_url, "--ledger", str(self.ledger)), 0.0
        return ROLES[name].words, ROLES[name].skew

    def await_answer(self, url: str) -> None:
        """Until a web server answers; fails after a minute."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                httpx.get(url, timeout=2)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise TimeoutError(f"{url} does not answer:\n{self.log_tail('web')}\n{self.log_tail('sandbox')}")

    def pid(self, name: str) -> int:
        """The process id of a running process."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """SIGKILL, and gone."""
        process = self._running.pop(name)
        process.kill()
        process.wait()
        self.kills[name] += 1

    def terminate(self, name: str) -> int:
        """SIGTERM; its exit code once it has ended, within the half minute that an operator grants it."""
        process = self._running.pop(name)
        process.terminate()
        return process.wait(timeout=30)

    def children(self, name: str) -> list[int]:
        """The processes that a supervisor keeps, the eldest first."""
        pid = self.pid(name)
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def kill_child(self, name: str) -> None:
        """SIGKILL the eldest of the processes that a supervisor keeps."""
        for child in self.children(name)[:1]:
            os.kill(child, signal.SIGKILL)
            self.kills[f"a child of {name}"] += 1

    def watch(self) -> None:
        """Note what ended by itself, and start it again."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self.surprises.append(f"{name} ended by itself with {process.returncode}: {self.log_tail(name)}")
                self.start(name)

    def revive(self) -> None:
        """Start what does not run."""
        self.start(*(name for name in (*ROLES, "sandbox") if name not in self._running))

    def flush_broker(self) -> None:
        """FLUSHALL."""
        with redis.Redis.from_url(self.broker.url) as client:
            client.flushall()
        self.kills["broker flushed"] += 1

    def kill_broker(self, down: float) -> None:
        """SIGKILL; it comes back empty after `down` seconds."""
        self.broker.end(signal.SIGKILL)
        time.sleep(down)
        self.broker.start()
        self.kills["broker"] += 1

    def restart_database(self) -> None:
        """An immediate shutdown, and a start with recovery from its log."""
        self.database.end()
        self.database.start()
        self.kills["database"] += 1

    def arm(self, fault: dict[str, object]) -> None:
        """Make the provider's next calls fail; it may be just starting."""
        with httpx.Client(transport=httpx.HTTPTransport(retries=5)) as client:
            client.post(f"{self.sandbox_url}/sandbox/faults", json=fault).raise_for_status()

    def disarm(self) -> None:
        """The provider works again. One that was killed has forgotten its faults."""
        with suppress(httpx.TransportError):
            httpx.delete(f"{self.sandbox_url}/sandbox/faults", timeout=5)

    def log_tail(self, name: str) -> str:
        """The end of a process's log."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace")[-1500:] if path.exists() else ""

    def stop(self) -> dict[str, int]:
        """SIGTERM to all; their exit codes."""
        for process in self._running.values():
            process.terminate()
        ended = {}
        for name, process in self._running.items():
            try:
                ended[name] = process.wait(timeout=35)
            except subprocess.TimeoutExpired:
                process.kill()
                ended[name] = process.wait()
        self._running.clear()
        return ended


def _leashed(server: Server) -> Server:
    server.command = [*LEASH, *server.command]
    return server


@contextmanager
def cluster(folder: Path, *, unguarded: bool = False) -> Iterator[Cluster]:
    """A cluster whose servers, web and provider answer; schedulers and workers are not started yet."""
    folder.chmod(0o711)
    made = Cluster(folder, unguarded=unguarded)
    made.database.start()
    made.broker.start()
    try:
        migrated = made.run("migrate")
        assert migrated.returncode == 0, migrated.stderr
        made.start("sandbox", "web")
        made.await_answer(f"{made.sandbox_url}/sandbox/health")
        made.await_answer(f"{made.web_url}/healthz")
        yield made
    finally:
        made.stop()
        made.broker.end(signal.SIGKILL)
        made.database.end()
