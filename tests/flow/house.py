"""A whole house for tests: a database, the sandbox over real sockets, the desk, and a clock that stands until moved."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, insert, select

from outreach.domain.account import Creditor
from outreach.domain.campaign import AppliesTo, Campaign, Days, SendWindow, Step, Trigger, TriggerKind
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.standing import Basis, ConsentScope
from outreach.flow.deliver import deliver
from outreach.flow.enroll import enroll, register
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.flow.sweep import to_dispatch
from outreach.sandbox.config import Delays, SandboxConfig
from outreach.sandbox.server import make_server as make_sandbox
from outreach.settings import Settings, load
from outreach.store.outbox import notice_events, notices
from outreach.store.standing_tables import consents
from outreach.store.tables import accounts, contact_points, creditors, debtors, items
from outreach.web.app import create_app
from outreach.web.server import make_server
from outreach.web.services import WebServices
from outreach.wiring import App, open_app
from tests.databases import make_tables
from tests.law import HOUSE
from tests.serving import serving

ROOT = Path(__file__).parents[2]
#: A Tuesday, 11:00 in New York.
NOON = datetime(2026, 12, 1, 16, 0, tzinfo=UTC)
NORTHWIND = Creditor(
    "northwind",
    "Northwind Card Services (sample)",
    "+12125550123",
    "help@northwind.example",
    "https://northwind.example",
    payment_url="https://northwind.example/pay",
)
WINDOW = SendWindow(frozenset(range(1, 7)), time(9), time(19))


@dataclass
class StandingClock:
    """Stands at `at` until it is moved; machine time moves with it."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def machine(self) -> datetime:
        return self.at

    def machine_at(self, business: datetime) -> datetime:
        return business

    def advance(self, by: timedelta) -> None:
        self.at += by


def campaign(*steps: Step, **changes: object) -> Campaign:
    """A campaign of `northwind`; without steps a reminder by text, else e-mail, three days after the due date."""
    default = (
        Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS, Channel.EMAIL), "friendly_reminder"),
    )
    base = Campaign(
        name="cards",
        version="1" * 64,
        creditor="northwind",
        runs="*/5 * * * *",
        timezone="America/New_York",
        send_window=WINDOW,
        steps=steps or default,
        applies_to=AppliesTo(currencies=frozenset({"USD"}), dpd_from=1, dpd_to=90),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


@dataclass
class House:
    """What a test works with."""

    app: App
    clock: StandingClock
    campaign: Campaign
    sandbox_url: str
    public_url: str
    news: threading.Condition = field(default_factory=threading.Condition)

    @property
    def engine(self) -> Engine:
        return self.app.engine

    def account(
        self,
        ref: str = "A-1",
        *,
        phone: str = "+12125550142",
        email: str = "ada@debtor.example",
        due_on: date = date(2026, 11, 20),
        open_minor: int = 12_345,
        zones: tuple[str, ...] = ("America/New_York",),
        language: str = "en",
        consented: bool = False,
    ) -> int:
        """Insert a debtor with one account and one item; returns the account's id. Where all packs are asked, only who
        `consented` to be written to is."""
        now = self.clock.now()
        with self.engine.begin() as connection:
            creditor_id = connection.scalars(select(creditors.c.id)).first()
            debtor_id = connection.scalars(
                insert(debtors).returning(debtors.c.id),
                [
                    {
                        "creditor_id": creditor_id,
                        "ref": f"D-{ref}",
                        "first_name": "Ada",
                        "last_name": "Sample",
                        "language": language,
                        "zones": list(zones),
                        "country": "US",
                        "region": "NY",
                        "created_at": now,
                    }
                ],
            ).one()
            points = [(Channel.SMS, phone), (Channel.EMAIL, email)]
            for kind, value in points:
                if value:
                    row = {"debtor_id": debtor_id, "kind": kind, "value": value, "created_at": now}
                    connection.execute(insert(contact_points).values(row))
                    if consented:
                        connection.execute(insert(consents).values(consent(debtor_id, kind, value, now)))
            account_id = connection.scalars(
                insert(accounts).returning(accounts.c.id),
                [
                    {
                        "ref": ref,
                        "creditor_id": creditor_id,
                        "debtor_id": debtor_id,
                        "currency": "USD",
                        "tags": [],
                        "extra": {},
                        "balance_minor": open_minor,
                        "oldest_due_on": due_on,
                        "created_at": now,
                        "changed_at": now,
                    }
                ],
            ).one()
            connection.execute(
                insert(items).values(
                    account_id=account_id,
                    ref="I-1",
                    due_on=due_on,
                    amount_minor=open_minor,
                    stated_open_minor=open_minor,
                    open_minor=open_minor,
                )
            )
        return account_id

    def run(self) -> list[str]:
        """Enrol and release; returns the ids of the notices that are due, not delivered yet."""
        enroll(self.engine, self.campaign, self.clock)
        release(self.app.desk, self.campaign.name)
        return [id_ for ids in to_dispatch(self.app.desk).values() for id_ in ids]

    def deliver(self) -> int:
        """Run, and deliver all that is due."""
        return deliver(self.app.desk, self.run())

    def states(self) -> dict[str, str]:
        """The state of each notice by channel and step."""
        with self.engine.connect() as connection:
            rows = connection.execute(select(notices.c.step, notices.c.channel, notices.c.state).order_by(notices.c.id))
            return {f"{row.step} {row.channel}": row.state for row in rows}

    def wait(self, true: Callable[[], bool]) -> None:
        """Wait until news makes a condition true; fails after ten seconds."""
        with self.news:
            assert self.news.wait_for(true, timeout=10), f"it did not come true: {self.states()}"

    def log(self) -> list[tuple[str, str, bool]]:
        """(what, state, applied) of every entry in the notices' log."""
        with self.engine.connect() as connection:
            query = select(notice_events.c.what, notice_events.c.state, notice_events.c.applied)
            return [tuple(row) for row in connection.execute(query.order_by(notice_events.c.id))]


def consent(debtor_id: int, kind: Channel, value: str, now: datetime) -> dict[str, Any]:
    """The row of a consent to be written to about the account, given the day before to the creditor itself."""
    return {
        "debtor_id": debtor_id,
        "kind": kind,
        "value": value,
        "scope": ConsentScope.SERVICING,
        "basis": Basis.DIRECT_CONSENT,
        "given_at": now - timedelta(days=1),
        "source": "loan agreement",
        "wording": "You may text and e-mail me about this account.",
        "recorded_by": "import",
        "recorded_at": now,
    }


@contextmanager
def house(
    database_url: str, wanted: Campaign | None = None, *, web: bool = False, law: Law = HOUSE, **overrides: Any
) -> Iterator[House]:
    """A house on a fresh database whose providers are the sandbox's, without delays; `overrides` are of its settings.

    Its law is the house's own hours unless another is given: what packs of places say is tested by itself.

    With `web` its webhooks are served, and what they bring is settled at once; without it nothing is called back.
    """
    clock = StandingClock()
    # Bound before anybody is told of the port, and closed where nobody answers: what calls is refused then.
    listener = socket.create_server(("127.0.0.1", 0))
    public_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    config = SandboxConfig(callback_url=public_url, delays=Delays.none(), now=clock.now, quote_replies=False)
    with ExitStack() as stack:
        stack.enter_context(listener)
        if not web:
            listener.close()
        url = stack.enter_context(serving(make_sandbox(config, port=0)))
        settings = _settings(database_url, config, url, public_url if web else "", overrides)
        app = under(law, stack.enter_context(open_app(settings, clock)))
        make_tables(app.engine)
        chosen = wanted or campaign()
        register(app.engine, [NORTHWIND], {chosen.name: chosen}, clock)
        home = House(app, clock, chosen, url, public_url)
        if web:
            stack.enter_context(served(home, listener))
        yield home


def under(law: Law, app: App) -> App:
    """The app with another law."""
    return replace(app, desk=replace(app.desk, law=law))


@contextmanager
def another(home: House) -> Iterator[App]:
    """Another process of the same house."""
    with open_app(home.app.settings, home.clock) as app:
        yield under(home.app.desk.law, app)


def _settings(
    database_url: str, config: SandboxConfig, url: str, public_url: str, overrides: dict[str, Any]
) -> Settings:
    chosen: dict[str, Any] = {
        "database_url": database_url,
        "templates": ROOT / "templates",
        "schedules": ROOT / "schedules",
        "public_url": public_url,
        "secret_key": "k" * 40,
        "sendgrid_from": "help@northwind.example",
        "sendgrid_inbound_domain": "replies.northwind.example",
        **config.as_settings(url),
    }
    return load({}, **{**chosen, **overrides})


@contextmanager
def served(home: House, listener: socket.socket) -> Iterator[None]:
    """The web of a house, on a real socket."""

    def settle_now(ids: list[int]) -> None:
        settle(home.app.desk, ids)
        with home.news:
            home.news.notify_all()

    app = home.app
    services = WebServices(
        app.engine,
        app.settings,
        app.providers,
        app.clock.now,
        settle_now,
        machine_now=app.clock.machine,
        law=app.desk.law,
    )
    with serving(make_server(create_app(services), log_level="error"), listener):
        yield


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
