"""What becomes of promises by payments and by time, found by the leading scheduler within seconds.

accounts with promises to look at -> lock their debtors -> judge by what was paid -> remind, end, open again

Safe on two machines at once: under the debtors' locks the second finds nothing left to look at. Each happening is kept
with what it makes, in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from outreach.domain.account import HoldReason
from outreach.domain.promise import PromiseState, PromiseToPay, over_at, reminder
from outreach.domain.promise_judging import Judgement, judge
from outreach.flow import holds, service
from outreach.flow.clock import Clock
from outreach.flow.holds import NewHold
from outreach.flow.isolating import Poisoned, by_halves
from outreach.flow.promise_looks import next_look
from outreach.flow.promise_news import broken_task, message, of_broken, tell, unsay
from outreach.flow.service import ServiceMessage
from outreach.store import debtors, journal, promises
from outreach.store.engine import reading
from outreach.store.journal import NewTask
from outreach.store.promises import Owed

log = logging.getLogger(__name__)

#: Accounts in one transaction, and transactions in one run: the rest waits for the next, seconds later.
BATCH, BATCHES = 200, 20
#: An account whose promises cannot be judged is tried again after so long; meanwhile a person has it.
AGAIN = timedelta(days=1)
#: Why a promise ended, by its state.
WHY = {
    PromiseState.KEPT: "it was paid",
    PromiseState.PARTIALLY_KEPT: "only a part was paid in time",
    PromiseState.BROKEN: "nothing was paid in time",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """The promises of one account under its debtor's lock, and what they are now."""

    owed: Owed
    judgements: tuple[Judgement, ...]

    def standing(self, whole_id: int, besides: int) -> list[PromiseToPay]:
        """The other parts of a promise that are still open."""
        return [
            one.promise
            for one in self.judgements
            if one.promise.whole_id == whole_id and one.promise.id != besides and one.state is PromiseState.OPEN
        ]

    @property
    def newest_whole(self) -> int:
        """The promise that was made last."""
        return max(self.judgements, key=lambda one: one.promise.id).promise.whole_id


def judge_due(engine: Engine, clock: Clock) -> int:
    """Judge the promises whose time has come or whose account changed; returns how many accounts were looked at."""
    looked = 0
    for _ in range(BATCHES):
        now = clock.now()
        with reading(engine) as connection:
            found = promises.due(connection, now, BATCH)
        done, poisoned = by_halves(partial(_judge, engine, now), found)
        _to_a_person(engine, poisoned, now)
        looked += sum(done)
        if len(found) < BATCH:
            break
    return looked


def _judge(engine: Engine, now: datetime, found: Sequence[tuple[int, int]]) -> int:
    with engine.begin() as connection:
        debtors.lock(connection, [debtor_id for _, debtor_id in found])
        due = promises.still_due(connection, [account_id for account_id, _ in found], now)
        owed = promises.owed(connection, due)
        made, books = promises.of_accounts(connection, due), promises.books(connection, due)
        messages: list[ServiceMessage] = []
        for account_id in due:
            known = owed[account_id]
            judged = judge(made[account_id], books.get(account_id, []), known.balance.minor, known.zones, now)
            messages += _happened(connection, Seen(known, tuple(judged)), now)
        service.plan(connection, messages, now)
    return len(due)


def _happened(connection: Connection, seen: Seen, now: datetime) -> list[ServiceMessage]:
    """Keep what happened to an account's promises; returns the messages that it makes."""
    messages: list[ServiceMessage] = []
    # A part that ends may end the others, which are then no longer judged.
    over: set[int] = set()
    looks: list[tuple[int, int, datetime | None]] = []
    for one in seen.judgements:
        promise = replace(one.promise, paid_minor=one.paid_minor)
        looks.append((promise.id, one.paid_minor, None))
        if promise.id in over:
            continue
        if one.state is PromiseState.OPEN:
            promise = _opened(connection, seen, promise, now) if one.is_news else promise
            messages += _reminders(connection, seen, promise, now)
            looks[-1] = (promise.id, one.paid_minor, next_look(promise, seen.owed.terms, seen.owed.zones, now))
        elif one.is_news:
            over |= _ended(connection, seen, replace(promise, state=one.state), now)
            if one.state is PromiseState.BROKEN and seen.owed.terms.tell_broken:
                messages.append(message("promise_broken", promise))
    promises.set_looks(connection, [(id_, paid, None if id_ in over else at) for id_, paid, at in looks])
    return messages


def _ended(connection: Connection, seen: Seen, promise: PromiseToPay, now: datetime) -> set[int]:
    """Keep how a promise ended; returns the ids of its other parts that end with it."""
    ended = {"state": promise.state.value, "ended_at": now, "ended_by": "", "ended_why": WHY[promise.state]}
    promises.change(connection, [promise.id], **ended)
    unsay(connection, [promise], WHY[promise.state], now)
    tell(connection, f"promise_{promise.state.value}", [promise], now)
    others = seen.standing(promise.whole_id, promise.id)
    if promise.state is PromiseState.KEPT:
        journal.close_tasks(connection, [of_broken(promise)], now)
    elif others:
        _end_with_it(connection, others, now)
    if promise.hold_id and (promise.state is not PromiseState.KEPT or not others):
        holds.release(connection, promise.hold_id, promise.debtor_id, now)
    if promise.state is PromiseState.KEPT:
        return set()
    journal.add_tasks(connection, [broken_task(promise, now)])
    return {one.id for one in others}


def _end_with_it(connection: Connection, others: Sequence[PromiseToPay], now: datetime) -> None:
    why = "an earlier part was not kept"
    ended = {"state": PromiseState.CANCELLED.value, "ended_at": now, "ended_why": why}
    promises.change(connection, [one.id for one in others], **ended)
    unsay(connection, others, why, now)
    tell(connection, "promise_cancelled", others, now, more={"reason": why})


def _opened(connection: Connection, seen: Seen, promise: PromiseToPay, now: datetime) -> PromiseToPay:
    """The payment of a kept promise was taken back in time to pay again: it stands, and pauses the campaign, again.

    Not where another promise was made since, which is about all that is open.
    """
    if promise.whole_id != seen.newest_whole:
        why = "its payment was taken back after another promise took its place"
        ended = {"state": PromiseState.CANCELLED.value, "ended_at": now, "ended_why": why}
        promises.change(connection, [promise.id], **ended)
        tell(connection, "promise_cancelled", [promise], now, more={"reason": why})
        return replace(promise, state=PromiseState.CANCELLED)
    ends_at = over_at(promise.due_on, promise.grace_days, seen.owed.zones)
    note = "the payment was taken back"
    new = NewHold(promise.debtor_id, promise.account_id, HoldReason.PROMISE, promise.source.value, note, ends_at)
    hold_id = holds.place(connection, new, now)
    opened = {"state": PromiseState.OPEN.value, "ended_at": None, "ended_why": "", "hold_id": hold_id}
    promises.change(connection, [promise.id], **opened)
    tell(connection, "promise_reopened", [promise], now, more={"reason": note})
    return replace(promise, state=PromiseState.OPEN, hold_id=hold_id, ended_at=None, ended_why="")


def _reminders(connection: Connection, seen: Seen, promise: PromiseToPay, now: datetime) -> list[ServiceMessage]:
    span = reminder(promise, seen.owed.terms.reminder_days, seen.owed.zones)
    if not promise.is_open or promise.reminded_at is not None or span is None or not span[0] <= now < span[1]:
        return []
    promises.change(connection, [promise.id], reminded_at=now)
    return [message("promise_reminder", promise, span[1])]


def _to_a_person(engine: Engine, poisoned: Sequence[Poisoned[tuple[int, int]]], now: datetime) -> None:
    """An account whose promises cannot be judged stops no other one."""
    for one in poisoned:
        account_id, debtor_id = one.row
        log.error("the promises of account %d cannot be judged: %s", account_id, one.word)
        with engine.begin() as connection:
            debtors.lock(connection, [debtor_id])
            title = f"The promises of this account cannot be judged: {one.word}"
            dedupe = f"promises_unjudged:{account_id}"
            task = NewTask("review", title[:300], dedupe, now, account_id, debtor_id)
            journal.add_tasks(connection, [task])
            promises.look_later(connection, account_id, now + AGAIN)
