"""Notices in a state, and one notice with what it said."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from outreach.domain.notice import NoticeState
from outreach.flow.actions import approve_notice
from outreach.store.engine import reading
from outreach.store.worklist import find_notices, letter_pdf, message_html, notice_detail
from outreach.web.headers import MESSAGE_POLICY
from outreach.web.services import Services
from outreach.web.session import Operator, OurForm, Viewer
from outreach.web.view import page

router = APIRouter(include_in_schema=False)


@router.get("/notices")
def notices(
    request: Request,
    services: Services,
    user: Viewer,
    state: str = "uncertain",
    before: str = "",
    approval: bool = False,  # noqa: FBT001 (a parameter of the address)
) -> Response:
    """The notices in a state, the newest first."""
    if state not in set(NoticeState):
        raise HTTPException(404)
    with reading(services.engine) as connection:
        found = find_notices(connection, NoticeState(state), before, approval=approval)
    values: dict[str, Any] = {"state": state, "approval": approval, "states": list(NoticeState)}
    return page(request, "notices.html", found=found, **values)


@router.get("/notices/{notice_id}")
def notice(request: Request, services: Services, user: Viewer, notice_id: str) -> Response:
    """One notice: what was decided, what it said, what became of it."""
    with reading(services.engine) as connection:
        found = notice_detail(connection, notice_id)
    if found is None:
        raise HTTPException(404)
    return page(request, "notice.html", notice=found)


@router.post("/notices/{notice_id}/approve", dependencies=[OurForm])
def approve(services: Services, user: Operator, notice_id: str) -> Response:
    """Let one notice go."""
    approve_notice(services.engine, notice_id, user.email, services.now())
    return RedirectResponse(f"/notices/{notice_id}", status_code=303)


@router.get("/notices/{notice_id}/{attempt}/letter.pdf")
def letter(services: Services, user: Viewer, notice_id: str, attempt: int) -> Response:
    """The letter as it was printed."""
    with reading(services.engine) as connection:
        pdf = letter_pdf(connection, notice_id, attempt)
    if pdf is None:
        raise HTTPException(404)
    headers = {"content-disposition": f'inline; filename="{notice_id}.pdf"'}
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get("/notices/{notice_id}/{attempt}/message.html")
def message(services: Services, user: Viewer, notice_id: str, attempt: int) -> Response:
    """The e-mail as it was sent, for a sandboxed frame."""
    with reading(services.engine) as connection:
        html = message_html(connection, notice_id, attempt)
    if html is None:
        raise HTTPException(404)
    return HTMLResponse(html, headers={"content-security-policy": MESSAGE_POLICY})
