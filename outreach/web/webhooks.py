"""Webhooks: verify the raw bytes, keep what they say, acknowledge, and only then have it settled.

A provider hears 403 for a wrong signature, 404 when it is not configured, 413 for a body out of bounds, 503 while
the database is away or behind (it will try again), and 2xx for everything that is kept, read or not. A request that
takes too long to come is cut off by the server (`outreach.web.server`).

Plain ASGI in front of the framework: thousands of these come a second, and a route of the framework costs twice as
much as all that is done here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import Counter
from starlette.types import ASGIApp, Receive, Scope, Send

from outreach.domain.sending import Provider, RawWebhook, WebhookGarbled, WebhookInvalid
from outreach.flow.receive import as_garbled, as_rows
from outreach.store.inbox import Received
from outreach.web.intake import ComeAgain, Intake
from outreach.web.services import WebServices

log = logging.getLogger(__name__)
received = Counter("outreach_webhooks", "Webhooks by provider and what became of them", ("provider", "outcome"))

MEGABYTE = 1_000_000
#: SendGrid posts what has gathered in some seconds, thousands of events when much is sent.
LARGEST_BATCH = 10 * MEGABYTE
#: Whole messages with attachments, up to 30 MB, and the form around them.
LARGEST_MAIL = 31 * MEGABYTE
#: Bodies up to this size are read on the event loop: a thread would cost more than the work.
SMALL = 8_000
#: Bytes of longer bodies that may be in memory at once; who comes on top is told to come again.
MOST_BUFFERED = 80 * MEGABYTE
#: Seconds after which to come again.
RETRY_AFTER = b"10"
#: A refusal is logged once a provider in this time.
SAY_REFUSED_EVERY = timedelta(seconds=10)
PLAIN = b"text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Door:
    """Where a provider posts: the longest body it may post, and what it hears when the body is kept."""

    provider: str
    limit: int
    status: int = 200
    body: bytes = b""
    content_type: bytes = PLAIN


DOORS = {
    b"/webhooks/twilio/status": Door("twilio", MEGABYTE, 204),
    #: The empty TwiML tells Twilio to answer nothing by itself.
    b"/webhooks/twilio/inbound": Door("twilio", MEGABYTE, 200, b"<Response/>", b"text/xml; charset=utf-8"),
    b"/webhooks/sendgrid/events": Door("sendgrid", LARGEST_BATCH),
    b"/webhooks/sendgrid/inbound": Door("sendgrid", LARGEST_MAIL),
    b"/webhooks/lob": Door("lob", MEGABYTE),
}


class Refused(Exception):
    """The webhook is not kept; the provider hears why."""

    def __init__(self, status: int, message: str, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(message)
        self.status, self.headers = status, headers


class _Gone(Exception):
    """The sender hung up before its webhook was complete."""


class Webhooks:
    """ASGI application: answers what is posted to a door, and passes everything else on to `app`."""

    def __init__(self, app: ASGIApp, services: WebServices, intake: Intake) -> None:
        self._app, self._services, self._intake = app, services, intake
        self._buffered = 0
        self._last_refused: dict[str, datetime] = {}
        # One thread each: reading is Python's work, which two threads do no faster, and each mail takes memory.
        self._batch_reader = ThreadPoolExecutor(1, "webhook-batch")
        self._mail_reader = ThreadPoolExecutor(1, "webhook-mail")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one webhook."""
        door = DOORS.get(scope["raw_path"]) if scope["type"] == "http" else None
        if door is None:
            await self._app(scope, receive, send)
            return
        try:
            await self._take(door, scope, receive)
        except ComeAgain:
            received.labels(door.provider, "put off").inc()
            await _answer(send, 503, b"come again", PLAIN, [(b"retry-after", RETRY_AFTER)])
        except Refused as refused:
            await _answer(send, refused.status, str(refused).encode(), PLAIN, refused.headers)
        except _Gone:
            return
        else:
            await _answer(send, door.status, door.body, door.content_type)

    async def _take(self, door: Door, scope: Scope, receive: Receive) -> None:
        if scope["method"] != "POST":
            raise Refused(405, "webhooks are posted", (b"allow", b"POST"))
        provider = self._services.providers.get(door.provider)
        if provider is None:
            raise Refused(404, f"provider {door.provider} is not configured")
        rows = await self._rows(door, provider, scope, receive)
        await self._intake.keep(rows)
        received.labels(door.provider, "garbled" if rows and rows[0].state == "garbled" else "kept").inc()

    async def _rows(self, door: Door, provider: Provider, scope: Scope, receive: Receive) -> Sequence[Received]:
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        body = await self._body(door, headers, receive)
        try:
            webhook = RawWebhook(self._public_url(scope), headers, body, self._services.now())
            if len(body) <= SMALL:
                return self._read(provider, webhook)
            reader = self._mail_reader if door.limit > LARGEST_BATCH else self._batch_reader
            return await asyncio.get_running_loop().run_in_executor(reader, self._read, provider, webhook)
        finally:
            self._buffered -= len(body)

    def _public_url(self, scope: Scope) -> str:
        # Forwarded headers are whatever a stranger writes: only the configured address says what the provider signed.
        url = self._services.settings.public_url + scope["raw_path"].decode("latin-1")
        query: bytes = scope["query_string"]
        return f"{url}?{query.decode('latin-1')}" if query else url

    async def _body(self, door: Door, headers: dict[str, str], receive: Receive) -> bytes:
        """The whole body, counted as buffered. Raises Refused when it, or all bodies together, are too long."""
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > door.limit:
            raise _too_long(door)
        chunks: list[bytes] = []
        size, more = 0, True
        try:
            while more:
                chunk, more = await _next_chunk(receive)
                chunks.append(chunk)
                size += len(chunk)
                self._buffered += len(chunk)
                self._check_size(door, size)
        except BaseException:
            self._buffered -= size
            raise
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)

    def _check_size(self, door: Door, size: int) -> None:
        if size > door.limit:
            raise _too_long(door)
        if size > SMALL and self._buffered > MOST_BUFFERED:
            raise ComeAgain("too many bodies at once")

    def _read(self, provider: Provider, webhook: RawWebhook) -> Sequence[Received]:
        """What the body says, as rows. Raises Refused when its signature is wrong."""
        try:
            provider.verify(webhook)
        except WebhookInvalid as error:
            received.labels(provider.name, "refused").inc()
            self._say_refused(provider.name, error)
            raise Refused(403, "the signature is missing or wrong") from error
        try:
            parsed = provider.parse(webhook)
            return as_rows(provider.name, parsed, webhook.received_at, self._services.machine_now())
        except WebhookGarbled as error:
            log.warning("webhook of %s kept unread: %s", provider.name, error)
            return [as_garbled(provider.name, webhook, str(error))]
        except Exception as error:
            # A mistake of ours: the provider would repeat it for a day and then drop it. A person can read it again.
            log.exception("webhook of %s kept unread", provider.name)
            return [as_garbled(provider.name, webhook, type(error).__name__)]

    def _say_refused(self, provider: str, error: WebhookInvalid) -> None:
        # Strangers may post thousands a second; the metric counts them all.
        now = self._services.machine_now()
        last = self._last_refused.get(provider)
        if last is None or now - last >= SAY_REFUSED_EVERY:
            self._last_refused[provider] = now
            log.warning("webhook of %s refused: %s", provider, error)


async def _next_chunk(receive: Receive) -> tuple[bytes, bool]:
    message = await receive()
    if message["type"] == "http.disconnect":
        raise _Gone
    return message.get("body", b""), message.get("more_body", False)


def _too_long(door: Door) -> Refused:
    return Refused(413, f"a webhook here has at most {door.limit} bytes")


async def _answer(
    send: Send, status: int, body: bytes, content_type: bytes, headers: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    described = [(b"content-type", content_type), (b"content-length", b"%d" % len(body))] if status != 204 else []
    await send({"type": "http.response.start", "status": status, "headers": [*described, *headers]})
    await send({"type": "http.response.body", "body": body})
