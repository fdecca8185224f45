"""SendGrid's own ways."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from outreach.domain.event import EventKind
from outreach.domain.sending import Found, NotSent, Reason, Rejected, Scope, SendError, WebhookInvalid
from outreach.providers import registry
from outreach.providers.sendgrid_email import SendgridEmail
from outreach.settings import SettingsError
from tests.providers.samples import (
    ATTEMPT,
    DEBTOR_MAIL,
    EMAIL,
    EMAIL_REQUEST,
    NOW,
    sendgrid_event,
    sendgrid_events,
    sendgrid_webhook,
    settings,
)
from tests.providers.vendor_server import Answer, VendorServer


def adapter(server: VendorServer, **more: Any) -> SendgridEmail:
    provider = registry.build(settings(server.url, **more), now=lambda: NOW)["sendgrid"]
    assert isinstance(provider, SendgridEmail)
    return provider


def test_the_mail_is_what_sendgrid_needs_and_nobody_is_tracked(server: VendorServer) -> None:
    server.will(Answer(202))
    adapter(server).send(EMAIL_REQUEST)
    assert (server.asked[0].path, server.asked[0].headers["authorization"]) == ("/v3/mail/send", "Bearer SG.sample")
    assert orjson.loads(server.asked[0].body) == {
        "from": {"email": "billing@creditor.example", "name": "Sample Creditor"},
        "reply_to": {"email": "reply+abc@in.example"},
        "subject": EMAIL.subject,
        "personalizations": [
            {
                "to": [{"email": DEBTOR_MAIL}],
                "custom_args": {"outreach_attempt": ATTEMPT},
                "headers": dict(EMAIL.headers),
            }
        ],
        "content": [{"type": "text/plain", "value": EMAIL.text}, {"type": "text/html", "value": EMAIL.html}],
        "tracking_settings": {
            "click_tracking": {"enable": False, "enable_text": False},
            "open_tracking": {"enable": False},
            "subscription_tracking": {"enable": False},
            "ganalytics": {"enable": False},
        },
    }


def test_the_configured_sender_goes_first(server: VendorServer) -> None:
    server.will(Answer(202))
    adapter(server, sendgrid_from="dunning@creditor.example").send(EMAIL_REQUEST)
    assert orjson.loads(server.asked[0].body)["from"] == {"email": "dunning@creditor.example"}


def test_an_accepted_mail_needs_no_reference(server: VendorServer) -> None:
    server.will(Answer(202))
    assert adapter(server).send(EMAIL_REQUEST).ref is None


@pytest.mark.parametrize(
    ("status", "field", "message", "failure", "scope", "reason"),
    [
        (400, "personalizations.0.to.0.email", "bad", Rejected, Scope.RECIPIENT, Reason.INVALID_ADDRESS),
        (400, "content.0.value", "bad", Rejected, Scope.CONTENT, Reason.CONTENT_INVALID),
        (403, "from", "not verified", Rejected, Scope.SENDER, Reason.NOT_REGISTERED),
        (401, None, "Maximum credits exceeded", Rejected, Scope.ACCOUNT, Reason.QUOTA),
        (403, None, "access forbidden", Rejected, Scope.ACCOUNT, Reason.AUTH),
        (413, None, "too large", Rejected, Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
        (404, None, "no such path", Rejected, Scope.ACCOUNT, Reason.OTHER),
        (429, None, "too many requests", NotSent, Scope.PROVIDER, Reason.THROTTLED),
    ],
)
def test_an_error_says_what_it_is_about(
    server: VendorServer,
    status: int,
    field: str | None,
    message: str,
    failure: type[SendError],
    scope: Scope,
    reason: Reason,
) -> None:
    server.will(Answer(status, {"errors": [{"message": message, "field": field, "help": None}]}))
    with pytest.raises(failure) as caught:
        adapter(server).send(EMAIL_REQUEST)
    assert (caught.value.scope, caught.value.reason) == (scope, reason)


def test_the_reset_of_the_rate_limit_says_when(server: VendorServer) -> None:
    server.will(Answer(429, b"", {"X-RateLimit-Reset": str(int(NOW.timestamp()) + 30)}))
    with pytest.raises(NotSent) as caught:
        adapter(server).send(EMAIL_REQUEST)
    assert caught.value.retry_after == 30.0


def test_another_attempts_mail_is_not_the_one(server: VendorServer) -> None:
    listed = Answer(200, {"messages": [{"sg_message_id": "m1", "to_email": DEBTOR_MAIL, "status": "processed"}]})
    server.will(listed, Answer(200, {"sg_message_id": "m1", "custom_args": {"outreach_attempt": "another.1"}}))
    assert adapter(server).find(EMAIL_REQUEST).found is Found.NO


def test_an_address_with_a_quote_is_not_looked_for(server: VendorServer) -> None:
    request = replace(EMAIL_REQUEST, to="o'sample@mail.example")
    assert adapter(server).find(request).found is Found.CANNOT_TELL
    assert server.asked == []


@pytest.mark.parametrize(
    ("age", "is_taken"),
    [
        (timedelta(hours=24), True),
        (timedelta(hours=24, minutes=11), False),
        (timedelta(minutes=-9), True),
        (timedelta(minutes=-11), False),
    ],
)
def test_a_webhook_may_be_a_day_late_but_not_more(server: VendorServer, age: timedelta, *, is_taken: bool) -> None:
    webhook = sendgrid_events(sendgrid_event("delivered"), at=NOW - age)
    if is_taken:
        adapter(server).verify(webhook)
        return
    with pytest.raises(WebhookInvalid):
        adapter(server).verify(webhook)


@pytest.mark.parametrize("timestamp", ["", "soon", "9" * 30, "-1"])
def test_a_timestamp_that_is_none_is_refused(server: VendorServer, timestamp: str) -> None:
    webhook = sendgrid_events(sendgrid_event("delivered"))
    headers = {**webhook.headers, "x-twilio-email-event-webhook-timestamp": timestamp}
    with pytest.raises(WebhookInvalid):
        adapter(server).verify(replace(webhook, headers=headers))


def test_without_a_key_nothing_is_taken(server: VendorServer) -> None:
    provider = adapter(server, public_url="", sendgrid_webhook_public_key="")
    with pytest.raises(WebhookInvalid):
        provider.verify(sendgrid_events(sendgrid_event("delivered")))


@pytest.mark.parametrize("key", ["not base64!", base64.b64encode(b"not a key").decode()])
def test_a_public_key_that_is_none_stops_the_start(key: str) -> None:
    with pytest.raises(SettingsError, match="OUTREACH_SENDGRID_WEBHOOK_PUBLIC_KEY"):
        registry.build(settings(sendgrid_webhook_public_key=key))


@pytest.mark.parametrize(
    ("event", "kind", "permanent", "reason"),
    [
        (sendgrid_event("processed", category="dunning"), EventKind.QUEUED, None, None),
        (sendgrid_event("received", category=["dunning", "first"]), EventKind.ACCEPTED, None, None),
        (sendgrid_event("deferred", attempt="5", response="400 try again"), EventKind.DEFERRED, None, None),
        (sendgrid_event("delivered", response="250 OK"), EventKind.DELIVERED, None, None),
        (
            sendgrid_event("bounce", type="bounce", status="5.1.1", bounce_classification="Invalid Address"),
            EventKind.UNDELIVERED,
            True,
            Reason.INVALID_ADDRESS,
        ),
        (
            sendgrid_event("bounce", type="blocked", bounce_classification="Reputation"),
            EventKind.UNDELIVERED,
            False,
            Reason.BLOCKED,
        ),
        (sendgrid_event("bounce", status="5.2.2"), EventKind.UNDELIVERED, None, Reason.UNREACHABLE),
        (sendgrid_event("bounce", type=7), EventKind.UNDELIVERED, None, Reason.OTHER),
        (sendgrid_event("dropped", reason="Bounced Address"), EventKind.REJECTED, True, Reason.INVALID_ADDRESS),
        (sendgrid_event("dropped", reason="Unsubscribed Address"), EventKind.REJECTED, False, Reason.OPTED_OUT),
        (sendgrid_event("dropped", reason="Spam Reporting Address"), EventKind.REJECTED, False, Reason.OPTED_OUT),
        (sendgrid_event("dropped", reason="Of a new kind"), EventKind.REJECTED, None, Reason.OTHER),
        (sendgrid_event("cancel_drop"), EventKind.FAILED, None, Reason.OTHER),
        (sendgrid_event("open", sg_machine_open=True), EventKind.READ, None, None),
        (sendgrid_event("click", url="https://pay.example/"), EventKind.READ, None, None),
        (sendgrid_event("spamreport"), EventKind.COMPLAINED, None, None),
        (sendgrid_event("unsubscribe"), EventKind.UNSUBSCRIBED, None, None),
        (sendgrid_event("group_unsubscribe", asm_group_id=1), EventKind.UNSUBSCRIBED, None, None),
        (sendgrid_event("group_resubscribe", asm_group_id=1), EventKind.RESUBSCRIBED, None, None),
    ],
    ids=lambda value: value["event"] if isinstance(value, dict) else "",
)
def test_every_event_has_a_kind(
    server: VendorServer, event: dict[str, Any], kind: EventKind, permanent: bool | None, reason: Reason | None
) -> None:
    (read,) = adapter(server).parse(sendgrid_events(event)).events
    assert (read.kind, read.permanent, read.reason) == (kind, permanent, reason)
    assert (read.event_id, read.attempt_id, read.ref) == (event["sg_event_id"], ATTEMPT, "14c5d75ce93")
    assert (read.occurred_at, read.address) == (NOW, DEBTOR_MAIL)


def test_a_batch_keeps_its_order(server: VendorServer) -> None:
    words = ["processed", "delivered", "bounce"]
    events = adapter(server).parse(sendgrid_events(*map(sendgrid_event, words))).events
    assert [event.word for event in events] == words


def test_an_event_with_nothing_in_it_is_still_kept(server: VendorServer) -> None:
    (event,) = adapter(server).parse(sendgrid_webhook(b'[{"timestamp": "late"}]')).events
    assert (event.kind, event.attempt_id, event.ref, event.occurred_at) == (EventKind.UNKNOWN, None, None, None)
    assert event.event_id


def test_times_are_utc(server: VendorServer) -> None:
    (event,) = adapter(server).parse(sendgrid_events(sendgrid_event("open", timestamp=1513299569))).events
    assert event.occurred_at == datetime(2017, 12, 15, 0, 59, 29, tzinfo=UTC)
