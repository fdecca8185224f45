"""`outreach up`: everything in one process, on SQLite or any database, without a broker."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from outreach.cli.context import collect_seldom, configure_logging, fail, load_settings, stderr
from outreach.cli.demo import SPEED, USER, ZONE, Demo
from outreach.cli.live import LiveView
from outreach.cli.services import web_server
from outreach.flow.clock import SystemClock
from outreach.settings import Settings, SettingsError
from outreach.store.migrate import migrate
from outreach.store.snapshot import read_snapshot
from outreach.wiring import App, NotReady, open_app, require_secret_key
from outreach.workers.actors import QUEUES, declare
from outreach.workers.broker import make_broker, start_worker, stop_worker
from outreach.workers.scheduler import make_scheduler

if TYPE_CHECKING:
    import uvicorn

#: Worker threads in the one process: calls to providers run in a pool of their own.
THREADS = 2
#: Seconds between two looks at the counts.
REFRESH = 0.5
#: It rests so many times as long as it took to count: counting a large house must not slow it down.
REST = 30


def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Sample accounts, and the sandbox instead of providers.")
    ] = False,
    at: Annotated[str, typer.Option(help=f"Demo: begin at this local time in {ZONE}, such as 2026-12-01T09:00.")] = "",
    speed: Annotated[float, typer.Option(min=1, max=3600, help="Demo: how much faster its clock runs.")] = SPEED,
    data: Annotated[Path, typer.Option(help="Demo: its folder; delete it to begin anew.")] = Path("var/demo"),
    port: Annotated[int | None, typer.Option(help="Port of the web; the sandbox takes the next one.")] = None,
) -> None:
    """Run scheduler, workers and web in one process; with --demo on sample accounts, at any hour.

    Example: outreach up --demo --at 2026-12-01T09:00 --speed 600
    """
    try:
        if demo:
            _run_demo(Demo(data, _local(at), speed), port or load_settings().port)
        else:
            _run(load_settings(**({"port": port} if port else {})))
    except (NotReady, SettingsError, RuntimeError) as error:
        raise fail(str(error)) from error


def _local(at: str) -> datetime | None:
    if not at:
        return None
    try:
        parsed = datetime.fromisoformat(at)
    except ValueError as error:
        raise fail(f"--at {at} is not a time: write it like 2026-12-01T09:00", 2) from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=ZoneInfo(ZONE))


def _run(settings: Settings) -> None:
    configure_logging(settings.log_level)
    require_secret_key(settings)
    with open_app(settings, SystemClock()) as app:
        migrate(app.engine)
        with _everything(app):
            _watch(app, {"console": f"http://{settings.host}:{settings.port}/"}, lambda: None, app.clock.now)


def _run_demo(demo: Demo, port: int) -> None:
    from outreach.sandbox.server import serving  # noqa: PLC0415 (see web_server)

    configure_logging("ERROR")
    sandbox = demo.sandbox(f"http://127.0.0.1:{port}")
    with ExitStack() as stack:
        sandbox_url = stack.enter_context(serving(sandbox, port=port + 1))
        app = stack.enter_context(open_app(demo.settings(sandbox, sandbox_url, port), demo.clock))
        migrate(app.engine)
        stderr.print("resuming the demonstration" if demo.resumed else "a new demonstration")
        app.register_campaigns()
        demo.prepare(app, stderr.print)
        addresses = {
            "console": f"http://127.0.0.1:{port}/  (sign in as {USER}, password {demo.state.password})",
            "sandbox": f"{sandbox_url}/  (every debtor's phone, mailbox and letterbox)",
        }
        stack.callback(demo.save)
        stack.enter_context(_everything(app, sandbox_url))
        _watch(app, addresses, demo.save, lambda: app.clock.now().astimezone(ZoneInfo(ZONE)))


@contextmanager
def _everything(app: App, sandbox_url: str = "") -> Iterator[None]:
    """Web, workers and scheduler for the length of a block, stopped in the order in which nothing is lost."""
    broker = make_broker(app.settings.broker_url)
    actors = declare(broker, app.desk)
    scheduler, leader = make_scheduler(app.desk, actors, app.register_campaigns())
    with _serving(web_server(app, actors, sandbox_url), app.settings.port):
        worker = start_worker(broker, THREADS, set(QUEUES))
        leader.renew()
        collect_seldom()
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=True)
            stop_worker(broker, worker)
            leader.resign()


@contextmanager
def _serving(server: uvicorn.Server, port: int) -> Iterator[None]:
    thread = threading.Thread(target=server.run, name="web", daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
        if not thread.is_alive():
            raise RuntimeError(f"port {port} is taken: stop what listens there, or choose another with --port")
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _watch(app: App, addresses: dict[str, str], save: Callable[[], None], now: Callable[[], datetime]) -> None:
    """Show what happens until Ctrl-C."""
    with LiveView(stderr, addresses, now) as view:
        try:
            while True:
                began = time.monotonic()
                view.update(read_snapshot(app.engine))
                save()
                time.sleep(max(REFRESH, REST * (time.monotonic() - began)))
        except KeyboardInterrupt:
            pass
    stderr.print("stopping; run it again to resume")
