"""Answers of debtors: taken in, found whose they are, read, and done what they ask for, in one process."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from sqlalchemy import func, select

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.flow.enroll import enroll, register
from outreach.flow.importing import import_accounts
from outreach.flow.receive import receive
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.store.batch import in_batches
from outreach.store.outbox import replies
from outreach.store.tables import contact_points
from tests import services
from tests.bench.stages import console, figure, write_portfolio
from tests.flow.house import NORTHWIND, House, house

#: What they say, about as often as debtors do: most ask something, some stop, few need a person at once.
SAID = (
    "I will pay $50 on Friday",
    "ok thanks",
    "STOP",
    "I already paid this last week",
    "puedo pagar la mitad el viernes",
    "who is this?",
    "I lost my job and cannot pay right now",
    "This is not my debt",
    "please call me tomorrow afternoon",
    "下周五付500",
)


def messages(home: House, count: int) -> list[InboundMessage]:
    """One answer from each of `count` numbers."""
    with home.engine.connect() as connection:
        query = select(contact_points.c.value).where(contact_points.c.kind == Channel.SMS).limit(count)
        numbers = list(connection.scalars(query.distinct()))
    return [
        InboundMessage(f"r{n}", Channel.SMS, number, "+12125550100", SAID[n % len(SAID)])
        for n, number in enumerate(numbers)
    ]


def measure(home: House, folder: Path, count: int) -> None:
    """Import, release, and have everybody answer once."""
    path = folder / "portfolio.csv"
    write_portfolio(path, count)
    import_accounts(home.engine, path, home.clock.now())
    enroll(home.engine, home.campaign, home.clock)
    release(home.app.desk, home.campaign.name)
    said = messages(home, count)
    ids: list[int] = []
    with figure("take answers in", len(said)):
        for batch in in_batches(said, 200):
            ids += receive(home.engine, "twilio", Parsed(messages=tuple(batch)), home.clock.now())
    with figure("read them and do what they ask for", len(ids)):
        settle(home.app.desk, ids)
    with home.engine.connect() as connection:
        query = select(replies.c.intent, func.count().label("answers")).group_by(replies.c.intent)
        console.print(f"read as { {row.intent: row.answers for row in connection.execute(query)} }")


def main() -> None:
    """Run on servers of the benchmark's own, or on the embedded default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.replies", description=__doc__)
    parser.add_argument("--replies", type=int, default=5_000, help="debtors who answer")
    parser.add_argument("--sqlite", action="store_true", help="on the embedded default instead of PostgreSQL")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.sqlite:
            with house(f"sqlite:///{folder}/bench.db") as home:
                measure(home, Path(folder), options.replies)
            return
        with services.running(durable=True) as servers, services.database(servers) as url, house(url) as home:
            register(home.engine, [NORTHWIND], {}, home.clock)
            measure(home, Path(folder), options.replies)


if __name__ == "__main__":
    main()
