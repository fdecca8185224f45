"""Letters: HTML in, PDF out, printed by child processes (see press.py), called from any number of threads."""

from __future__ import annotations

import hashlib
import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from multiprocessing import Pipe
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType

from outreach.domain.message import LetterMessage
from outreach.rendering.errors import LetterError
from outreach.rendering.press import Printed, Refused

FONTS = Path(__file__).parent / "fonts"
_START_SECONDS = 60
_PROGRAM = "from outreach.rendering.press import main; main()"
_FONTCONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""


class _Child:
    """One printing process, its pipe, and the folder with its font configuration. Used by one thread at a time."""

    def __init__(self, fonts: Path) -> None:
        self._folder = TemporaryDirectory(prefix="outreach-letters-")
        config = Path(self._folder.name, "fonts.conf")
        config.write_text(_FONTCONFIG.format(fonts=fonts, cache=self._folder.name), "utf-8")
        self._pipe, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  (our own interpreter and module)
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno())],
                env={**os.environ, "FONTCONFIG_FILE": str(config)},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.printed = 0
        try:
            _accept(self._answer(_START_SECONDS))
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        return self._process.pid

    def print(self, html: str, timeout: float) -> Printed | Refused:
        try:
            self._pipe.send(html)
        except OSError as error:
            raise LetterDied("the printing process is gone; the letter may be printed again") from error
        self.printed += 1
        return self._answer(timeout)

    def stop(self) -> None:
        self._pipe.close()
        self._process.kill()
        self._process.wait()
        self._folder.cleanup()

    def _answer(self, timeout: float) -> Printed | Refused:
        try:
            if not self._pipe.poll(timeout):
                raise LetterDied(f"the letter was not printed within {timeout:g} seconds; make its template simpler")
            answer = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise LetterDied("the printing process ended; the letter may be printed again") from error
        assert isinstance(answer, Printed | Refused)
        return answer


class LetterDied(LetterError):
    """The process that printed the letter ended or took too long; it has been replaced."""


class LetterPrinter:
    """Prints letters in `workers` child processes that start when first needed.

    A letter has `timeout` seconds. A child is replaced after `recycle_after` letters, and at once when it is killed:
    only the letter in its hands fails. `close` ends the children; use the printer as a context manager or call it.
    """

    def __init__(self, workers: int = 1, timeout: float = 60, recycle_after: int = 1_000, fonts: Path = FONTS) -> None:
        self._workers = workers
        self._timeout = timeout
        self._recycle_after = recycle_after
        self._fonts = fonts
        self._slots: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(workers):
            self._slots.put(None)

    def start(self) -> None:
        """Start a child now; raises LetterError that says what the machine lacks (Pango, HarfBuzz subset, fonts)."""
        with self._child():
            pass

    def print(self, html: str) -> LetterMessage:
        """The letter of an HTML page; waits for a free child. Raises LetterError."""
        with self._child() as child:
            answer = child.print(html, self._timeout)
        printed = _accept(answer)
        return LetterMessage(printed.pdf, printed.pages, hashlib.sha256(printed.pdf).hexdigest(), html)

    def print_many(self, htmls: Sequence[str]) -> list[LetterMessage | LetterError]:
        """One answer a page, in their order, with all children at work."""
        with ThreadPoolExecutor(self._workers) as threads:
            return list(threads.map(self._try, htmls))

    def pids(self) -> list[int]:
        """The processes of idle children, for supervision."""
        return [child.pid for child in list(self._slots.queue) if child is not None]

    def close(self) -> None:
        """End all children; waits for letters in print. The printer starts new ones if it is used again."""
        children = [self._slots.get() for _ in range(self._workers)]
        for child in children:
            if child is not None:
                child.stop()
            self._slots.put(None)

    def __enter__(self) -> LetterPrinter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _try(self, html: str) -> LetterMessage | LetterError:
        try:
            return self.print(html)
        except LetterError as error:
            return error

    @contextmanager
    def _child(self) -> Iterator[_Child]:
        """Borrow a child. One that was left in the middle of a letter is ended, lest its answer reach the next."""
        child = self._slots.get()
        try:
            child = child or _Child(self._fonts)
            yield child
            spent = child.printed >= self._recycle_after
        except BaseException:
            spent = True
            raise
        finally:
            if child is not None and spent:
                child.stop()
                child = None
            self._slots.put(child)


def _accept(answer: Printed | Refused) -> Printed:
    if isinstance(answer, Refused):
        raise LetterError(answer.reason)
    return answer
