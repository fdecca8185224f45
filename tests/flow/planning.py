"""What tests of payment plans share: agree on one, pay on it, let days pass, and see what became of it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from outreach.domain.money import Money
from outreach.domain.plan import PaymentPlan
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import Frequency, Schedule, by_count
from outreach.flow import plans as flow
from outreach.flow.deliver import deliver
from outreach.flow.importing import import_payments
from outreach.flow.plan_sweep import judge_due
from outreach.flow.plans import NewPlan, Proposed
from outreach.flow.sweep import to_dispatch
from outreach.store import plans
from outreach.store.outbox import tasks, timeline
from outreach.store.tables import accounts, holds
from tests.flow.house import House

#: The house's clock stands on 2026-12-01.
FIRST = date(2026, 12, 11)
SAID = "I will pay this in three parts."


def three(balance: int = 12_345, first_on: date = FIRST) -> Schedule:
    """Three instalments, fortnightly: 11 December, 25 December, 8 January."""
    return by_count(Money(balance, "USD"), first_on, Frequency.FORTNIGHTLY, 3)


def propose(
    home: House,
    account_id: int,
    schedule: Schedule | None = None,
    authority: Authority = Authority.SELF_SERVICE,
    by: str = "",
    wording: str = SAID,
) -> Proposed:
    with home.engine.begin() as connection:
        debtor_id = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.id == account_id)).one()
        new = NewPlan(account_id, debtor_id, schedule or three(), authority, "page", wording)
        return flow.propose(connection, new, home.clock.now(), by)


def accept(
    home: House, plan_id: int, authority: Authority = Authority.SELF_SERVICE, by: str = "", wording: str = ""
) -> None:
    with home.engine.begin() as connection:
        flow.accept(connection, plan_id, authority, home.clock.now(), by, wording)


def agree(home: House, account_id: int, schedule: Schedule | None = None) -> int:
    """A plan that the debtor proposed and that is active; returns its id."""
    proposed = propose(home, account_id, schedule)
    accept(home, proposed.plan_id)
    return proposed.plan_id


def pay(home: House, folder: Path, amount: str, ref: str = "P-1", kind: str = "payment") -> None:
    """A payment on account A-1 arrives from a file, and the plans are looked at."""
    file = folder / f"{ref}-{kind}.csv"
    heads = "account_ref,payment_ref,paid_at,amount,currency,item_ref,kind"
    file.write_text(f"{heads}\nA-1,{ref},{home.clock.now().isoformat()},{amount},USD,,{kind}\n")
    assert import_payments(home.engine, file, home.clock.now()).rejected == 0
    look(home)


def pass_to(home: House, day: date) -> None:
    """Live through every day until 11:00 in New York of `day`, as the scheduler does."""
    look(home)
    while home.clock.now().date() < day:
        home.clock.advance(timedelta(days=1))
        look(home)


def look(home: House) -> None:
    """What the leading scheduler and the workers do."""
    judge_due(home.engine, home.clock)
    deliver(home.app.desk, [*home.run(), *(id_ for ids in to_dispatch(home.app.desk).values() for id_ in ids)])


def plan_of(home: House, plan_id: int) -> PaymentPlan:
    with home.engine.connect() as connection:
        plan = plans.get(connection, plan_id)
    assert plan is not None
    return plan


def instalments(home: House, plan_id: int) -> list[str]:
    return [one.state.value for one in plan_of(home, plan_id).instalments]


def told(home: House) -> list[str]:
    """The kinds of the timeline, in order."""
    with home.engine.connect() as connection:
        return list(connection.scalars(select(timeline.c.kind).order_by(timeline.c.id)))


def open_work(home: House) -> list[str]:
    """The kinds of the open tasks."""
    with home.engine.connect() as connection:
        query = select(tasks.c.kind).where(tasks.c.state == "open").order_by(tasks.c.id)
        return list(connection.scalars(query))


def holding(home: House) -> list[str]:
    """The reasons of the holds that run."""
    with home.engine.connect() as connection:
        rows = connection.execute(select(holds.c.reason, holds.c.ends_at)).all()
    return [row.reason for row in rows if row.ends_at is None or row.ends_at > home.clock.now()]
