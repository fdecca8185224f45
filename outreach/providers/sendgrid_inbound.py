"""SendGrid's Inbound Parse: a multipart form that holds one debtor's e-mail.

Source: https://www.twilio.com/docs/sendgrid/for-developers/parsing-email/setting-up-the-inbound-parse-webhook
("raw" must be off).
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import parseaddr
from io import BytesIO
from typing import Any

import orjson
from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import RawWebhook, WebhookGarbled
from outreach.providers.inbound_mail import read_headers, reply_address, text_of_html, wrote_itself
from outreach.providers.webhooks import digest

LONGEST_ADDRESS = 2_000


def read_inbound(webhook: RawWebhook) -> InboundMessage:
    """The mail. Attachments are not read. Raises WebhookGarbled."""
    fields = _decoded(_raw_fields(webhook))
    if "from" not in fields:
        raise WebhookGarbled("the field from is missing")
    envelope, headers = _json_object(fields.get("envelope", "")), read_headers(fields.get("headers", ""))
    addresses = [str(address) for address in envelope.get("to") or [] if isinstance(envelope.get("to"), list)]
    recipients = [*addresses, _address(fields.get("to", ""))]
    recipient, token = reply_address(recipients) or (recipients[0], None)
    sender = _address(fields["from"]) or str(envelope.get("from") or "")
    text = fields.get("text") or text_of_html(fields.get("html", ""))
    return InboundMessage(
        event_id=str(headers.get("Message-ID") or "").strip() or digest(sender, recipient, fields.get("subject"), text),
        channel=Channel.EMAIL,
        sender=sender,
        recipient=recipient,
        text=text,
        subject=fields.get("subject", ""),
        token=token,
        auto_reply=wrote_itself(headers) or envelope.get("from") == "",
    )


def _address(text: str) -> str:
    """The address in a header, or the first of several; reading a header of megabytes takes seconds."""
    return parseaddr(text[:LONGEST_ADDRESS])[1]


def _raw_fields(webhook: RawWebhook) -> dict[str, bytes]:
    fields: dict[str, bytes] = {}

    def keep(field: Field) -> None:
        fields[(field.field_name or b"").decode(errors="replace")] = field.value or b""

    def drop(file: File) -> None:
        file.close()

    content_type = webhook.headers.get("content-type", "")
    try:
        parse_form({"Content-Type": content_type.encode()}, BytesIO(webhook.body), keep, drop)
    except FormParserError as error:
        raise WebhookGarbled("the body is not the form that its content type says") from error
    return fields


def _decoded(raw: Mapping[str, bytes]) -> dict[str, str]:
    """Each field in the charset that `charsets` names for it; UTF-8 where it names none or one unknown."""
    charsets = _json_object(raw.get("charsets", b""))
    return {name: _text(value, str(charsets.get(name, "utf-8"))) for name, value in raw.items()}


def _text(value: bytes, charset: str) -> str:
    try:
        return value.decode(charset, errors="replace")
    except (LookupError, ValueError):  # no such charset, or one that cannot replace what it does not know
        return value.decode(errors="replace")


def _json_object(value: str | bytes) -> dict[str, Any]:
    try:
        read = orjson.loads(value)
    except orjson.JSONDecodeError:
        return {}
    return read if isinstance(read, dict) else {}
