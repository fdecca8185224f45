"""Payment plans as rows of data."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.cli.context import OutputFormat, stderr
from outreach.cli.printing import print_rows
from outreach.domain.affordability import WORDS, Proposal
from outreach.domain.plan import PaymentPlan
from outreach.domain.plan_schedule import Schedule
from outreach.flow.plan_means import Assessment

_SCHEDULE = ("frequency", "instalments", "instalment", "first_on", "last_on")
PLANS = ("account", "id", "state", "total", *_SCHEDULE, "needs", "because", "proposed_by")
PARTS = ("id", "state", "number", "due_on", "amount", "paid", "instalment")
OFFERS = ("choice", "what", *_SCHEDULE, "needs", "because")


def print_offers(found: Assessment, output: OutputFormat) -> None:
    """The plans that may be proposed, each with the number by which it is chosen."""
    rows = [_offer(number, one) for number, one in enumerate(found.proposals, 1)]
    print_rows(rows, output, OFFERS, shown=OFFERS[:8])
    if found.affordable:
        stderr.print(f"Left each month: {found.left}; an instalment may be {found.affordable} {found.frequency.value}")
    stderr.print("Propose one with --choose" if rows else "No plan fits: a person has to decide; name --count")


def print_plans(found: Sequence[tuple[PaymentPlan, str]], output: OutputFormat) -> None:
    """Plans with the references of their accounts."""
    print_rows([_plan(plan, account) for plan, account in found], output, PLANS, shown=PLANS[:10])


def print_instalments(found: Sequence[PaymentPlan], output: OutputFormat) -> None:
    """What became of the instalments of plans."""
    print_rows([row for plan in found for row in _parts(plan)], output, PARTS, shown=PARTS)


def _offer(number: int, one: Proposal) -> dict[str, str]:
    return {"choice": str(number), "what": WORDS[one.reason], **_schedule_row(one.schedule)} | {
        "needs": one.needs.value,
        "because": ", ".join(one.because),
    }


def _plan(plan: PaymentPlan, account: str) -> dict[str, str]:
    return {
        "account": account,
        "id": str(plan.id),
        "state": plan.state.value,
        "total": str(plan.schedule.total),
        **_schedule_row(plan.schedule),
        "needs": plan.needs.value,
        "because": ", ".join(plan.because),
        "proposed_by": plan.proposed_by or "debtor",
    }


def _schedule_row(schedule: Schedule) -> dict[str, str]:
    return {
        "frequency": schedule.frequency.value if schedule.frequency else "once",
        "instalments": str(len(schedule.parts)),
        "instalment": str(schedule.parts[0][1]),
        "first_on": schedule.first_on.isoformat(),
        "last_on": schedule.last_on.isoformat(),
    }


def _parts(plan: PaymentPlan) -> list[dict[str, str]]:
    return [
        {
            "id": str(plan.id),
            "state": plan.state.value,
            "number": str(one.number),
            "due_on": one.due_on.isoformat(),
            "amount": str(one.amount),
            "paid": str(one.paid),
            "instalment": one.state.value,
        }
        for one in plan.instalments
    ]
