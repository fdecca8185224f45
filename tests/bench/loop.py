"""The whole loop: from due to every signed status callback received and committed, with every part a real process.

    release + dispatch -> Redis -> worker (gate, render, official package) -> stub -> signed callbacks -> web -> settle

PostgreSQL (fsync on), Redis (AOF), the stub and all of ours share the machine's cores.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from threading import Event, Thread

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from outreach.domain.campaign import Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.flow.clock import SystemClock
from outreach.flow.enroll import enroll, register
from outreach.flow.release import release
from outreach.settings import load
from outreach.store.migrate import migrate
from outreach.store.outbox import notices
from outreach.wiring import App, open_app
from outreach.workers.actors import declare
from outreach.workers.broker import make_broker
from outreach.workers.scheduler import DISPATCH_SECONDS, Jobs
from tests import services
from tests.bench import portfolio, stub
from tests.bench.processes import ROOT, Crew, cpu_of, crew, find, memory_of, until
from tests.flow.house import NORTHWIND, campaign, free_port

console = Console()
ALL_DAY = SendWindow(frozenset(range(1, 8)), clock_time(0), clock_time(23, 59), holidays=True)
#: Names of the servers' processes; others of the same names may run on the machine.
SERVERS = ("postgres", "valkey", "redis")
#: A benchmark that is not through by then has failed.
PATIENCE = 600


@dataclass(frozen=True)
class Options:
    """What is run. `latency` of the vendor in milliseconds; `statuses` called back for each message, in order."""

    messages: int = 20_000
    accounts: int = 0
    channel: str = "sms"
    latency: float = 0
    statuses: str = "delivered"
    workers: int = 1
    threads: int = 4
    concurrency: int = 64


def noon_zone() -> str:
    """A zone in which it is about noon now, so that the house's hours are open."""
    offset = 12 - datetime.now(UTC).hour
    return "Etc/GMT" if offset == 0 else f"Etc/GMT{-offset:+d}"


def environment(options: Options, database: str, broker: str) -> dict[str, str]:
    """Settings of all processes; the stub stands in for both vendors."""
    port, vendor = free_port(), free_port()
    key = generate_private_key(SECP256R1())
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    private = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return {
        **os.environ,
        "OUTREACH_DATABASE_URL": database,
        "OUTREACH_BROKER_URL": broker,
        "OUTREACH_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "OUTREACH_PORT": str(port),
        "OUTREACH_SECRET_KEY": "bench" * 10,
        "OUTREACH_TEMPLATES": str(ROOT / "templates"),
        "OUTREACH_TWILIO_ACCOUNT_SID": stub.ACCOUNT,
        "OUTREACH_TWILIO_AUTH_TOKEN": stub.TOKEN,
        "OUTREACH_TWILIO_FROM": stub.NUMBER,
        "OUTREACH_TWILIO_API_BASE": f"http://127.0.0.1:{vendor}",
        "OUTREACH_SENDGRID_API_KEY": "stub",
        "OUTREACH_SENDGRID_API_BASE": f"http://127.0.0.1:{vendor}",
        "OUTREACH_SENDGRID_FROM": "help@northwind.example",
        "OUTREACH_SENDGRID_WEBHOOK_PUBLIC_KEY": base64.b64encode(public).decode(),
        "OUTREACH_SEND_CONCURRENCY": str(options.concurrency),
        "STUB_PORT": str(vendor),
        "STUB_MAIL_KEY": base64.b64encode(private).decode(),
    }


def stats(env: dict[str, str]) -> dict[str, float]:
    """What the stub has seen."""
    with urllib.request.urlopen(f"http://127.0.0.1:{env['STUB_PORT']}/stats", timeout=10) as answer:
        return dict(json.load(answer))


@contextmanager
def prepared(options: Options, env: dict[str, str]) -> Iterator[App]:
    """An app whose accounts are enrolled and due, nothing released."""
    with open_app(load(env), SystemClock()) as app:
        migrate(app.engine)
        step = Step(
            "reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel(options.channel),), "friendly_reminder"
        )
        wanted = campaign(step, timezone=noon_zone(), send_window=ALL_DAY)
        register(app.engine, [NORTHWIND], {wanted.name: wanted}, app.clock)
        due_on = (datetime.now(UTC) - timedelta(days=6)).date()
        total = max(options.accounts, options.messages)
        portfolio.fill(app.engine, total, zone=noon_zone(), due_on=due_on, late_share=options.messages / total)
        enroll(app.engine, wanted, app.clock)
        yield app


def start(crew_: Crew, env: dict[str, str], options: Options) -> None:
    """The stub, the web and the workers; returns when they answer."""
    crew_.start(
        "stub",
        "tests.bench.stub",
        "--port",
        env["STUB_PORT"],
        "--latency",
        str(options.latency),
        "--statuses",
        options.statuses,
        "--mail-key",
        env["STUB_MAIL_KEY"],
        "--mail-url",
        f"{env['OUTREACH_PUBLIC_URL']}/webhooks/sendgrid/events",
    )
    crew_.start("web", "outreach", "web")
    for number in range(options.workers):
        crew_.start(f"worker {number + 1}", "outreach", "worker", "--threads", str(options.threads))
    for _ in until(60):
        try:
            stats(env)
            urllib.request.urlopen(f"{env['OUTREACH_PUBLIC_URL']}/healthz", timeout=5).close()
        except OSError:
            continue
        break
    time.sleep(2)


@dataclass
class Run:
    """What one run took: seconds from due, and CPU seconds by part."""

    released: float
    sent: float
    acknowledged: float
    settled: float
    cpu: dict[str, float]
    memory: dict[str, int]
    distinct: int
    accepted: int


def run(options: Options, app: App, env: dict[str, str], crew_: Crew, servers: dict[str, list[int]]) -> Run:
    """Release what is due and follow it until the last callback is settled."""
    jobs = Jobs(app.desk, declare(make_broker(env["OUTREACH_BROKER_URL"]), app.desk))
    before = crew_.cpu() | {name: cpu_of(*pids) for name, pids in servers.items()}
    own, begun, clock = time.process_time(), time.perf_counter(), time.time()
    with dispatching(jobs):
        release(app.desk, "cards")
        released = time.perf_counter() - begun
        for _ in until(PATIENCE):
            seen = stats(env)
            if seen["acknowledged"] >= options.messages * len(options.statuses.split(",")):
                break
    for gone in until(PATIENCE):
        if settled_notices(app) >= options.messages:
            break
        if gone > 2:
            jobs.settle()
    settled = time.perf_counter() - begun
    after = crew_.cpu() | {name: cpu_of(*pids) for name, pids in servers.items()}
    cpu = {name: after[name] - before[name] for name in after} | {"scheduler": time.process_time() - own}
    memory = {name: memory_of(process.pid) for name, process in crew_.running.items()}
    return Run(
        released,
        seen["last_accepted"] - clock,
        seen["last_acknowledged"] - clock,
        settled,
        cpu,
        memory,
        int(seen["distinct"]),
        int(seen["accepted"]),
    )


@contextmanager
def dispatching(jobs: Jobs) -> Iterator[None]:
    """Dispatch as the scheduler does, beside what the block does."""
    stopped = Event()

    def run() -> None:
        while not stopped.wait(DISPATCH_SECONDS):
            jobs.dispatch()

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def settled_notices(app: App) -> int:
    """Notices that the last callback has brought to their end."""
    with app.engine.connect() as connection:
        return connection.scalar(select(func.count()).where(notices.c.state == "delivered")) or 0


def report(options: Options, run_: Run) -> None:
    """Print what a run took."""
    n = options.messages
    table = Table(title=f"{n:,} {options.channel}, latency {options.latency:g} ms, callbacks: {options.statuses}")
    for name in ("", "s", "a second"):
        table.add_column(name, justify="right" if name else "left")
    for name, seconds in (
        ("released", run_.released),
        ("sent", run_.sent),
        ("every callback committed", run_.acknowledged),
        ("every callback settled", run_.settled),
    ):
        table.add_row(name, f"{seconds:.2f}", f"{n / seconds:,.0f}")
    console.print(table)
    parts = ", ".join(f"{name} {seconds / n * 1e6:.0f}" for name, seconds in run_.cpu.items())
    console.print(f"CPU us a message: {parts}; together {sum(run_.cpu.values()) / n * 1e6:.0f}")
    console.print(f"memory MB: {run_.memory}; accepted {run_.accepted:,}, distinct {run_.distinct:,}")


def measure(options: Options) -> Run:
    """One run on servers of its own."""
    with ExitStack() as stack:
        others = set(find(*SERVERS))
        servers = stack.enter_context(services.running(durable=True))
        pids = {name: [pid for pid in find(name) if pid not in others] for name in SERVERS}
        database = stack.enter_context(services.database(servers))
        env = environment(options, database, services.redis_database(servers, 1))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        app = stack.enter_context(prepared(options, env))
        crew_ = stack.enter_context(crew(env, folder))
        start(crew_, env, options)
        made = run(options, app, env, crew_, pids)
        for log in folder.glob("*.log"):
            text = log.read_text().strip()
            if "Traceback" in text:
                console.print(f"[red]{log.name}[/red]: {text[-1500:]}")
        return made


def main() -> None:
    """One run with the options given."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loop", description=__doc__)
    for name, field in Options.__dataclass_fields__.items():
        parser.add_argument(f"--{name}", type=type(field.default), default=field.default)
    options = Options(**vars(parser.parse_args()))
    report(options, measure(options))


if __name__ == "__main__":
    main()
