"""The whole loop: from due to every signed status callback received and committed, with every part a real process.

    scheduler (release, dispatch) -> Redis -> worker (gate, render, official package) -> stub
    -> signed callbacks -> web -> Redis -> worker (settle)

PostgreSQL (fsync on), Redis (AOF), the stub and all of ours share the machine's cores. With --embedded all of ours is
one process (`outreach up`) on SQLite.
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
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from outreach.flow.clock import SystemClock
from outreach.flow.enroll import enroll
from outreach.settings import load
from outreach.store.migrate import migrate
from outreach.store.outbox import notices
from outreach.wiring import App, open_app
from tests import services
from tests.bench import portfolio, stub
from tests.bench.processes import ROOT, Crew, cpu_of, crew, find, memory_of, until
from tests.flow.house import free_port
from tests.open_house import campaign_file, noon_zone

console = Console()
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
    embedded: bool = False


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
def prepared(options: Options, env: dict[str, str], folder: Path) -> Iterator[App]:
    """An app whose accounts are enrolled and due, nothing released: the campaign runs at the next full minute."""
    zone = noon_zone()
    (folder / "bench.yaml").write_text(campaign_file("bench", zone=zone, channels=options.channel))
    (folder / "creditors.yaml").write_bytes((ROOT / "schedules/creditors.yaml").read_bytes())
    env["OUTREACH_SCHEDULES"] = str(folder)
    with open_app(load(env), SystemClock()) as app:
        migrate(app.engine)
        [campaign] = app.register_campaigns()
        due_on = (datetime.now(UTC) - timedelta(days=6)).date()
        total = max(options.accounts, options.messages)
        portfolio.fill(app.engine, total, zone=zone, due_on=due_on, late_share=options.messages / total)
        enroll(app.engine, campaign, app.clock)
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
    if options.embedded:
        crew_.start("up", "outreach", "up", "--port", env["OUTREACH_PORT"])
    else:
        crew_.start("web", "outreach", "web")
        for number in range(options.workers):
            crew_.start(f"worker {number + 1}", "outreach", "worker", "--threads", str(options.threads))
        crew_.start("scheduler", "outreach", "scheduler")
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
    """Wait for the campaign's next run and follow it until the last callback is settled."""

    def cpu() -> dict[str, float]:
        return crew_.cpu() | {name: cpu_of(*pids) for name, pids in servers.items() if pids}

    time.sleep(max(0.0, 59.5 - time.time() % 60))
    due, before = (time.time() // 60 + 1) * 60, cpu()
    for _ in until(PATIENCE, pause=0.2):
        seen = stats(env)
        if seen["acknowledged"] >= options.messages * len(options.statuses.split(",")):
            break
    for _ in until(PATIENCE, pause=0.2):
        if settled_notices(app) >= options.messages:
            break
    settled, after = time.time() - due, cpu()
    with app.engine.connect() as connection:
        last_planned = connection.scalar(select(func.max(notices.c.planned_at)))
    assert last_planned is not None
    return Run(
        last_planned.timestamp() - due,
        seen["last_accepted"] - due,
        seen["last_acknowledged"] - due,
        settled,
        {name: after[name] - before[name] for name in after},
        {name: memory_of(process.pid) for name, process in crew_.running.items()},
        int(seen["distinct"]),
        int(seen["accepted"]),
    )


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
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        others = set(find(*SERVERS))
        if options.embedded:
            env = environment(options, f"sqlite:///{folder}/bench.db", "")
        else:
            servers = stack.enter_context(services.running(durable=True))
            database = stack.enter_context(services.database(servers))
            env = environment(options, database, services.redis_database(servers, 1))
        pids = {name: [pid for pid in find(name) if pid not in others] for name in SERVERS}
        app = stack.enter_context(prepared(options, env, folder))
        crew_ = stack.enter_context(crew(env, folder))
        start(crew_, env, options)
        try:
            return run(options, app, env, crew_, pids)
        finally:
            for log in folder.glob("*.log"):
                if "Traceback" in (text := log.read_text()):
                    console.print(f"{log.name}: {text.strip()[-1500:]}", markup=False)


def main() -> None:
    """One run with the options given."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.loop", description=__doc__)
    for name, field in Options.__dataclass_fields__.items():
        if isinstance(field.default, bool):
            parser.add_argument(f"--{name}", action="store_true")
        else:
            parser.add_argument(f"--{name}", type=type(field.default), default=field.default)
    options = Options(**vars(parser.parse_args()))
    report(options, measure(options))


if __name__ == "__main__":
    main()
