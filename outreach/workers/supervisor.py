"""Keeps a number of worker processes running: one Python process uses one core, and a dead one takes no other down."""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import wait
from multiprocessing.context import ForkContext, ForkProcess
from time import monotonic

log = logging.getLogger(__name__)

#: Seconds before a process that died is started again; they double while it dies within LASTING seconds.
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
LASTING = 10.0
#: Seconds between two looks at whether to stop.
TICK = 0.2
_STOPS = (signal.SIGTERM, signal.SIGINT)


class Place:
    """One of the processes, and when to start it again."""

    def __init__(self, context: ForkContext, work: Callable[[], None]) -> None:
        self._context, self._work = context, work
        self._pause = 0.0
        self._start_at = self._started_at = 0.0
        self.process: ForkProcess | None = None

    def keep(self) -> None:
        """Start the process when it is time; when it has ended, say when to start it again."""
        now = monotonic()
        if self.process is None:
            if now >= self._start_at:
                self._start(now)
        elif not self.process.is_alive():
            lasted = now - self._started_at > LASTING
            self._pause = FIRST_PAUSE if lasted else min(LONGEST_PAUSE, max(FIRST_PAUSE, 2 * self._pause))
            code = self.process.exitcode
            log.warning("worker process %s ended with %s; another in %.1f s", self.process.pid, code, self._pause)
            self.process, self._start_at = None, now + self._pause

    def _start(self, now: float) -> None:
        # A signal in between would reach the child while it still has the parent's handlers, and be lost.
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOPS)
        self.process = self._context.Process(target=_child, args=(self._work,))
        self.process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
        self._started_at = now


def supervise(count: int, work: Callable[[], None], grace: float) -> int:
    """Run `work` in `count` processes until SIGTERM or SIGINT, which it passes on; returns 0, or 1 when a process did
    not end within `grace` seconds and was killed. Call it before any thread starts: it forks."""
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    for number in _STOPS:
        signal.signal(number, stop)
    context = multiprocessing.get_context("fork")
    places = [Place(context, work) for _ in range(count)]
    while not stopping:
        for place in places:
            place.keep()
        wait([place.process.sentinel for place in places if place.process], TICK)
    return _end([place.process for place in places if place.process], grace)


def _end(running: list[ForkProcess], grace: float) -> int:
    for process in running:
        process.terminate()
    deadline = monotonic() + grace
    for process in running:
        process.join(max(0.0, deadline - monotonic()))
    late = [process for process in running if process.is_alive()]
    for process in late:
        process.kill()
        process.join()
    return 1 if late else 0


def _child(work: Callable[[], None]) -> None:
    for number in _STOPS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPS)
    work()
