"""The long-running commands: scheduler, worker, web, sandbox, and migrate before them."""

from __future__ import annotations

import multiprocessing
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from outreach.cli.context import app_of, collect_seldom, configure_logging, fail, load_settings, stderr
from outreach.flow.isolating import TRANSIENT
from outreach.sandbox.config import SandboxConfig
from outreach.settings import Settings, SettingsError
from outreach.store.engine import make_engine
from outreach.store.migrate import migrate as upgrade
from outreach.wiring import App, require_secret_key
from outreach.workers.actors import QUEUES, Actors, declare
from outreach.workers.broker import GRACE_MS, make_broker, start_worker, stop_worker
from outreach.workers.scheduler import make_scheduler
from outreach.workers.supervisor import supervise

if TYPE_CHECKING:
    import uvicorn

Result = TypeVar("Result")


def migrate() -> None:
    """Bring the database to this version's schema. Safe to run again.

    Example: OUTREACH_DATABASE_URL=postgresql://outreach@localhost/outreach outreach migrate
    """
    engine = make_engine(load_settings().database_url)
    stderr.print(f"schema {upgrade(engine)}")
    engine.dispose()


def scheduler() -> None:
    """Release what is due and sweep what is stuck. Two may run: one leads.

    Example: outreach scheduler
    """
    settings = _production()
    with _app(settings) as app:
        campaigns = _patiently(app.register_campaigns)
        jobs, leader = make_scheduler(app.desk, declare(make_broker(settings.broker_url), app.desk), campaigns)
        _patiently(leader.renew)
        jobs.start()
        stderr.print(f"scheduler runs {len(campaigns)} campaigns")
        _until_stopped()
        jobs.shutdown(wait=True)
        leader.resign()


def worker(
    queue: Annotated[list[str] | None, typer.Option("--queue", "-q", help="Only these queues; repeat it.")] = None,
    threads: Annotated[int, typer.Option(min=1, max=64, help="Batches worked on at once by a process.")] = 4,
    processes: Annotated[int, typer.Option(min=1, max=64, help="Processes: one uses one core.")] = 1,
) -> None:
    """Render and send notices, settle webhooks, reconcile. Run as many as you like.

    Example: outreach worker --queue sms --queue settle --threads 4 --processes 2
    """
    settings = _production()
    unknown = set(queue or ()) - set(QUEUES)
    if unknown:
        raise fail(f"unknown queue {', '.join(sorted(unknown))}: choose of {', '.join(QUEUES)}", 2)
    queues = set(queue or QUEUES)
    if processes == 1:
        _work(settings, queues, threads)
    else:
        raise typer.Exit(supervise(processes, lambda: _work(settings, queues, threads), GRACE_MS / 1000 + 3))


def _work(settings: Settings, queues: set[str], threads: int) -> None:
    with _app(settings) as app:
        broker = make_broker(settings.broker_url)
        declare(broker, app.desk)
        running = start_worker(broker, threads, queues)
        stderr.print(f"worker on {', '.join(sorted(queues))}")
        _until_stopped()
        stop_worker(broker, running)


def web() -> None:
    """Serve webhooks, the console and health checks on OUTREACH_HOST and OUTREACH_PORT.

    Example: OUTREACH_HOST=0.0.0.0 OUTREACH_PORT=8000 outreach web
    """
    settings = _production()
    with _app(settings) as app:
        actors = declare(make_broker(settings.broker_url), app.desk)
        web_server(app, actors).run()


def sandbox(
    callback: Annotated[str, typer.Option(help="Where the web listens.")] = "http://127.0.0.1:8000",
    ledger: Annotated[str, typer.Option(help="SQLite file of what was accepted.")] = ":memory:",
) -> None:
    """Stand in for Twilio, SendGrid and Lob on OUTREACH_SANDBOX_PORT. No real message is sent.

    Example: outreach sandbox --callback http://127.0.0.1:8000
    """
    from outreach.sandbox.server import run as run_sandbox  # noqa: PLC0415 (see web_server)

    settings = load_settings()
    configure_logging(settings.log_level)
    address = f"http://127.0.0.1:{settings.sandbox_port}"
    config = SandboxConfig(callback_url=callback, ledger=ledger)
    stderr.print(f"sandbox at {address}; to send through it, set:")
    for name, value in config.as_settings(address).items():
        stderr.print(f"  OUTREACH_{name.upper()}={value}", soft_wrap=True)
    run_sandbox(config, port=settings.sandbox_port)


def web_server(app: App, actors: Actors, sandbox_url: str = "") -> uvicorn.Server:
    """The web as a server that is not running yet."""
    # The frameworks of web and sandbox are loaded only where they run: a worker that was killed is back the sooner.
    from outreach.web.app import create_app  # noqa: PLC0415
    from outreach.web.server import make_server  # noqa: PLC0415
    from outreach.web.services import WebServices  # noqa: PLC0415

    services = WebServices(
        engine=app.engine,
        settings=app.settings,
        providers=app.providers,
        now=app.clock.now,
        enqueue_settle=actors.send_settle,
        sandbox_url=sandbox_url,
        machine_now=app.clock.machine,
        law=app.desk.law,
    )
    return make_server(create_app(services), host=app.settings.host, port=app.settings.port)


def _production() -> Settings:
    settings = load_settings()
    configure_logging(settings.log_level)
    try:
        require_secret_key(settings)
    except SettingsError as error:
        raise fail(str(error), 2) from error
    if not settings.broker_url:
        raise fail("OUTREACH_BROKER_URL is empty: separate processes need a broker, or run outreach up instead", 2)
    return settings


@contextmanager
def _app(settings: Settings) -> Iterator[App]:
    """The app of a process that runs for long."""
    with app_of(settings, schema=False) as app:
        _patiently(app.require_schema)
        collect_seldom()
        yield app


def _patiently(start: Callable[[], Result]) -> Result:
    """Do what comes first, however long the database takes to answer: it may be starting, too."""
    for wait in chain((0.5, 1.0, 2.0), repeat(5.0)):
        try:
            return start()
        except TRANSIENT as error:
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            stderr.print(f"waiting for the database: {reason}. Check OUTREACH_DATABASE_URL", soft_wrap=True)
            time.sleep(wait)
    raise AssertionError("the waits never end")


def _until_stopped() -> None:
    """Wait for SIGTERM or SIGINT, or for the end of the supervisor that started this process."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    supervisor = multiprocessing.parent_process()
    while not stopped.wait(0.5):
        if supervisor is not None and not supervisor.is_alive():
            return
