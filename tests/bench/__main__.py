"""`make bench`: every figure, on PostgreSQL with fsync on, Redis with AOF, and on the embedded default.

Takes some minutes; run it on a machine that does nothing else. Each part can be run by itself:
`python -m tests.bench.loop --help`, and so on for intake, releasing, simulating and stages.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from rich.console import Console

from tests import services
from tests.bench import baseline, intake, loop, releasing, simulating
from tests.bench.processes import crew
from tests.flow.house import free_port

console = Console()


def measured_baseline(messages: int) -> baseline.Baseline:
    """A row at a time through the stock package, on servers of its own."""
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        services.running(durable=True) as servers,
        services.database(servers) as database,
        crew(os.environ, Path(folder)) as stubs,
    ):
        stubs.start("stub", "tests.bench.stub", "--port", str(port), "--statuses", "")
        time.sleep(2)
        url = database.replace("postgresql+psycopg://", "postgresql://", 1)
        return baseline.measure(url, f"http://127.0.0.1:{port}", messages)


def main() -> None:
    """All of it, or less of each with --quick."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of each")
    share = 10 if parser.parse_args().quick else 1
    naive = measured_baseline(5_000 // share)
    console.print(
        f"baseline, a row at a time: {naive.a_second:,.0f} sent a second, {naive.cpu:,.0f} us CPU of the sender"
    )
    for options in (
        loop.Options(messages=40_000 // share),
        loop.Options(messages=40_000 // share, latency=100, concurrency=128, workers=2),
        loop.Options(messages=20_000 // share, channel="email", workers=2),
        loop.Options(messages=20_000 // share, embedded=True),
    ):
        run = loop.measure(options)
        loop.report(options, run)
        sent = options.messages / run.sent
        console.print(f"sent a second against the baseline: {sent / naive.a_second:.1f} times")
    intake.measure(20_000 // share, 50_000 // share)
    releasing.measure(1_000_000 // share, 100_000 // share)
    simulating.measure(100_000 // share, simulating.PROCESSES)


if __name__ == "__main__":
    main()
