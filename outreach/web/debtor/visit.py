"""A visit: which link a browser came with, and whether it said who it is. It is a signed cookie, and nothing else.

The cookie holds the link's token and nothing of a debtor. It does not leave the browser to scripts or other sites, and
what was proved with it lasts for twenty minutes after the last page.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Annotated, Any

from fastapi import Depends, Form, HTTPException, Request
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

from outreach.web.debtor.texts import LANGUAGES
from outreach.web.services import WebServices

COOKIE = "outreach_page"
#: How long a page may lie open before it is closed.
IDLE = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Visit:
    """What the cookie says.

    `token`: the link's, '' without one. `verified`: whether it was proved who holds it. `language`: chosen on the page,
    '' for none. `at`: when the last page was shown (seconds, machine time). `done`: what was done last, for the page
    that says so. `ended`: it was verified, but too long ago.
    """

    token: str = ""
    verified: bool = False
    csrf: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    language: str = ""
    at: int = 0
    done: Mapping[str, Any] | None = None
    ended: bool = False

    def with_link(self, token: str) -> Visit:
        """The visit after a link was opened: the same one goes on, any other begins anew."""
        return self if self.token == token else Visit(token=token, language=self.language)

    def proved(self) -> Visit:
        """It is the debtor. The form's token is a new one, so that nothing planted before is worth anything."""
        return Visit(token=self.token, verified=True, language=self.language)


def visit_of(request: Request) -> Visit:
    """The visit as the cookie has it, or a new one; a language chosen with this request is taken over."""
    found = getattr(request.state, "visit", None)
    if isinstance(found, Visit):
        return found
    visit = _read(request)
    chosen = request.query_params.get("lang", "") if request.method == "GET" else ""
    return remember(request, replace(visit, language=chosen) if chosen in LANGUAGES else visit)


def remember(request: Request, visit: Visit) -> Visit:
    """What the answer to this request will set as the cookie."""
    request.state.visit = visit
    return visit


def keep_visit(request: Request, response: Response) -> None:
    """Set the cookie: for the whole page, gone with the browser, out of the reach of scripts."""
    services = services_of(request)
    visit = replace(visit_of(request), at=int(services.machine_now().timestamp()))
    response.set_cookie(
        COOKIE,
        _serializer(services).dumps(asdict(visit)),
        path="/p",
        httponly=True,
        samesite="lax",  # a link in a mail program is another site, and its first page needs the cookie
        secure=services.settings.public_url.startswith("https://"),
    )


def our_form(request: Request, csrf: Annotated[str, Form()] = "") -> None:
    """Refuse a form that another site made the browser post."""
    expected = visit_of(request).csrf
    if not hmac.compare_digest(csrf.encode(), expected.encode()):
        raise HTTPException(403)


def services_of(request: Request) -> WebServices:
    """The services of the application that serves `request`."""
    services: WebServices = request.app.state.services
    return services


def _read(request: Request) -> Visit:
    services = services_of(request)
    try:
        said = _serializer(services).loads(request.cookies.get(COOKIE, ""))
        visit = Visit(**{name: said[name] for name in _NAMES})
    except (BadSignature, KeyError, TypeError):
        return Visit()
    idle = services.machine_now() - datetime.fromtimestamp(visit.at, services.machine_now().tzinfo)
    return replace(visit, verified=False, ended=True) if visit.verified and idle > IDLE else visit


def _serializer(services: WebServices) -> URLSafeSerializer:
    key = services.settings.secret_key.get_secret_value()
    return URLSafeSerializer(key, salt="outreach.page.visit", signer_kwargs={"digest_method": hashlib.sha256})


_NAMES = tuple(one.name for one in fields(Visit))
Services = Annotated[WebServices, Depends(services_of)]
Visiting = Annotated[Visit, Depends(visit_of)]
OurForm = Depends(our_form)
