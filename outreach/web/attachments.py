"""Files that debtors sent with a dispute, for agents: as downloads, which no browser opens by itself."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from outreach.store import attachments
from outreach.store.engine import reading
from outreach.web.headers import MESSAGE_POLICY
from outreach.web.services import Services
from outreach.web.session import Agent

router = APIRouter(prefix="/accounts", include_in_schema=False)


@router.get("/{ref:path}/attachments/{attachment_id}")
def attachment(services: Services, user: Agent, ref: str, attachment_id: int) -> Response:
    """One file. Its type is the one that its bytes are of; the browser is told not to guess."""
    with reading(services.engine) as connection:
        found = attachments.get(connection, ref, attachment_id)
    if found is None:
        raise HTTPException(404)
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}",
        "content-security-policy": MESSAGE_POLICY,
        "x-content-type-options": "nosniff",
    }
    return Response(found.body, media_type=found.media_type, headers=headers)
