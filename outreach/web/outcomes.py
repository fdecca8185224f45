"""The feed of outcome events for the creditor's systems: in order, from where a reader stopped.

An event with a lower id never appears after a higher one was served, so `after` is all that a reader must remember.
"""

from __future__ import annotations

from math import ceil
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from outreach.domain.outcome_event import KINDS
from outreach.domain.pacing import Rate
from outreach.flow.api_tokens import authenticate
from outreach.store import outcomes
from outreach.store.buckets import LocalBuckets
from outreach.store.engine import reading
from outreach.store.outcomes import Selection
from outreach.web.services import Services, WebServices

router = APIRouter(prefix="/api", include_in_schema=False)

#: Requests a second with one token, by each process of the web.
RATE = Rate(10)
MOST = 1_000


def limits(services: WebServices) -> LocalBuckets:
    """How often each token may ask."""
    return LocalBuckets(services.machine_now)


@router.get("/outcomes")
def feed(
    request: Request,
    services: Services,
    after: Annotated[int, Query(ge=0, lt=2**63)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 100,
    kind: Annotated[list[str] | None, Query()] = None,
) -> Response:
    """The creditor's events with ids above `after`, the oldest first; `kind` may be repeated."""
    written = request.headers.get("authorization", "").removeprefix("Bearer ")
    token = authenticate(services.engine, written, services.now())
    if token is None:
        return _json({"error": "the API token is missing, wrong or revoked"}, 401, {"www-authenticate": "Bearer"})
    buckets: LocalBuckets = request.app.state.feed_limits
    grant = buckets.take(str(token.id), RATE, 1)
    if not grant.count:
        return _json({"error": "too many requests"}, 429, {"retry-after": str(ceil(grant.next_in))})
    if unknown := set(kind or ()) - set(KINDS):
        error = f"no kind of outcome event: {', '.join(sorted(unknown))[:200]}"
        return _json({"error": error, "kinds": list(KINDS)}, 422)
    selection = Selection(creditor_id=token.creditor_id, kinds=tuple(kind or ()))
    with reading(services.engine) as connection:
        found = outcomes.published(connection, selection, limit + 1, after)
    served = found[:limit]
    last = served[-1].id if served else after
    return _json({"outcomes": [one.document() for one in served], "next_after": last, "more": len(found) > limit})


def _json(document: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(orjson.dumps(document), status, headers, "application/json")
