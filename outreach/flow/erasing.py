"""Erase what retention lets go of, in batches of accounts: each is one transaction, so a run may die and begin again.

Everything is sealed first. In the transaction the audit chain is held, so that no row is sealed between its emptying
and its salt's, and the debtors, so that a hold that commits before stops it. What was erased stays verifiable:
`outreach audit verify` compares the facts, and finds a word that is written into an erased row afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from outreach.domain.law import Law
from outreach.domain.retention import Record, Verdict
from outreach.flow.actions import Unknown
from outreach.flow.retention import BATCH, Judged, Leftover, judge, leftovers, longest_since, walk
from outreach.flow.sealing import seal
from outreach.store import audit, debtors, erasing, erasing_facts, journal
from outreach.store.engine import is_deadlock, reading
from outreach.store.journal import Entry

#: How often a batch is begun anew when the database ended it in favour of somebody who waited for it.
TRIES = 3


class NotSealed(RuntimeError):
    """Rows of an account that is due came after everything was sealed. They are sealed within seconds."""


@dataclass
class Tally:
    """Of a kind of record: how many are due, since when the oldest of them is not used, and how many are kept why."""

    due: int = 0
    oldest: datetime | None = None
    kept: dict[str, int] = field(default_factory=dict)

    def count(self, verdict: Verdict, used_at: datetime) -> None:
        """Count one more."""
        if verdict.may_erase:
            self.due += 1
            self.oldest = min(used_at, self.oldest or used_at)
        else:
            self.kept[verdict.reason] = self.kept.get(verdict.reason, 0) + 1


@dataclass
class Totals:
    """What a run erases, or would. `accounts` stand for all that they have and, with the last, for their debtor;
    `strays` are replies and webhooks that belong to no account."""

    accounts: Tally = field(default_factory=Tally)
    consents: Tally = field(default_factory=Tally)
    opt_outs: Tally = field(default_factory=Tally)
    strays: int = 0
    unreadable: int = 0

    def take(self, judged: Sequence[Judged], left: Sequence[Leftover]) -> None:
        """Count a batch."""
        for one in judged:
            self.accounts.count(one.verdict, one.last_used_at)
        for each in left:
            tally = self.consents if each.record is Record.CONSENT else self.opt_outs
            tally.count(each.verdict, each.held.used_at)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Accounts that were judged, those of their debtors of whom nothing else is left, and what outlives their names."""

    judged: list[Judged]
    gone: list[int]
    left: list[Leftover]

    @property
    def due(self) -> list[Judged]:
        return [one for one in self.judged if one.verdict.may_erase]


def preview(engine: Engine, law: Law, now: datetime, looked_at: Callable[[int], None] = lambda _: None) -> Totals:
    """What a run would erase now; nothing is changed. `looked_at` hears of every batch."""
    totals = Totals()
    for ids in walk(engine, law, now):
        with reading(engine) as connection:
            for some in _readable(connection, law, ids, now, totals):
                totals.take(some.judged, some.left)
        looked_at(len(ids))
    for ids in _with_leftovers(engine):
        with reading(engine) as connection:
            totals.take([], leftovers(connection, law, ids, now))
    with reading(engine) as connection:
        totals.strays = sum(len(batch) for batch in _strays(connection, law, now))
        totals.strays += len(_letters(connection, law, now, 1_000_000))
    return totals


def erase_due(
    engine: Engine, law: Law, by: str, now: datetime, looked_at: Callable[[int], None] = lambda _: None
) -> Totals:
    """Erase all that is due. Raises ChainBroken: nothing is erased where the audit chain is not whole.

    It may be killed at any time and run again, also twice at once: what is erased is erased wholly, and told.
    """
    seal(engine, now)
    totals = Totals()
    for ids in walk(engine, law, now):
        _again(partial(_erase, engine, law, ids, by, now, totals))
        looked_at(len(ids))
    for ids in _with_leftovers(engine):
        with engine.begin() as connection:
            _hold(connection, ids)
            left = leftovers(connection, law, ids, now)
            _erase_leftovers(connection, ids, left, erasing_facts.living_again(connection, ids))
        totals.take([], left)
    totals.strays = _erase_strays(engine, law, now)
    seal(engine, now)
    return totals


def answer(engine: Engine, law: Law, account_ref: str, now: datetime) -> tuple[Judged | None, list[Leftover]]:
    """What the law says of one account, None when it is erased already; and of its debtor's consents and opt-outs.

    Raises Unknown.
    """
    with reading(engine) as connection:
        found = erasing_facts.account_named(connection, account_ref)
        if found is None:
            raise Unknown(f"There is no account {account_ref}.")
        judged = judge(connection, law, [found], now)
        return (judged[0] if judged else None), leftovers(
            connection, law, erasing_facts.debtor_ids_of(connection, [found]), now
        )


def erase_account(engine: Engine, law: Law, account_ref: str, by: str, now: datetime) -> Verdict:
    """Erase one account, because its debtor asks for it (GDPR, article 17), if no rule keeps it.

    Raises Unknown, and ChainBroken.
    """
    judged, _ = answer(engine, law, account_ref, now)
    if judged is None:
        return Verdict(True, "it was erased before")
    if not judged.verdict.may_erase:
        return judged.verdict
    seal(engine, now)
    totals = Totals()
    _again(partial(_erase, engine, law, [judged.account_id], by, now, totals))
    seal(engine, now)
    kept = next(iter(totals.accounts.kept), "")
    return Verdict(False, kept) if kept else judged.verdict


def _erase(engine: Engine, law: Law, ids: Sequence[int], by: str, now: datetime, totals: Totals) -> None:
    with engine.begin() as connection:
        audit.serialise(connection)
        _hold(connection, erasing_facts.debtor_ids_of(connection, ids))
        for some in _readable(connection, law, ids, now, totals):
            due = [one.account_id for one in some.due]
            if due and erasing.not_sealed(connection, due, some.gone):
                raise NotSealed("rows of an account that is due are not sealed yet: run it again")
            if due:
                erasing.erase_accounts(connection, due, now)
                erasing.erase_debtors(connection, some.gone, now)
                _erase_leftovers(connection, some.gone, some.left, ())
                journal.tell(connection, [Entry(id_, now, "erased", {}, by) for id_ in due])
            totals.take(some.judged, some.left)


def _hold(connection: Connection, debtor_ids: Sequence[int]) -> None:
    erasing.lock_addresses(connection, debtor_ids)
    debtors.lock(connection, debtor_ids)


def _readable(connection: Connection, law: Law, ids: Sequence[int], now: datetime, totals: Totals) -> Iterator[_Batch]:
    """The accounts judged together; where a row is garbage one by one, and those that cannot be read are kept."""
    try:
        together = _judged(connection, law, ids, now)
    except (ValueError, KeyError, TypeError):
        if len(ids) == 1:
            totals.unreadable += 1
            return
    else:
        yield together
        return
    for id_ in ids:
        yield from _readable(connection, law, [id_], now, totals)


def _judged(connection: Connection, law: Law, ids: Sequence[int], now: datetime) -> _Batch:
    judged = judge(connection, law, ids, now)
    due = [one.account_id for one in judged if one.verdict.may_erase]
    gone = erasing_facts.whole(connection, due)
    return _Batch(judged, gone, leftovers(connection, law, gone, now))


def _erase_leftovers(
    connection: Connection, debtor_ids: Sequence[int], left: Sequence[Leftover], living: Collection[int]
) -> None:
    """Erase what is due of the consents and opt-outs of debtors, and forget about those of whom nothing is left."""
    due = [one for one in left if one.verdict.may_erase and one.held.debtor_id not in living]
    erasing.erase_consents(connection, [one.held.id for one in due if one.record is Record.CONSENT])
    erasing.erase_opt_outs(connection, [one.held.id for one in due if one.record is Record.OPT_OUT])
    kept = {one.held.debtor_id for one in left if not one.verdict.may_erase} - set(living)
    erasing.no_leftovers(connection, [id_ for id_ in debtor_ids if id_ not in kept])


def _with_leftovers(engine: Engine) -> Iterator[list[int]]:
    after = 0
    while True:
        with reading(engine) as connection:
            ids = erasing_facts.with_leftovers(connection, after, BATCH)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _strays(connection: Connection, law: Law, now: datetime) -> Iterator[list[int]]:
    before, stops = (longest_since(law, record, now) for record in (Record.ACTIVITY, Record.OPT_OUT))
    after = 0
    while before is not None:
        ids = erasing_facts.strays(connection, before, stops, now, after, BATCH)
        if not ids:
            return
        yield ids
        after = ids[-1]


def _letters(connection: Connection, law: Law, now: datetime, limit: int) -> list[tuple[int, int]]:
    before = longest_since(law, Record.ACTIVITY, now)
    if before is None:
        return []
    return erasing_facts.old_dead_letters(connection, before, limit)


def _erase_strays(engine: Engine, law: Law, now: datetime) -> int:
    with engine.begin() as connection:
        audit.serialise(connection)
        erased = 0
        for ids in _strays(connection, law, now):
            erasing.erase_strays(connection, ids)
            erased += len(ids)
    while True:
        with engine.begin() as connection:
            letters = _letters(connection, law, now, BATCH)
            erasing.delete_dead_letters(connection, [one for one, _ in letters], [one for _, one in letters])
        erased += len(letters)
        if len(letters) < BATCH:
            return erased


def _again(job: Callable[[], None]) -> None:
    """Do a batch, and anew when the database ended it so that another could go on."""
    for attempt in range(TRIES):
        try:
            job()
        except DBAPIError as error:
            if attempt == TRIES - 1 or not is_deadlock(error):
                raise
        else:
            return
