"""What people do about an account's promises, each as one transaction that leaves its trace.

Every function takes `by`, who does it, and `now` (business time, aware UTC). All raise `actions.Unknown` for an account
or a promise that is not there or no longer open, and `Unfit` (`promises.NotTaken`) for what cannot be promised.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import NoReturn

from sqlalchemy import Connection, Engine

from outreach.domain.money import Money, exponent
from outreach.domain.promise import PromisePart, PromiseSource, PromiseToPay
from outreach.domain.said_numbers import DIGITS, in_digits
from outreach.flow import promises
from outreach.flow.consent_actions import Unfit, held_by
from outreach.flow.promises import NewPromise
from outreach.store import promises as store


def record_promise(engine: Engine, account_ref: str, amount: str, on: date, words: str, by: str, now: datetime) -> int:
    """Record what a debtor promised to a person: an amount in major units ("" means all that is open) by a day.

    It takes the place of the open promise. Returns its id.
    """
    with engine.begin() as connection:
        account_id, debtor_id = held_by(connection, account_ref)
        owed = store.owed(connection, [account_id])[account_id]
        part = PromisePart(_minor(amount.strip(), owed.balance.currency), on)
        new = NewPromise(account_id, debtor_id, [part], PromiseSource.AGENT, words.strip())
        return promises.make(connection, new, now, by)


def cancel_promise(engine: Engine, account_ref: str, promise_id: int, why: str, by: str, now: datetime) -> None:
    """Take a promise back, with all of its parts that are open: the campaign goes on."""
    if not why.strip():
        raise Unfit("The reason is missing: say why the promise is taken back.")
    with engine.begin() as connection:
        found = store.account_with(connection, promise_id)
        if found is None or found != held_by(connection, account_ref):
            # The same words as for one that was never made: ids of other accounts say nothing.
            promise_id = 0
        promises.cancel(connection, promise_id, why.strip(), now, by)


def promises_of(connection: Connection, account_ref: str) -> list[PromiseToPay]:
    """The promises of an account, the newest first."""
    account_id, _ = held_by(connection, account_ref)
    return store.of_accounts(connection, [account_id]).get(account_id, [])[::-1]


def _minor(amount: str, currency: str) -> int | None:
    if not amount:
        return None
    value = in_digits(amount, exponent(currency)) if re.fullmatch(DIGITS, amount) else None
    try:
        return Money.of(value, currency).minor if value is not None else _no_amount(amount, currency)
    except ValueError:
        return _no_amount(amount, currency)


def _no_amount(amount: str, currency: str) -> NoReturn:
    raise Unfit(f"{amount} is no amount in {currency}: write 50 or 50.25.")
