"""Payment plans in the console: what the debtor can afford, the plans that follow, and what becomes of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.responses import Response

from outreach.domain.affordability import WORDS
from outreach.domain.means import BadStatement, Income, MeansStatement, Period, Spending, document_of, statement_of
from outreach.domain.money import Money
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import BadSchedule, Frequency, Schedule, by_amount, by_count
from outreach.flow import plans as flow
from outreach.flow.plan_means import Assessment, assess, cannot_pay
from outreach.flow.plans import BeyondAuthority, NewPlan, authority_of
from outreach.store import plans
from outreach.store.dossier import dossier
from outreach.store.engine import reading
from outreach.store.plans import Owed
from outreach.store.users import User
from outreach.web.services import Services
from outreach.web.session import Agent, OurForm
from outreach.web.view import page

router = APIRouter(prefix="/accounts", include_in_schema=False)

Document = Mapping[str, Any]
Short = Annotated[str, Form(max_length=40)]
Words = Annotated[str, Form(max_length=2000)]
#: A statement of means as it was read, carried from the list of proposals to the one that is chosen.
Carried = Annotated[str, Form(max_length=8000)]


async def filled_in(request: Request) -> Document:
    """The form of means as the document that `statement_of` reads."""
    form = await request.form()
    said = {name: str(value).strip()[:40] for name, value in form.items()}
    parts = {
        part: {
            head.value: {"amount": said[f"{part}_{head}"], "period": said.get(f"{part}_{head}_period", "")}
            for head in heads
            if said.get(f"{part}_{head}")
        }
        for part, heads in (("income", Income), ("spending", Spending))
    }
    return {**parts, **{name: said.get(name, "") for name in ("dependants", "paid_on", "starts_on")}}


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan as a form says it: so many instalments, or so much at each."""

    first_on: str
    frequency: Frequency
    count: str
    amount: str


def terms_of(
    first_on: Short,
    frequency: Annotated[Frequency, Form()] = Frequency.MONTHLY,
    count: Short = "",
    amount: Short = "",
) -> Terms:
    """The terms that were filled in."""
    return Terms(first_on, frequency, count, amount)


@router.get("/{ref:path}/plan")
def plan(request: Request, services: Services, user: Agent, ref: str) -> Response:
    """The form of means, as it was filled in last, and the form of a plan by hand."""
    with reading(services.engine) as connection:
        owed = _owed(connection, ref)
        means = plans.last_means(connection, owed.debtor_id, owed.balance.currency)
        return _page(request, connection, ref, means)


@router.post("/{ref:path}/plan", dependencies=[OurForm])
def propositions(
    request: Request, services: Services, user: Agent, ref: str, filled: Annotated[Document, Depends(filled_in)]
) -> Response:
    """What the debtor can afford, and the plans for it; nothing is kept yet."""
    with reading(services.engine) as connection:
        owed = _owed(connection, ref)
        means = _statement(filled, owed)
        return _page(request, connection, ref, means, assess(connection, owed.account_id, means, services.now()))


@router.post("/{ref:path}/plan/hardship", dependencies=[OurForm])
def hardship(services: Services, user: Agent, ref: str, means: Carried) -> Response:
    """Nothing is left for instalments: open a case, so that a person helps."""
    with services.engine.begin() as connection:
        owed = _owed(connection, ref)
        stated = _statement(_document(means), owed)
        cannot_pay(connection, owed.account_id, stated, user.email, services.now(), user.email)
    return _back_to(ref)


@router.post("/{ref:path}/plans", dependencies=[OurForm])
def propose(
    services: Services,
    user: Agent,
    ref: str,
    terms: Annotated[Terms, Depends(terms_of)],
    wording: Words = "",
    means: Carried = "",
) -> Response:
    """Propose a plan; with the debtor's words it is active at once, where it is within the user's authority."""
    now, authority = services.now(), _authority(user)
    with services.engine.begin() as connection:
        owed = _owed(connection, ref)
        schedule = _schedule(owed.balance, terms)
        stated = _statement(_document(means), owed) if means else None
        new = NewPlan(owed.account_id, owed.debtor_id, schedule, authority, "agent", wording, stated)
        made = flow.propose(connection, new, now, user.email)
        if wording.strip() and not made.waits:
            flow.accept(connection, made.plan_id, authority, now, user.email)
    return _back_to(ref)


@router.post("/{ref:path}/plans/{plan_id}/accept", dependencies=[OurForm])
def accept(services: Services, user: Agent, ref: str, plan_id: int, wording: Words = "") -> Response:
    """Agree to a proposal."""
    with services.engine.begin() as connection:
        _of(connection, ref, plan_id)
        try:
            flow.accept(connection, plan_id, _authority(user), services.now(), user.email, wording)
        except BeyondAuthority as error:
            raise HTTPException(403, str(error)) from error
    return _back_to(ref)


@router.post("/{ref:path}/plans/{plan_id}/decline", dependencies=[OurForm])
def decline(services: Services, user: Agent, ref: str, plan_id: int, why: Words) -> Response:
    """Refuse a proposal."""
    with services.engine.begin() as connection:
        _of(connection, ref, plan_id)
        try:
            flow.decline(connection, plan_id, why, _authority(user), services.now(), user.email)
        except BeyondAuthority as error:
            raise HTTPException(403, str(error)) from error
    return _back_to(ref)


@router.post("/{ref:path}/plans/{plan_id}/cancel", dependencies=[OurForm])
def cancel(services: Services, user: Agent, ref: str, plan_id: int, why: Words) -> Response:
    """End an active plan, or take a proposal back."""
    with services.engine.begin() as connection:
        _of(connection, ref, plan_id)
        flow.cancel(connection, plan_id, why, services.now(), user.email)
    return _back_to(ref)


def _page(
    request: Request,
    connection: Connection,
    ref: str,
    means: MeansStatement | None,
    found: Assessment | None = None,
) -> Response:
    account = dossier(connection, ref)
    if account is None:
        raise HTTPException(404)
    document = document_of(means) if means else {}
    return page(
        request,
        "plan.html",
        account=account,
        means=document,
        carried=orjson.dumps(document).decode(),
        found=found,
        reasons=WORDS,
        heads={"income": list(Income), "spending": list(Spending)},
        periods=list(Period),
        frequencies=list(Frequency),
    )


def _authority(user: User) -> Authority:
    authority = authority_of(user.role)
    if authority is None:
        raise HTTPException(403, f"You are signed in as {user.role.value}, who may agree to no plan.")
    return authority


def _owed(connection: Connection, ref: str) -> Owed:
    found = plans.debtor_of(connection, ref)
    if found is None:
        raise HTTPException(404)
    return plans.owed(connection, [found[0]])[found[0]]


def _of(connection: Connection, ref: str, plan_id: int) -> None:
    known = plans.get(connection, plan_id)
    if known is None or known.account_id != _owed(connection, ref).account_id:
        raise HTTPException(404)


def _schedule(balance: Money, terms: Terms) -> Schedule:
    try:
        day = date.fromisoformat(terms.first_on)
        if terms.amount:
            return by_amount(balance, day, terms.frequency, Money.of(Decimal(terms.amount), balance.currency))
        return by_count(balance, day, terms.frequency, int(terms.count))
    except BadSchedule as error:
        raise HTTPException(422, f"No such plan: {error}.") from error
    except (InvalidOperation, ValueError) as error:
        raise HTTPException(422, "A plan has a first day, and a number of instalments or an amount.") from error


def _document(carried: str) -> Document:
    try:
        document = orjson.loads(carried)
    except orjson.JSONDecodeError as error:
        raise HTTPException(422, "This form is out of date. Fill in the means again.") from error
    return document if isinstance(document, dict) else {}


def _statement(document: Document, owed: Owed) -> MeansStatement:
    try:
        return statement_of(document, owed.balance.currency)
    except BadStatement as error:
        raise HTTPException(422, f"{error}.") from error


def _back_to(ref: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(ref)}#plans", status_code=303)
