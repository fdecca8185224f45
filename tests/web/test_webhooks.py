"""Webhooks: what is signed is kept once and acknowledged, whatever it says and whatever is away."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
import pytest
from sqlalchemy import text

from outreach.domain.event import DeliveryEvent, EventKind, InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.flow.links import make_unsubscribe_token, read_unsubscribe_token
from outreach.flow.receive import receive
from outreach.sandbox.signing import sendgrid_headers, twilio_headers
from outreach.store import dead_letters
from outreach.store.engine import make_engine
from outreach.store.inbox import event_from_payload, message_from_payload
from tests.web.conftest import NOW, SECRET_KEY, SENDGRID_KEY, TOKEN, Door, opened
from tests.web.vendors import DELIVERED, FORM, NOTICE, post_lob, post_sendgrid, post_twilio, sendgrid_event


def test_a_status_is_kept_before_it_is_acknowledged(door: Door) -> None:
    answer = post_twilio(door, f"/webhooks/twilio/status?a={NOTICE}.1", DELIVERED)
    assert (answer.status_code, answer.content) == (204, b"")
    (row,) = door.inbox()
    assert (row.provider, row.kind, row.state) == ("twilio", "status", "received")
    assert row.look_until > NOW
    assert door.settling(1) == [row.id]
    event = event_from_payload(row.payload)
    assert (event.kind, event.attempt_id, event.ref) == (EventKind.DELIVERED, f"{NOTICE}.1", "SM1")


def test_a_webhook_that_comes_twice_is_kept_once_and_acknowledged_twice(door: Door) -> None:
    answers = [post_twilio(door, f"/webhooks/twilio/status?a={NOTICE}.1", DELIVERED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204]
    assert door.settling(1) == [row.id for row in door.inbox()]


def test_the_signature_counts_for_the_public_address_with_its_raw_query(door: Door) -> None:
    path = "/webhooks/twilio/status?a=%30.1&note=a%20b"
    assert post_twilio(door, path, DELIVERED).status_code == 204
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Host": "evil.example"}
    headers = twilio_headers(TOKEN, f"https://evil.example{path}", DELIVERED)
    answer = door.client.post(path, content=urlencode(DELIVERED), headers={**headers, **forged, "Content-Type": FORM})
    assert answer.status_code == 403
    assert len(door.inbox()) == 1


def test_a_text_is_kept_and_answered_with_empty_twiml(door: Door) -> None:
    fields = {"MessageSid": "SM2", "From": "+12125550142", "To": "+12125550100", "Body": "STOP \N{WAVING HAND SIGN}"}
    answer = post_twilio(door, "/webhooks/twilio/inbound", fields)
    assert (answer.text, answer.headers["content-type"].split(";")[0]) == ("<Response/>", "text/xml")
    (row,) = door.inbox()
    message = message_from_payload(row.payload)
    assert (message.sender, message.text) == ("+12125550142", "STOP \N{WAVING HAND SIGN}")


def test_a_batch_of_events_is_one_insert_that_skips_what_is_known(door: Door) -> None:
    first = orjson.dumps([sendgrid_event("e1"), sendgrid_event("e2"), sendgrid_event("e1")])
    assert post_sendgrid(door, first).status_code == 200
    second = orjson.dumps([sendgrid_event("e2"), sendgrid_event("e3")])
    assert post_sendgrid(door, second).status_code == 200
    assert [row.event_id for row in door.inbox()] == ["e1", "e2", "e3"]
    assert door.settling(3) == [row.id for row in door.inbox()]


def test_a_signed_body_that_cannot_be_read_is_kept_and_acknowledged(door: Door) -> None:
    for _ in range(2):
        assert post_sendgrid(door, b"{not json").status_code == 200
    (row,) = door.inbox()
    assert (row.kind, row.state) == ("raw", "garbled")
    assert row.payload["body_base64"]
    assert door.settling(0) == []
    with door.engine.connect() as connection:
        (letter,) = dead_letters.find(connection, [], 10)
    assert (letter.kind, letter.subject, letter.what) == ("garbled", str(row.id), "sendgrid raw")
    assert letter.error == "the body is not JSON"


def test_news_of_a_letter_is_kept(door: Door) -> None:
    event = {
        "id": "evt_1",
        "event_type": {"id": "letter.delivered"},
        "date_created": NOW.isoformat(),
        "body": {"id": "ltr_1", "metadata": {"outreach_attempt": f"{NOTICE}.1"}},
    }
    assert post_lob(door, orjson.dumps(event)).status_code == 200
    assert [row.provider for row in door.inbox()] == ["lob"]


def test_a_changed_body_is_refused_and_nothing_is_kept(door: Door) -> None:
    body = orjson.dumps([sendgrid_event("e1")])
    headers = sendgrid_headers(SENDGRID_KEY, NOW, body)
    assert door.client.post("/webhooks/sendgrid/events", content=body + b" ", headers=headers).status_code == 403
    assert door.inbox() == []


def test_a_broker_that_is_away_loses_nothing(door: Door) -> None:
    door.broker_away = True
    assert post_twilio(door, "/webhooks/twilio/status", DELIVERED).status_code == 204
    assert [row.state for row in door.inbox()] == ["received"]


def test_a_database_without_its_tables_makes_the_provider_try_again(tmp_path_factory: pytest.TempPathFactory) -> None:
    engine = make_engine(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'web.db'}")
    with opened(engine) as door:
        assert post_twilio(door, "/webhooks/twilio/status", DELIVERED).status_code == 503
        assert door.client.get("/readyz").status_code == 503
        assert door.client.get("/healthz").status_code == 200
    engine.dispose()


def test_a_provider_that_is_not_configured_has_no_door(door: Door) -> None:
    with opened(door.engine, twilio_account_sid="") as bare:
        assert post_twilio(bare, "/webhooks/twilio/status", DELIVERED).status_code == 404


def test_a_debtors_strange_characters_do_not_stop_the_queue(door: Door) -> None:
    message = InboundMessage("x" * 300, Channel.SMS, "+12125550142", "+12125550100", "a\x00b\ud800c")
    (inbox_id,) = receive(door.engine, "twilio", Parsed(messages=(message,)), NOW)
    assert receive(door.engine, "twilio", Parsed(messages=(message,)), NOW) == []
    (row,) = door.inbox()
    assert row.id == inbox_id
    assert message_from_payload(row.payload).text == "a\ufffdb?c"


def test_ten_thousand_events_fit_into_one_call(door: Door) -> None:
    events = tuple(DeliveryEvent(f"e{n}", EventKind.SENT, "sent") for n in range(10_000))
    ids = receive(door.engine, "sendgrid", Parsed(events=events), NOW)
    assert len(ids) == 10_000
    with door.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM inbox")) == 10_000


def test_opening_the_unsubscribe_link_only_asks(door: Door) -> None:
    token = make_unsubscribe_token(SECRET_KEY, NOTICE)
    page = door.client.get(f"/u/{token}")
    assert page.status_code == 200
    assert "<button>Stop messages</button>" in page.text
    assert "set-cookie" not in page.headers
    assert door.inbox() == []


def test_posting_the_unsubscribe_link_stops_at_once_and_only_once(door: Door) -> None:
    token = make_unsubscribe_token(SECRET_KEY, NOTICE)
    for _ in range(2):
        answer = door.client.post(f"/u/{token}", data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
    (row,) = door.inbox()
    event = event_from_payload(row.payload)
    assert (row.provider, event.kind, event.attempt_id) == ("outreach", EventKind.UNSUBSCRIBED, f"{NOTICE}.0")
    assert door.settling(1) == [row.id]


def test_a_token_that_we_did_not_make_opens_nothing(door: Door) -> None:
    token = make_unsubscribe_token(SECRET_KEY, NOTICE)
    for forged in (token[:-1], token.replace("a.", "b.", 1), make_unsubscribe_token("x" * 40, NOTICE), NOTICE):
        assert read_unsubscribe_token(SECRET_KEY, forged) is None
        assert door.client.post(f"/u/{forged}").status_code == 404
    assert door.inbox() == []


def test_metrics_count_webhooks_and_want_the_token_when_one_is_set(door: Door) -> None:
    post_twilio(door, "/webhooks/twilio/status", DELIVERED)
    assert 'outreach_inbox{provider="twilio",state="received"} 1.0' in door.client.get("/metrics").text
    with opened(door.engine, metrics_token="m" * 20) as guarded:
        assert guarded.client.get("/metrics").status_code == 401
        allowed = guarded.client.get("/metrics", headers={"Authorization": f"Bearer {'m' * 20}"})
        assert "+1212" not in allowed.text
        assert allowed.status_code == 200
