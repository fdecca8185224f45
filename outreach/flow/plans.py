"""Payment plans: proposed, agreed, refused, ended. What becomes of one by its payments is in `plan_sweep.py`.

propose -> [a person decides, where it is beyond the proposer's authority] -> accept -> active, on hold for the campaign

Each takes a connection and is part of its caller's transaction; the debtor's row is locked first. `by` is the e-mail
address of the person of ours who does it, "" for the debtor or the machine. All raise `actions.Unknown` for what is not
there or no longer open, and `Unfit` for what cannot be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from outreach.domain.account import HoldReason
from outreach.domain.affordability import affords
from outreach.domain.calendar import ANYWHERE, local_date, start_everywhere
from outreach.domain.means import MeansStatement
from outreach.domain.plan import PaymentPlan, PlanState
from outreach.domain.plan_policy import Authority, needed
from outreach.domain.plan_schedule import Schedule
from outreach.flow import holds, promises, service
from outreach.flow.actions import Unknown
from outreach.flow.consent_actions import Unfit
from outreach.flow.holds import NewHold
from outreach.flow.plan_looks import next_look
from outreach.flow.plan_news import about, close_work, message, tell, told, unsay
from outreach.store import debtors, journal, plans
from outreach.store.journal import NewTask
from outreach.store.plan_documents import terms_document
from outreach.store.plans import Owed
from outreach.store.users import Role

#: As long as what a person writes may be.
LONGEST_WORDS = 2_000


class BeyondAuthority(Unfit):
    """Who does it may not; the message says who may."""


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan to propose. `source` says by what: "page", "reply", "agent", "command line".

    `wording` is what the debtor agreed to, word for word; "" when it is an offer of ours that the debtor has not
    answered. `means` is what the debtor stated to earn and spend, if that is known.
    """

    account_id: int
    debtor_id: int
    schedule: Schedule
    authority: Authority
    source: str
    wording: str = ""
    means: MeansStatement | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal. `waits`: a person of ours has to decide it, `because` of what is named."""

    plan_id: int
    needs: Authority
    because: tuple[str, ...]
    waits: bool


def authority_of(role: Role) -> Authority | None:
    """What a role of the console may agree to; None: nothing."""
    if role.may(Role.OPERATOR):
        return Authority.OPERATIONS
    return Authority.AGENT if role.may(Role.AGENT) else None


def propose(connection: Connection, new: NewPlan, now: datetime, by: str = "") -> Proposed:
    """Propose a plan. Beyond the proposer's authority it waits for a person, and outreach waits with it.

    The same proposal again, while the first is open, is the first. An offer of ours is sent to the debtor.
    """
    debtors.lock(connection, [new.debtor_id])
    owed = _owed(connection, new.account_id)
    existing = plans.of_accounts(connection, [new.account_id])
    _fits(owed, existing, new.schedule, now)
    same = next((one for one in existing if one.state is PlanState.PROPOSED and one.schedule == new.schedule), None)
    if same is not None:
        return Proposed(same.id, same.needs, same.because, same.waits_for_us)
    needs, because = _needs(owed, new, now)
    waits = not new.authority.covers(needs)
    plan_id = _keep(connection, owed, new, (needs, because), now, by)
    plan = _plan(connection, plan_id)
    tell(connection, "plan_proposed", plan, now, by)
    if waits:
        _to_review(connection, plan, owed, now)
    elif not plan.wording:
        service.plan(connection, [message("plan_offered", plan, told(plan), until=plan.expires_at)], now)
    return Proposed(plan_id, needs, because, waits)


def accept(
    connection: Connection, plan_id: int, authority: Authority, now: datetime, by: str = "", wording: str = ""
) -> None:
    """Agree to a proposal: the plan is active, and stops the campaign's steps.

    `wording` is what the debtor agreed to, where the proposal has not said so. Raises BeyondAuthority when neither
    whoever accepts nor whoever offered it may agree to it.
    """
    plan = _locked(connection, plan_id, PlanState.PROPOSED)
    if not authority.covers(plan.needs) and not (plan.agreed_with and plan.agreed_with.covers(plan.needs)):
        raise BeyondAuthority(f"This plan needs {plan.needs.value}: {_listed(plan.because)}.")
    words = wording.strip()[:LONGEST_WORDS] or plan.wording
    if not words:
        raise Unfit("Write the words that the debtor agreed to.")
    owed = _owed(connection, plan.account_id)
    existing = plans.of_accounts(connection, [plan.account_id])
    _fits(owed, existing, plan.schedule, now)
    for other in existing:
        if other.state is PlanState.PROPOSED and other.id != plan.id:
            _end(connection, other, PlanState.CANCELLED, "another plan was agreed", now, by)
    promises.cancel_open(connection, plan.account_id, plan.debtor_id, "a payment plan was agreed", now, by)
    if plan.hold_id:
        holds.release(connection, plan.hold_id, plan.debtor_id, now, by)
    agreed_on = _earliest(owed.zones, now)
    plans.change(
        connection,
        plan.id,
        state=PlanState.ACTIVE.value,
        wording=words,
        terms=terms_document(owed.policy.terms),
        paid_before=owed.last_payment,
        hold_id=hold(connection, plan, now, by),
        accepted_at=now,
        accepted_by=by,
        next_look_at=next_look(plan.instalments, owed.policy.terms, agreed_on, owed.zones, now),
    )
    close_work(connection, plan, now)
    unsay(connection, plan, "the plan is agreed", now)
    tell(connection, "plan_accepted", plan, now, by, {"wording": words})
    service.plan(connection, [message("plan_agreed", plan, told(plan))], now)


def decline(connection: Connection, plan_id: int, why: str, authority: Authority, now: datetime, by: str = "") -> None:
    """Refuse a proposal. What a debtor asked for is refused by a person only, who may agree to it (GDPR article 22);
    the debtor may refuse our offer. Raises BeyondAuthority."""
    plan = _locked(connection, plan_id, PlanState.PROPOSED)
    if plan.waits_for_us and (not by or not authority.covers(plan.needs)):
        raise BeyondAuthority(f"Only a person with the authority of {plan.needs.value} may decline this plan.")
    _end(connection, plan, PlanState.DECLINED, why, now, by)


def cancel(connection: Connection, plan_id: int, why: str, now: datetime, by: str = "") -> None:
    """End an active plan, or take a proposal back; the campaign goes on where it was."""
    plan = _locked(connection, plan_id, PlanState.PROPOSED, PlanState.ACTIVE)
    _end(connection, plan, PlanState.CANCELLED, why, now, by)


def hold(connection: Connection, plan: PaymentPlan, now: datetime, by: str = "", until: datetime | None = None) -> int:
    """Stop the campaign on the plan's account and return the hold's id."""
    reason = HoldReason.PLAN
    return holds.place(
        connection, NewHold(plan.debtor_id, plan.account_id, reason, "plan", about(plan), until), now, by
    )


def _end(connection: Connection, plan: PaymentPlan, state: PlanState, why: str, now: datetime, by: str) -> None:
    reason = why.strip()[:LONGEST_WORDS]
    plans.change(connection, plan.id, state=state.value, ended_at=now, ended_by=by, ended_why=reason, next_look_at=None)
    if plan.hold_id:
        holds.release(connection, plan.hold_id, plan.debtor_id, now, by)
    unsay(connection, plan, "the plan ended", now)
    close_work(connection, plan, now)
    tell(connection, f"plan_{state.value}", plan, now, by, {"note": reason})


def _fits(owed: Owed, existing: Sequence[PaymentPlan], schedule: Schedule, now: datetime) -> None:
    if owed.balance.minor <= 0:
        raise Unfit("Nothing is open on this account, so there is nothing to plan.")
    if any(one.state is PlanState.ACTIVE for one in existing):
        raise Unfit("This account has an active plan. Cancel it before another is agreed.")
    if schedule.total != owed.balance:
        raise Unfit(f"The plan is about {schedule.total}, but {owed.balance} is open. Propose a plan for that.")
    if schedule.first_on < _latest(owed.zones, now):
        raise Unfit(f"The first instalment is due on {schedule.first_on}, which is over. Choose a later day.")


def _needs(owed: Owed, new: NewPlan, now: datetime) -> tuple[Authority, tuple[str, ...]]:
    needs, because = needed(new.schedule, _latest(owed.zones, now), owed.policy)
    if needs is None:
        raise Unfit(f"Nobody may agree to this plan: {_listed(because)}.")
    if new.means and not affords(new.schedule, new.means, owed.policy):
        return Authority.OPERATIONS, (*because, "an instalment is more than the debtor can afford")
    return needs, because


def _keep(
    connection: Connection,
    owed: Owed,
    new: NewPlan,
    needs: tuple[Authority, tuple[str, ...]],
    now: datetime,
    by: str,
) -> int:
    means_id = new.means and plans.keep_means(
        connection, new.account_id, owed.debtor_id, new.means, new.source, by, now
    )
    agreed = new.authority.covers(needs[0])
    expires_at = now + timedelta(days=owed.policy.proposal_days)
    first_over = start_everywhere(new.schedule.first_on + timedelta(days=1), owed.zones or ANYWHERE)
    values = {
        "account_id": new.account_id,
        "debtor_id": owed.debtor_id,
        "state": PlanState.PROPOSED.value,
        "source": new.source[:100],
        "needs": needs[0].value,
        "because": list(needs[1]),
        "agreed_with": new.authority.value if agreed else "",
        "wording": new.wording.strip()[:LONGEST_WORDS],
        "means_id": means_id,
        "proposed_at": now,
        "proposed_by": by,
        "expires_at": expires_at,
        # Who waits for us is not refused by time.
        "next_look_at": min(expires_at, first_over) if agreed else None,
    }
    return plans.add(connection, values, new.schedule)


def _to_review(connection: Connection, plan: PaymentPlan, owed: Owed, now: datetime) -> None:
    plans.change(connection, plan.id, hold_id=hold(connection, plan, now, until=plan.expires_at))
    title = f"Decide a payment plan: {about(plan)} ({plan.needs.value})"
    task = NewTask("plan_review", title, f"plan_review:{plan.id}", now, plan.account_id, owed.debtor_id)
    journal.add_tasks(connection, [task])


def _locked(connection: Connection, plan_id: int, *states: PlanState) -> PaymentPlan:
    plan = _plan(connection, plan_id)
    debtors.lock(connection, [plan.debtor_id])
    plan = _plan(connection, plan_id)
    if plan.state not in states:
        raise Unknown(f"This plan is {plan.state.value} already.")
    return plan


def _plan(connection: Connection, plan_id: int) -> PaymentPlan:
    plan = plans.get(connection, plan_id)
    if plan is None:
        raise Unknown(f"There is no plan {plan_id}.")
    return plan


def _owed(connection: Connection, account_id: int) -> Owed:
    owed = plans.owed(connection, [account_id]).get(account_id)
    if owed is None:
        raise Unknown("There is no such account.")
    return owed


def _listed(because: Sequence[str]) -> str:
    return ", ".join(because) or "it is beyond your limits"


def _earliest(zones: Sequence[str], now: datetime) -> date:
    return min(local_date(now, zone) for zone in zones or ANYWHERE)


def _latest(zones: Sequence[str], now: datetime) -> date:
    return max(local_date(now, zone) for zone in zones or ANYWHERE)
