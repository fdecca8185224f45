"""A small town on one database: an office, three workers, vendors in memory, and a few debtors, as often as needed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert, select

from outreach.domain.campaign import Campaign, Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.flow.deliver import deliver
from outreach.flow.desk import Desk
from outreach.flow.enroll import enroll, register
from outreach.flow.importing import import_accounts, import_payments
from outreach.flow.reconcile import reconcile
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.flow.sweep import take_back_lost, to_dispatch, to_reconcile, to_settle
from outreach.flow.traffic import Traffic
from outreach.settings import load
from outreach.store.engine import make_engine
from outreach.store.tables import metadata
from outreach.wiring import open_app
from tests.databases import make_tables
from tests.flow.house import NOON, NORTHWIND, ROOT, campaign, under
from tests.flow.laws import wrong_with
from tests.flow.vendor import Ledger, Line, Vendor
from tests.flow.worker import Job, Serial, Worker
from tests.law import HOUSE

#: How far the clocks of each worker are ahead.
SKEWS = (timedelta(0), timedelta(0), timedelta(seconds=-5))
WORKERS = len(SKEWS)
#: More rounds than any hour's work takes.
MANY = 30
PHONE, MAIL = "+12125550142", "ada@debtor.example"
ACCOUNT_FIELDS = (
    "account_ref,creditor,debtor_ref,first_name,last_name,language,timezone,email,phone,country,currency,"
    "item_ref,item_due_date,item_amount"
)
PAYMENT_FIELDS = "account_ref,payment_ref,paid_at,amount,currency,item_ref,kind"

#: Ada has two accounts; Ben shares her number; Cid lives in the west and has no phone.
PEOPLE = {
    "A-1": ("D-1", "Ada", "America/New_York", MAIL, PHONE),
    "A-2": ("D-1", "Ada", "America/New_York", MAIL, PHONE),
    "A-3": ("D-2", "Ben", "America/New_York", "ben@debtor.example", PHONE),
    "A-4": ("D-3", "Cid", "America/Los_Angeles", "cid@debtor.example", ""),
}


def two_steps() -> Campaign:
    """A reminder by text, else e-mail; two days later a second one, the other way round."""
    return campaign(
        Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS, Channel.EMAIL), "friendly_reminder"),
        Step("second", Trigger(TriggerKind.AFTER_PREVIOUS, Days(2)), (Channel.EMAIL, Channel.SMS), "second_reminder"),
        min_contact_gap=Days(1),
    )


@dataclass
class TwoClocks:
    """Business and machine time, moved by hand; business time may pass faster. `past`: pairs of equal instants."""

    past: list[tuple[datetime, datetime]] = field(default_factory=lambda: [(NOON, NOON)])

    def now(self) -> datetime:
        return self.past[-1][0]

    def machine(self) -> datetime:
        return self.past[-1][1]

    def machine_at(self, business: datetime) -> datetime:
        later = next((index for index, (at, _) in enumerate(self.past) if at >= business), None)
        if later is None or later == 0:
            known, machines = self.past[0 if later == 0 else -1]
            return machines + (business - known)
        (start, machines), (end, machines_then) = self.past[later - 1 : later + 1]
        return machines + (machines_then - machines) * ((business - start) / (end - start))

    def age(self, business: datetime) -> timedelta:
        """How much machine time has passed since an instant of business."""
        return self.machine() - self.machine_at(business)

    def advance(self, by: timedelta, speed: int = 1) -> None:
        if by:
            self.past.append((self.now() + by, self.machine() + by / speed))


@dataclass(frozen=True)
class Skewed:
    """The clocks as a machine sees them whose own are `by` ahead."""

    true: TwoClocks
    by: timedelta

    def now(self) -> datetime:
        return self.true.now() + self.by

    def machine(self) -> datetime:
        return self.true.machine() + self.by

    def machine_at(self, business: datetime) -> datetime:
        return self.true.machine_at(business - self.by) + self.by


@dataclass(frozen=True)
class Message:
    """What the broker carries: a flow and ids."""

    flow: str
    ids: tuple[Any, ...]

    def job(self) -> Job:
        """The flow on these ids."""
        flows: Mapping[str, Any] = {"deliver": deliver, "settle": settle, "reconcile": reconcile}
        return lambda desk: flows[self.flow](desk, list(self.ids))


@dataclass(frozen=True)
class Saved:
    """A state of the town."""

    rows: dict[str, list[dict[str, Any]]]
    clock: list[tuple[datetime, datetime]]
    ledger: Ledger


@dataclass
class Town:
    """All that a test moves."""

    engine: Engine
    office: Desk
    clock: TwoClocks
    campaign: Campaign
    folder: Path
    workers: list[Worker] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)
    payments: int = 0

    def __post_init__(self) -> None:
        self.fresh = self.save()

    def reset(self) -> None:
        """A new day: nobody owes anything yet, and nothing was ever sent."""
        self.restore(self.fresh)
        self.payments = 0

    def save(self) -> Saved:
        """The state of the database, the vendors and the clocks, to return to."""
        with self.engine.connect() as connection:
            rows = {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in metadata.sorted_tables
            }
        return Saved(rows, list(self.clock.past), deepcopy(self.ledger))

    def restore(self, saved: Saved) -> None:
        """Return to a state: whoever works is killed, and all else is as it was."""
        for worker in self.workers:
            worker.die()
        self.office = replace(self.office, traffic=Traffic())
        self.clock.past[:] = saved.clock
        self.ledger = deepcopy(saved.ledger)
        with self.engine.begin() as connection:
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            for table in metadata.sorted_tables:
                if rows := saved.rows[table.name]:
                    connection.execute(insert(table), rows)

    def routes(self, line: Line, engine: Engine) -> dict[Channel, Sequence[Vendor]]:
        """Two vendors of texts and one of e-mails, called over `line` by who works with `engine`."""
        wrong = partial(wrong_with, self.engine, engine)

        def vendor(name: str, channel: Channel) -> Vendor:
            return Vendor(name, channel, self.ledger, self.clock, wrong, line)

        return {
            Channel.SMS: [vendor("alpha", Channel.SMS), vendor("beta", Channel.SMS)],
            Channel.EMAIL: [vendor("gamma", Channel.EMAIL)],
        }

    def desk(self, line: Line) -> Desk:
        """A worker's desk, or one without stops from which the vendors are called over `line`."""
        if not isinstance(line, Worker):
            return replace(self.office, pool=Serial(), routes=self.routes(line, self.engine))
        return replace(
            self.office,
            engine=line.engine,
            clock=Skewed(self.clock, SKEWS[self.workers.index(line)]),
            pool=Serial(),
            routes=self.routes(line, line.engine),
            traffic=line.traffic,
        )

    # what the scheduler does

    def release(self) -> None:
        """Enrol and release."""
        enroll(self.engine, self.campaign, self.clock)
        release(self.office, self.campaign.name)

    def sweep(self) -> list[Message]:
        """All sweeps, and what they enqueue."""
        take_back_lost(self.office)
        messages = [Message("deliver", tuple(ids)) for ids in to_dispatch(self.office).values()]
        messages += [Message("settle", (id_,)) for id_ in to_settle(self.office)]
        messages += [Message("reconcile", (id_,)) for id_ in to_reconcile(self.office)]
        return messages

    def work_off(self, line: Line | None = None) -> None:
        """Release, sweep and work at the desk until there is nothing more to do at this hour."""
        desk = self.desk(line or Line())
        for _ in range(MANY):
            self.release()
            messages = self.sweep()
            for message in messages:
                message.job()(desk)
            if not messages:
                return
        raise AssertionError("the sweeps find work for ever")

    # what people do

    def import_accounts(self, *refs: str, phone: str = "") -> None:
        """Import some accounts, perhaps with a new number."""
        rows = []
        for ref in refs:
            debtor, name, zone, mail, number = PEOPLE[ref]
            contact = (debtor, name, "Sample", "en", zone, mail, phone or number)
            rows.append((ref, "northwind", *contact, "US", "USD", f"I-{ref}", "2026-11-20", "123.45"))
        report = import_accounts(self.engine, self._file(ACCOUNT_FIELDS, rows), self.clock.now())
        assert not report.rejected, report

    def pay(self, ref: str) -> str:
        """Pay all; returns the payment's ref."""
        self.payments += 1
        self._payment(ref, f"P-{self.payments}", "payment")
        return f"P-{self.payments}"

    def reverse(self, ref: str, payment: str) -> None:
        """The bank takes a payment back."""
        self._payment(ref, payment, "reversal")

    def _payment(self, ref: str, payment: str, kind: str) -> None:
        row = (ref, payment, self.clock.now().isoformat(), "123.45", "USD", "", kind)
        report = import_payments(self.engine, self._file(PAYMENT_FIELDS, [row]), self.clock.now())
        assert not report.rejected, report

    def _file(self, header: str, rows: Sequence[Sequence[str]]) -> Path:
        path = self.folder / "rows.csv"
        with path.open("w", newline="", encoding="utf-8") as stream:
            csv.writer(stream).writerows([header.split(","), *rows])
        return path


@contextmanager
def town(database_url: str, folder: Path, wanted: Campaign | None = None) -> Iterator[Town]:
    """A town on a fresh database."""
    clock = TwoClocks()
    settings = load(
        {},
        database_url=database_url,
        templates=ROOT / "templates",
        schedules=ROOT / "schedules",
        twilio_from="+12125550100",
        sendgrid_from="help@northwind.example",
        secret_key="k" * 40,
    )
    chosen = wanted or two_steps()
    with open_app(settings, clock) as opened:
        app = under(HOUSE, opened)
        hurry(app.engine)
        make_tables(app.engine)
        register(app.engine, [NORTHWIND], {chosen.name: chosen}, clock)
        built = Town(app.engine, app.desk, clock, chosen, folder)
        for _ in range(WORKERS):
            engine = make_engine(database_url)
            hurry(engine)
            built.workers.append(Worker(engine))
        try:
            yield built
        finally:
            for worker in built.workers:
                worker.die()


def hurry(engine: Engine) -> None:
    """No power is cut here, so nobody waits for the disk."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))
