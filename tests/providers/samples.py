"""Sample requests, keys and the vendors' answers and webhooks, as the vendors write them. No person is real."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from twilio.request_validator import RequestValidator

from outreach.domain.message import Channel, EmailMessage, LetterMessage, PostalAddress, SmsEncoding, SmsMessage
from outreach.domain.sending import RawWebhook, SendRequest
from outreach.settings import Settings
from tests.providers.vendor_server import Answer

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
ATTEMPT = "0123456789abcdef0123456789abcdef.1"
PUBLIC = "https://hooks.example"
TWILIO_TOKEN = "12345"
LOB_SECRET = "sample-lob-secret"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
SENDGRID_PUBLIC = base64.b64encode(
    SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()

DEBTOR_NUMBER = "+12125550123"
OUR_NUMBER = "+12125550199"
DEBTOR_MAIL = "debtor@mail.example"
CREDITOR_MAIL = "Sample Creditor <billing@creditor.example>"
DEBTOR_HOME = PostalAddress("Sample Debtor", "1 Sample Street", "", "New York", "NY", "10001", "US")
CREDITOR_HOME = PostalAddress("Sample Creditor", "2 Sample Avenue", "Floor 3", "Albany", "NY", "12207", "US")

PDF = b"%PDF-1.7 sample\r\n\x00\xff%%EOF"
SMS = SmsMessage("Sample Creditor: 40.00 USD is past due. Ref S-1.", SmsEncoding.GSM7, 1)
EMAIL = EmailMessage(
    "Your sample invoice",
    "<p>Please pay.</p>",
    "Please pay.",
    {"List-Unsubscribe": "<https://pay.example/u/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"},
)
LETTER = LetterMessage(PDF, 1, hashlib.sha256(PDF).hexdigest())

SMS_REQUEST = SendRequest(ATTEMPT, Channel.SMS, DEBTOR_NUMBER, SMS, OUR_NUMBER, NOW)
EMAIL_REQUEST = SendRequest(
    ATTEMPT, Channel.EMAIL, DEBTOR_MAIL, EMAIL, CREDITOR_MAIL, NOW, reply_to="reply+abc@in.example"
)
LETTER_REQUEST = SendRequest(ATTEMPT, Channel.LETTER, DEBTOR_HOME, LETTER, CREDITOR_HOME, NOW)


def settings(base: str = "http://127.0.0.1:9", **more: Any) -> Settings:
    """Settings with all HTTP providers configured on one base URL."""
    values: dict[str, Any] = {
        "public_url": PUBLIC,
        "twilio_account_sid": "AC00000000000000000000000000000001",
        "twilio_auth_token": TWILIO_TOKEN,
        "twilio_from": OUR_NUMBER,
        "twilio_api_base": base,
        "sendgrid_api_key": "SG.sample",
        "sendgrid_api_base": base,
        "sendgrid_webhook_public_key": SENDGRID_PUBLIC,
        "lob_api_key": "test_sample",
        "lob_api_base": base,
        "lob_webhook_secret": LOB_SECRET,
        "provider_timeout": 5.0,
    }
    return Settings(**{**values, **more})


def twilio_message(**more: Any) -> dict[str, Any]:
    """A Message resource as the Twilio API writes it."""
    return {
        "account_sid": "AC00000000000000000000000000000001",
        "api_version": "2010-04-01",
        "body": SMS.body,
        "date_created": "Tue, 10 Mar 2026 15:00:01 +0000",
        "date_sent": None,
        "date_updated": "Tue, 10 Mar 2026 15:00:01 +0000",
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": OUR_NUMBER,
        "messaging_service_sid": None,
        "num_media": "0",
        "num_segments": "1",
        "price": None,
        "price_unit": None,
        "sid": "SM00000000000000000000000000000001",
        "status": "queued",
        "subresource_uris": {"media": "/2010-04-01/Accounts/AC/Messages/SM/Media.json"},
        "tags": None,
        "to": DEBTOR_NUMBER,
        "uri": "/2010-04-01/Accounts/AC/Messages/SM.json",
        **more,
    }


def twilio_list(*messages: dict[str, Any]) -> Answer:
    page = {
        "end": 0,
        "first_page_uri": "/x",
        "next_page_uri": None,
        "page": 0,
        "page_size": 50,
        "start": 0,
        "uri": "/x",
    }
    return Answer(200, {**page, "messages": list(messages)})


def twilio_webhook(fields: Mapping[str, str], path: str = f"/webhooks/twilio/status?a={ATTEMPT}") -> RawWebhook:
    """A form as Twilio posts it, signed."""
    url, body = PUBLIC + path, urlencode(fields).encode()
    signature = RequestValidator(TWILIO_TOKEN).compute_signature(url, dict(fields))
    headers = {"content-type": "application/x-www-form-urlencoded; charset=UTF-8", "x-twilio-signature": signature}
    return RawWebhook(url, headers, body, NOW)


def twilio_status(status: str, **more: str) -> RawWebhook:
    return twilio_webhook(
        {
            "AccountSid": "AC00000000000000000000000000000001",
            "ApiVersion": "2010-04-01",
            "From": OUR_NUMBER,
            "MessageSid": "SM00000000000000000000000000000001",
            "MessageStatus": status,
            "SmsSid": "SM00000000000000000000000000000001",
            "SmsStatus": status,
            "To": DEBTOR_NUMBER,
            **more,
        }
    )


def sendgrid_webhook(
    body: bytes, path: str = "/webhooks/sendgrid/events", *, at: datetime = NOW, content_type: str = "application/json"
) -> RawWebhook:
    """Bytes as SendGrid posts them, signed."""
    timestamp = str(int(at.timestamp()))
    signature = SENDGRID_KEY.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
    headers = {
        "content-type": content_type,
        "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
        "x-twilio-email-event-webhook-timestamp": timestamp,
    }
    return RawWebhook(PUBLIC + path, headers, body, NOW)


def sendgrid_event(word: str, **more: Any) -> dict[str, Any]:
    """An event as SendGrid writes it, with our custom argument merged in flat."""
    return {
        "email": DEBTOR_MAIL,
        "timestamp": int(NOW.timestamp()),
        "event": word,
        "sg_event_id": f"sample-event-{word}",
        "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001.16648.5515E0B88.0",
        "smtp-id": "<14c5d75ce93.dfd.64b469@ismtpd-555>",
        "outreach_attempt": ATTEMPT,
        **more,
    }


def sendgrid_events(*events: dict[str, Any], at: datetime = NOW) -> RawWebhook:
    return sendgrid_webhook(orjson.dumps(events) + b"\r\n", at=at)


def lob_webhook(body: bytes, *, at: datetime = NOW) -> RawWebhook:
    """Bytes as Lob posts them, signed."""
    timestamp = str(int(at.timestamp() * 1000))
    signature = hmac.new(LOB_SECRET.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    headers = {"lob-signature": signature, "lob-signature-timestamp": timestamp, "content-type": "application/json"}
    return RawWebhook(f"{PUBLIC}/webhooks/lob", headers, body, NOW)


def lob_event(word: str, *, at: datetime = NOW) -> RawWebhook:
    event = {
        "id": "evt_0000000000000001",
        "body": {"id": "ltr_0000000000000001", "metadata": {"attempt_id": ATTEMPT}, "object": "letter"},
        "reference_id": "ltr_0000000000000001",
        "event_type": {"id": word, "enabled_for_test": True, "resource": "letters", "object": "event_type"},
        "date_created": "2026-03-10T15:00:00.000Z",
        "object": "event",
    }
    return lob_webhook(orjson.dumps(event), at=at)


def late(request: SendRequest) -> SendRequest:
    """The same request, its time over."""
    return replace(request, not_after=NOW - timedelta(seconds=1))
