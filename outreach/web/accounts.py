"""Accounts: the list with its search, and one account with its timeline."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated, Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import RedirectResponse
from starlette.responses import Response

from outreach.domain.account import HoldReason
from outreach.domain.standing import ConsentScope
from outreach.flow.actions import place_hold, release_hold
from outreach.flow.proof import NoSuchAccount, proof
from outreach.flow.sealing import ChainBroken
from outreach.flow.waiting import waiting
from outreach.store.consents import consents_of
from outreach.store.dossier import dossier, notices_of, replies_of
from outreach.store.engine import reading
from outreach.store.portfolio import Search, Standing, any_accounts, creditor_names, find_accounts
from outreach.store.timeline import account_timeline, timeline_version
from outreach.web.services import Services, WebServices
from outreach.web.session import Agent, OurForm, Viewer
from outreach.web.view import page

router = APIRouter(prefix="/accounts", include_in_schema=False)


@router.get("")
def accounts(
    request: Request,
    services: Services,
    user: Viewer,
    q: str = "",
    standing: str = "",
    creditor: str = "",
    after: str = "",
) -> Response:
    """The accounts that fit the search, a page at a time."""
    chosen = Standing(standing) if standing in set(Standing) else None
    search = Search(q[:200], chosen, creditor, after)
    with reading(services.engine) as connection:
        found = find_accounts(connection, search, services.now())
        names = creditor_names(connection)
        empty = not any_accounts(connection)
    values: dict[str, Any] = {"found": found, "search": search, "creditors": names, "standings": list(Standing)}
    return page(request, "accounts.html", now=services.now(), empty=empty, **values)


@router.get("/{ref:path}/live")
def live(request: Request, services: Services, user: Viewer, ref: str) -> Response:
    """The part of an account's page that changes by itself; 304 while nothing changed."""
    with reading(services.engine) as connection:
        tag = f'"{timeline_version(connection, ref, services.now())}"'
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers={"etag": tag})
    answer = page(request, "_live.html", fragment=True, **_account(services, ref))
    answer.headers["etag"] = tag
    return answer


@router.post("/{ref:path}/holds", dependencies=[OurForm])
def hold(
    services: Services,
    user: Agent,
    ref: str,
    reason: Annotated[HoldReason, Form()],
    until: Annotated[str, Form()] = "",
    note: Annotated[str, Form()] = "",
    whole_debtor: Annotated[bool, Form()] = False,
) -> Response:
    """Place a hold on the account, or on all of its debtor's."""
    try:
        ends_at = datetime.combine(datetime.fromisoformat(until).date(), time.min, UTC) if until else None
    except ValueError as error:
        raise HTTPException(422, "The end of a hold is a day such as 2026-12-31, or nothing.") from error
    details: dict[str, Any] = {"note": note.strip()[:1000], "ends_at": ends_at, "whole_debtor": whole_debtor}
    place_hold(services.engine, ref, reason, user.email, services.now(), **details)
    return _back_to(ref)


@router.post("/{ref:path}/holds/{hold_id}/release", dependencies=[OurForm])
def release(services: Services, user: Agent, ref: str, hold_id: int) -> Response:
    """End a hold."""
    release_hold(services.engine, ref, hold_id, user.email, services.now())
    return _back_to(ref)


@router.post("/{ref:path}/proof", dependencies=[OurForm])
def proof_file(services: Services, user: Agent, ref: str) -> Response:
    """The proof file of the account, to be kept as a file. A form, not a link: the timeline tells who took it."""
    try:
        document = proof(services.engine, ref, user.email, services.now())
    except NoSuchAccount as error:
        raise HTTPException(404) from error
    except ChainBroken as error:
        raise HTTPException(409, f"No proof file can be made: {error}") from error
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(f'proof-{ref}.json', safe='')}"}
    return Response(orjson.dumps(document), media_type="application/json", headers=headers)


@router.get("/{ref:path}")
def account(request: Request, services: Services, user: Viewer, ref: str) -> Response:
    """One account."""
    choices: dict[str, Any] = {"reasons": list(HoldReason), "scopes": list(ConsentScope)}
    return page(request, "account.html", fragment=False, **choices, **_account(services, ref))


def _back_to(ref: str) -> Response:
    return RedirectResponse(f"/accounts/{quote(ref)}", status_code=303)


def _account(services: WebServices, ref: str) -> dict[str, Any]:
    now = services.now()
    with reading(services.engine) as connection:
        found = dossier(connection, ref)
        if found is None:
            raise HTTPException(404)
        sent = notices_of(connection, ref)
        return {
            "account": found,
            "holds": [
                hold for hold in found.holds if hold.starts_at <= now and (not hold.ends_at or now < hold.ends_at)
            ],
            "notices": sent,
            "waiting": waiting(sent, now),
            "replies": replies_of(connection, ref),
            "consents": consents_of(connection, found.debtor.id),
            "timeline": account_timeline(connection, ref),
            "version": timeline_version(connection, ref, now),
            "now": now,
        }
