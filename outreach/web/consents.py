"""What agents do about an account's consents and addresses: record, revoke, shut what is somebody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.domain.message import Channel
from outreach.domain.standing import ConsentScope
from outreach.flow.consent_actions import Statement, mark_wrong_party, record_consent, revoke_consent, verify_address
from outreach.web.services import Services
from outreach.web.session import Agent, OurForm

router = APIRouter(prefix="/accounts", include_in_schema=False, dependencies=[OurForm])

#: A channel and an address, "sms:+12125550142".
Point = Annotated[str, Form(max_length=700)]
How = Annotated[str, Form(max_length=1000)]


@router.post("/{ref:path}/consents/revoke")
def revoke(services: Services, user: Agent, ref: str, point: Point, how: How = "") -> Response:
    """The debtor wants no more: opt the address out at once."""
    revoke_consent(services.engine, ref, *_parts(point), how, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/consents")
def record(
    services: Services,
    user: Agent,
    ref: str,
    point: Point,
    scope: Annotated[ConsentScope, Form()],
    given_on: Annotated[str, Form()] = "",
    source: How = "",
    wording: Annotated[str, Form()] = "",
) -> Response:
    """Record what the debtor consented to."""
    now = services.now()
    try:
        given_at = datetime.combine(date.fromisoformat(given_on), time.min, UTC) if given_on else now
    except ValueError as error:
        raise HTTPException(422, "A consent is given on a day such as 2026-12-31.") from error
    said = Statement(scope, given_at, source, wording)
    record_consent(services.engine, ref, *_parts(point), said, user.email, now)
    return _back_to(ref)


@router.post("/{ref:path}/wrong-party")
def wrong_party(services: Services, user: Agent, ref: str, point: Point, how: How = "") -> Response:
    """The address is somebody else's."""
    mark_wrong_party(services.engine, ref, *_parts(point), how, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/verify")
def verify(services: Services, user: Agent, ref: str, point: Point, how: How = "") -> Response:
    """The address is the debtor's after all."""
    verify_address(services.engine, ref, *_parts(point), how, user.email, services.now())
    return _back_to(ref)


def _parts(point: str) -> tuple[Channel, str]:
    kind, _, value = point.partition(":")
    if kind not in set(Channel) or not value:
        raise HTTPException(422, "Choose a number or an address of this debtor.")
    return Channel(kind), value


def _back_to(ref: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(ref)}", status_code=303)
