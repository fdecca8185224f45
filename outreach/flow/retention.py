"""Retention: which accounts' time is over by every rule, and why the others are kept; the law's days are the debtor's.

An account is due once every rule that concerns it has let go, nothing is under way and no legal hold is on it. Its
debtor's name goes with the last of the debtor's accounts; consents and opted-out addresses as their own rules say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from outreach.domain.account import Facts
from outreach.domain.law import Law
from outreach.domain.retention import Record, Verdict, in_every_zone, may_erase, shortest
from outreach.store import erasing_facts
from outreach.store.engine import reading
from outreach.store.erasing_facts import Held
from outreach.store.facts import Subject, load_facts

#: Accounts that are judged, and erased, in one transaction.
BATCH = 100
#: Days are looked for with this much to spare; each account is then judged in its debtor's own zones.
_SPARE = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Judged:
    """An account and what the law says of it. `last_used_at`: its last activity (aware UTC)."""

    account_id: int
    ref: str
    debtor_id: int
    last_used_at: datetime
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Leftover:
    """A consent or an opted-out address of a debtor whose name is gone, or goes now."""

    record: Record
    held: Held
    verdict: Verdict


def judge(connection: Connection, law: Law, account_ids: Sequence[int], now: datetime) -> list[Judged]:
    """What the law says of accounts now; those that were erased and of which nothing was said since are left out."""
    subjects = [Subject(id_, id_, 0, 0) for id_ in account_ids]
    known = load_facts(connection, subjects, now, history=False)
    last = erasing_facts.last_activity(connection, account_ids)
    erased = erasing_facts.erased_at(connection, account_ids)
    busy = erasing_facts.under_way(connection, account_ids)
    return [
        _judged(law, facts, last[id_], now, busy=id_ in busy)
        for id_, facts in known.items()
        if id_ not in erased or erased[id_] < last[id_]
    ]


def _judged(law: Law, facts: Facts, last_used_at: datetime, now: datetime, *, busy: bool) -> Judged:
    used_on, here = in_every_zone(facts.debtor.zones, last_used_at, now)
    rules = law.retentions(here.date(), facts)
    verdict = may_erase(Record.ACTIVITY, used_on, rules, facts.holds, here)
    if verdict.may_erase and busy:
        verdict = replace(verdict, may_erase=False, reason="messages are under way")
    return Judged(facts.account.id, facts.account.ref, facts.debtor.id, last_used_at, verdict)


def leftovers(connection: Connection, law: Law, debtor_ids: Sequence[int], now: datetime) -> list[Leftover]:
    """What the law says of the consents and opt-outs of debtors. Where they were is not asked: every rule counts.

    A consent was last used when its debtor was last written to, so its time begins with the last activity.
    """
    owners = dict(erasing_facts.account_ids_of(connection, debtor_ids))
    used: dict[int, datetime] = {}
    for account_id, at in erasing_facts.last_activity(connection, list(owners)).items():
        used[owners[account_id]] = max(at, used.get(owners[account_id], at))
    consents = [
        (Record.CONSENT, replace(one, used_at=max(one.used_at, used.get(one.debtor_id, one.used_at))))
        for one in erasing_facts.consents_of(connection, debtor_ids)
    ]
    opt_outs = [(Record.OPT_OUT, one) for one in erasing_facts.opt_outs_of(connection, debtor_ids)]
    holds = erasing_facts.holds_of(connection, debtor_ids)
    judged = []
    for record, one in (*consents, *opt_outs):
        used_on, here = in_every_zone((), one.used_at, now)
        verdict = may_erase(record, used_on, law.retentions(here.date()), holds.get(one.debtor_id, ()), here)
        judged.append(Leftover(record, one, verdict))
    return judged


def not_changed_since(law: Law, record: Record, now: datetime) -> datetime | None:
    """What changed later is not due by any rule; None when no rule speaks of such records, which are kept for good."""
    years = shortest(record, law.retentions(now.date()))
    return None if years is None else now - timedelta(days=365 * years) + _SPARE


def longest_since(law: Law, record: Record, now: datetime) -> datetime | None:
    """What happened before is due by every rule, whoever it is about; None when no rule speaks of such records."""
    years = [rule.years for _, rule in law.retentions(now.date()) if rule.record == record]
    return now - timedelta(days=366 * max(years)) - _SPARE if years else None


def walk(engine: Engine, law: Law, now: datetime) -> Iterator[list[int]]:
    """The ids of all accounts that may be due, in batches; nothing is held between them."""
    before = not_changed_since(law, Record.ACTIVITY, now)
    if before is None:
        return
    with reading(engine) as connection:
        creditors = erasing_facts.creditor_ids(connection)
    for creditor_id in creditors:
        after = None
        while True:
            with reading(engine) as connection:
                batch = erasing_facts.candidates(connection, creditor_id, before, after, BATCH)
            if not batch:
                break
            after = batch[-1]
            yield [id_ for id_, _ in batch]
