"""Twilio's own ways."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from outreach.domain.event import EventKind
from outreach.domain.sending import Found, NotSent, RawWebhook, Reason, Rejected, Scope, SendError, WebhookInvalid
from outreach.providers import registry
from outreach.providers.twilio_sms import TwilioSms
from tests.providers.samples import (
    ATTEMPT,
    DEBTOR_NUMBER,
    NOW,
    OUR_NUMBER,
    PUBLIC,
    SMS,
    SMS_REQUEST,
    settings,
    twilio_list,
    twilio_message,
    twilio_status,
    twilio_webhook,
)
from tests.providers.vendor_server import Answer, VendorServer


def adapter(server: VendorServer, **more: Any) -> TwilioSms:
    provider = registry.build(settings(server.url, **more), now=lambda: NOW)["twilio"]
    assert isinstance(provider, TwilioSms)
    return provider


def sent(server: VendorServer, **more: Any) -> dict[str, str]:
    server.will(Answer(201, twilio_message()))
    adapter(server, **more).send(replace(SMS_REQUEST, not_after=NOW + timedelta(hours=2)))
    return dict(parse_qsl(server.asked[-1].body.decode()))


def test_the_form_has_what_twilio_needs(server: VendorServer) -> None:
    assert sent(server) == {
        "To": DEBTOR_NUMBER,
        "From": OUR_NUMBER,
        "Body": SMS.body,
        "ValidityPeriod": "7200",
        "StatusCallback": f"{PUBLIC}/webhooks/twilio/status?a={ATTEMPT}#rc=5&rp=all",
    }
    assert server.asked[0].path == "/2010-04-01/Accounts/AC00000000000000000000000000000001/Messages.json"
    assert server.asked[0].headers["authorization"].startswith("Basic ")


def test_a_messaging_service_stands_in_for_the_number(server: VendorServer) -> None:
    form = sent(server, twilio_messaging_service_sid="MG01")
    assert form["MessagingServiceSid"] == "MG01"
    assert "From" not in form


def test_without_a_public_url_there_is_no_callback(server: VendorServer) -> None:
    assert "StatusCallback" not in sent(server, public_url="")


@pytest.mark.parametrize(
    ("left", "period"),
    [(timedelta(seconds=1), "1"), (timedelta(seconds=90.9), "90"), (timedelta(days=2), "36000"), (None, "36000")],
)
def test_a_text_does_not_wait_past_its_time(server: VendorServer, left: timedelta | None, period: str) -> None:
    server.will(Answer(201, twilio_message()))
    adapter(server).send(replace(SMS_REQUEST, not_after=NOW + left if left else None))
    assert parse_qs(server.asked[0].body.decode())["ValidityPeriod"] == [period]


def test_less_than_a_second_left_is_too_late(server: VendorServer) -> None:
    with pytest.raises(NotSent) as caught:
        adapter(server).send(replace(SMS_REQUEST, not_after=NOW + timedelta(seconds=0.9)))
    assert caught.value.reason is Reason.EXPIRED


def test_segments_are_what_twilio_counts(server: VendorServer) -> None:
    server.will(Answer(201, twilio_message(num_segments="2")), Answer(201, twilio_message(num_segments="0")))
    assert [adapter(server).send(SMS_REQUEST).segments for _ in range(2)] == [2, None]


def test_the_environment_does_not_move_the_host(server: VendorServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    assert sent(server)["To"] == DEBTOR_NUMBER


@pytest.mark.parametrize(
    ("status", "code", "failure", "scope", "reason"),
    [
        (400, 21211, Rejected, Scope.RECIPIENT, Reason.INVALID_ADDRESS),
        (400, 21614, Rejected, Scope.RECIPIENT, Reason.NOT_MOBILE),
        (400, 21610, Rejected, Scope.RECIPIENT, Reason.OPTED_OUT),
        (400, 21408, Rejected, Scope.ACCOUNT, Reason.GEO),
        (400, 21617, Rejected, Scope.CONTENT, Reason.CONTENT_TOO_LARGE),
        (400, 21606, Rejected, Scope.SENDER, Reason.INVALID_ADDRESS),
        (400, 21611, NotSent, Scope.SENDER, Reason.THROTTLED),
        (401, 20003, Rejected, Scope.ACCOUNT, Reason.AUTH),
        (429, 20429, NotSent, Scope.PROVIDER, Reason.THROTTLED),
        (400, 29999, Rejected, Scope.ACCOUNT, Reason.OTHER),
    ],
)
def test_an_error_code_says_what_it_is_about(
    server: VendorServer, status: int, code: int, failure: type[SendError], scope: Scope, reason: Reason
) -> None:
    server.will(Answer(status, {"code": code, "message": "as Twilio says", "more_info": "", "status": status}))
    with pytest.raises(failure) as caught:
        adapter(server).send(SMS_REQUEST)
    assert (caught.value.scope, caught.value.reason, caught.value.code) == (scope, reason, str(code))


def test_a_problem_document_is_read_like_any_error(server: VendorServer) -> None:
    server.will(Answer(400, {"type": "about:blank", "title": "Bad", "status": 400, "code": 21211}))
    with pytest.raises(Rejected) as caught:
        adapter(server).send(SMS_REQUEST)
    assert caught.value.reason is Reason.INVALID_ADDRESS


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Another text."},
        {"date_created": "Mon, 09 Mar 2026 15:00:01 +0000"},
        {"date_created": None},
    ],
)
def test_another_text_is_not_the_one(server: VendorServer, other: dict[str, Any]) -> None:
    server.will(twilio_list(twilio_message(**other)))
    assert adapter(server).find(SMS_REQUEST).found is Found.NO


def test_find_asks_for_the_number_and_tells_how_it_went(server: VendorServer) -> None:
    server.will(twilio_list(twilio_message(body="Another text."), twilio_message(status="undelivered")))
    finding = adapter(server).find(SMS_REQUEST)
    assert (finding.found, finding.kind) == (Found.YES, EventKind.UNDELIVERED)
    assert parse_qs(urlsplit(server.asked[0].path).query)["To"] == [DEBTOR_NUMBER]


def test_a_full_page_of_other_texts_proves_nothing(server: VendorServer) -> None:
    server.will(twilio_list(*[twilio_message(body=f"Text {n}") for n in range(50)]))
    assert adapter(server).find(SMS_REQUEST).found is Found.CANNOT_TELL


def test_twilios_own_vector_verifies(server: VendorServer) -> None:
    """The one in the tests of the twilio package: token 12345."""
    form = b"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309"
    url, signature = "https://mycompany.com/myapp.php?foo=1&bar=2", "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    adapter(server).verify(RawWebhook(url, {"x-twilio-signature": signature}, form, NOW))


def test_blank_fields_are_signed_too(server: VendorServer) -> None:
    webhook = twilio_webhook({"Body": "", "From": DEBTOR_NUMBER, "FromCity": ""})
    adapter(server).verify(webhook)
    with pytest.raises(WebhookInvalid):
        adapter(server).verify(replace(webhook, body=webhook.body.replace(b"&FromCity=", b"")))


def test_a_json_body_is_checked_against_its_hash(server: VendorServer) -> None:
    body = b'{"status": "ok"}'
    path = f"/webhooks/twilio/status?bodySHA256={hashlib.sha256(body).hexdigest()}"
    webhook = replace(twilio_webhook({}, path), body=body)
    adapter(server).verify(webhook)
    for changed in (b"", b'{"status": "no"}'):
        with pytest.raises(WebhookInvalid):
            adapter(server).verify(replace(webhook, body=changed))


@pytest.mark.parametrize("query", ["?a=other.1", "?", "", f"?a={ATTEMPT}&b=1", f"?a={ATTEMPT}&bodySHA256="])
def test_another_url_than_the_signed_one_is_refused(server: VendorServer, query: str) -> None:
    webhook = twilio_status("sent")
    with pytest.raises(WebhookInvalid):
        adapter(server).verify(replace(webhook, url=f"{PUBLIC}/webhooks/twilio/status{query}"))


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("accepted", EventKind.ACCEPTED),
        ("scheduled", EventKind.ACCEPTED),
        ("queued", EventKind.QUEUED),
        ("sending", EventKind.QUEUED),
        ("sent", EventKind.SENT),
        ("delivered", EventKind.DELIVERED),
        ("partially_delivered", EventKind.DELIVERED),
        ("undelivered", EventKind.UNDELIVERED),
        ("failed", EventKind.FAILED),
        ("canceled", EventKind.FAILED),
        ("read", EventKind.READ),
    ],
)
def test_every_status_has_a_kind(server: VendorServer, word: str, kind: EventKind) -> None:
    (event,) = adapter(server).parse(twilio_status(word)).events
    assert (event.kind, event.attempt_id, event.address) == (kind, ATTEMPT, DEBTOR_NUMBER)


@pytest.mark.parametrize(
    ("code", "permanent", "reason"),
    [
        ("30003", False, Reason.UNREACHABLE),
        ("30005", True, Reason.INVALID_ADDRESS),
        ("30006", True, Reason.NOT_MOBILE),
        ("30007", False, Reason.SPAM),
        ("21610", False, Reason.OPTED_OUT),
        ("30034", False, Reason.NOT_REGISTERED),
        ("39999", None, None),
        ("", None, None),
        ("soon", None, None),
    ],
)
def test_a_code_in_a_callback_says_why(
    server: VendorServer, code: str, permanent: bool | None, reason: Reason | None
) -> None:
    (event,) = adapter(server).parse(twilio_status("undelivered", ErrorCode=code)).events
    assert (event.permanent, event.reason, event.code) == (permanent, reason, code or None)


def test_another_status_of_a_message_is_other_news(server: VendorServer) -> None:
    words = ["sent", "delivered", "sent"]
    ids = [adapter(server).parse(twilio_status(word)).events[0].event_id for word in words]
    assert ids[0] == ids[2] != ids[1]


@pytest.mark.parametrize(("opt_out_type", "opt"), [("STOP", "stop"), ("START", "start"), ("HELP", "help"), ("", None)])
def test_a_debtors_text_is_read(server: VendorServer, opt_out_type: str, opt: str | None) -> None:
    fields = {
        "MessageSid": "SM02",
        "From": DEBTOR_NUMBER,
        "To": OUR_NUMBER,
        "Body": "Pagaré mañana 好的 + más",
        "NumMedia": "0",
        "FromCity": "",
        "OptOutType": opt_out_type,
    }
    webhook = twilio_webhook(fields, "/webhooks/twilio/inbound")
    adapter(server).verify(webhook)
    (message,) = adapter(server).parse(webhook).messages
    assert (message.event_id, message.sender, message.recipient) == ("SM02", DEBTOR_NUMBER, OUR_NUMBER)
    assert (message.text, message.opt) == ("Pagaré mañana 好的 + más", opt)
