"""Release in a large house: a million enrolled accounts of which a tenth is due, then a tick with nothing due."""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from sqlalchemy import update

from outreach.flow.clock import SystemClock
from outreach.flow.release import release
from outreach.settings import load
from outreach.store.tables import accounts, enrolments
from outreach.wiring import App, open_app
from tests import services
from tests.bench.loop import Options, environment, prepared
from tests.bench.processes import cpu_of, find

console = Console()
CAMPAIGN = "bench"


def measure(enrolled: int, due: int) -> None:
    """Fill a house, release what is due, and tick once more."""
    with tempfile.TemporaryDirectory() as folder:
        others = set(find("postgres"))
        with services.running(durable=True) as servers, services.database(servers) as database:
            postgres = [pid for pid in find("postgres") if pid not in others]
            options = Options(messages=due, accounts=enrolled)
            env = environment(options, database, "")
            with prepared(options, env, Path(folder)) as app:
                _look_at_the_others_tomorrow(app, due)
            # A process of its own: filling the house took memory, too.
            releasing = get_context("spawn").Process(target=_release, args=(env, due, postgres))
            releasing.start()
            releasing.join()
            assert releasing.exitcode == 0


def _look_at_the_others_tomorrow(app: App, due: int) -> None:
    """As a first look has left them: what is not due yet waits for its day."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with app.engine.begin() as connection:
        connection.execute(update(enrolments).where(enrolments.c.account_id > due).values(next_look_at=tomorrow))
    with app.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(f"VACUUM ANALYZE {enrolments.name}")
        connection.exec_driver_sql(f"ANALYZE {accounts.name}")


def _release(env: dict[str, str], due: int, postgres: list[int]) -> None:
    with open_app(load(env), SystemClock()) as app:
        before, own, begun = cpu_of(*postgres), time.process_time(), time.perf_counter()
        released = release(app.desk, CAMPAIGN)
        seconds, own, server = time.perf_counter() - begun, time.process_time() - own, cpu_of(*postgres) - before
        planned = sum(len(ids) for ids in released.planned.values())
        assert planned == due, f"{planned} of {due} were planned"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        console.print(
            f"released {due:,} in {seconds:.1f} s ({due / seconds:,.0f}/s); CPU us each: {own / due * 1e6:.0f}, "
            f"PostgreSQL {server / due * 1e6:.0f}; peak memory {peak} MB"
        )
        begun = time.perf_counter()
        assert release(app.desk, CAMPAIGN).looked_at == 0
        console.print(f"a tick with nothing due: {(time.perf_counter() - begun) * 1000:.1f} ms")


def main() -> None:
    """One run with the sizes given."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.releasing", description=__doc__)
    parser.add_argument("--enrolled", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=100_000)
    options = parser.parse_args()
    measure(options.enrolled, options.due)


if __name__ == "__main__":
    main()
