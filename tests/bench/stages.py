"""Import, enroll, release, send and settle, one stage after the other in one process, against the sandbox."""

from __future__ import annotations

import argparse
import csv
import resource
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from sqlalchemy import select

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.deliver import deliver
from outreach.flow.enroll import enroll, register
from outreach.flow.importing import import_accounts
from outreach.flow.receive import receive
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.flow.sweep import to_dispatch
from outreach.store.batch import in_batches
from outreach.store.outbox import notices
from tests import services
from tests.bench.importing import AREAS
from tests.flow.house import NORTHWIND, House, house
from tests.open_house import CONSENTED, consented

console = Console()


def write_portfolio(path: Path, rows: int) -> None:
    """Rows of one account each; the numbers are reserved ones that the sandbox delivers."""
    names = (
        "account_ref creditor debtor_ref first_name language timezone email phone "
        "currency item_ref item_due_date item_amount"
    )
    with path.open("w", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([*names.split(), *CONSENTED])
        for n in range(rows):
            phone = f"+1{AREAS[n // 70 % len(AREAS)]}55501{n % 70 + 2:02d}"
            row = [f"A-{n}", "northwind", f"D-{n}", "Ada", "en", "America/New_York", f"a{n}@debtor.example", phone]
            writer.writerow([*row, "USD", "I-1", "2026-11-20", "123.45", *consented()])


@contextmanager
def figure(name: str, count: int) -> Iterator[None]:
    """Time a block and print what it did a second, and the CPU of this process for one."""
    wall, cpu = time.perf_counter(), time.process_time()
    yield
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    console.print(
        f"{name:38} {count:>9,} in {wall:7.2f} s  {count / wall:>9,.0f}/s  {cpu / count * 1e6:>7,.0f} µs CPU each"
    )


def measure(home: House, folder: Path, rows: int, messages: int) -> None:
    """Every stage once, on the same portfolio."""
    path = folder / "portfolio.csv"
    write_portfolio(path, rows)
    with figure("import accounts", rows):
        import_accounts(home.engine, path, home.clock.now())
    with figure("import the same file again", rows):
        import_accounts(home.engine, path, home.clock.now())
    with figure("enroll", rows):
        enroll(home.engine, home.campaign, home.clock)
    with figure("enroll, nothing new", rows):
        enroll(home.engine, home.campaign, home.clock)
    with figure("release", rows):
        release(home.app.desk, home.campaign.name)
    with figure("release, nothing due", rows):
        release(home.app.desk, home.campaign.name)
    ids = [id_ for found in to_dispatch(home.app.desk).values() for id_ in found][:messages]
    with figure("send texts through the twilio package", len(ids)), ThreadPoolExecutor(2) as workers:
        batches = in_batches(ids, home.app.settings.send_concurrency)
        list(workers.map(lambda batch: deliver(home.app.desk, batch), batches))
    with figure("receive and settle events", len(ids)):
        for batch in in_batches(ids, 200):
            settle(home.app.desk, receive(home.engine, "twilio", delivered(batch), home.clock.now()))
    with home.engine.connect() as connection:
        states = connection.execute(select(notices.c.state).where(notices.c.id.in_(ids[:1000]))).scalars().all()
    console.print(f"states of the first {len(states)}: { {state: states.count(state) for state in set(states)} }")
    console.print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def delivered(ids: list[str]) -> Parsed:
    """A delivery event for each notice, as a webhook brings it."""
    now = datetime.now(UTC)
    return Parsed(
        events=tuple(
            DeliveryEvent(f"e{id_}", EventKind.DELIVERED, "delivered", f"{id_}.1", occurred_at=now) for id_ in ids
        )
    )


def main() -> None:
    """Run on servers of the benchmark's own, or on --database."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.stages", description=__doc__)
    parser.add_argument("--rows", type=int, default=20_000, help="accounts to import")
    parser.add_argument("--messages", type=int, default=4_000, help="texts to send")
    parser.add_argument("--sqlite", action="store_true", help="on the embedded default instead of PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.sqlite:
            with house(f"sqlite:///{folder}/bench.db") as home:
                measure(home, Path(folder), options.rows, options.messages)
            return
        with services.running(durable=True) as servers, services.database(servers) as url, house(url) as home:
            register(home.engine, [NORTHWIND], {}, home.clock)
            measure(home, Path(folder), options.rows, options.messages)


if __name__ == "__main__":
    main()
