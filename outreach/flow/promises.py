"""Promises to pay: made and cancelled. What becomes of one by payments and by time is in `promise_sweep.py`.

A promise that stands is a hold on its account: reminders pause until its days of grace are over. Each function takes a
connection and is part of its caller's transaction; the debtor's row is locked first. `by` is the e-mail address of the
person of ours who does it, "" for the debtor or the machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import HoldReason
from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.message import Channel
from outreach.domain.promise import (
    REPLACED,
    Circumstances,
    Objection,
    PromisePart,
    PromiseSource,
    PromiseState,
    PromiseToPay,
    broken_in_row,
    objection,
    over_at,
    postponed_in_row,
    settled,
)
from outreach.flow import holds, service
from outreach.flow.actions import Unknown
from outreach.flow.consent_actions import Unfit
from outreach.flow.holds import NewHold
from outreach.flow.promise_looks import next_look
from outreach.flow.promise_news import LONGEST_NOTE, message, tell, unsay
from outreach.store import debtors, promises
from outreach.store.promises import Owed

#: What to say of an objection, and what to do.
REASONS = {
    Objection.NO_PART: "The promise names no day: say by when.",
    Objection.NOTHING_OWED: "Nothing is owed on this account.",
    Objection.NO_AMOUNT: "The promise names no amount above zero: say how much.",
    Objection.ABOVE_BALANCE: "The promise is of more than the account owes: say an amount up to the balance.",
    Objection.DAY_PAST: "The promised day is past where the debtor is: say a day from today on.",
    Objection.ON_PLAN: "A payment plan is active on this account: an agent decides what a promise beside it means.",
    Objection.TOO_FAR: "The promised day is further ahead than a debtor may promise alone: an agent may agree to it.",
    Objection.TOO_OFTEN_BROKEN: "The last promises of this account were all broken: an agent decides on another.",
    Objection.TOO_OFTEN_POSTPONED: "The promise was put off several times already: an agent decides on another.",
    Objection.TIME_BARRED: "The debt is time-barred and a part payment may revive it: an agent decides.",
}


class NotTaken(Unfit):
    """The promise cannot be taken; `objection` says why, and whether a person may take it all the same."""

    def __init__(self, ground: Objection) -> None:
        super().__init__(REASONS[ground])
        self.objection = ground


@dataclass(frozen=True, slots=True)
class NewPromise:
    """What a debtor promised: parts, each an amount (None: all that is open) by a day where the debtor is.

    `words` are the debtor's own. A promise from a `reply` or the debtor's `page` is confirmed, by `channel` and
    `address` where they are given. `reply_id`: the reply that it came in.
    """

    account_id: int
    debtor_id: int
    parts: Sequence[PromisePart]
    source: PromiseSource
    words: str = ""
    channel: Channel | None = None
    address: str = ""
    reply_id: int | None = None


def make(connection: Connection, new: NewPromise, now: datetime, by: str = "") -> int:
    """Keep a promise, pause the campaign until its days of grace are over, and confirm it; returns its id.

    It takes the place of the account's open one. Raises NotTaken, and Unknown where the debtor has no such account.
    """
    debtors.lock(connection, [new.debtor_id])
    owed = promises.owed(connection, [new.account_id]).get(new.account_id)
    if owed is None or owed.debtor_id != new.debtor_id:
        raise Unknown("There is no such account.")
    before = promises.of_accounts(connection, [new.account_id]).get(new.account_id, [])
    parts = settled(new.parts, owed.balance.minor)
    ground = _ground(parts, owed, before, now)
    if ground is not None and not (ground.for_a_person and new.source is PromiseSource.AGENT):
        raise NotTaken(ground)
    _end(connection, [one for one in before if one.is_open], REPLACED, now, by)
    made = _keep(connection, new, parts, owed, now, by)
    tell(connection, "promised", made, now, by, {"source": new.source.value, "note": new.words[:LONGEST_NOTE]})
    if new.source is not PromiseSource.AGENT and owed.terms.confirm:
        way: dict[str, Any] = {"channel": new.channel, "address": new.address}
        service.plan(connection, [message("promise_confirmed", made[0], **way)], now)
    return made[0].id


def cancel(connection: Connection, promise_id: int, why: str, now: datetime, by: str = "") -> None:
    """Take a promise back, with all of its parts that are open: the campaign goes on. Raises Unknown."""
    found = promises.account_with(connection, promise_id)
    if found is None:
        raise Unknown("There is no such promise.")
    account_id, debtor_id = found
    debtors.lock(connection, [debtor_id])
    mine = promises.of_accounts(connection, [account_id])[account_id]
    whole = next(one.whole_id for one in mine if one.id == promise_id)
    standing = [one for one in mine if one.whole_id == whole and one.is_open]
    if not standing:
        raise Unknown("This promise is not open any more.")
    _end(connection, standing, why, now, by)


def cancel_open(connection: Connection, account_id: int, debtor_id: int, why: str, now: datetime, by: str = "") -> bool:
    """Take back what is promised on an account, if anything is: a plan or a dispute takes its place."""
    debtors.lock(connection, [debtor_id])
    mine = promises.of_accounts(connection, [account_id]).get(account_id, [])
    standing = [one for one in mine if one.is_open]
    _end(connection, standing, why, now, by)
    return bool(standing)


def _ground(
    parts: Sequence[PromisePart], owed: Owed, before: Sequence[PromiseToPay], now: datetime
) -> Objection | None:
    today_there, broken = today(owed.zones, now), broken_in_row(before)
    postponed = postponed_in_row(before)
    known = Circumstances(owed.balance.minor, today_there, broken, owed.sol_expires_on, owed.on_plan, postponed)
    return objection(parts, owed.terms, known)


def today(zones: Sequence[str], now: datetime) -> date:
    """The earliest of the days that it may be where the debtor is."""
    return min(local_date(now, zone) for zone in zones or ANYWHERE)


def _keep(
    connection: Connection, new: NewPromise, parts: Sequence[PromisePart], owed: Owed, now: datetime, by: str
) -> list[PromiseToPay]:
    grace = owed.terms.grace_days
    ends_at = over_at(max(part.due_on for part in parts), grace, owed.zones)
    source = by or new.source.value
    hold = NewHold(new.debtor_id, new.account_id, HoldReason.PROMISE, source, new.words[:LONGEST_NOTE], ends_at)
    hold_id = holds.place(connection, hold, now, by)
    made = [
        PromiseToPay(
            id=0,
            whole_id=0,
            amount_minor=part.amount_minor or 0,
            due_on=part.due_on,
            made_at=now,
            grace_days=grace,
            tolerance_minor=owed.terms.tolerated(part.amount_minor or 0, owed.balance.currency),
            paid_before=owed.last_payment,
            account_id=new.account_id,
            debtor_id=new.debtor_id,
            currency=owed.balance.currency,
            source=new.source,
            words=new.words,
            made_by=by,
            hold_id=hold_id,
        )
        for part in parts
    ]
    looks = [next_look(one, owed.terms, owed.zones, now) for one in made]
    ids = promises.add(connection, made, looks, new.reply_id)
    kept = promises.of_accounts(connection, [new.account_id])[new.account_id]
    return sorted((one for one in kept if one.id in ids), key=lambda one: one.due_on)


def _end(connection: Connection, standing: Sequence[PromiseToPay], why: str, now: datetime, by: str) -> None:
    """Cancel promises of one account and let its campaign go on."""
    if not standing:
        return
    ended = {"state": PromiseState.CANCELLED.value, "ended_at": now, "ended_by": by, "ended_why": why}
    promises.change(connection, [one.id for one in standing], **ended, next_look_at=None)
    for hold_id, debtor_id in {(one.hold_id, one.debtor_id) for one in standing if one.hold_id}:
        holds.release(connection, hold_id, debtor_id, now, by)
    unsay(connection, standing, why, now)
    tell(connection, "promise_cancelled", standing, now, by, {"reason": why})
