"""Letters through Lob.

Lob keeps an Idempotency-Key for 24 hours, so a letter whose outcome is unknown may be asked for again by sending
it with the same attempt id. The call is written here because Lob's own package takes no bytes for a PDF.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import urllib3
from urllib3.filepost import encode_multipart_formdata

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.message import Address, Channel, LetterMessage, PostalAddress
from outreach.domain.sending import (
    Capabilities,
    Finding,
    Found,
    Parsed,
    RawWebhook,
    Reason,
    Scope,
    SendError,
    SendRequest,
    SendResult,
    WebhookGarbled,
    WebhookInvalid,
)
from outreach.providers.failures import (
    CANNOT_TELL,
    NOT_FOUND,
    Clock,
    Meaning,
    refusal,
    refuse_when_late,
    retry_after,
    unreadable,
)
from outreach.providers.http import Transport
from outreach.providers.webhooks import check_fresh, digest, header, read_json, text_or_none
from outreach.settings import Settings

_CONTENT = Meaning(Scope.CONTENT, Reason.CONTENT_INVALID)
_TOO_LARGE = Meaning(Scope.CONTENT, Reason.CONTENT_TOO_LARGE)
_ADDRESS = Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS)
_QUOTA = Meaning(Scope.ACCOUNT, Reason.QUOTA)

#: Lob's error codes, in lower case.
MEANING_OF_CODE: dict[str, Meaning] = {
    "unembedded_fonts": _CONTENT,
    "pdf_encrypted": _CONTENT,
    "invalid_file": _CONTENT,
    "invalid_file_dimensions": _CONTENT,
    "inconsistent_page_dimensions": _CONTENT,
    "file_pages_exceed_max": _TOO_LARGE,
    "file_size_exceeds_limit": _TOO_LARGE,
    "failed_deliverability_strictness": _ADDRESS,
    "address_length_exceeds_limit": _ADDRESS,
    "payment_method_unverified": _QUOTA,
    "billing_address_required": _QUOTA,
    "custom_envelope_inventory_depleted": _QUOTA,
}

#: The part of an event's type after "letter." (and "certified.").
KIND_OF_EVENT: dict[str, EventKind] = {
    "created": EventKind.ACCEPTED,
    "rendered_pdf": EventKind.ACCEPTED,
    "rendered_thumbnails": EventKind.ACCEPTED,
    "rejected": EventKind.REJECTED,
    "failed": EventKind.FAILED,
    "deleted": EventKind.FAILED,
    "issue": EventKind.FAILED,
    "mailed": EventKind.SENT,
    "in_transit": EventKind.IN_TRANSIT,
    "in_local_area": EventKind.IN_TRANSIT,
    "processed_for_delivery": EventKind.IN_TRANSIT,
    "international_exit": EventKind.IN_TRANSIT,
    "re-routed": EventKind.DEFERRED,
    "pickup_available": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "returned_to_sender": EventKind.RETURNED,
    "viewed": EventKind.READ,
}


class LobLetter:
    """The provider `lob`."""

    name = "lob"
    channel = Channel.LETTER
    capabilities = Capabilities(idempotent=True)

    def __init__(self, settings: Settings, now: Clock) -> None:
        self._transport = Transport.of(settings)
        self._letters = f"{settings.lob_api_base}/v1/letters"
        self._login = urllib3.make_headers(basic_auth=f"{settings.lob_api_key.get_secret_value()}:")
        self._secret = settings.lob_webhook_secret.get_secret_value().encode()
        self._now = now

    def send(self, request: SendRequest) -> SendResult:
        """Create the letter, or get the one that this attempt created before."""
        assert isinstance(request.content, LetterMessage)
        now = self._now()
        refuse_when_late(request, now)
        body, content_type = encode_multipart_formdata(_form(request, request.content))
        headers = {**self._login, "Content-Type": content_type, "Idempotency-Key": request.attempt_id}
        reply = self._transport.request("POST", self._letters, headers=headers, body=body)
        answer = reply.json_object()
        if reply.status >= 300:
            said = answer.get("error")
            code = text_or_none(said.get("code")) if isinstance(said, dict) else None
            meaning = MEANING_OF_CODE.get((code or "").lower())
            raise refusal(reply.status, meaning, code=code, retry_after=retry_after(reply.headers, now))
        ref = text_or_none(answer.get("id"))
        if ref is None:
            raise unreadable(reply.status, "the answer names no letter")
        return SendResult(ref)

    def find(self, request: SendRequest) -> Finding:
        """Ask for letters with the attempt's metadata."""
        query = urlencode({"metadata[attempt_id]": request.attempt_id, "limit": 1})
        try:
            reply = self._transport.request("GET", f"{self._letters}?{query}", headers=self._login)
        except SendError:
            return CANNOT_TELL
        letters = reply.json_object().get("data")
        if reply.status != 200 or not isinstance(letters, list):
            return CANNOT_TELL
        if not letters:
            return NOT_FOUND
        ref = text_or_none(letters[0].get("id")) if isinstance(letters[0], dict) else None
        return Finding(Found.YES, ref, EventKind.ACCEPTED)

    def verify(self, webhook: RawWebhook) -> None:
        """Lob-Signature: hex HMAC-SHA256 of "<timestamp in ms>.<raw body>"."""
        signature, timestamp = header(webhook, "Lob-Signature"), header(webhook, "Lob-Signature-Timestamp")
        check_fresh(timestamp, webhook.received_at, per_second=1000)
        if not self._secret:
            raise WebhookInvalid("no secret is set to check it with")
        signed = timestamp.encode() + b"." + webhook.body
        expected = hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise WebhookInvalid("Lob-Signature does not match")

    def parse(self, webhook: RawWebhook) -> Parsed:
        """One event about one letter."""
        event = read_json(webhook)
        if not isinstance(event, dict) or not isinstance(event.get("event_type"), dict):
            raise WebhookGarbled("the body is not an event")
        return Parsed(events=(_event(event),))


def configured(settings: Settings, now: Clock) -> LobLetter | None:
    """The provider, when an API key is set."""
    return LobLetter(settings, now) if settings.lob_api_key.get_secret_value() else None


def _form(request: SendRequest, letter: LetterMessage) -> dict[str, str | tuple[str, bytes, str]]:
    """The fields of POST /v1/letters.

    Lob prints the addresses on a page of its own, in front: on the first page its white box would cover the text
    of a notice whose form the law gives.
    """
    return {
        **_address("to", request.to),
        **_address("from", request.sender),
        "file": ("letter.pdf", letter.pdf, "application/pdf"),
        "color": "false",
        "use_type": "operational",
        "address_placement": "insert_blank_page",
        "metadata[attempt_id]": request.attempt_id,
    }


def _address(field: str, address: Address) -> dict[str, str]:
    """An address in Lob's fields; a text is the id of an address that Lob holds."""
    if not isinstance(address, PostalAddress):
        return {field: address}
    lines = {
        "name": address.name,
        "address_line1": address.line1,
        "address_line2": address.line2,
        "address_city": address.city,
        "address_state": address.region,
        "address_zip": address.postal_code,
        "address_country": address.country,
    }
    return {f"{field}[{name}]": value for name, value in lines.items() if value}


def _event(event: Mapping[str, Any]) -> DeliveryEvent:
    word = str(event["event_type"].get("id", ""))
    letter = event.get("body")
    metadata = letter.get("metadata") if isinstance(letter, dict) else None
    kind = KIND_OF_EVENT.get(word.removeprefix("letter.").removeprefix("certified."), EventKind.UNKNOWN)
    ref = text_or_none(event.get("reference_id"))
    is_returned = kind is EventKind.RETURNED
    return DeliveryEvent(
        event_id=text_or_none(event.get("id")) or digest(ref, word, event.get("date_created")),
        kind=kind,
        word=word,
        attempt_id=text_or_none(metadata.get("attempt_id")) if isinstance(metadata, dict) else None,
        ref=ref,
        occurred_at=_time(event.get("date_created")),
        permanent=True if is_returned else None,
        reason=Reason.INVALID_ADDRESS if is_returned else None,
    )


def _time(text: object) -> datetime | None:
    try:
        at = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return at if at.tzinfo else None
