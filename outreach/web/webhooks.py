"""Webhooks: verify the raw bytes, keep what they say, acknowledge, and only then have it settled.

A provider hears 403 for a wrong signature, 404 when it is not configured, 413 for a body out of bounds, 503 while
the database is away (it will try again), and 2xx for everything that is kept, read or not.
"""

from __future__ import annotations

import logging
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, HTTPException, Request, Response
from prometheus_client import Counter

from outreach.domain.sending import Provider, RawWebhook, WebhookGarbled, WebhookInvalid
from outreach.flow.receive import keep_garbled, receive
from outreach.web.services import Services, WebServices

MEGABYTE = 1_000_000
#: SendGrid's inbound parse posts whole messages with attachments, up to 30 MB.
LARGEST_MAIL = 30 * MEGABYTE

logger = logging.getLogger(__name__)
router = APIRouter(prefix="/webhooks", include_in_schema=False)
received = Counter("outreach_webhooks", "Webhooks by provider and what became of them", ("provider", "outcome"))

Outcome = Literal["kept", "garbled"]


@router.post("/twilio/status")
async def twilio_status(request: Request, services: Services) -> Response:
    """A status callback; Twilio expects no content."""
    await _take(request, services, "twilio", MEGABYTE)
    return Response(status_code=204)


@router.post("/twilio/inbound")
async def twilio_inbound(request: Request, services: Services) -> Response:
    """A debtor's text; the empty TwiML tells Twilio to answer nothing by itself."""
    await _take(request, services, "twilio", MEGABYTE)
    return Response("<Response/>", media_type="text/xml")


@router.post("/sendgrid/events")
async def sendgrid_events(request: Request, services: Services) -> Response:
    """A batch of delivery events."""
    await _take(request, services, "sendgrid", MEGABYTE)
    return Response()


@router.post("/sendgrid/inbound")
async def sendgrid_inbound(request: Request, services: Services) -> Response:
    """A debtor's e-mail."""
    await _take(request, services, "sendgrid", LARGEST_MAIL)
    return Response()


@router.post("/lob")
async def lob(request: Request, services: Services) -> Response:
    """What became of a letter."""
    await _take(request, services, "lob", MEGABYTE)
    return Response()


def settle_soon(services: WebServices, ids: list[int]) -> None:
    """Hand new inbox rows to the broker. A broker that is away loses nothing: a sweep looks again within seconds."""
    if not ids:
        return
    try:
        services.enqueue_settle(ids)
    except Exception:
        logger.warning("broker away: %d inbox rows wait for the sweep", len(ids), exc_info=True)


async def _take(request: Request, services: WebServices, name: str, limit: int) -> None:
    provider = services.providers.get(name)
    if provider is None:
        raise HTTPException(404, f"provider {name} is not configured")
    webhook = RawWebhook(
        url=_public_url(request, services),
        headers={key.decode("latin-1").lower(): value.decode("latin-1") for key, value in request.scope["headers"]},
        body=await _body(request, limit),
        received_at=services.now(),
    )
    try:
        outcome = await to_thread.run_sync(_keep, services, provider, webhook)
    except WebhookInvalid as error:
        received.labels(name, "refused").inc()
        logger.warning("webhook of %s refused: %s", name, error)
        raise HTTPException(403, "the signature is missing or wrong") from error
    received.labels(name, outcome).inc()


def _public_url(request: Request, services: WebServices) -> str:
    # Forwarded headers are whatever a stranger writes: only the configured address says what the provider signed.
    query = request.scope["query_string"].decode("latin-1")
    path = request.scope["raw_path"].decode("latin-1")
    return f"{services.settings.public_url}{path}" + (f"?{query}" if query else "")


async def _body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise HTTPException(413, f"a webhook here has at most {limit} bytes")
    return bytes(body)


def _keep(services: WebServices, provider: Provider, webhook: RawWebhook) -> Outcome:
    provider.verify(webhook)
    try:
        parsed = provider.parse(webhook)
    except WebhookGarbled as error:
        keep_garbled(services.engine, provider.name, webhook, str(error))
        logger.exception("webhook of %s kept unread", provider.name)
        return "garbled"
    settle_soon(services, receive(services.engine, provider.name, parsed, webhook.received_at, services.machine_now()))
    return "kept"
