"""A promise to pay: an amount by a day, looked at once more before it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.debtor_page import Offer
from outreach.domain.money import Money
from outreach.domain.promise import Objection
from outreach.flow.debtor_actions import promise as keep_promise
from outreach.flow.debtor_overview import promise_of
from outreach.flow.promises import NotTaken, today
from outreach.store import promises
from outreach.store.engine import reading
from outreach.store.promises import Owed
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, amount_of, day_of, word
from outreach.web.debtor.guest import AGuest, NotOffered, offered
from outreach.web.debtor.view import Mistake, locale_of, money, show, texts_of, written
from outreach.web.debtor.visit import OurForm, Services
from outreach.web.services import WebServices

router = APIRouter()
_FIELDS = ("amount", "day", "month", "year")
#: At which field an objection is shown: the others concern the day.
_OF_AMOUNT = (Objection.NO_AMOUNT, Objection.ABOVE_BALANCE, Objection.NOTHING_OWED)


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Between which days and up to which amount a promise is taken."""

    balance: Money
    first: date
    last: date

    def words(self, locale: str) -> dict[str, str]:
        """For hints and mistakes."""
        example = self.first + timedelta(days=min(14, (self.last - self.first).days))
        return {
            "balance": money(self.balance, locale),
            "least": money(Money(1, self.balance.currency), locale),
            "last": written(self.last, locale),
            "example": written(example, locale),
        }


@router.get("/account/{number}/promise")
def promise(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The form."""
    offered(guest, number, Offer.PROMISE, services.now())
    return _form(request, services, guest, number, dict.fromkeys(_FIELDS, ""), [])


@router.post("/account/{number}/promise", dependencies=[OurForm])
def say_when(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Shows what was entered once more; keeps it when it is confirmed."""
    facts = offered(guest, number, Offer.PROMISE, services.now())
    entered = {name: word(form, name) for name in _FIELDS}
    confirmed = word(form, "confirmed")
    bounds = _bounds(services, guest, number)
    much = amount_of(entered["amount"], bounds.balance.currency, locale_of(request))
    by = day_of(entered["day"], entered["month"], entered["year"])
    is_much = much is not None and 0 < much.minor <= bounds.balance.minor
    is_by = by is not None and bounds.first <= by <= bounds.last
    if much is None or by is None or not (is_much and is_by) or confirmed == "no":
        wrong = [] if confirmed == "no" else _wrong(request, bounds, amount=not is_much, day=not is_by)
        return _form(request, services, guest, number, entered, wrong)
    if not confirmed:
        return show(request, "promise_check.html", facts=facts, number=number, entered=entered, much=much, by=by)
    try:
        is_kept = keep_promise(services.engine, guest.holder, facts, much, by, services.now())
    except NotTaken as refused:
        of_amount = refused.objection in _OF_AMOUNT
        wrong = _wrong(request, bounds, amount=of_amount, day=not of_amount)
        return _form(request, services, guest, number, entered, wrong)
    return finish(request, number, "promise_done" if is_kept else "plan_review", amount=much, day=by)


def _form(
    request: Request, services: WebServices, guest: AGuest, number: int, entered: dict[str, str], wrong: list[Mistake]
) -> Response:
    facts, bounds = guest.account(number), _bounds(services, guest, number)
    with reading(services.engine) as connection:
        standing = promise_of(connection, facts.account.id)
    values: dict[str, Any] = {"facts": facts, "number": number, "entered": entered, "standing": standing}
    words = bounds.words(locale_of(request))
    return show(request, "promise.html", status=422 if wrong else 200, mistakes=wrong, words=words, **values)


def _wrong(request: Request, bounds: _Bounds, *, amount: bool, day: bool) -> list[Mistake]:
    t, words = texts_of(request), bounds.words(locale_of(request))
    example = money(Money(bounds.balance.minor // 2 or 1, bounds.balance.currency), locale_of(request))
    found = []
    if amount:
        found.append(Mistake("amount", t("promise_bad_amount", **{**words, "example": example})))
    if day:
        found.append(Mistake("day", t("promise_bad_day", **words)))
    return found


def _bounds(services: WebServices, guest: AGuest, number: int) -> _Bounds:
    account_id = guest.account(number).account.id
    with reading(services.engine) as connection:
        owed: Owed | None = promises.owed(connection, [account_id]).get(account_id)
    if owed is None:
        raise NotOffered(number)
    first = today(owed.zones, services.now())
    return _Bounds(owed.balance, first, first + timedelta(days=owed.terms.furthest_days))
