"""Accounts: the list with its search, and one account with its timeline."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import orjson
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import Response

from outreach.domain.dispute import DisputeReason
from outreach.domain.standing import ConsentScope
from outreach.flow.case_list import reasons, running
from outreach.flow.promise_actions import promises_of
from outreach.flow.proof import NoSuchAccount, proof
from outreach.flow.sealing import ChainBroken
from outreach.flow.waiting import waiting
from outreach.store import attachments
from outreach.store.consents import consents_of
from outreach.store.dossier import dossier, notices_of, replies_of
from outreach.store.engine import reading
from outreach.store.plans import of_accounts as plans_of
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
    choices: dict[str, Any] = {
        "reasons": reasons(),
        "scopes": list(ConsentScope),
        "dispute_reasons": list(DisputeReason),
        "to_release": request.query_params.get("hold", ""),
    }
    return page(request, "account.html", fragment=False, **choices, **_account(services, ref))


def _account(services: WebServices, ref: str) -> dict[str, Any]:
    now = services.now()
    with reading(services.engine) as connection:
        found = dossier(connection, ref)
        if found is None:
            raise HTTPException(404)
        sent = notices_of(connection, ref)
        return {
            "account": found,
            "holds": running(connection, found, now),
            "notices": sent,
            "waiting": waiting(sent, now),
            "replies": replies_of(connection, ref),
            "consents": consents_of(connection, found.debtor.id),
            "attachments": attachments.of_account(connection, ref),
            "plans": plans_of(connection, [found.id]),
            "promises": promises_of(connection, ref),
            "timeline": account_timeline(connection, ref),
            "version": timeline_version(connection, ref, now),
            "now": now,
        }
