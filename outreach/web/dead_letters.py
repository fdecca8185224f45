"""Dead letters: what was set aside because it fails, what to do about it, and its replay."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.flow.dead_letters import MEANING, REMEDY, dismiss, replay
from outreach.flow.rereading import body_of
from outreach.store import dead_letters
from outreach.store.dead_letters import OF_INBOX, DeadLetter, Kind, Webhook
from outreach.store.engine import reading
from outreach.web.services import Services, WebServices
from outreach.web.session import Operator, OurForm, Viewer
from outreach.web.view import page

router = APIRouter(prefix="/dead-letters", include_in_schema=False)

PAGE_SIZE = 50
#: Characters of a stored body or document that a page shows; `outreach deadletters show` prints it all.
LONGEST_TEXT = 20_000


@router.get("")
def letters(
    request: Request,
    services: Services,
    user: Viewer,
    kind: str = "",
    before: int | None = None,
    ended: bool = False,  # noqa: FBT001 (a parameter of the address)
) -> Response:
    """Those that wait for a person, or that ended, the newest first."""
    kinds = [Kind(kind)] if kind in set(Kind) else []
    with reading(services.engine) as connection:
        found = dead_letters.find(connection, kinds, PAGE_SIZE + 1, before, ended=ended)
        counts = dead_letters.counts(connection)
    values: dict[str, Any] = {"letters": found[:PAGE_SIZE], "counts": counts, "kind": kind, "ended": ended}
    older = found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else None
    return page(request, "dead_letters.html", older=older, kinds=list(Kind), MEANING=MEANING, **values)


@router.get("/{letter_id}")
def letter(request: Request, services: Services, user: Viewer, letter_id: int) -> Response:
    """One dead letter: its error, what it says, and what to do."""
    with reading(services.engine) as connection:
        found = _known(dead_letters.get(connection, [letter_id]).get(letter_id))
        ids = [int(found.subject)] if found.kind in OF_INBOX else []
        webhook = next(iter(dead_letters.webhooks(connection, ids).values()), None)
    values: dict[str, Any] = {"meaning": MEANING[found.kind], "remedy": REMEDY[found.kind], "webhook": webhook}
    return page(request, "dead_letter.html", letter=found, said=_said(webhook), **values)


@router.post("/{letter_id}/replay", dependencies=[OurForm])
def replay_one(services: Services, user: Operator, letter_id: int) -> Response:
    """Try one again. Refused with the reason when that cannot be."""
    _exists(services, letter_id)
    now, machine_now = services.now(), services.machine_now()
    result = replay(services.engine, services.providers, [letter_id], user.email, now, machine_now)
    for why in result.refused.values():
        raise HTTPException(409, f"Not replayed: {why}.")
    return RedirectResponse("/dead-letters", status_code=303)


@router.post("/{letter_id}/dismiss", dependencies=[OurForm])
def dismiss_one(services: Services, user: Operator, letter_id: int, reason: Annotated[str, Form()] = "") -> Response:
    """Let one rest, with the reason."""
    _exists(services, letter_id)
    if not reason.strip():
        raise HTTPException(422, "Say why nothing needs to be done: the reason is kept.")
    dismiss(services.engine, [letter_id], user.email, reason.strip(), services.now())
    return RedirectResponse("/dead-letters", status_code=303)


def _exists(services: WebServices, letter_id: int) -> None:
    with reading(services.engine) as connection:
        _known(dead_letters.get(connection, [letter_id]).get(letter_id))


def _known(found: DeadLetter | None) -> DeadLetter:
    if found is None:
        raise HTTPException(404)
    return found


def _said(webhook: Webhook | None) -> str:
    """The body as it came, or the document that was made of it."""
    if webhook is None:
        return ""
    body = body_of(webhook)
    return (str(webhook.payload) if body is None else body)[:LONGEST_TEXT]
