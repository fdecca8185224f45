"""Outreach's own adapters against the sandbox: what they send, find, verify and read back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from outreach.domain.event import EventKind
from outreach.domain.message import Channel, EmailMessage, LetterMessage, PostalAddress, SmsEncoding, SmsMessage
from outreach.domain.sending import Found, OutcomeUnknown, Parsed, Provider, RawWebhook, SendRequest
from outreach.providers.registry import build
from outreach.settings import load
from tests.sandbox.conftest import Box, Web

ATTEMPT = "0123456789abcdef0123456789abcdef.1"
CREDITOR = PostalAddress("Sample Creditor", "2 Sample St", "", "Springfield", "IL", "62701", "US")
TEXT = SmsMessage("Your balance is due.", SmsEncoding.GSM7, 1)
MAIL = EmailMessage("Your balance", "<p>Your balance is due.</p>", "Your balance is due.")
LETTER = LetterMessage(b"%PDF-1.7\n%sample\n", 1, "0" * 64)


def debtor(line2: str = "") -> PostalAddress:
    return PostalAddress("Sample Debtor", "1 Sample St", line2, "Springfield", "IL", "62701", "US")


REQUESTS: dict[str, Callable[[], SendRequest]] = {
    "twilio": lambda: SendRequest(ATTEMPT, Channel.SMS, "+12125550101", TEXT, "+12125550100", datetime.now(UTC)),
    "sendgrid": lambda: SendRequest(
        ATTEMPT, Channel.EMAIL, "sample@debtor.example", MAIL, "billing@creditor.example", datetime.now(UTC)
    ),
    "lob": lambda: SendRequest(ATTEMPT, Channel.LETTER, debtor(), LETTER, CREDITOR, datetime.now(UTC)),
}
LOST = {"twilio": "+12125550197", "sendgrid": "error@debtor.example", "lob": debtor("ERROR")}
CALLBACKS = {"twilio": "/webhooks/twilio/status", "sendgrid": "/webhooks/sendgrid/events", "lob": "/webhooks/lob"}


def provider(box: Box, name: str) -> Provider:
    settings = load(
        {},
        public_url=box.config.callback_url,
        sendgrid_from="billing@creditor.example",
        **box.config.as_settings(box.url),
    )
    return build(settings)[name]


def received(web: Web, adapter: Provider, path: str) -> Parsed:
    post = web.next(path)
    webhook = RawWebhook(post.url, post.headers, post.body, datetime.now(UTC))
    adapter.verify(webhook)
    return adapter.parse(webhook)


@pytest.mark.parametrize("name", REQUESTS)
def test_what_an_adapter_sends_comes_back_as_delivered_under_its_attempt(box: Box, web: Web, name: str) -> None:
    adapter = provider(box, name)
    sent = adapter.send(REQUESTS[name]())
    events = list(received(web, adapter, CALLBACKS[name]).events)
    while events[-1].kind is not EventKind.DELIVERED:
        events += received(web, adapter, CALLBACKS[name]).events
    assert {event.attempt_id for event in events} == {ATTEMPT}
    assert {event.ref for event in events} == {sent.ref}
    assert box.summary()["doubled"] == {}
    assert [row["attempt_id"] for row in box.ledger()] == [ATTEMPT]


@pytest.mark.parametrize("name", REQUESTS)
def test_an_attempt_whose_answer_was_lost_is_found(box: Box, name: str) -> None:
    adapter, whole = provider(box, name), REQUESTS[name]()
    lost = SendRequest(ATTEMPT, whole.channel, LOST[name], whole.content, whole.sender, whole.started_at)
    assert adapter.find(lost).found is Found.NO
    with pytest.raises(OutcomeUnknown):
        adapter.send(lost)
    assert adapter.find(lost).found is Found.YES


@pytest.mark.parametrize(
    ("channel", "sender", "path"),
    [
        ("sms", "+12125550101", "/webhooks/twilio/inbound"),
        ("email", "sample@debtor.example", "/webhooks/sendgrid/inbound"),
    ],
)
def test_a_debtors_answer_is_verified_and_read(box: Box, web: Web, channel: str, sender: str, path: str) -> None:
    adapter = provider(box, "twilio" if channel == "sms" else "sendgrid")
    adapter.send(REQUESTS[adapter.name]())
    box.post("/sandbox/replies", {"channel": channel, "sender": sender, "text": "I paid yesterday"})
    message = received(web, adapter, path).messages[0]
    assert (message.sender, message.text.splitlines()[0]) == (sender, "I paid yesterday")
