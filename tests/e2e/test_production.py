"""The main job as production runs it: PostgreSQL, Redis, two schedulers, two workers, web; the sandbox as provider.

Everything is a process of its own, started by the command line as an operator would; one worker is killed on the way.
"""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from outreach.sandbox.config import Delays, SandboxConfig
from outreach.sandbox.server import serving
from tests import services
from tests.flow.house import free_port
from tests.open_house import CONSENTED, campaign_file, consented, noon_zone

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
ACCOUNTS = 120


def write_accounts(path: Path) -> None:
    due_on = (datetime.now(UTC) - timedelta(days=6)).date().isoformat()
    names = (
        "account_ref creditor debtor_ref first_name language country timezone email phone "
        "currency item_ref item_due_date item_amount"
    )
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*names.split(), *CONSENTED])
        for number in range(ACCOUNTS):
            phone = f"+1{212 + number // 70}55501{number % 70 + 2:02d}" if number % 3 else ""
            row = [
                f"A-{number}",
                "northwind",
                f"D-{number}",
                "Ada",
                "en",
                "US",
                noon_zone(),
                f"a{number}@debtor.example",
                phone,
            ]
            writer.writerow([*row, "USD", "I-1", due_on, "120.50", *consented(phone=bool(phone))])


class Processes:
    """Commands of `outreach` in the background, all stopped at the end."""

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self._env, self._logs = dict(env), logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "outreach", *words],
            env=self._env,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def start(self, name: str, *words: str) -> None:
        command = [sys.executable, "-m", "outreach", *words]
        with (self._logs / f"{name}.log").open("wb") as log:
            self._running[name] = subprocess.Popen(command, env=self._env, cwd=ROOT, stdout=log, stderr=log)

    def kill(self, name: str) -> None:
        process = self._running.pop(name)
        process.kill()
        process.wait()

    def stop(self) -> dict[str, int]:
        for process in self._running.values():
            process.terminate()
        return {name: process.wait(timeout=40) for name, process in self._running.items()}


@contextmanager
def production(tmp_path: Path, servers: services.Servers, redis_url: str) -> Iterator[tuple[Processes, str]]:
    schedules = tmp_path / "schedules"
    schedules.mkdir()
    (schedules / "e2e.yaml").write_text(campaign_file("e2e"))
    (schedules / "creditors.yaml").write_bytes((ROOT / "schedules/creditors.yaml").read_bytes())
    port = free_port()
    config = SandboxConfig(callback_url=f"http://127.0.0.1:{port}", delays=Delays(text=0.2, mail=0.2, batch=0.1))
    with ExitStack() as stack:
        url = stack.enter_context(serving(config))
        database = stack.enter_context(services.database(servers))
        env = {
            **os.environ,
            "OUTREACH_DATABASE_URL": database,
            "OUTREACH_BROKER_URL": redis_url,
            "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "OUTREACH_PORT": str(port),
            "OUTREACH_SECRET_KEY": "e2e" * 16,
            "OUTREACH_SENDGRID_FROM": "help@northwind.example",
            "OUTREACH_SCHEDULES": str(schedules),
            **{f"OUTREACH_{name.upper()}": value for name, value in config.as_settings(url).items()},
        }
        processes = Processes(env, tmp_path)
        try:
            yield processes, url
        finally:
            processes.stop()


def wait_for(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask once a quarter of a second, for a bounded time."""
    pause = threading.Event()
    return any(condition() or pause.wait(0.25) for _ in range(int(seconds * 4)))


def rows(url: str) -> list[dict[str, object]]:
    lines = httpx.get(f"{url}/sandbox/ledger").text.splitlines()
    return [httpx.Response(200, text=line).json() for line in lines]


def test_every_debtor_is_contacted_once_though_a_worker_is_killed(
    tmp_path: Path, servers: services.Servers, redis_url: str
) -> None:
    write_accounts(tmp_path / "accounts.csv")
    with production(tmp_path, servers, redis_url) as (processes, url):
        processes.run("migrate")
        processes.run("import", "accounts", str(tmp_path / "accounts.csv"))
        processes.start("web", "web")
        for number in (1, 2):
            processes.start(f"scheduler{number}", "scheduler")
            processes.start(f"worker{number}", "worker", "--threads", "2")
        assert wait_for(lambda: len(rows(url)) > 10, 100), "nothing was sent"
        processes.kill("worker1")
        processes.start("worker3", "worker", "--threads", "2")

        def all_delivered() -> bool:
            if len(rows(url)) < ACCOUNTS:
                return False
            states = [row["state"] for row in timeline_states(processes, "A-1", "A-2", "A-119")]
            return states.count("delivered") == 3

        assert wait_for(all_delivered, 120), f"{len(rows(url))} of {ACCOUNTS} were sent"
        ledger = rows(url)
        assert len({row["recipient"] for row in ledger}) == len(ledger) == ACCOUNTS
        ended = processes.stop()
        # uvicorn stops gracefully and then raises the signal again, as its parent expects.
        assert {code for name, code in ended.items() if name != "web"} == {0}
        assert ended["web"] == -signal.SIGTERM


def timeline_states(processes: Processes, *refs: str) -> list[dict[str, str]]:
    found = []
    for ref in refs:
        shown = processes.run("timeline", ref, "--format", "json")
        entries = httpx.Response(200, text=shown).json()
        found += [entry for entry in entries if entry["state"] == "delivered" and entry["kind"] == "move"]
    return found
