"""Webhook endpoints in the console: how each stands, and pause, resume and replay after a question."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.flow import webhook_endpoints as desk
from outreach.store.engine import reading
from outreach.store.webhook_endpoints import MOST_COUNTED, Endpoint, backlogs, everyone, get
from outreach.web.services import Services, WebServices
from outreach.web.session import Operator, OurForm
from outreach.web.view import page

router = APIRouter(prefix="/endpoints", include_in_schema=False)

CHANGES = ("pause", "resume", "replay")


@router.get("")
def endpoints(request: Request, services: Services, user: Operator) -> Response:
    """All endpoints, with what waits for them."""
    with reading(services.engine) as connection:
        known = everyone(connection)
        held = backlogs(connection, known)
        troubles = desk.troubles(connection)
    values: dict[str, Any] = {"endpoints": known, "held": held, "troubles": troubles, "most": MOST_COUNTED}
    return page(request, "endpoints.html", **values)


@router.get("/{endpoint_id}/{change}")
def ask(request: Request, services: Services, user: Operator, endpoint_id: int, change: str) -> Response:
    """Ask before an endpoint is changed."""
    endpoint = _known(services, endpoint_id, change)
    with reading(services.engine) as connection:
        held = backlogs(connection, [endpoint])[endpoint_id]
    return page(request, "endpoint_change.html", endpoint=endpoint, change=change, held=held)


@router.post("/{endpoint_id}/{change}", dependencies=[OurForm])
def change_it(services: Services, user: Operator, endpoint_id: int, change: str) -> Response:
    """Pause, resume, or have the dead events tried again."""
    _known(services, endpoint_id, change)
    if change == "pause":
        desk.pause(services.engine, endpoint_id, user.email, services.now())
    elif change == "resume":
        desk.resume(services.engine, endpoint_id, user.email, services.now())
    else:
        desk.revive(services.engine, endpoint_id, user.email)
    return RedirectResponse("/endpoints", status_code=303)


def _known(services: WebServices, endpoint_id: int, change: str) -> Endpoint:
    with reading(services.engine) as connection:
        endpoint = get(connection, endpoint_id)
    if endpoint is None or change not in CHANGES:
        raise HTTPException(404)
    return endpoint
