"""Worker processes are kept running, and stopped with grace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Processes that write their id into a folder, and `ended` into the file when they are asked to stop.
PROGRAM = """
import os, signal, sys, threading
from pathlib import Path
from outreach.workers.supervisor import supervise
def work():
    mine = Path(sys.argv[1]) / str(os.getpid())
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    mine.touch()
    stopped.wait()
    mine.write_text("ended")
sys.exit(supervise(2, work, 10.0))
"""


@contextmanager
def supervisor(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], cwd=ROOT, start_new_session=True)
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(condition: Callable[[], bool]) -> None:
    assert any(condition() or time.sleep(0.05) for _ in range(600)), "it did not come true in time"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_killed_process_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    with supervisor(tmp_path):
        wait_for(lambda: len(names(tmp_path)) == 2)
        killed, left = names(tmp_path)
        os.kill(int(killed), signal.SIGKILL)
        wait_for(lambda: len(names(tmp_path)) == 3)
        os.kill(int(left), 0)


def test_a_stop_reaches_every_process_and_waits_for_them(tmp_path: Path) -> None:
    with supervisor(tmp_path) as process:
        wait_for(lambda: len(names(tmp_path)) == 2)
        process.terminate()
        assert process.wait(20) == 0
        assert {(tmp_path / name).read_text() for name in names(tmp_path)} == {"ended"}
