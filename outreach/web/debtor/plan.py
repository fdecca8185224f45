"""A payment plan: what the debtor has and needs, the plans that leave enough to live on, and the choice of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.account import Facts
from outreach.domain.affordability import Proposal
from outreach.domain.debtor_page import Offer
from outreach.domain.means import Income, MeansStatement, Spending, statement_of
from outreach.domain.money import Money
from outreach.domain.plan import PlanState
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import Frequency, Schedule
from outreach.flow.actions import Unknown
from outreach.flow.consent_actions import Unfit
from outreach.flow.debtor_actions import accept_offer, cannot_pay, choose_plan
from outreach.flow.debtor_overview import plan_of
from outreach.flow.plan_means import Assessment, assess
from outreach.store.engine import reading
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, amount_of, day_of, word
from outreach.web.debtor.guest import AGuest, NotOffered, offered
from outreach.web.debtor.view import Mistake, locale_of, money, show, texts_of
from outreach.web.debtor.visit import OurForm, Services
from outreach.web.services import WebServices

router = APIRouter()
_AMOUNTS = (*(f"in_{head}" for head in Income), *(f"out_{head}" for head in Spending))
_FIELDS = (*_AMOUNTS, "dependants", "day", "month", "year", "often")
_OFTEN = (Frequency.MONTHLY, Frequency.FORTNIGHTLY, Frequency.WEEKLY)
#: An amount that shows how to write one, in minor units.
_EXAMPLE = 45_000


@router.get("/account/{number}/plan")
def plan(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The form; or the plan that runs, waits, or was offered."""
    facts = guest.account(number)
    with reading(services.engine) as connection:
        known = plan_of(connection, facts.account.id)
    if known is not None and (known.state is not PlanState.COMPLETED or facts.balance.minor <= 0):
        is_open = known.state is PlanState.PROPOSED and not known.waits_for_us
        return show(request, "plan.html", facts=facts, number=number, plan=known, is_offer=is_open)
    offered(guest, number, Offer.PLAN, services.now())
    return _form(request, facts, number, dict.fromkeys(_FIELDS, ""), [])


@router.get("/account/{number}/plan/means")
def other_plan(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The form, for whom an offer of ours does not suit."""
    facts = offered(guest, number, Offer.PLAN, services.now())
    return _form(request, facts, number, dict.fromkeys(_FIELDS, ""), [])


@router.post("/account/{number}/plan", dependencies=[OurForm])
def state_means(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Shows the plans that follow; the chosen one once more; agrees to it when that is confirmed."""
    facts = offered(guest, number, Offer.PLAN, services.now())
    entered = {name: word(form, name) for name in _FIELDS}
    means, wrong = _means(request, facts, entered)
    if means is None or word(form, "back"):
        return _form(request, facts, number, entered, wrong)
    often = next((one for one in _OFTEN if one.value == entered["often"]), None)
    with reading(services.engine) as connection:
        found = assess(connection, facts.account.id, means, services.now(), often)
    if found.hardship or not found.proposals:
        cannot_pay(services.engine, facts, means, services.now())
        return finish(request, number, "plan_none")
    chosen = next((one for one in found.proposals if key_of(one.schedule) == word(form, "chosen")), None)
    if chosen is None:
        return show(request, "plan_choose.html", facts=facts, number=number, entered=entered, found=_kinds(found))
    if not word(form, "confirmed"):
        return show(request, "plan_check.html", facts=facts, number=number, entered=entered, one=_kind(chosen))
    return _agree(request, services, facts, number, chosen.schedule, means)


@router.post("/account/{number}/plan/offer", dependencies=[OurForm])
def accept(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Agree to the plan that was offered."""
    facts = guest.account(number)
    with reading(services.engine) as connection:
        known = plan_of(connection, facts.account.id)
    if known is None or known.waits_for_us or str(known.id) != word(form, "plan"):
        raise NotOffered(number)
    wording = _wording(request, facts, known.schedule)
    try:
        accept_offer(services.engine, known.id, wording, services.now())
    except (Unknown, Unfit) as error:
        raise NotOffered(number) from error
    return _agreed(request, number, known.schedule)


def key_of(schedule: Schedule) -> str:
    """What tells one of the proposed schedules from the others."""
    day, amount = schedule.parts[0]
    return f"{schedule.frequency or 'once'}-{day.isoformat()}-{amount.minor}-{len(schedule.parts)}"


def _agree(
    request: Request, services: WebServices, facts: Facts, number: int, schedule: Schedule, means: MeansStatement
) -> Response:
    wording = _wording(request, facts, schedule)
    try:
        agreed = choose_plan(services.engine, facts, schedule, means, wording, services.now())
    except Unfit as error:
        raise NotOffered(number) from error
    return finish(request, number, "plan_review") if agreed.waits else _agreed(request, number, schedule)


def _agreed(request: Request, number: int, schedule: Schedule) -> Response:
    day, amount = schedule.parts[0]
    return finish(request, number, "plan_done", count=len(schedule.parts), amount=amount, day=day)


def _wording(request: Request, facts: Facts, schedule: Schedule) -> str:
    """The words under which the debtor agrees, as the page shows them."""
    total = money(schedule.total, locale_of(request))
    creditor = facts.account.creditor.name
    return texts_of(request)("plan_wording", amount=total, creditor=creditor, count=len(schedule.parts))


def _form(
    request: Request, facts: Facts, number: int, entered: Mapping[str, str], wrong: Sequence[Mistake]
) -> Response:
    values: dict[str, Any] = {"facts": facts, "number": number, "entered": entered, "often": _OFTEN}
    status = 422 if wrong else 200
    return show(
        request,
        "plan_form.html",
        status=status,
        mistakes=wrong,
        incomes=list(Income),
        spendings=list(Spending),
        **values,
    )


def _means(request: Request, facts: Facts, entered: Mapping[str, str]) -> tuple[MeansStatement | None, list[Mistake]]:
    """What was entered as a statement, or what is wrong with it."""
    t, currency, locale = texts_of(request), facts.account.currency, locale_of(request)
    amounts = {name: amount_of(entered[name], currency, locale) for name in _AMOUNTS if entered[name]}
    example = money(Money(_EXAMPLE, currency), locale)
    wrong = [Mistake(name, t("plan_bad_amount", example=example)) for name, much in amounts.items() if much is None]
    if not any(much and much.minor for name, much in amounts.items() if name.startswith("in_")) and not wrong:
        wrong.append(Mistake(f"in_{Income.EARNINGS}", t("plan_bad_income")))
    paid_on = day_of(entered["day"], entered["month"], entered["year"])
    if paid_on is None and (entered["day"] or entered["month"] or entered["year"]):
        wrong.append(Mistake("day", t("plan_bad_day")))
    people = entered["dependants"] or "0"
    if not (people.isascii() and people.isdigit() and int(people) <= 30):
        wrong.append(Mistake("dependants", t("plan_bad_people")))
    if wrong:
        return None, wrong
    document = {
        "income": _heads(amounts, "in_"),
        "spending": _heads(amounts, "out_"),
        "dependants": int(people),
        "paid_on": paid_on.isoformat() if paid_on else None,
    }
    return statement_of(document, currency), []


def _heads(amounts: Mapping[str, Money | None], part: str) -> dict[str, str]:
    given = ((name.removeprefix(part), much) for name, much in amounts.items() if name.startswith(part))
    return {head: f"{much.decimal:f}" for head, much in given if much is not None}


def _kinds(found: Assessment) -> list[dict[str, Any]]:
    return [_kind(one) for one in found.proposals]


def _kind(one: Proposal) -> dict[str, Any]:
    waits = not Authority.SELF_SERVICE.covers(one.needs)
    return {"key": key_of(one.schedule), "schedule": one.schedule, "waits": waits}
