"""What becomes of payment plans by their payments and by time, found by the leading scheduler within seconds.

plans to look at -> lock their debtors -> judge by what was paid -> remind, tell of a missed instalment, end, open again

Safe on two machines at once: under the debtors' locks the second finds nothing left to look at. Each happening is kept
with what it makes, in one transaction.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.plan import Instalment, InstalmentState, Judgement, PaymentPlan, PlanState, judge, remind_on
from outreach.domain.plan_policy import PlanTerms
from outreach.flow import holds, service
from outreach.flow.clock import Clock
from outreach.flow.isolating import Poisoned, by_halves
from outreach.flow.plan_looks import end_of_day, next_look
from outreach.flow.plan_news import (
    about,
    close_work,
    message,
    missed_task,
    of_instalment,
    tell,
    unsay,
    unsay_instalments,
)
from outreach.flow.plans import hold
from outreach.flow.service import ServiceMessage
from outreach.store import debtors, journal, plans
from outreach.store.engine import reading
from outreach.store.journal import NewTask
from outreach.store.plans import Owed

log = logging.getLogger(__name__)

#: Plans in one transaction, and transactions in one run: the rest waits for the next, seconds later.
BATCH, BATCHES = 200, 20
#: A plan that cannot be judged is tried again after so long; meanwhile a person has it.
AGAIN = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One plan under its debtor's lock: what it was, what it is, and what was told of it before."""

    plan: PaymentPlan
    owed: Owed
    judgement: Judgement
    terms: PlanTerms
    agreed_on: date
    today: date
    reminded: frozenset[int]
    missed: frozenset[int]


def judge_due(engine: Engine, clock: Clock) -> int:
    """Judge the plans whose time has come or whose account changed; returns how many were looked at."""
    looked = 0
    for _ in range(BATCHES):
        now = clock.now()
        with reading(engine) as connection:
            found = plans.due(connection, now, BATCH)
        done, poisoned = by_halves(partial(_judge, engine, now), found)
        _to_a_person(engine, poisoned, now)
        looked += sum(done)
        if len(found) < BATCH:
            break
    return looked


def _judge(engine: Engine, now: datetime, found: Sequence[tuple[int, int]]) -> int:
    with engine.begin() as connection:
        debtors.lock(connection, [debtor_id for _, debtor_id in found])
        due = plans.still_due(connection, [plan_id for plan_id, _ in found], now)
        owed = plans.owed(connection, [plan.account_id for plan in due])
        for plan in due:
            if plan.state is PlanState.PROPOSED:
                _lapse(connection, plan, owed[plan.account_id], now)
        seen = _seen(connection, [plan for plan in due if plan.state is not PlanState.PROPOSED], owed, now)
        plans.set_instalments(connection, [one for it in seen for one in it.judgement.instalments])
        messages = [one for it in seen for one in _happened(connection, it, now)]
        service.plan(connection, messages, now)
        plans.set_looks(connection, {it.plan.id: _next(it, now) for it in seen})
    return len(due)


def _seen(connection: Connection, agreed: Sequence[PaymentPlan], owed: dict[int, Owed], now: datetime) -> list[Seen]:
    received = plans.receipts(connection, agreed)
    ids = [plan.id for plan in agreed]
    reminded, missed = (frozenset(plans.marked(connection, name, ids)) for name in ("reminded_at", "missed_at"))
    found = []
    for plan in agreed:
        zones = owed[plan.account_id].zones or ANYWHERE
        terms, agreed_at = plan.terms or PlanTerms(), plan.accepted_at or plan.proposed_at
        today, agreed_on = (min(local_date(at, zone) for zone in zones) for at in (now, agreed_at))
        judgement = judge(plan.instalments, received[plan.id], today, terms)
        found.append(Seen(plan, owed[plan.account_id], judgement, terms, agreed_on, today, reminded, missed))
    return found


def _happened(connection: Connection, seen: Seen, now: datetime) -> list[ServiceMessage]:
    """Keep what happened to a plan; returns the messages that it makes."""
    plan, state = seen.plan, seen.judgement.state
    if plan.state is PlanState.COMPLETED:
        if state is PlanState.COMPLETED or _followed(connection, plan):
            return []
        plan = _open_again(connection, plan, now)
    _paid(connection, plan, seen.judgement.instalments, now)
    if state is PlanState.COMPLETED:
        _over(connection, plan, state, "everything is paid", now)
        return []
    if state is PlanState.DEFAULTED:
        return _default(connection, plan, seen, now)
    return [*_missed(connection, plan, seen, now), *_reminders(connection, plan, seen, now)]


def _paid(connection: Connection, plan: PaymentPlan, judged: Sequence[Instalment], now: datetime) -> None:
    """Nobody is reminded of what is paid now, and nobody works on it."""
    known = {one.id for one in plan.instalments if one.state is InstalmentState.PAID}
    paid = [one.id for one in judged if one.state is InstalmentState.PAID and one.id not in known]
    if paid:
        unsay_instalments(connection, plan, paid, "the instalment is paid", now)
        journal.close_tasks(connection, [missed_task(id_) for id_ in paid], now)


def _missed(connection: Connection, plan: PaymentPlan, seen: Seen, now: datetime) -> list[ServiceMessage]:
    fresh = [one for one in seen.judgement.missed if one.id not in seen.missed]
    _tell_missed(connection, plan, fresh, now)
    journal.add_tasks(
        connection,
        [
            _task(plan, f"Instalment {one.number} of {len(plan.instalments)} was missed", missed_task(one.id), now)
            for one in fresh
        ],
    )
    unsay_instalments(connection, plan, [one.id for one in fresh], "the instalment was missed", now)
    return [message("instalment_missed", plan, of_instalment(plan, one), one.id) for one in fresh]


def _tell_missed(connection: Connection, plan: PaymentPlan, fresh: Sequence[Instalment], now: datetime) -> None:
    plans.mark(connection, "missed_at", [one.id for one in fresh], now)
    for one in fresh:
        tell(connection, "instalment_missed", plan, now, more=of_instalment(plan, one))


def _reminders(connection: Connection, plan: PaymentPlan, seen: Seen, now: datetime) -> list[ServiceMessage]:
    due = [one for one in seen.judgement.instalments if one.id not in seen.reminded and _is_near(one, seen)]
    plans.mark(connection, "reminded_at", [one.id for one in due], now)
    zones = seen.owed.zones or ANYWHERE
    return [
        message("instalment_reminder", plan, of_instalment(plan, one), one.id, end_of_day(one.due_on, zones))
        for one in due
    ]


def _is_near(one: Instalment, seen: Seen) -> bool:
    day = remind_on(one, seen.agreed_on, seen.terms)
    unpaid = one.state in (InstalmentState.DUE, InstalmentState.PART_PAID)
    return unpaid and day is not None and day <= seen.today <= one.due_on


def _default(connection: Connection, plan: PaymentPlan, seen: Seen, now: datetime) -> list[ServiceMessage]:
    _tell_missed(connection, plan, [one for one in seen.judgement.missed if one.id not in seen.missed], now)
    _over(connection, plan, PlanState.DEFAULTED, "too many instalments were missed", now)
    task = _task(plan, "A payment plan is in default", f"plan_defaulted:{plan.id}", now)
    journal.add_tasks(connection, [task])
    return [message("plan_defaulted", plan, {})]


def _over(connection: Connection, plan: PaymentPlan, state: PlanState, why: str, now: datetime) -> None:
    plans.change(connection, plan.id, state=state.value, ended_at=now, ended_by="", ended_why=why)
    if plan.hold_id:
        holds.release(connection, plan.hold_id, plan.debtor_id, now)
    unsay(connection, plan, why, now)
    close_work(connection, plan, now)
    tell(connection, f"plan_{state.value}", plan, now, more={"reason": why, "note": why})


def _open_again(connection: Connection, plan: PaymentPlan, now: datetime) -> PaymentPlan:
    """A payment of a completed plan was taken back: it is active, and stops the campaign, again."""
    hold_id = hold(connection, plan, now)
    opened = {"ended_at": None, "ended_why": "", "hold_id": hold_id}
    plans.change(connection, plan.id, state=PlanState.ACTIVE.value, **opened)
    tell(connection, "plan_reopened", plan, now)
    return replace(plan, state=PlanState.ACTIVE, hold_id=hold_id, ended_at=None, ended_why="")


def _followed(connection: Connection, plan: PaymentPlan) -> bool:
    """Whether the account has a later plan, which is about all that is open."""
    later = [one for one in plans.of_accounts(connection, [plan.account_id]) if one.id > plan.id]
    return any(one.accepted_at is not None for one in later)


def _lapse(connection: Connection, plan: PaymentPlan, owed: Owed, now: datetime) -> None:
    """A proposal is over when nobody answered in time, or what it is about changed. What a debtor asked for and a
    person has to decide ends by itself only when nothing is open any more."""
    if plan.waits_for_us and owed.balance.minor > 0:
        plans.set_looks(connection, {plan.id: None})
        return
    changed = owed.balance != plan.schedule.total
    first_over = plan.schedule.first_on < max(local_date(now, zone) for zone in owed.zones or ANYWHERE)
    if not changed and not first_over and now < plan.expires_at:
        plans.set_looks(connection, {plan.id: plan.expires_at})
        return
    plans.set_looks(connection, {plan.id: None})
    _over(connection, plan, PlanState.EXPIRED, "the balance changed" if changed else "nobody answered in time", now)


def _next(seen: Seen, now: datetime) -> datetime | None:
    if seen.judgement.state is not PlanState.ACTIVE:
        return None
    return next_look(seen.judgement.instalments, seen.terms, seen.agreed_on, seen.owed.zones, now)


def _task(plan: PaymentPlan, what: str, dedupe: str, now: datetime) -> NewTask:
    return NewTask("plan_missed", f"{what}: {about(plan)}", dedupe, now, plan.account_id, plan.debtor_id)


def _to_a_person(engine: Engine, poisoned: Sequence[Poisoned[tuple[int, int]]], now: datetime) -> None:
    """A plan that cannot be judged stops no other one."""
    for one in poisoned:
        plan_id, debtor_id = one.row
        log.error("plan %d cannot be judged: %s", plan_id, one.word)
        with engine.begin() as connection:
            title = f"Payment plan {plan_id} cannot be judged: {one.word}"
            task = NewTask("plan_review", title[:300], f"plan_broken:{plan_id}", now, None, debtor_id)
            journal.add_tasks(connection, [task])
            plans.set_looks(connection, {plan_id: now + AGAIN})
