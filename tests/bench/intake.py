"""Webhook intake alone: signed Twilio callbacks, one a request, and SendGrid events in batches, each committed before
its answer. Web, PostgreSQL (waiting for the disk), Redis and the vendors are processes of their own.

python -m tests.bench.intake [--sqlite] [--twilio 20000] [--sendgrid 50000] [--batch 500] [--connections 64]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from dataclasses import asdict
from itertools import count
from pathlib import Path

import psutil
import psycopg
import redis
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from rich.console import Console
from sqlalchemy import func, select

from outreach.store.engine import make_engine
from outreach.store.migrate import migrate
from outreach.store.outbox import inbox
from tests import services
from tests.bench.intake_load import Plan, Result
from tests.web.process import web_process

console = Console(width=140)
ROOT = Path(__file__).parents[2]
TOKEN = "t" * 32
KEY = ec.generate_private_key(ec.SECP256R1())
START_TIMEOUT = 60


class Machines:
    """The processes that share the machine, and the CPU seconds that each has used."""

    def __init__(self, web: psutil.Process, servers: services.Servers) -> None:
        self.web = web
        with psycopg.connect(servers.postgres) as connection:
            self._postmaster = psutil.Process(connection.info.backend_pid).parent()
        with redis.Redis.from_url(servers.redis) as client:
            self._redis = psutil.Process(client.info("server")["process_id"])  # type: ignore[index]

    def cpu(self) -> dict[str, float]:
        """CPU seconds so far by process; PostgreSQL with all that it forked, which must not end in between."""
        assert self._postmaster is not None
        postgres = [self._postmaster, *self._postmaster.children()]
        return {"web": _cpu(self.web), "postgres": sum(map(_cpu, postgres)), "redis": _cpu(self._redis)}


def _cpu(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return float(times.user + times.system)


def run(machines: Machines, plan: Plan) -> Result:
    """Post what the plan says and print what it cost."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.intake_load"],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as vendor:
        assert vendor.stdin is not None
        assert vendor.stdout is not None
        vendor.stdin.write(json.dumps(asdict(plan)) + "\n")
        vendor.stdin.flush()
        assert vendor.stdout.readline() == "ready\n"
        process = psutil.Process(vendor.pid)
        before, made = machines.cpu(), _cpu(process)
        vendor.stdin.write("go\n")
        vendor.stdin.flush()
        result = Result(**json.loads(vendor.stdout.readline()))
        used = {name: value - before[name] for name, value in machines.cpu().items()}
        # A process that has ended is a zombie until it is waited for; its times stay.
        used["vendor"] = _cpu(process) - made
    _print(plan, result, used, machines.web.memory_info().rss)
    return result


def _print(plan: Plan, result: Result, used: dict[str, float], memory: int) -> None:
    share = "  ".join(f"{name} {seconds / plan.events * 1e6:5.0f}" for name, seconds in used.items())
    name = "twilio, one a request" if plan.kind == "twilio" else f"sendgrid, {plan.batch:,} a request"
    median, late, longest = (f"{seconds * 1000:.0f}" for seconds in result.latencies)
    console.print(
        f"{name:26} {plan.events:>7,} events {plan.events / result.seconds:>7,.0f}/s   CPU µs an event: {share}   "
        f"answered in {median}/{late}/{longest} ms   web {memory // 2**20} MB   {result.statuses}",
        soft_wrap=True,
    )


def measure(
    twilio: int = 20_000, sendgrid: int = 50_000, batch: int = 500, connections: int = 64, *, sqlite: bool = False
) -> None:
    """Both vendors against a web of their own, and a count of what is stored."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(services.running(durable=True))
        database = f"sqlite:///{folder}/bench.db" if sqlite else stack.enter_context(services.database(servers))
        engine = make_engine(database)
        migrate(engine)
        broker = services.redis_database(servers, 0)
        web = stack.enter_context(web_process(folder, database, broker, TOKEN, KEY))
        machines, url = Machines(psutil.Process(web.running.pid), servers), web.url
        key = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        numbers = count(0, 10_000_000)
        console.print(f"webhook intake on {engine.dialect.name}")
        for connected in (connections // 4, connections):
            run(machines, Plan("twilio", url, twilio, 1, connected, TOKEN, key, first=next(numbers)))
        for size in (batch // 5, batch, batch * 2):
            run(
                machines,
                Plan(
                    "sendgrid", url, sendgrid // size * size, size, min(8, connections), TOKEN, key, first=next(numbers)
                ),
            )
        with engine.connect() as connection:
            kept = connection.execute(select(inbox.c.provider, func.count()).group_by(inbox.c.provider)).all()
        console.print(f"stored: {dict(map(tuple, kept))}")
        engine.dispose()


def main() -> None:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.intake", description=__doc__)
    parser.add_argument("--twilio", type=int, default=20_000)
    parser.add_argument("--sendgrid", type=int, default=50_000)
    parser.add_argument("--batch", type=int, default=500)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--sqlite", action="store_true", help="on the embedded database")
    options = parser.parse_args()
    measure(options.twilio, options.sendgrid, options.batch, options.connections, sqlite=options.sqlite)


if __name__ == "__main__":
    main()
