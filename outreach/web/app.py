"""The web application."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse, RedirectResponse
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException as StarletteHTTPException
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from outreach.domain.case import NotRecorded
from outreach.flow.actions import Unknown
from outreach.flow.cases import NotAllowed
from outreach.flow.consent_actions import Unfit
from outreach.flow.receive import keep
from outreach.web import (
    accounts,
    attachments,
    campaigns,
    cases,
    consents,
    dead_letters,
    endpoints,
    health,
    outcomes,
    plans,
    promises,
    signin,
    tasks,
    unsubscribe,
    work,
)
from outreach.web.debtor.app import create_page
from outreach.web.headers import SecurityHeaders
from outreach.web.intake import Intake
from outreach.web.services import WebServices
from outreach.web.session import NotSignedIn
from outreach.web.view import page
from outreach.web.webhooks import Webhooks

STATIC = Path(__file__).parent / "static"
#: How long a session lasts without being used, in seconds.
SESSION = 12 * 3600


def create_app(services: WebServices) -> ASGIApp:
    """The application for `services`. It has no state of its own but the count of failed sign-ins, and webhooks on
    their way into the database."""
    intake = Intake(partial(keep, services.engine), services.enqueue_settle)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        await intake.close()

    app = FastAPI(title="Outreach", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    https = services.settings.public_url.startswith("https://")
    app.state.services = services
    app.state.throttle = signin.throttle(services)
    app.state.feed_limits = outcomes.limits(services)
    app.add_middleware(
        SessionMiddleware,
        secret_key=services.settings.secret_key.get_secret_value(),
        session_cookie="outreach",
        max_age=SESSION,
        same_site="lax",
        https_only=https,
    )
    app.add_middleware(SecurityHeaders, https=https)
    for part in (
        health,
        unsubscribe,
        signin,
        plans,
        promises,
        attachments,
        accounts,
        cases,
        consents,
        campaigns,
        work,
        tasks,
        dead_letters,
        outcomes,
        endpoints,
    ):
        app.include_router(part.router)
    if services.settings.secret_key.get_secret_value():
        app.mount("/p", create_page(services))
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(NotSignedIn, _to_sign_in)
    app.add_exception_handler(Unknown, _unknown)
    for wrong in (Unfit, NotRecorded):
        app.add_exception_handler(wrong, _unfit)
    app.add_exception_handler(NotAllowed, _not_allowed)
    for away in (OperationalError, PoolTimeout):
        app.add_exception_handler(away, _database_away)
    app.add_exception_handler(StarletteHTTPException, _refused)
    return Webhooks(app, services, intake)


async def _to_sign_in(request: Request, error: Exception) -> Response:
    assert isinstance(error, NotSignedIn)
    if "hx-request" in request.headers:
        return Response(status_code=401, headers={"hx-refresh": "true"})
    return RedirectResponse(error.sign_in_url, status_code=303)


async def _unknown(request: Request, error: Exception) -> Response:
    return _say(request, 409, str(error))


async def _unfit(request: Request, error: Exception) -> Response:
    return _say(request, 422, str(error))


async def _not_allowed(request: Request, error: Exception) -> Response:
    return _say(request, 403, str(error))


async def _database_away(request: Request, _error: Exception) -> Response:
    # 503 makes a provider post its webhook again; nothing of it is lost.
    return _say(request, 503, "The database does not answer. Try again in a minute.")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException | StarletteHTTPException)
    message = "There is no such page." if error.status_code == 404 else str(error.detail)
    return _say(request, error.status_code, message)


def _say(request: Request, status: int, message: str) -> Response:
    """A page for people, a line for machines."""
    if "text/html" in request.headers.get("accept", ""):
        return page(request, "error.html", status=status, message=message)
    return PlainTextResponse(message, status)
