"""What agents do about an account's promises: record one, take one back."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, HTTPException
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.flow.promise_actions import cancel_promise, record_promise
from outreach.web.services import Services
from outreach.web.session import Agent, OurForm

router = APIRouter(prefix="/accounts", include_in_schema=False, dependencies=[OurForm])

Text = Annotated[str, Form(max_length=1000)]
Short = Annotated[str, Form(max_length=40)]


@router.post("/{ref:path}/promises")
def record(
    services: Services, user: Agent, ref: str, due_on: Short = "", amount: Short = "", words: Text = ""
) -> Response:
    """Record what the debtor promised; an empty amount means all that is open."""
    try:
        day = date.fromisoformat(due_on)
    except ValueError as error:
        raise HTTPException(422, "A promise is for a day such as 2026-12-31.") from error
    record_promise(services.engine, ref, amount, day, words, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/promises/{promise_id}/cancel")
def cancel(services: Services, user: Agent, ref: str, promise_id: int, why: Text = "") -> Response:
    """Take a promise back."""
    cancel_promise(services.engine, ref, promise_id, why, user.email, services.now())
    return _back_to(ref)


def _back_to(ref: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(ref)}", status_code=303)
