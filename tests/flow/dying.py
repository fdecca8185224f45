"""A process that dies at a chosen line: nothing of it runs after that, and nothing is left that was not committed."""

from __future__ import annotations

import sqlite3
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType
from typing import Any, TypeVar

from sqlalchemy import event

from outreach.domain.sending import SendRequest
from outreach.store.engine import make_engine
from tests.flow.house import ROOT
from tests.flow.town import hurry
from tests.flow.vendor import Answer, Memory, Script
from tests.flow.worker import Died

R = TypeVar("R")
OURS = (str(ROOT / "outreach" / "flow"), str(ROOT / "outreach" / "store"))
#: Whose turn it is to write on SQLite is known to the process alone and ends with it; here the next one lives on in it.
NOT_OURS = str(ROOT / "outreach" / "store" / "engine.py")
#: Where a process may die: the line, and how many commits and calls came before it.
Point = tuple[str, int, int]


@dataclass
class Fate:
    """Counts the lines that a process runs, and kills it at the `at`-th; None: it lives."""

    at: int | None = None
    points: list[Point] = field(default_factory=list)
    effects: int = 0
    dead: bool = False

    def trace(self, frame: FrameType, _event: str, _arg: object) -> Callable[..., Any] | None:
        """For `sys.settrace`: follow our own modules only."""
        file = frame.f_code.co_filename
        return self._follow if file.startswith(OURS) and file != NOT_OURS else None

    def _follow(self, frame: FrameType, what: str, _arg: object) -> Callable[..., Any]:
        if what == "line":
            self.points.append((frame.f_code.co_filename, frame.f_lineno, self.effects))
            if len(self.points) == self.at:
                self.dead = True
            self.breathe()
        return self._follow

    def breathe(self, *_: object) -> None:
        """Nothing is done by the dead."""
        if self.dead:
            raise Died

    def has_effect(self, *_: object) -> None:
        """What was done stays done."""
        self.breathe()
        self.effects += 1


class Process(Script):
    """A process, which has a fate, and its connections, which are cut when it dies. The next one takes its place."""

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self.fate = Fate()
        self.engine = make_engine(database_url)
        self._cut: list[Any] = []
        hurry(self.engine)
        event.listen(self.engine, "connect", lambda connection, _record: self._cut.append(connection))
        event.listen(self.engine, "before_cursor_execute", self._execute)
        event.listen(self.engine, "commit", lambda _: self.fate.has_effect())

    def _execute(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if not statement.startswith("ROLLBACK"):
            self.fate.breathe()

    def calls(self, request: SendRequest) -> Answer:
        self.fate.breathe()
        return super().calls(request)

    def took(self, request: SendRequest) -> None:
        self.fate.has_effect()

    def asks(self, request: SendRequest) -> Memory:
        self.fate.has_effect()
        return super().asks(request)

    def run(self, fate: Fate, job: Callable[[], object]) -> None:
        """Do a job to its end or to the end of the process."""
        self.fate = fate
        thread = threading.Thread(target=self._live, args=(job,))
        thread.start()
        thread.join()
        for connection in self._cut:
            # SQLite keeps the lock of a closed connection until its cursors are gone, as they are with a process.
            with suppress(sqlite3.ProgrammingError):
                if isinstance(connection, sqlite3.Connection):
                    connection.rollback()
            connection.close()
        self._cut.clear()
        self.engine.dispose()

    def _live(self, job: Callable[[], object]) -> None:
        threading.settrace(self.fate.trace)  # type: ignore[arg-type]
        sys.settrace(self.fate.trace)  # type: ignore[arg-type]
        try:
            job()
        except BaseException:
            # A library may have made its own error of the death.
            if not self.fate.dead:
                raise
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]


class Threads(Executor):
    """Runs each call in a thread of its own, one after the other, so that the order of lines is always the same."""

    def submit(self, fn: Callable[..., R], /, *args: Any, **kwargs: Any) -> Future[R]:
        done: Future[R] = Future()
        thread = threading.Thread(target=self._run, args=(done, partial(fn, *args, **kwargs)))
        thread.start()
        thread.join()
        return done

    def _run(self, done: Future[R], call: Callable[[], R]) -> None:
        try:
            done.set_result(call())
        except BaseException as error:  # noqa: BLE001 (as a pool does)
            done.set_exception(error)
