"""The debtor's unsubscribe link (RFC 8058): a GET only asks, since mail scanners follow links; a POST does it."""

from __future__ import annotations

import logging

from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from outreach.flow.links import read_unsubscribe_token
from outreach.flow.receive import unsubscribe
from outreach.web.services import Services, WebServices
from outreach.web.view import page

log = logging.getLogger(__name__)
router = APIRouter(prefix="/u", include_in_schema=False)


@router.get("/{token}")
def ask(request: Request, services: Services, token: str) -> Response:
    """A page with one button. It names nobody and says nothing about a debt."""
    _notice_id(services, token)
    return page(request, "unsubscribe.html", done=False)


@router.post("/{token}")
def stop(request: Request, services: Services, token: str) -> Response:
    """Stop messages to the address at once. The signed token is the proof; mail programs post without a session."""
    notice_id = _notice_id(services, token)
    _settle_soon(services, unsubscribe(services.engine, notice_id, services.now(), services.machine_now()))
    return page(request, "unsubscribe.html", done=True)


def _settle_soon(services: WebServices, ids: list[int]) -> None:
    if not ids:
        return
    # A broker that is away loses nothing: a sweep looks again within seconds.
    try:
        services.enqueue_settle(ids)
    except Exception:
        log.warning("broker away: %d inbox rows wait for the sweep", len(ids), exc_info=True)


def _notice_id(services: WebServices, token: str) -> str:
    notice_id = read_unsubscribe_token(services.settings.secret_key.get_secret_value(), token)
    if notice_id is None:
        raise HTTPException(404, "This link is not complete. Copy it from the message once more.")
    return notice_id
