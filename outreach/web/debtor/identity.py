"""The way in: the link, the question who it is, and the way out for whom the message was not meant.

No page here says whether a link is one of ours: each looks the same and answers the same until somebody proves to be
the debtor. No GET changes anything, so that the scanners of mail programs may follow the link as they like.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from outreach.domain.identity import Answer
from outreach.flow.debtor_page import Caller, not_me, verify
from outreach.flow.links import read_page_token
from outreach.web.debtor.forms import day_of
from outreach.web.debtor.places import ACCOUNT, WHO
from outreach.web.debtor.texts import Texts
from outreach.web.debtor.view import Mistake, go, show, texts_of
from outreach.web.debtor.visit import OurForm, Services, Visit, Visiting, remember
from outreach.web.services import WebServices

router = APIRouter()
_LONGEST = 40


@router.get("/who")
def who(request: Request, visit: Visiting) -> Response:
    """Asks who it is."""
    if visit.verified:
        return go(request, ACCOUNT)
    return _asked(request, visit)


@router.post("/who", dependencies=[OurForm])
def say_who(
    request: Request,
    services: Services,
    visit: Visiting,
    day: Annotated[str, Form()] = "",
    month: Annotated[str, Form()] = "",
    year: Annotated[str, Form()] = "",
    postal: Annotated[str, Form()] = "",
) -> Response:
    """Opens the page to the debtor. Whatever else it is, the answer is the same."""
    entered = {"day": day, "month": month, "year": year, "postal": postal[:_LONGEST]}
    answer = _answer(texts_of(request), entered)
    if isinstance(answer, Mistake):
        return _asked(request, visit, entered, answer)
    key = services.settings.secret_key.get_secret_value()
    if not visit.token or not verify(services.engine, key, _caller(request, services, visit), answer):
        failed = Mistake("day" if day else "postal", texts_of(request)("who_failed"))
        return _asked(request, visit, {}, failed)
    remember(request, visit.proved())
    return go(request, ACCOUNT)


@router.get("/not-me")
def wrong_person(request: Request) -> Response:
    """Asks before it does anything."""
    return show(request, "not_me.html", done=False)


@router.post("/not-me", dependencies=[OurForm])
def not_for_me(request: Request, services: Services, visit: Visiting) -> Response:
    """The number or address of the message is not used any more."""
    not_me(services.engine, services.settings.secret_key.get_secret_value(), _caller(request, services, visit))
    return go(request, "/p/not-me/done")


@router.get("/not-me/done")
def not_for_me_done(request: Request) -> Response:
    """Says what was done, to whomever: there is nothing to learn from it."""
    return show(request, "not_me.html", done=True)


@router.post("/leave", dependencies=[OurForm])
def leave(request: Request, visit: Visiting) -> Response:
    """Close the page, as on a telephone that others use, too."""
    remember(request, Visit(language=visit.language))
    return go(request, "/p/left")


@router.get("/left")
def left(request: Request) -> Response:
    """Says that the page is closed."""
    return show(request, "left.html")


@router.get("/{token}")
def arrive(request: Request, visit: Visiting, token: str) -> Response:
    """The link of a message. Its token leaves the address for the cookie at once, be it one of ours or not.

    What cannot be a link, such as half of one, opens nothing and closes nothing.
    """
    if read_page_token(token) is not None:
        remember(request, visit.with_link(token))
    return go(request, WHO)


def _asked(
    request: Request, visit: Visit, entered: dict[str, str] | None = None, mistake: Mistake | None = None
) -> Response:
    mistakes = [mistake] if mistake else []
    remember(request, replace(visit, ended=False))
    return show(
        request,
        "who.html",
        status=403 if mistake else 200,
        mistakes=mistakes,
        entered=entered or {"day": "", "month": "", "year": "", "postal": ""},
        has_link=bool(visit.token),
        ended=visit.ended,
    )


def _answer(t: Texts, entered: dict[str, str]) -> Answer | Mistake:
    """What was entered, or what lacks; a form that is not filled in counts as no try."""
    if entered["postal"].strip():
        return Answer.living_at(entered["postal"])
    if not any(entered[part].strip() for part in ("day", "month", "year")):
        return Mistake("postal", t("who_empty"))
    born = day_of(entered["day"], entered["month"], entered["year"])
    return Answer.born(born) if born else Mistake("day", t("who_bad_date"))


def _caller(request: Request, services: WebServices, visit: Visit) -> Caller:
    return Caller(visit.token, client_of(request), services.now(), services.machine_now())


def client_of(request: Request) -> str:
    """Where a request comes from. Of an IPv6 address the network, of which a household has all others, too."""
    host = request.client.host if request.client else ""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    return str(ip_network((address, 64), strict=False)) if isinstance(address, IPv6Address) else host
