"""A day's simulation of a large portfolio under all policy packs, on PostgreSQL and on the embedded default."""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console

from outreach.flow.clock import SystemClock
from outreach.flow.simulate import PROCESSES, Period, Plan, simulate
from outreach.settings import load
from outreach.store.migrate import migrate
from outreach.wiring import open_app, read_campaigns
from tests import services
from tests.bench import portfolio
from tests.bench.processes import ROOT
from tests.open_house import campaign_file

console = Console()
#: What a day over a hundred thousand accounts may take.
MOST_SECONDS = 60


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """The URL of an empty database of each kind."""
    with services.running(durable=True) as servers, services.database(servers) as postgres:
        yield {"PostgreSQL": postgres, "SQLite": f"sqlite:///{folder / 'bench.db'}"}


def measure(accounts: int, processes: int) -> None:
    """Fill a house of each kind with accounts that are all due tomorrow, and simulate that day."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bench.yaml").write_text(campaign_file("bench"))
        (folder / "creditors.yaml").write_bytes((ROOT / "schedules/creditors.yaml").read_bytes())
        with databases(folder) as urls:
            for kind, url in urls.items():
                env = {
                    **os.environ,
                    "OUTREACH_DATABASE_URL": url,
                    "OUTREACH_SCHEDULES": name,
                    "OUTREACH_TEMPLATES": str(ROOT / "templates"),
                    "OUTREACH_SECRET_KEY": "bench" * 10,
                }
                # A process of its own: filling the house took memory, too.
                one = get_context("spawn").Process(target=_simulate, args=(env, kind, accounts, processes))
                _fill(env, accounts)
                one.start()
                one.join()
                assert one.exitcode == 0


def _fill(env: dict[str, str], accounts: int) -> None:
    with open_app(load(env), SystemClock()) as app:
        migrate(app.engine)
        app.register_campaigns()
        due_on = (datetime.now(UTC) - timedelta(days=6)).date()
        portfolio.fill(app.engine, accounts, zone="America/New_York", due_on=due_on)


def _simulate(env: dict[str, str], kind: str, accounts: int, processes: int) -> None:
    with open_app(load(env), SystemClock()) as app:
        now = app.clock.now()
        tomorrow = (now + timedelta(days=1)).date()
        known = list(read_campaigns(app.settings).campaigns.values())
        plan = Plan(Period(tomorrow, tomorrow, now), known, app.desk.law, {})
        said: Counter[str] = Counter()
        begun = time.perf_counter()
        for part in simulate(app.engine, plan, processes=processes):
            said.update(row.decision for row in part.rows)
        seconds = time.perf_counter() - begun
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) // 1024
    told = ", ".join(f"{count:,} {decision}" for decision, count in said.most_common())
    console.print(
        f"a day of {accounts:,} accounts simulated under {len(plan.law.packs)} packs on {kind} in {seconds:.1f} s by "
        f"{processes} processes ({told}); peak memory of a process {peak} MB"
    )
    assert seconds < MOST_SECONDS or accounts > 100_000, f"a day took more than {MOST_SECONDS} s"


def main() -> None:
    """One run with the size given."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.simulating", description=__doc__)
    parser.add_argument("--accounts", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=PROCESSES)
    options = parser.parse_args()
    measure(options.accounts, options.processes)


if __name__ == "__main__":
    main()
