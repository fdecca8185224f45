"""What agents do about what stops an account: place a hold, open a case, record its way out; decide disputes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, HTTPException
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.domain.case import Record
from outreach.domain.dispute import DisputeReason, DisputeState
from outreach.flow.actions import place_hold, release_hold
from outreach.flow.case_actions import open_dispute, resolve_dispute, review_dispute, verify_dispute
from outreach.flow.case_list import reason_of
from outreach.flow.cases import Disputed
from outreach.web.services import Services
from outreach.web.session import Agent, OurForm

router = APIRouter(prefix="/accounts", include_in_schema=False, dependencies=[OurForm])

Text = Annotated[str, Form(max_length=1000)]
Day = Annotated[str, Form(max_length=10)]


@router.post("/{ref:path}/holds")
def hold(
    services: Services,
    user: Agent,
    ref: str,
    reason: Annotated[str, Form(max_length=30)],
    until: Day = "",
    note: Text = "",
    whole_debtor: Annotated[bool, Form()] = False,
) -> Response:
    """Place a hold on the account, or on all of its debtor's."""
    try:
        why = reason_of(reason)
    except ValueError as error:
        raise HTTPException(422, "Choose one of the reasons.") from error
    ends_on = _day(until, "The end of a hold")
    ends_at = datetime.combine(ends_on, time.min, UTC) if ends_on else None
    now, note = services.now(), note.strip()
    place_hold(services.engine, ref, why, user.email, now, note=note, ends_at=ends_at, whole_debtor=whole_debtor)
    return _back_to(ref)


def recorded(
    way: Annotated[str, Form(max_length=30)] = "", on: Day = "", how: Text = "", who: Text = "", note: Text = ""
) -> Record:
    """What the form of a way out says."""
    return Record(way, _day(on, "When it happened"), how.strip(), who.strip(), note.strip())


@router.post("/{ref:path}/holds/{hold_id}/release")
def release(
    services: Services, user: Agent, ref: str, hold_id: int, record: Annotated[Record, Depends(recorded)]
) -> Response:
    """End a hold, with what its way out asks for."""
    release_hold(services.engine, ref, hold_id, user.email, services.now(), user.role, record)
    return _back_to(ref)


@router.post("/{ref:path}/disputes")
def dispute(
    services: Services, user: Agent, ref: str, reason: Annotated[DisputeReason, Form()], text: Text = ""
) -> Response:
    """The debtor told us that they contest the debt."""
    open_dispute(services.engine, ref, Disputed(reason), text, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/disputes/{dispute_id}/review")
def review(services: Services, user: Agent, ref: str, dispute_id: int) -> Response:
    """Somebody looks into a dispute."""
    review_dispute(services.engine, ref, dispute_id, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/disputes/{dispute_id}/verify")
def verify(services: Services, user: Agent, ref: str, dispute_id: int, sent_on: Day = "", how: Text = "") -> Response:
    """The verification was sent."""
    day = _day(sent_on, "When the verification was sent")
    if day is None:
        raise HTTPException(422, "Write the day on which the verification was sent.")
    verify_dispute(services.engine, ref, dispute_id, day, how, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/disputes/{dispute_id}/resolve")
def resolve(
    services: Services,
    user: Agent,
    ref: str,
    dispute_id: int,
    outcome: Annotated[DisputeState, Form()],
    note: Text = "",
) -> Response:
    """A dispute was decided."""
    resolve_dispute(services.engine, ref, dispute_id, outcome, note, user.role, user.email, services.now())
    return _back_to(ref)


def _day(written: str, what: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise HTTPException(422, f"{what} is a day such as 2026-12-31, or nothing.") from error


def _back_to(ref: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(ref)}", status_code=303)
