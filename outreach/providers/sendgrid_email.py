"""E-mail through SendGrid.

SendGrid has no idempotency key: the attempt id travels as a custom argument and comes back in every event and in
the logs. The sendgrid package builds the mail; its own client builds a new opener and connection for each call
(four times the cost) and logs keys at DEBUG, so the call goes over our transport.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, urlsplit

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from sendgrid.helpers.mail import (
    ClickTracking,
    CustomArg,
    Ganalytics,
    Header,
    Mail,
    OpenTracking,
    SubscriptionTracking,
    TrackingSettings,
)

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.message import Channel, EmailMessage
from outreach.domain.sending import (
    Capabilities,
    Finding,
    Found,
    Parsed,
    RawWebhook,
    SendError,
    SendRequest,
    SendResult,
    WebhookGarbled,
    WebhookInvalid,
)
from outreach.providers.failures import (
    CANNOT_TELL,
    CLOCK_SKEW,
    NOT_FOUND,
    Clock,
    refusal,
    refuse_when_late,
    retry_after,
    unreadable,
)
from outreach.providers.http import Reply, Transport, run
from outreach.providers.sendgrid_inbound import read_inbound
from outreach.providers.sendgrid_words import KIND_OF_EVENT, KIND_OF_LOG_STATUS, meaning_of_refusal, why_undelivered
from outreach.providers.webhooks import check_fresh, digest, header, read_json, text_or_none
from outreach.settings import Settings, SettingsError

#: SendGrid merges custom arguments into its events, so the name must not be one of its own words.
ATTEMPT_ARG = "outreach_attempt"
#: https://www.twilio.com/docs/sendgrid/api-reference/suppressions-global-suppressions
_UNSUBSCRIBES = "/v3/asm/suppressions/global"
#: Messages that `find` looks into, newest first: each costs one more call.
SEARCH_DEPTH = 10


class SendgridEmail:
    """The provider `sendgrid`."""

    name = "sendgrid"
    channel = Channel.EMAIL
    capabilities = Capabilities()

    def __init__(self, settings: Settings, now: Clock) -> None:
        self.transport = Transport.of(settings)
        self._base = settings.sendgrid_api_base
        self._from = settings.sendgrid_from
        self._headers = {
            "Authorization": f"Bearer {settings.sendgrid_api_key.get_secret_value()}",
            "Content-Type": "application/json",
        }
        self._key = _public_key(settings.sendgrid_webhook_public_key)
        self._now = now

    def send(self, request: SendRequest) -> SendResult:
        """Hand the mail over. Only 202 means that SendGrid queued it."""
        return run(self.call(request))

    async def call(self, request: SendRequest) -> SendResult:
        """The same for `Exchanges`."""
        now = self._now()
        refuse_when_late(request, now)
        reply = await self._ask("POST", "/v3/mail/send", self._mail(request).get())
        if reply.status >= 300:
            meaning, field = meaning_of_refusal(reply.status, reply.json_object())
            raise refusal(reply.status, meaning, code=field, retry_after=retry_after(reply.headers, now))
        if reply.status != 202:
            raise unreadable(reply.status, "a success that is not SendGrid's 202")
        return SendResult(reply.headers.get("X-Message-Id"))

    def find(self, request: SendRequest) -> Finding:
        """Look in the e-mail logs for the custom argument. A NO is as fresh as the logs, which lag by minutes."""
        if "'" in str(request.to):
            return CANNOT_TELL  # their query language knows no escape
        since = (request.started_at - CLOCK_SKEW).astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat()
        query = f"to_email = '{request.to}' AND sg_message_id_created_at >= TIMESTAMP \"{since}Z\""
        try:
            listed = self._call("POST", "/v3/logs", {"query": query, "limit": SEARCH_DEPTH})
            messages = listed.json_object().get("messages")
            if listed.status != 200 or not isinstance(messages, list):
                return CANNOT_TELL
            return self._find_among(messages, request.attempt_id)
        except SendError:
            return CANNOT_TELL

    def list_stop(self, address: str) -> None:
        """Put an address on the account's global unsubscribes: SendGrid drops what is sent there."""
        self._list("POST", _UNSUBSCRIBES, {"recipient_emails": [address]}, {201})

    def list_start(self, address: str) -> None:
        """Take it off again."""
        self._list("DELETE", f"{_UNSUBSCRIBES}/{quote(address, safe='')}", None, {204, 404})

    def verify(self, webhook: RawWebhook) -> None:
        """ECDSA (P-256, SHA-256) over the timestamp and the raw body; events and inbound mails are signed alike."""
        signature = header(webhook, "X-Twilio-Email-Event-Webhook-Signature")
        timestamp = header(webhook, "X-Twilio-Email-Event-Webhook-Timestamp")
        check_fresh(timestamp, webhook.received_at)
        if self._key is None:
            raise WebhookInvalid("no public key is set to check it with")
        try:
            signed = timestamp.encode() + webhook.body
            self._key.verify(base64.b64decode(signature, validate=True), signed, ECDSA(SHA256()))
        except (InvalidSignature, binascii.Error, ValueError) as error:
            raise WebhookInvalid("X-Twilio-Email-Event-Webhook-Signature does not match") from error

    def parse(self, webhook: RawWebhook) -> Parsed:
        """An array of events, or a debtor's e-mail when the path ends in /inbound."""
        if urlsplit(webhook.url).path.endswith("/inbound"):
            return Parsed(messages=(read_inbound(webhook),))
        events = read_json(webhook)
        if not isinstance(events, list) or not all(isinstance(event, dict) for event in events):
            raise WebhookGarbled("the body is not an array of events")
        return Parsed(events=tuple(_event(event) for event in events))

    def _list(self, method: str, path: str, body: Any, expected: set[int]) -> None:
        reply = self._call(method, path, body)
        if reply.status not in expected:
            raise refusal(reply.status) if reply.status >= 300 else unreadable(reply.status, "no answer of this list")

    def _call(self, method: str, path: str, body: Any = None) -> Reply:
        return run(self._ask(method, path, body))

    async def _ask(self, method: str, path: str, body: Any = None) -> Reply:
        data = None if body is None else orjson.dumps(body)
        return await self.transport.ask(method, self._base + path, headers=self._headers, body=data)

    def _mail(self, request: SendRequest) -> Mail:
        assert isinstance(request.content, EmailMessage)
        mail = Mail(
            from_email=self._from or str(request.sender),
            to_emails=str(request.to),
            subject=request.content.subject,
            plain_text_content=request.content.text,
            html_content=request.content.html,
        )
        mail.add_custom_arg(CustomArg(ATTEMPT_ARG, request.attempt_id, p=0))
        mail.tracking_settings = _no_tracking()
        if request.reply_to:
            mail.reply_to = request.reply_to
        for name, value in request.content.headers.items():
            mail.add_header(Header(name, value, p=0))
        return mail

    def _find_among(self, messages: list[Any], attempt_id: str) -> Finding:
        for message in messages:
            sg_message_id = str(message.get("sg_message_id")) if isinstance(message, dict) else ""
            reply = self._call("GET", f"/v3/logs/{quote(sg_message_id, safe='')}")
            details = reply.json_object()
            if reply.status != 200 or not details:
                return CANNOT_TELL
            if (details.get("custom_args") or {}).get(ATTEMPT_ARG) == attempt_id:
                kind = KIND_OF_LOG_STATUS.get(str(details.get("status")), EventKind.UNKNOWN)
                return Finding(Found.YES, _ref(sg_message_id), kind)
        return CANNOT_TELL if len(messages) >= SEARCH_DEPTH else NOT_FOUND


def configured(settings: Settings, now: Clock) -> SendgridEmail | None:
    """The provider, when an API key is set. Raises SettingsError when the webhook's public key is none."""
    return SendgridEmail(settings, now) if settings.sendgrid_api_key.get_secret_value() else None


def _no_tracking() -> TrackingSettings:
    """All of it off: links in a debt notice are not rewritten, and nobody is watched reading it."""
    settings = TrackingSettings()
    settings.click_tracking = ClickTracking(enable=False, enable_text=False)
    settings.open_tracking = OpenTracking(enable=False)
    settings.subscription_tracking = SubscriptionTracking(enable=False)
    settings.ganalytics = Ganalytics(enable=False)
    return settings


def _public_key(text: str) -> EllipticCurvePublicKey | None:
    if not text:
        return None
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError) as error:
        raise SettingsError(
            "OUTREACH_SENDGRID_WEBHOOK_PUBLIC_KEY is not a public key in base64: copy it from SendGrid's settings "
            "under Mail Settings, Event Webhook, Security features"
        ) from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise SettingsError("OUTREACH_SENDGRID_WEBHOOK_PUBLIC_KEY is not a key of an elliptic curve: copy it again")
    return key


def _event(event: dict[str, Any]) -> DeliveryEvent:
    word, ref = str(event.get("event", "")), text_or_none(event.get("sg_message_id"))
    permanent, reason = why_undelivered(event)
    address = text_or_none(event.get("email"))
    return DeliveryEvent(
        event_id=text_or_none(event.get("sg_event_id")) or digest(ref, word, event.get("timestamp"), address),
        kind=KIND_OF_EVENT.get(word, EventKind.UNKNOWN),
        word=word,
        attempt_id=text_or_none(event.get(ATTEMPT_ARG)),
        ref=_ref(ref),
        occurred_at=_time(event.get("timestamp")),
        permanent=permanent,
        reason=reason,
        code=text_or_none(event.get("status")),
        address=address,
    )


def _ref(sg_message_id: str | None) -> str | None:
    """X-Message-Id, which an event's sg_message_id starts with: the part before the first dot."""
    return sg_message_id.split(".")[0] if sg_message_id else None


def _time(timestamp: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(timestamp)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
