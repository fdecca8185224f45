"""Overview and campaigns: how they stand, approval in bulk, pause and resume."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.domain.message import SENT_CHANNELS
from outreach.domain.notice import NoticeState
from outreach.flow.actions import approve_campaign, pause_campaign
from outreach.flow.pauses import pauses
from outreach.store.engine import reading
from outreach.store.overview import CampaignLine, attention, campaign_lines, planned_now, started_since
from outreach.store.portfolio import any_accounts
from outreach.store.worklist import find_notices
from outreach.web.services import Services, WebServices
from outreach.web.session import Operator, OurForm, Viewer
from outreach.web.view import page

router = APIRouter(include_in_schema=False)

#: What the overview counts: the last day.
SPAN = timedelta(days=1)


@router.get("/")
def overview(request: Request, services: Services, user: Viewer) -> Response:
    """What the last day brought, and what waits for a person."""
    since = services.now() - SPAN
    with reading(services.engine) as connection:
        values: dict[str, Any] = {
            "counts": started_since(connection, since),
            "planned": planned_now(connection),
            "attention": attention(connection, since),
            "pauses": pauses(connection),
            "empty": not any_accounts(connection),
        }
    states = [
        NoticeState.SENT,
        NoticeState.DELIVERED,
        NoticeState.UNDELIVERED,
        NoticeState.FAILED,
        NoticeState.UNCERTAIN,
    ]
    return page(request, "overview.html", channels=SENT_CHANNELS, states=states, now=services.now(), **values)


@router.get("/campaigns")
def campaigns(request: Request, services: Services, user: Viewer) -> Response:
    """All campaigns with their counts."""
    with reading(services.engine) as connection:
        lines = campaign_lines(connection)
    return page(request, "campaigns.html", campaigns=lines)


@router.get("/campaigns/{name}/approve")
def approve_page(request: Request, services: Services, user: Operator, name: str) -> Response:
    """Ask before messages are let go."""
    with reading(services.engine) as connection:
        waiting = find_notices(connection, NoticeState.PLANNED, approval=True, campaign=name)
    if not waiting.rows:
        raise HTTPException(404, "Nothing of this campaign waits for approval.")
    line = _campaign(services, name)
    return page(request, "approve.html", campaign=line, notices=waiting.rows, up_to=waiting.rows[0].id)


@router.post("/campaigns/{name}/approve", dependencies=[OurForm])
def approve(services: Services, user: Operator, name: str, up_to: Annotated[str, Form()]) -> Response:
    """Let go what was seen."""
    approve_campaign(services.engine, name, up_to, user.email, services.now())
    return RedirectResponse("/campaigns", status_code=303)


@router.get("/campaigns/{name}/{change}")
def pause_page(request: Request, services: Services, user: Operator, name: str, change: str) -> Response:
    """Ask before a campaign is paused or resumed."""
    _check(change)
    return page(request, "pause.html", campaign=_campaign(services, name), change=change)


@router.post("/campaigns/{name}/{change}", dependencies=[OurForm])
def pause(services: Services, user: Operator, name: str, change: str) -> Response:
    """Pause or resume."""
    _check(change)
    pause_campaign(services.engine, name, paused=change == "pause")
    return RedirectResponse("/campaigns", status_code=303)


def _check(change: str) -> None:
    if change not in ("pause", "resume"):
        raise HTTPException(404)


def _campaign(services: WebServices, name: str) -> CampaignLine:
    with reading(services.engine) as connection:
        line = next((line for line in campaign_lines(connection) if line.name == name), None)
    if line is None:
        raise HTTPException(404)
    return line
