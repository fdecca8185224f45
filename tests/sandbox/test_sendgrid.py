"""SendGrid's own package against the sandbox, unchanged."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.policy import HTTP
from typing import Any

import orjson
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from python_http_client.exceptions import HTTPError
from sendgrid import SendGridAPIClient

from outreach.sandbox.config import Delays, SandboxConfig, derive_key, public_key_base64
from tests.sandbox.conftest import Box, Post, Start, Web

ATTEMPT = "0123456789abcdef0123456789abcdef.1"
#: What happens at once is in one POST, and so in order: POSTs that are under way together may overtake each other.
TOGETHER = replace(Delays.none(), batch=0.1)


def payload(to: str, **changed: Any) -> dict[str, Any]:
    return {
        "personalizations": [{"to": [{"email": to}], "custom_args": {"outreach_attempt": ATTEMPT}}],
        "from": {"email": "billing@creditor.example"},
        "reply_to": {"email": "reply+n1@in.creditor.example"},
        "subject": "Your balance",
        "content": [
            {"type": "text/plain", "value": "Your balance is due."},
            {"type": "text/html", "value": "<p>Your balance is due.</p>"},
        ],
        "categories": ["reminder"],
        **changed,
    }


def send(box: Box, to: str = "sample@debtor.example", **changed: Any) -> str:
    """Send by the package; gives the X-Message-Id."""
    client = SendGridAPIClient(box.config.sendgrid_api_key, host=box.url).client
    answer = client.mail.send.post(request_body=payload(to, **changed), timeout=10)
    assert answer.status_code == 202
    return str(answer.headers.get("X-Message-Id"))


def verify(box: Box, post: Post) -> None:
    key = load_der_public_key(base64.b64decode(box.config.sendgrid_webhook_public_key))
    assert isinstance(key, ec.EllipticCurvePublicKey)
    stamp = post.headers["x-twilio-email-event-webhook-timestamp"].encode()
    signature = base64.b64decode(post.headers["x-twilio-email-event-webhook-signature"])
    key.verify(signature, stamp + post.body, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        key.verify(signature, stamp + post.body.rstrip(), ec.ECDSA(hashes.SHA256()))


def events(web: Web, until: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
    """Events up to the first that `until` accepts."""
    said: list[dict[str, Any]] = []
    while not any(until(event) for event in said):
        said += orjson.loads(web.next("/webhooks/sendgrid/events").body)
    return said


def ends(word: str) -> Callable[[dict[str, Any]], bool]:
    return lambda event: event["event"] == word


def test_a_mail_is_accepted_processed_and_delivered(start: Start, web: Web) -> None:
    box = start(delays=TOGETHER)
    message_id = send(box)
    said = events(web, ends("delivered"))
    assert [event["event"] for event in said] == ["processed", "delivered"]
    assert {event["sg_message_id"].partition(".")[0] for event in said} == {message_id}
    assert {event["outreach_attempt"] for event in said} == {ATTEMPT}
    assert len({event["sg_event_id"] for event in said}) == 2
    assert said[0]["email"] == "sample@debtor.example"
    assert said[0]["category"] == ["reminder"]
    assert isinstance(said[0]["timestamp"], int)


def test_events_are_signed_over_the_raw_body(box: Box, web: Web) -> None:
    send(box)
    post = web.next("/webhooks/sendgrid/events")
    assert post.body.endswith(b"]\r\n")
    verify(box, post)


def test_events_of_about_a_second_share_a_post(start: Start, web: Web) -> None:
    box = start(delays=SandboxConfig(web.url).delays, speed=10.0)
    for number in range(5):
        send(box, f"sample{number}@debtor.example")
    first = orjson.loads(web.next("/webhooks/sendgrid/events").body)
    assert len(first) > 1


@pytest.mark.parametrize(
    ("to", "last", "shown"),
    [
        ("bounce@debtor.example", "bounce", {"type": "bounce", "status": "5.1.1"}),
        ("soft+tag@debtor.example", "bounce", {"type": "blocked", "status": "4.2.2"}),
        ("drop@debtor.example", "dropped", {"reason": "Invalid"}),
        ("spam@debtor.example", "spamreport", {}),
        ("unsubscribe@debtor.example", "unsubscribe", {}),
        ("late-bounce@debtor.example", "bounce", {"bounce_classification": "Invalid Address"}),
        ("late@debtor.example", "delivered", {"response": "250 2.0.0 OK"}),
    ],
)
def test_a_coded_mailbox_fails_in_its_own_way(box: Box, web: Web, to: str, last: str, shown: dict[str, str]) -> None:
    send(box, to)
    event = events(web, ends(last))[-1]
    assert shown.items() <= event.items()


def test_a_late_mail_is_deferred_first(start: Start, web: Web) -> None:
    box = start(delays=TOGETHER)
    send(box, "late@debtor.example")
    said = events(web, ends("delivered"))
    assert [event["event"] for event in said] == ["processed", "deferred", "delivered"]
    assert said[1]["attempt"] == "1"


@pytest.mark.parametrize(
    ("to", "word", "reason"),
    [
        ("bounce@debtor.example", "bounce", "Bounced Address"),
        ("spam@debtor.example", "spamreport", "Spam Reporting Address"),
        ("unsubscribe@debtor.example", "unsubscribe", "Unsubscribed Address"),
    ],
)
def test_an_address_that_failed_is_dropped_the_next_time(box: Box, web: Web, to: str, word: str, reason: str) -> None:
    send(box, to)
    events(web, ends(word))
    send(box, to)
    assert events(web, ends("dropped"))[-1]["reason"] == reason


def test_a_noisy_mailbox_repeats_its_events_backwards(box: Box, web: Web) -> None:
    send(box, "noisy@debtor.example")
    said: list[dict[str, Any]] = []
    while len(said) < 4:
        said += orjson.loads(web.next("/webhooks/sendgrid/events").body)
    assert [event["event"] for event in said] == ["delivered", "processed"] * 2
    assert len({event["sg_event_id"] for event in said}) == 2


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"personalizations": []}, "personalizations"),
        ({"personalizations": [{"to": []}]}, "personalizations.0.to"),
        ({"personalizations": [{"to": [{"email": "nobody"}]}]}, "personalizations.0.to.0.email"),
        ({"from": {}}, "from.email"),
        ({"subject": ""}, "subject"),
        ({"content": []}, "content"),
        ({"content": [{"type": "text/plain", "value": ""}]}, "content.0.value"),
    ],
)
def test_a_wrong_mail_is_refused_and_names_the_field(box: Box, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(HTTPError) as refused:
        send(box, **changed)
    assert refused.value.status_code == 400
    assert refused.value.to_dict["errors"][0]["field"] == field
    assert box.ledger() == []


def test_a_wrong_key_is_refused(box: Box) -> None:
    with pytest.raises(HTTPError) as refused:
        SendGridAPIClient("wrong", host=box.url).client.mail.send.post(request_body=payload("a@debtor.example"))
    assert refused.value.status_code == 401


def test_a_throttled_mailbox_is_refused_once(box: Box) -> None:
    with pytest.raises(HTTPError) as refused:
        send(box, "throttle@debtor.example")
    assert refused.value.status_code == 429
    assert refused.value.headers["Retry-After"] == "1"
    assert send(box, "throttle@debtor.example")


def test_a_lost_answer_can_be_found_in_the_logs(box: Box, web: Web) -> None:
    with pytest.raises(HTTPError) as refused:
        send(box, "error@debtor.example")
    assert refused.value.status_code == 500
    events(web, ends("delivered"))
    logs = SendGridAPIClient(box.config.sendgrid_api_key, host=box.url).client.logs
    query = "to_email = 'error@debtor.example' AND sg_message_id_created_at > TIMESTAMP \"2020-01-01T00:00:00Z\""
    found = orjson.loads(logs.post(request_body={"query": query}).body)["messages"]
    assert [line["status"] for line in found] == ["delivered"]
    detail = orjson.loads(logs._(found[0]["sg_message_id"]).get().body)
    assert detail["custom_args"] == {"outreach_attempt": ATTEMPT}
    assert [event["event"] for event in detail["events"]] == ["processed", "delivered"]
    assert [row["attempt_id"] for row in box.ledger()] == [ATTEMPT]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("", 1),
        ('to_email = "sample@debtor.example"', 1),
        ("to_email = 'other@debtor.example'", 0),
        ("status IN ('processed','delivered')", 1),
        ('sg_message_id_created_at < TIMESTAMP "2020-01-01T00:00:00Z"', 0),
    ],
)
def test_the_logs_are_searched_by_sendgrids_query_language(box: Box, query: str, hits: int) -> None:
    send(box)
    logs = SendGridAPIClient(box.config.sendgrid_api_key, host=box.url).client.logs
    assert len(orjson.loads(logs.post(request_body={"query": query, "limit": 5}).body)["messages"]) == hits


def test_an_answer_arrives_as_a_signed_form_at_the_reply_address(box: Box, web: Web) -> None:
    send(box)
    box.post("/sandbox/replies", {"channel": "email", "sender": "sample@debtor.example", "text": "Ya pagué"})
    post = web.next("/webhooks/sendgrid/inbound")
    verify(box, post)
    form = read_form(post)
    assert orjson.loads(form["envelope"]) == {"to": ["reply+n1@in.creditor.example"], "from": "sample@debtor.example"}
    assert form["text"].startswith("Ya pagué\n\nOn ")
    assert "> Your balance is due." in form["text"]
    assert form["subject"] == "Re: Your balance"
    assert "Message-ID: <" in form["headers"]
    assert "In-Reply-To: <" in form["headers"]


def test_an_out_of_office_answer_says_that_it_is_one(box: Box, web: Web) -> None:
    send(box, "reply-absent@debtor.example")
    assert "Auto-Submitted: auto-replied" in read_form(web.next("/webhooks/sendgrid/inbound"))["headers"]


def test_the_signing_key_follows_from_the_secret_alone() -> None:
    first, again, other = (public_key_base64(derive_key(secret)) for secret in ("a", "a", "b"))
    assert first == again != other


def read_form(post: Post) -> dict[str, str]:
    head = b"Content-Type: " + post.headers["content-type"].encode() + b"\r\n\r\n"
    parts = message_from_bytes(head + post.body, policy=HTTP).iter_parts()
    return {str(part.get_param("name", header="content-disposition")): _text(part) for part in parts}


def _text(part: Any) -> str:
    return bytes(part.get_payload(decode=True)).decode()
