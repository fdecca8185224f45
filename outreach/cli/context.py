"""What every command shares: settings with clear errors, the app, and the exit codes."""

from __future__ import annotations

import gc
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import structlog
import typer
from rich.console import Console
from rich.markup import escape
from sqlalchemy.exc import OperationalError

from outreach import settings as settings_module
from outreach.domain.case import NotRecorded
from outreach.flow.actions import Unknown
from outreach.flow.cases import NotAllowed
from outreach.flow.consent_actions import Unfit
from outreach.settings import Settings, SettingsError
from outreach.wiring import App, NotReady, open_app


class OutputFormat(StrEnum):
    """How data is printed on stdout."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"


#: Progress and errors go to stderr, data to stdout.
stderr = Console(stderr=True, highlight=False)
stdout = Console(highlight=False)


def fail(message: str, code: int = 1) -> typer.Exit:
    """Print what is wrong and give the exit to raise."""
    stderr.print(f"[bold red]error:[/] {message}", markup=True)
    return typer.Exit(code)


def load_settings(**overrides: Any) -> Settings:
    """The settings of the environment; exits 2 with the reason when they are wrong."""
    try:
        return settings_module.load(**overrides)
    except SettingsError as error:
        raise fail(str(error), 2) from error


def collect_seldom() -> None:
    """Let the garbage collector of a long-running process look at less, and less often; a tenth of a worker's CPU.

    A batch holds some ten thousand objects that reference counting frees at its end; what is there at the start stays
    for good. Cycles are still collected, once fifty thousand objects more were made than freed.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


@contextmanager
def app_of(settings: Settings, *, schema: bool = True) -> Iterator[App]:
    """The app for a command; what keeps it from running becomes a clear message and exit 1."""
    try:
        with open_app(settings) as app:
            if schema:
                app.require_schema()
            yield app
    except (NotReady, SettingsError) as error:
        raise fail(str(error)) from error
    except OperationalError as error:
        raise fail(f"the database does not answer: {error.orig}. Check OUTREACH_DATABASE_URL") from error


@contextmanager
def refusals() -> Iterator[None]:
    """What a use case refuses becomes a clear message: exit 1 for what is not there, 2 for what is wrong as written."""
    try:
        yield
    except (Unfit, NotRecorded) as error:
        raise fail(escape(str(error)), 2) from error
    except (Unknown, NotAllowed) as error:
        raise fail(escape(str(error))) from error


class Sparing(logging.Filter):
    """Lets each sentence of a library through once in PERIOD: Dramatiq says of every queue, every few seconds, that
    the broker is away."""

    PERIOD = 30.0

    def __init__(self, library: str) -> None:
        super().__init__()
        self._library = library
        self._said: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to print the record."""
        if record.name.partition(".")[0] != self._library:
            return True
        last = self._said.get(record.msg)
        if last is not None and record.created - last < self.PERIOD:
            return False
        self._said[record.msg] = record.created
        return True


def configure_logging(level: str) -> None:
    """Structured lines on stderr. Libraries that log requests, and so debtors' data, are kept to warnings."""
    processors: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        processor=structlog.dev.ConsoleRenderer(colors=stderr.is_terminal)
        if stderr.is_terminal
        else structlog.processors.JSONRenderer(),
        foreign_pre_chain=processors,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    handler.addFilter(Sparing("dramatiq"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in (
        "urllib3",
        "twilio",
        "python_http_client",
        "sendgrid",
        "weasyprint",
        "fontTools",
        "alembic",
        "aiohttp",
    ):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
    # A look for work that is skipped because the one before still runs is nothing to warn of.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
