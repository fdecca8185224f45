"""A worker process in miniature: an engine of its own, one job at a time, which stops wherever others may come between.

It stops on the line to a vendor, and when it is about to open a transaction. Nothing else runs while it runs, so what
happens depends on what the test decides alone. A worker that dies loses its memory and its open transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import Engine, event

from outreach.domain.sending import SendRequest
from outreach.flow.desk import Desk
from outreach.flow.traffic import Traffic
from tests.flow.vendor import Answer, Memory, Script

R = TypeVar("R")
Job = Callable[[Desk], object]


class Died(BaseException):
    """The process was killed: no handler of an error may run for it."""


class Stop(StrEnum):
    """Where a worker stops, and others may come between."""

    #: before its job
    START = "start"
    #: with an outcome in hand or none, before its next transaction
    TRANSACTION = "transaction"
    #: the call to the vendor is on its way
    CALL = "call"
    #: the vendor has taken the message, its answer is on its way
    ANSWER = "answer"
    #: the question to the vendor is on its way
    QUESTION = "question"
    #: the vendor has looked, its answer is on its way
    FINDING = "finding"


class Serial(Executor):
    """Runs each call at once, in the caller's thread."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        done: Future[R] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 (as a pool does)
            done.set_exception(error)
        return done


class Worker(Script):
    """A worker that is told when to go on."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self.stands_at: Stop | None = None
        self.traffic = Traffic()
        self._dies_at_commit = False
        self._dead = False
        self._thread: threading.Thread | None = None
        self._mine, self._theirs = threading.Semaphore(0), threading.Semaphore(0)
        self._error: BaseException | None = None
        event.listen(engine, "checkout", self._opens)
        event.listen(engine, "commit", self._commits)

    @property
    def busy(self) -> bool:
        """Whether it has a job that is not done."""
        return self.stands_at is not None

    def start(self, desk: Desk, job: Job) -> None:
        """Take a job and run to the first stop."""
        assert not self.busy
        if self._dead:
            self._dead, self.traffic = False, Traffic()
        self._dies_at_commit = False
        self._thread = threading.Thread(target=self._work, args=(desk, job), daemon=True)
        self.stands_at = Stop.START
        self._thread.start()
        self._wait()

    def go_on(self, until: Stop | None = None) -> None:
        """Run to the next stop of a kind, or to the end of the job."""
        while self.busy:
            self._mine.release()
            self._wait()
            if self.stands_at is until:
                return

    def die(self, *, at_commit: bool = False) -> None:
        """Be killed where it stands, or at its next commit before that takes effect, if it gets there."""
        self._dead, self._dies_at_commit = not at_commit, at_commit
        self.go_on()
        self.engine.dispose()

    def _wait(self) -> None:
        self._theirs.acquire()
        if not self.busy and self._thread is not None:
            self._thread.join()
            error, self._error = self._error, None
            if isinstance(error, Died):
                self.engine.dispose()
            elif error is not None:
                raise error

    def _work(self, desk: Desk, job: Job) -> None:
        try:
            self._stop(Stop.START)
            job(desk)
        except BaseException as error:  # noqa: BLE001 (handed to the test)
            self._error = error
        finally:
            self.stands_at = None
            self._theirs.release()

    def _stop(self, at: Stop) -> None:
        if threading.current_thread() is not self._thread:
            return
        if self._dead:
            raise Died
        self.stands_at = at
        self._theirs.release()
        self._mine.acquire()
        if self._dead:
            raise Died

    def _opens(self, *_: object) -> None:
        self._stop(Stop.TRANSACTION)

    def _commits(self, *_: object) -> None:
        if self._dies_at_commit and threading.current_thread() is self._thread:
            self._dead = True
            raise Died

    def calls(self, request: SendRequest) -> Answer:
        self._stop(Stop.CALL)
        return super().calls(request)

    def took(self, request: SendRequest) -> None:
        self._stop(Stop.ANSWER)

    def asks(self, request: SendRequest) -> Memory:
        self._stop(Stop.QUESTION)
        return super().asks(request)

    def told(self, request: SendRequest) -> None:
        self._stop(Stop.FINDING)
