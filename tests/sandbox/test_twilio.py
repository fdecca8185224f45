"""Twilio's own package against the sandbox, unchanged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from outreach.sandbox.config import Delays
from tests.sandbox.conftest import SERVICE, Box, Post, Start, Web

OURS = "+12125550100"


def twilio(box: Box) -> Client:
    config = box.config
    client = Client(config.twilio_account_sid, config.twilio_auth_token, http_client=TwilioHttpClient(timeout=10.0))
    client.api.base_url = box.url
    return client


def number(code: str) -> str:
    return f"+121255501{code}"


def fields(post: Post) -> dict[str, str]:
    return dict(parse_qsl(post.body.decode(), keep_blank_values=True))


def callback(web: Web, attempt: str) -> str:
    return f"{web.url}/webhooks/twilio/status?a={attempt}&b=x%20y"


def heard(web: Web, last: str) -> list[dict[str, str]]:
    """Status callbacks up to the one that says `last`."""
    said: list[dict[str, str]] = []
    while not said or said[-1]["MessageStatus"] != last:
        said.append(fields(web.next("/webhooks/twilio/status")))
    return said


def test_a_text_is_accepted_and_called_back_until_delivered(box: Box, web: Web) -> None:
    text = twilio(box).messages.create(to=number("01"), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    assert (text.status, text.direction, text.from_, text.num_segments) == ("queued", "outbound-api", OURS, "1")
    said = heard(web, "delivered")
    assert [(s["MessageSid"], s["MessageStatus"]) for s in said] == [(text.sid, "sent"), (text.sid, "delivered")]
    assert said[-1]["RawDlrDoneDate"].isdigit()
    assert twilio(box).messages(text.sid).fetch().status == "delivered"


def test_status_callbacks_are_signed_over_the_exact_url(box: Box, web: Web) -> None:
    twilio(box).messages.create(to=number("01"), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    post = web.next("/webhooks/twilio/status")
    validator = RequestValidator(box.config.twilio_auth_token)
    assert post.url == callback(web, "7.1")
    assert validator.validate(post.url, fields(post), post.headers["x-twilio-signature"])
    assert not validator.validate(post.url + "x", fields(post), post.headers["x-twilio-signature"])


def test_a_text_of_a_service_has_no_sender_until_it_is_sent(box: Box, web: Web) -> None:
    text = twilio(box).messages.create(
        to=number("01"), messaging_service_sid=SERVICE, body="Hello", status_callback=callback(web, "7.1")
    )
    assert (text.status, text.from_, text.messaging_service_sid) == ("accepted", None, SERVICE)
    said = heard(web, "delivered")
    assert [s["MessageStatus"] for s in said] == ["queued", "sent", "delivered"]
    assert {s["MessagingServiceSid"] for s in said} == {SERVICE}
    assert twilio(box).messages(text.sid).fetch().from_ == OURS


@pytest.mark.parametrize(
    ("code", "word", "error"),
    [
        ("88", "failed", "30001"),
        ("89", "undelivered", "30007"),
        ("90", "undelivered", "30003"),
        ("91", "undelivered", "30005"),
        ("92", "undelivered", "30006"),
    ],
)
def test_a_coded_number_fails_in_its_own_way(box: Box, web: Web, code: str, word: str, error: str) -> None:
    twilio(box).messages.create(to=number(code), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    assert heard(web, word)[-1]["ErrorCode"] == error


def test_a_chinese_number_is_coded_by_its_last_digits(box: Box, web: Web) -> None:
    twilio(box).messages.create(to="+8613800138091", from_=OURS, body="你好", status_callback=callback(web, "7.1"))
    assert heard(web, "undelivered")[-1]["ErrorCode"] == "30005"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"to": number("93")}, 21211),
        ({"to": "12"}, 21211),
        ({"to": number("94")}, 21610),
        ({"body": "x" * 1601}, 21617),
        ({"body": ""}, 21602),
        ({"from_": ""}, 21603),
        ({"to": OURS}, 21266),
        ({"validity_period": 36001}, 20001),
    ],
)
def test_a_wrong_text_is_refused_with_twilios_code_and_leaves_no_trace(
    box: Box, given: dict[str, object], code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio(box).messages.create(**{"to": number("01"), "from_": OURS, "body": "Hello", **given})  # type: ignore[arg-type]
    assert (refused.value.status, refused.value.code) == (400, code)
    assert box.ledger() == []


def test_a_wrong_token_is_refused(box: Box) -> None:
    client = Client(box.config.twilio_account_sid, "wrong")
    client.api.base_url = box.url
    with pytest.raises(TwilioRestException) as refused:
        client.messages("SM" + "0" * 32).fetch()
    assert (refused.value.status, refused.value.code) == (401, 20003)


def test_a_throttled_number_is_refused_once(box: Box) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio(box).messages.create(to=number("96"), from_=OURS, body="Hello")
    assert (refused.value.status, refused.value.code) == (429, 20429)
    assert twilio(box).messages.create(to=number("96"), from_=OURS, body="Hello").status == "queued"
    assert len(box.ledger()) == 1


def test_a_lost_answer_is_an_accepted_text_that_can_be_found(box: Box, web: Web) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio(box).messages.create(to=number("97"), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    assert refused.value.status == 500
    assert heard(web, "delivered")
    assert [text.body for text in twilio(box).messages.list(to=number("97"), limit=50)] == ["Hello"]
    assert [row["attempt_id"] for row in box.ledger()] == ["7.1"]


def test_a_silent_number_is_delivered_without_a_callback(box: Box, web: Web) -> None:
    silent = twilio(box).messages.create(
        to=number("98"), from_=OURS, body="Hello", status_callback=callback(web, "1.1")
    )
    twilio(box).messages.create(to=number("01"), from_=OURS, body="Hello", status_callback=callback(web, "2.1"))
    assert {said["To"] for said in heard(web, "delivered")} == {number("01")}
    assert twilio(box).messages(silent.sid).fetch().status == "delivered"


def test_a_noisy_number_calls_back_twice_and_out_of_order(box: Box, web: Web) -> None:
    twilio(box).messages.create(to=number("99"), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    said = [fields(web.next("/webhooks/twilio/status"))["MessageStatus"] for _ in range(4)]
    assert said == ["delivered", "sent", "delivered", "sent"]


def test_a_text_that_outlives_its_validity_fails_unsent(start: Start, web: Web) -> None:
    box = start(delays=Delays(text=0.0, late=7200.0), speed=1e6)
    twilio(box).messages.create(
        to=number("95"), from_=OURS, body="Hello", validity_period=3600, status_callback=callback(web, "7.1")
    )
    said = heard(web, "failed")
    assert [(s["MessageStatus"], s["ErrorCode"]) for s in said] == [("failed", "30036")]


def test_lists_are_paged_and_filtered_by_recipient_and_day(start: Start) -> None:
    box = start(now=lambda: datetime(2026, 3, 2, 12, tzinfo=UTC))
    client = twilio(box)
    made = [client.messages.create(to=number("01"), from_=OURS, body=f"Hello {n}").sid for n in range(5)]
    client.messages.create(to=number("02"), from_=OURS, body="Other")
    assert [text.sid for text in client.messages.list(to=number("01"), page_size=2)] == made[::-1]
    while any(text.date_sent is None for text in client.messages.list(to=number("01"))):
        pass
    day = datetime(2026, 3, 2, tzinfo=UTC)
    assert len(client.messages.list(to=number("01"), date_sent_after=day)) == 5
    assert client.messages.list(to=number("01"), date_sent_after=day + timedelta(days=1)) == []
    assert client.messages.list(to=number("01"), date_sent_before=day - timedelta(days=1)) == []


def test_a_queued_text_can_be_cancelled_and_any_text_redacted(start: Start, web: Web) -> None:
    box = start(delays=Delays())
    client = twilio(box)
    text = client.messages.create(to=number("95"), from_=OURS, body="Hello", status_callback=callback(web, "7.1"))
    assert client.messages(text.sid).update(status="canceled").status == "canceled"
    assert client.messages(text.sid).update(body="").body == ""
    assert heard(web, "canceled")
    with pytest.raises(TwilioRestException) as refused:
        client.messages(text.sid).update(status="canceled")
    assert refused.value.status == 409


def test_an_answer_arrives_signed_with_its_blank_fields(box: Box, web: Web) -> None:
    twilio(box).messages.create(to=number("01"), messaging_service_sid=SERVICE, body="Hello")
    box.post("/sandbox/replies", {"channel": "sms", "sender": number("01"), "text": "I paid ¡ayer!"})
    post = web.next("/webhooks/twilio/inbound")
    said = fields(post)
    validator = RequestValidator(box.config.twilio_auth_token)
    assert validator.validate(post.url, said, post.headers["x-twilio-signature"])
    assert (said["From"], said["To"], said["Body"], said["FromCity"]) == (number("01"), OURS, "I paid ¡ayer!", "")
    assert said["MessagingServiceSid"] == SERVICE
    assert "OptOutType" not in said


def test_a_phone_that_texted_stop_is_blocked_until_it_texts_start(box: Box, web: Web) -> None:
    client, debtor = twilio(box), number("01")
    client.messages.create(to=debtor, from_=OURS, body="Hello")
    box.post("/sandbox/replies", {"channel": "sms", "sender": debtor, "text": " Stop "})
    assert fields(web.next("/webhooks/twilio/inbound"))["OptOutType"] == "STOP"
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to=debtor, from_=OURS, body="Hello again")
    assert refused.value.code == 21610
    assert "successfully been unsubscribed" in box.get(f"/phones/{debtor}").data.decode()
    box.post("/sandbox/replies", {"channel": "sms", "sender": debtor, "text": "START"})
    assert fields(web.next("/webhooks/twilio/inbound"))["OptOutType"] == "START"
    assert client.messages.create(to=debtor, from_=OURS, body="Hello again").status == "queued"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("Your balance is due.", "I paid yesterday"),
        ("Su saldo está vencido.", "Ya pagué ayer"),
        ("请还款", "我昨天已经付了"),
    ],
)
def test_a_debtor_answers_in_the_language_of_the_text(box: Box, web: Web, body: str, answer: str) -> None:
    twilio(box).messages.create(to=number("82"), from_=OURS, body=body)
    assert fields(web.next("/webhooks/twilio/inbound"))["Body"] == answer


def test_chatty_debtors_answer_by_themselves(start: Start, web: Web) -> None:
    box = start(reply_rate=1.0)
    twilio(box).messages.create(to=number("50"), from_=OURS, body="Your balance is due.")
    assert fields(web.next("/webhooks/twilio/inbound"))["Body"] in {
        "STOP",
        "I paid yesterday",
        "I can pay on Friday",
    }
