"""Stopping messages: one kind of them, or all outreach. The page asks once more, and then it is done."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.account import Facts, HoldReason
from outreach.domain.debtor_page import Offer, holding
from outreach.domain.message import Channel
from outreach.flow.debtor_actions import Stop, stoppable
from outreach.flow.debtor_actions import stop as stop_it
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, word
from outreach.web.debtor.guest import AGuest, offered
from outreach.web.debtor.view import Mistake, show, texts_of
from outreach.web.debtor.visit import OurForm, Services
from outreach.web.services import WebServices

router = APIRouter()


@router.get("/account/{number}/stop")
def stop(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The choice."""
    facts = offered(guest, number, Offer.STOP, services.now())
    return _form(request, services, facts, number, [])


@router.post("/account/{number}/stop", dependencies=[OurForm])
def choose(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Ask once more, or stop."""
    facts = offered(guest, number, Offer.STOP, services.now())
    choices = _choices(services, facts)
    what = next((one for one in choices if one.value == word(form, "what")), None)
    if what is None:
        return _form(request, services, facts, number, [Mistake("what", texts_of(request)("stop_bad"))])
    if not word(form, "confirmed"):
        return show(request, "stop_check.html", number=number, what=what, address=choices[what])
    stop_it(services.engine, facts, what, services.now())
    return finish(request, number, "stop_done_all" if what is Stop.ALL else "stop_done_some", "stop_done_next")


def _choices(services: WebServices, facts: Facts) -> dict[Stop, str]:
    """What is not stopped yet, with the addresses, of which only the end is shown: others may look on."""
    found = {
        one: ", ".join(_hidden(address) for address in addresses)
        for one in (Stop.SMS, Stop.EMAIL)
        if (addresses := stoppable(facts, Channel(one.value)))
    }
    ceased = HoldReason.CEASE in holding(facts, services.now())
    return found if ceased else {**found, Stop.ALL: ""}


def _hidden(address: str) -> str:
    name, at, domain = address.partition("@")
    return f"{name[:1]}…@{domain}" if at else f"…{address[-4:]}"


def _form(request: Request, services: WebServices, facts: Facts, number: int, wrong: Sequence[Mistake]) -> Response:
    choices = _choices(services, facts)
    return show(request, "stop.html", status=422 if wrong else 200, mistakes=wrong, number=number, choices=choices)
