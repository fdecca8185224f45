"""Processes of a benchmark: commands of `outreach` and the stub, and the CPU that each of them took."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TICK = os.sysconf("SC_CLK_TCK")


def cpu_of(*pids: int) -> float:
    """CPU seconds that processes and the living children of each have taken."""
    total = 0.0
    for pid in pids:
        for one in (pid, *_children(pid)):
            try:
                fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            # utime and stime, and those of children that have ended.
            total += sum(int(field) for field in fields[11:15]) / _TICK
    return total


def memory_of(pid: int) -> int:
    """The resident memory of a process in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) // 1024
    return 0


def find(*names: str) -> list[int]:
    """Processes of some names whose parent has another one: a server, not its workers."""
    pids = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    named = {pid for pid in pids if _name(pid).startswith(names)}
    return [pid for pid in named if _parent(pid) not in named]


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for tasks in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in tasks.read_text().split()]
        except OSError:
            continue
    return [*found, *(grandchild for child in found for grandchild in _children(child))]


class Crew:
    """Named processes in the background."""

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self._env, self._logs = dict(env), logs
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, *words: str) -> None:
        """Start `python -m words...` under a name."""
        with (self._logs / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", *words]
            self.running[name] = subprocess.Popen(command, env=self._env, cwd=ROOT, stdout=log, stderr=log)

    def cpu(self) -> dict[str, float]:
        """CPU seconds of each."""
        return {name: cpu_of(process.pid) for name, process in self.running.items()}

    def stop(self) -> None:
        """Stop all, at once if they do not obey."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


@contextmanager
def crew(env: Mapping[str, str], logs: Path) -> Iterator[Crew]:
    """Processes that end with the block."""
    made = Crew(env, logs)
    try:
        yield made
    finally:
        made.stop()


def until(seconds: float, pause: float = 0.05) -> Iterator[float]:
    """Yields the seconds gone, until a bound; a benchmark that hangs must end."""
    begun = time.perf_counter()
    while (gone := time.perf_counter() - begun) < seconds:
        yield gone
        time.sleep(pause)
    raise TimeoutError(f"not done after {seconds} s")
