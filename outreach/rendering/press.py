"""The child process that prints letters. It alone loads WeasyPrint, with the packaged fonts and no others.

WeasyPrint's font configuration must not be shared between threads, and a page may exhaust memory or never end;
a process of its own, which can be killed, holds all of that. It reads HTML from a pipe and answers with `Printed` or
`Refused`; the first answer is `Printed` of nothing when it is ready.
"""

from __future__ import annotations

import gc
import logging
import resource
import signal
import sys
import warnings
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

#: Bytes of address space; a letter takes about a tenth of it.
_MEMORY = 3 << 30
_MISSING_GLYPH = ".notdef glyph rendered"


@dataclass(frozen=True, slots=True)
class Printed:
    """A letter as PDF bytes and its number of pages."""

    pdf: bytes = b""
    pages: int = 0


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a letter was not printed, or why the press cannot start."""

    reason: str


class Complaints(logging.Handler):
    """Collects what WeasyPrint only logs although it spoils the letter."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.reasons: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep missing glyphs (as an empty box on paper, whole in the text layer) and every error."""
        message = record.getMessage()
        if message.startswith(_MISSING_GLYPH):
            characters = message.rpartition("fonts: ")[2]
            self.reasons.append(f"no font has the character {characters}; correct the name or text that holds it")
        elif record.levelno >= logging.ERROR:
            self.reasons.append(message)


class Press:
    """Prints letters one after another with one font configuration. Raises RuntimeError when it cannot."""

    def __init__(self) -> None:
        warnings.filterwarnings("error", message="No fonts configured")
        try:
            import weasyprint  # noqa: PLC0415  (FONTCONFIG_FILE must be set first, and only here)
            from weasyprint.text.ffi import harfbuzz_subset  # noqa: PLC0415
            from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
            from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415
        except OSError as error:
            raise RuntimeError(f"Pango is missing: install libpango-1.0-0 and libpangoft2-1.0-0 ({error})") from error
        except UserWarning as error:
            raise RuntimeError("no fonts are configured: the packaged fonts are missing; install again") from error
        if harfbuzz_subset is None:
            raise RuntimeError("libharfbuzz-subset is missing: install libharfbuzz-subset0")
        self._weasyprint: Any = weasyprint
        self._fonts = FontConfiguration()
        self._forbidden: type[BaseException] = FatalURLFetchingError
        self._fetcher = _data_only_fetcher()
        self._complaints = Complaints()
        logger = logging.getLogger("weasyprint")
        logger.handlers = [self._complaints]
        logger.propagate = False

    def print(self, html: str) -> Printed | Refused:
        """The letter as a tagged PDF (PDF/UA-1). Its dates are those that the page states, never the clock's."""
        self._complaints.reasons.clear()
        try:
            page = self._weasyprint.HTML(string=html, url_fetcher=self._fetcher)
            document = page.render(font_config=self._fonts, pdf_variant="pdf/ua-1")
            pdf = document.write_pdf(pdf_variant="pdf/ua-1")
        except MemoryError:
            return Refused("the letter needs too much memory; make its template or its images smaller")
        except self._forbidden as error:
            return Refused(str(error))
        except Exception as error:  # noqa: BLE001  (the layout engine may raise anything; the letter is refused)
            return Refused(f"{type(error).__name__}: {error}")
        if self._complaints.reasons:
            return Refused("; ".join(dict.fromkeys(self._complaints.reasons)))
        return Printed(pdf, len(document.pages))


def _data_only_fetcher() -> Any:
    from weasyprint.urls import FatalURLFetchingError, URLFetcher  # noqa: PLC0415

    class DataOnly(URLFetcher):  # type: ignore[misc, unused-ignore]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if not url.lower().startswith("data:"):
                scheme = url.partition(":")[0]
                raise FatalURLFetchingError(f"a letter may hold data: URLs only, not {scheme}:; embed the image")
            return super().fetch(url, headers)

    return DataOnly(fail_on_errors=True, allow_redirects=False, allowed_protocols=("data",))


def serve(pipe: Connection) -> None:
    """Answer every page that comes through `pipe`, until its other end closes."""
    # Ctrl-C goes to every process of a terminal; the parent says when it is time to stop, by closing the pipe.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    try:
        press = Press()
    except RuntimeError as error:
        pipe.send(Refused(str(error)))
        return
    pipe.send(Printed())
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
    while True:
        try:
            html = pipe.recv()
        except EOFError:
            return
        pipe.send(press.print(html))


def main() -> None:
    """The child's program: its argument is the number of the inherited pipe."""
    serve(Connection(int(sys.argv[1])))
