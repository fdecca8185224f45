"""What tests of promises share: make one, pay, let days pass, and see what became of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from outreach.domain.promise import PromisePart, PromiseSource, PromiseToPay
from outreach.flow import promises as flow
from outreach.flow.deliver import deliver
from outreach.flow.importing import import_payments
from outreach.flow.promise_sweep import judge_due
from outreach.flow.promises import NewPromise
from outreach.flow.sweep import to_dispatch
from outreach.store import promises
from outreach.store.tables import accounts
from tests.flow.house import House

#: The house's clock stands on 2026-12-01, a Tuesday, at 11:00 in New York.
FRIDAY = date(2026, 12, 4)
AGENT = "agent@northwind.example"


def promise(
    home: House,
    account_id: int,
    *parts: tuple[int | None, date],
    source: PromiseSource = PromiseSource.REPLY,
    by: str = "",
) -> int:
    """A promise of all on Friday, or of some parts; returns its id."""
    with home.engine.begin() as connection:
        debtor_id = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.id == account_id)).one()
        said = tuple(PromisePart(amount, day) for amount, day in parts or ((None, FRIDAY),))
        new = NewPromise(account_id, debtor_id, said, source, "I can pay on Friday")
        return flow.make(connection, new, home.clock.now(), by)


def pay(
    home: House, folder: Path, amount: str, ref: str = "P-1", kind: str = "payment", paid_at: datetime | None = None
) -> None:
    """A payment on account A-1 arrives from a file, and the scheduler looks."""
    file = folder / f"{ref}-{kind}.csv"
    heads = "account_ref,payment_ref,paid_at,amount,currency,item_ref,kind"
    at = (paid_at or home.clock.now()).isoformat()
    file.write_text(f"{heads}\nA-1,{ref},{at},{amount},USD,,{kind}\n")
    assert import_payments(home.engine, file, home.clock.now()).rejected == 0
    look(home)


def look(home: House) -> None:
    """What the leading scheduler and the workers do."""
    judge_due(home.engine, home.clock)
    deliver(home.app.desk, [*home.run(), *(id_ for ids in to_dispatch(home.app.desk).values() for id_ in ids)])


def pass_to(home: House, day: date) -> None:
    """Live through every day until 11:00 in New York of `day`."""
    look(home)
    while home.clock.now().date() < day:
        home.clock.advance(timedelta(days=1))
        look(home)


def made(home: House, account_id: int = 1) -> list[PromiseToPay]:
    """The promises of an account."""
    with home.engine.connect() as connection:
        return promises.of_accounts(connection, [account_id]).get(account_id, [])


def states_of(home: House, account_id: int = 1) -> list[str]:
    return [one.state.value for one in made(home, account_id)]
