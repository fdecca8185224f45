"""Paying: the debtor goes on to the creditor's payment page, or another hand-off, by a form and not by a link."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from outreach.domain.debtor_page import Offer
from outreach.flow.debtor_actions import went_to_pay
from outreach.flow.handoff import HandOffFailed, hand_off
from outreach.web.debtor.guest import AGuest, NotOffered, offered
from outreach.web.debtor.view import go, show
from outreach.web.debtor.visit import OurForm, Services

router = APIRouter()


@router.get("/account/{number}/pay")
def pay(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """Says where the button leads."""
    facts = offered(guest, number, Offer.PAY, services.now())
    way = hand_off(facts)
    if way is None:
        raise NotOffered(number)
    # Without this the browser would not follow from our form to the other site.
    return show(request, "pay.html", facts=facts, number=number, go_on_to=way.origin(facts))


@router.post("/account/{number}/pay", dependencies=[OurForm])
def go_to_pay(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """Go there; the timeline tells that the debtor did."""
    facts = offered(guest, number, Offer.PAY, services.now())
    way = hand_off(facts)
    if way is None:
        raise NotOffered(number)
    try:
        address = way.address(facts)
    except HandOffFailed as error:
        raise HTTPException(503) from error
    went_to_pay(services.engine, facts, services.now())
    return go(request, address)
