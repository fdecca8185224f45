"""The application below /p. It answers in the debtor's language whatever goes wrong, and says nothing of why."""

from __future__ import annotations

from dataclasses import replace

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.responses import Response

from outreach.web.debtor import dispute, documents, done, identity, overview, pay, plan, preferences, promise, stop
from outreach.web.debtor.body import BoundedBody
from outreach.web.debtor.guest import NotOffered, NotVerified
from outreach.web.debtor.places import WHO, place
from outreach.web.debtor.view import go, show, texts_of
from outreach.web.debtor.visit import remember, visit_of
from outreach.web.services import WebServices

#: In the order in which addresses are tried: `identity` has the link itself, which any address might be.
PARTS = (overview, pay, promise, plan, dispute, documents, preferences, stop, done, identity)


def create_page(services: WebServices) -> FastAPI:
    """The page for `services`. Without a secret key it is not there: nothing on it could be signed."""
    page = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    page.state.services = services
    page.add_middleware(BoundedBody)
    for part in PARTS:
        page.include_router(part.router)
    page.add_exception_handler(NotVerified, _ask)
    page.add_exception_handler(NotOffered, _to_account)
    page.add_exception_handler(StarletteHTTPException, _refused)
    page.add_exception_handler(RequestValidationError, _unreadable)
    page.add_exception_handler(Exception, _broken)
    for away in (OperationalError, PoolTimeout):
        page.add_exception_handler(away, _database_away)
    return page


async def _ask(request: Request, _error: Exception) -> Response:
    visit = visit_of(request)
    remember(request, replace(visit, verified=False, ended=visit.ended or visit.verified))
    return go(request, WHO)


async def _to_account(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotOffered)
    return go(request, place(error.number))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException | StarletteHTTPException)
    return _say(request, error.status_code)


async def _unreadable(request: Request, _error: Exception) -> Response:
    return _say(request, 400)


async def _broken(request: Request, _error: Exception) -> Response:
    # The server logs the error by itself; the debtor is not to read it.
    return _say(request, 500)


async def _database_away(request: Request, _error: Exception) -> Response:
    return _say(request, 503)


def _say(request: Request, status: int) -> Response:
    t = texts_of(request)
    key = f"error_{status}"
    return show(request, "error.html", status=status, message=t(key if t.has(key) else "error_400"))
