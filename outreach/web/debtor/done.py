"""The page after something was done: what it was, and what happens next. It may be loaded again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.money import Money
from outreach.web.debtor.guest import AGuest
from outreach.web.debtor.places import place
from outreach.web.debtor.view import go, locale_of, money, show, texts_of, written
from outreach.web.debtor.visit import Visiting, remember, visit_of

router = APIRouter()


def finish(request: Request, number: int, what: str, *more: str, **values: Money | date | int) -> Response:
    """Go on to the page that says that `what` was done; `more` are keys of further words, `values` what fills them."""
    visit = visit_of(request)
    done = {"what": what, "more": list(more), "values": {name: _kept(value) for name, value in values.items()}}
    remember(request, replace(visit, done=done))
    return go(request, place(number, "done"))


@router.get("/account/{number}/done")
def done(request: Request, guest: AGuest, visit: Visiting, number: int) -> Response:
    """What was done last."""
    guest.account(number)
    if visit.done is None:
        return go(request, place(number))
    t, locale = texts_of(request), locale_of(request)
    values = {name: _said(value, locale) for name, value in visit.done["values"].items()}
    what = visit.done["what"]
    words = [t(key, **values) for key in (what, f"{what}_next", *visit.done["more"]) if t.has(key)]
    return show(request, "done.html", number=number, title=t(f"{what}_title"), words=words)


def _kept(value: Money | date | int) -> Any:
    if isinstance(value, Money):
        return {"minor": value.minor, "currency": value.currency}
    return value.isoformat() if isinstance(value, date) else value


def _said(value: Any, locale: str) -> str:
    if isinstance(value, dict):
        return money(Money(value["minor"], value["currency"]), locale)
    return written(date.fromisoformat(value), locale) if isinstance(value, str) else str(value)
