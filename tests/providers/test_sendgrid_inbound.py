"""Debtors' e-mails through SendGrid's Inbound Parse."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from urllib3.filepost import encode_multipart_formdata

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import WebhookGarbled
from outreach.providers import registry
from tests.providers.samples import DEBTOR_MAIL, NOW, sendgrid_webhook, settings

TOKEN = "0123456789abcdef0123456789abcdef"
HEADERS = "Received: by mail.example\nMessage-ID: <m1@mail.example>\nSubject: Re: Your sample invoice\n"
MAIL: dict[str, Any] = {
    "from": f"Sample Debtor <{DEBTOR_MAIL}>",
    "to": f"reply+{TOKEN}@in.example",
    "subject": "Re: Your sample invoice",
    "text": "I paid yesterday.",
    "html": "<p>I paid yesterday.</p>",
    "headers": HEADERS,
    "envelope": orjson.dumps({"to": [f"reply+{TOKEN}@in.example"], "from": DEBTOR_MAIL}).decode(),
    "charsets": '{"to":"UTF-8","html":"UTF-8","subject":"UTF-8","from":"UTF-8","text":"UTF-8"}',
    "attachments": "0",
    "sender_ip": "192.0.2.1",
    "SPF": "pass",
}


def read(**changes: Any) -> InboundMessage:
    provider = registry.build(settings(), now=lambda: NOW)["sendgrid"]
    fields = {name: value for name, value in {**MAIL, **changes}.items() if value is not None}
    body, content_type = encode_multipart_formdata(fields)
    webhook = sendgrid_webhook(body, "/webhooks/sendgrid/inbound", content_type=content_type)
    provider.verify(webhook)
    (message,) = provider.parse(webhook).messages
    return message


def test_a_reply_names_the_notice_that_it_answers() -> None:
    assert read() == InboundMessage(
        event_id="<m1@mail.example>",
        channel=Channel.EMAIL,
        sender=DEBTOR_MAIL,
        recipient=f"reply+{TOKEN}@in.example",
        text="I paid yesterday.",
        subject="Re: Your sample invoice",
        token=TOKEN,
    )


def test_the_envelope_counts_and_not_the_header() -> None:
    assert read(to="Somebody <else@creditor.example>").token == TOKEN


def test_without_an_envelope_the_header_is_read() -> None:
    message = read(envelope=None)
    assert (message.token, message.recipient) == (TOKEN, f"reply+{TOKEN}@in.example")


def test_a_mail_to_another_address_has_no_token() -> None:
    message = read(envelope='{"to":["billing@in.example"],"from":"debtor@mail.example"}', to="billing@in.example")
    assert (message.token, message.recipient) == (None, "billing@in.example")


@pytest.mark.parametrize(
    ("charset", "text"),
    [("iso-8859-1", "Pagaré mañana"), ("gb2312", "明天付款"), ("UTF-8", "ça va"), ("shift_jis", "明日")],
)
def test_a_text_is_read_in_its_charset(charset: str, text: str) -> None:
    charsets = orjson.dumps({"text": charset}).decode()
    assert read(text=text.encode(charset), charsets=charsets).text == text


@pytest.mark.parametrize("charsets", ['{"text":"no-such-charset"}', "not json", "[]", None])
def test_an_unknown_charset_is_no_reason_to_lose_a_mail(charsets: str | None) -> None:
    assert read(text="Sí", charsets=charsets).text == "Sí"


def test_a_mail_without_a_plain_part_is_read_from_its_html() -> None:
    html = "<html><head><title>x</title><style>p{}</style></head><p>I &amp; my <b>wife</b><br>paid.</p><div>Bye</div>"
    assert read(text=None, html=html).text == "I & my wife\npaid.\nBye"


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied",
        "Auto-Submitted: auto-generated; owner-email=x",
        "Precedence: bulk",
        "X-Autoreply: yes",
        "Return-Path: <>",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    ],
)
def test_a_machines_answer_is_known_as_one(header: str) -> None:
    assert read(headers=HEADERS + header + "\n").auto_reply


@pytest.mark.parametrize("header", ["Auto-Submitted: no", "Precedence: normal", "X-Mailer: Sample"])
def test_a_persons_answer_is_not_taken_for_a_machines(header: str) -> None:
    assert not read(headers=HEADERS + header + "\n").auto_reply


def test_an_empty_envelope_sender_is_a_machine() -> None:
    assert read(envelope=f'{{"to":["reply+{TOKEN}@in.example"],"from":""}}').auto_reply


def test_the_same_mail_without_a_message_id_has_the_same_event_id() -> None:
    assert read(headers="").event_id == read(headers=None).event_id != read(headers="", text="Another").event_id


def test_attachments_do_not_disturb() -> None:
    assert read(attachment1=("scan.pdf", b"%PDF-1.7 \x00\xff", "application/pdf")).text == "I paid yesterday."


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"not a form", "multipart/form-data; boundary=b"),
        (b"not a form", "multipart/form-data"),
        (b"{}", "application/json"),
        (b"", ""),
        (b"text=x", "application/x-www-form-urlencoded"),
        (b'--b\r\nContent-Disposition: form-data; name="from"\r\n\r\na', "multipart/form-data; boundary=b"),
    ],
)
def test_a_form_that_cannot_be_read_is_garbled(body: bytes, content_type: str) -> None:
    provider = registry.build(settings(), now=lambda: NOW)["sendgrid"]
    with pytest.raises(WebhookGarbled):
        provider.parse(sendgrid_webhook(body, "/webhooks/sendgrid/inbound", content_type=content_type))
