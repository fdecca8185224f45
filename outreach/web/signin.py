"""Signing in and out."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.flow.signin import authenticate
from outreach.web.services import Services, WebServices
from outreach.web.session import OurForm, open_session, safe_path
from outreach.web.throttle import Throttle
from outreach.web.view import page

router = APIRouter(include_in_schema=False)

TRIES, WINDOW = 5, timedelta(minutes=10)


def throttle(services: WebServices) -> Throttle:
    """Five failures for an address in ten minutes, then it waits."""
    return Throttle(TRIES, WINDOW, services.machine_now)


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 (the name in the address)
    """The form."""
    return page(request, "sign_in.html", back=safe_path(next), message="", email="")


@router.post("/sign-in", dependencies=[OurForm])
def sign_in(
    request: Request,
    services: Services,
    email: Annotated[str, Form()],
    password: Annotated[str, Form()],
    back: Annotated[str, Form()] = "/",
) -> Response:
    """Open a session, or say that the two do not fit, never which of them."""
    tries: Throttle = request.app.state.throttle
    key = email.strip().lower()
    if tries.blocked(key):
        message = "Too many tries for this address. Wait ten minutes, or ask an administrator."
        return page(request, "sign_in.html", status=429, back=safe_path(back), message=message, email=email)
    user = authenticate(services.engine, email, password)
    if user is None:
        tries.failed(key)
        message = "Address and password do not fit together."
        return page(request, "sign_in.html", status=401, back=safe_path(back), message=message, email=email)
    tries.succeeded(key)
    open_session(request, user)
    return RedirectResponse(safe_path(back), status_code=303)


@router.post("/sign-out", dependencies=[OurForm])
def sign_out(request: Request) -> Response:
    """Close the session."""
    request.session.clear()
    return RedirectResponse("/sign-in", status_code=303)
