"""What the debtor sees first: balance, what it is made of, what is going on, what can be done; and our messages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.calendar import local_date
from outreach.domain.message import Channel
from outreach.flow.debtor_overview import history, overview
from outreach.rendering.email import derive_text
from outreach.store.engine import reading
from outreach.web.debtor.guest import AGuest
from outreach.web.debtor.places import place
from outreach.web.debtor.view import go, show, texts_of
from outreach.web.debtor.visit import Services

router = APIRouter()


@router.get("/account")
def own_account(request: Request, guest: AGuest) -> Response:
    """The account that the message was about."""
    return go(request, place(guest.own))


@router.get("/account/{number}")
def account(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """One account."""
    facts = guest.account(number)
    with reading(services.engine) as connection:
        seen = overview(connection, facts, services.law, services.now(), texts_of(request).language)
    others = [(at, one) for at, one in enumerate(guest.accounts, 1) if at != number]
    return show(
        request,
        "account.html",
        facts=facts,
        seen=seen,
        number=number,
        others=others,
    )


@router.get("/account/{number}/history")
def messages(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """What we wrote about the account, with its words."""
    facts = guest.account(number)
    with reading(services.engine) as connection:
        said = history(connection, facts)
    zone = (facts.debtor.zones or ("UTC",))[0]
    lines = [(local_date(one.at, zone), one, one.text or _plain(one.channel, one.body)) for one in said]
    return show(request, "messages.html", facts=facts, number=number, lines=lines)


def _plain(channel: Channel, body: str) -> str:
    return derive_text(body) if channel is Channel.LETTER else body
