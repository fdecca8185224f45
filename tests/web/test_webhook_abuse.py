"""Webhooks under abuse: the right status for each, nothing lost, nothing kept twice."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from sqlalchemy import select

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.receive import as_rows, keep
from outreach.sandbox.signing import lob_headers, sendgrid_headers, twilio_headers
from outreach.store.inbox import event_from_payload, message_from_payload
from outreach.store.outbox import inbox
from tests.web.conftest import LOB_SECRET, NOW, PUBLIC_URL, SENDGRID_KEY, TOKEN, Door
from tests.web.vendors import (
    DELIVERED,
    EVENTS,
    FORM,
    LETTERS,
    MAIL,
    STATUS,
    events_body,
    mail,
    post_lob,
    post_sendgrid,
    post_twilio,
    sendgrid_event,
)

#: SendGrid repeats an event three times on average, and 46 times at the worst that was seen.
WORST = 46
INBOUND = "/webhooks/twilio/inbound"
#: What is no array of events in JSON.
NO_NEWS = [
    b"",
    b"null",
    b"{}",
    b'{"event": "delivered"}',
    b"[1]",
    b'[{"event": "delivered"}, null]',
    b"[[]]",
    b"\xff\xfe[]",
    b"\xef\xbb\xbf[]",
    b"[" * 100_000 + b"]" * 100_000,
    b'[{"a":' * 50_000,
    b'[{"event": "\xed\xa0\x80"}]',
    b'[{"event": "\\ud800"}]',
    b'[{"event": NaN}]',
    b"MessageSid=SM1&MessageStatus=delivered",
]


def statuses(answers: list[httpx.Response]) -> set[int]:
    return {answer.status_code for answer in answers}


def test_a_webhook_that_comes_46_times_is_kept_once(door: Door) -> None:
    assert statuses([post_twilio(door, STATUS, DELIVERED) for _ in range(WORST)]) == {204}
    assert door.settling(1) == [row.id for row in door.inbox()]


def test_a_webhook_that_comes_46_times_at_once_is_kept_once(door: Door) -> None:
    body = events_body(*(sendgrid_event(f"e{n}") for n in range(20)))
    with ThreadPoolExecutor(WORST) as vendor:
        answers = list(vendor.map(lambda _: post_sendgrid(door, body), range(WORST)))
    assert statuses(answers) == {200}
    assert [row.event_id for row in door.inbox()] == [f"e{n}" for n in range(20)]
    assert sorted(door.settling(20)) == [row.id for row in door.inbox()]


def test_ten_thousand_events_in_one_post_are_kept_once_and_in_order(door: Door) -> None:
    body = events_body(*(sendgrid_event(f"e{n}") for n in range(10_000)))
    assert len(body) > 1_000_000
    for _ in range(2):
        assert post_sendgrid(door, body).status_code == 200
    with door.engine.connect() as connection:
        kept = list(connection.scalars(select(inbox.c.event_id).order_by(inbox.c.id)))
    assert kept == [f"e{n}" for n in range(10_000)]
    assert len(set(door.settling(10_000))) == 10_000


def test_a_body_of_30_mb_is_refused_where_no_mail_is_expected(door: Door) -> None:
    for path in (STATUS, INBOUND, EVENTS, LETTERS):
        assert door.client.post(path, content=b"x" * 30_000_000).status_code == 413
        unannounced = (b"x" * 100_000 for _ in range(300))
        assert door.client.post(path, content=unannounced).status_code == 413
    assert door.inbox() == []


def test_a_debtors_mail_of_30_mb_is_kept(door: Door) -> None:
    body, content_type = mail(b"Please see the scan.", b"\x00\xff" * 14_900_000)
    assert post_sendgrid(door, body, MAIL, content_type).status_code == 200
    (row,) = door.inbox()
    assert message_from_payload(row.payload).text == "Please see the scan."


def test_a_mail_that_is_made_to_take_long_is_read_as_far_as_a_person_would(door: Door) -> None:
    for bait in (b"<a ", b"<!--", b"&", b"<table><tr><td>", b'<a b="'):
        body, content_type = mail(b"", html=(bait * 10_000_000)[:29_000_000])
        assert post_sendgrid(door, body, MAIL, content_type).status_code == 200
    body, content_type = mail(b"I paid. " + b"spam " * 5_000_000, sender=b"a@b, " * 200_000)
    assert post_sendgrid(door, body, MAIL, content_type).status_code == 200
    text = message_from_payload(door.inbox()[-1].payload).text
    assert text.startswith("I paid.")
    assert text.endswith("more characters were left out]")


def test_a_webhook_without_a_signature_is_refused(door: Door) -> None:
    bodies = (b"", urlencode(DELIVERED).encode(), events_body(sendgrid_event("e1")))
    for path, body in product((STATUS, INBOUND, EVENTS, MAIL, LETTERS), bodies):
        assert door.client.post(path, content=body, headers={"Content-Type": FORM}).status_code == 403
    assert door.inbox() == []


def test_a_forged_signature_is_refused_whatever_it_looks_like(door: Door) -> None:
    body, stamp = events_body(sendgrid_event("e1")), str(int(NOW.timestamp())).encode()
    genuine = sendgrid_headers(SENDGRID_KEY, NOW, body)["X-Twilio-Email-Event-Webhook-Signature"].encode()
    signature, timestamp = b"X-Twilio-Email-Event-Webhook-Signature", b"X-Twilio-Email-Event-Webhook-Timestamp"
    for forged in (b"", b"x", b"=", b"AAAA", b"\xff\xfe", b"1" * 60_000, b"e\t30=", b"-1", b"1e9"):
        attempts = [
            (STATUS, [(b"X-Twilio-Signature", forged)]),
            (INBOUND, [(b"X-Twilio-Signature", forged)]),
            (EVENTS, [(signature, forged), (timestamp, stamp)]),
            (EVENTS, [(signature, genuine), (timestamp, forged)]),
            (MAIL, [(signature, forged), (timestamp, forged)]),
            (LETTERS, [(b"Lob-Signature", forged), (b"Lob-Signature-Timestamp", stamp + b"000")]),
            (LETTERS, [(b"Lob-Signature", b"0" * 64), (b"Lob-Signature-Timestamp", forged)]),
        ]
        for path, headers in attempts:
            assert door.client.post(path, content=body, headers=headers).status_code == 403, (path, forged[:20])
    assert door.inbox() == []


def test_a_signature_for_another_path_query_or_field_is_refused(door: Door) -> None:
    signed = twilio_headers(TOKEN, f"{PUBLIC_URL}{STATUS}", DELIVERED) | {"Content-Type": FORM}
    body = urlencode(DELIVERED)
    for path in (STATUS + "1", STATUS + "&b=", STATUS.split("?", maxsplit=1)[0], INBOUND):
        assert door.client.post(path, content=body, headers=signed).status_code == 403
    for changed in (body + "&x=", body + "&To=%2B12125550143", body.replace("delivered", "failed"), body[:-14]):
        assert door.client.post(STATUS, content=changed, headers=signed).status_code == 403
    assert door.inbox() == []


def test_an_old_signed_body_is_refused_after_a_day_where_its_time_is_signed(door: Door) -> None:
    events = events_body(sendgrid_event("e1"))
    letter = orjson.dumps({"id": "evt_1", "event_type": {"id": "letter.delivered"}})
    for age, expected in ((timedelta(hours=24), 200), (timedelta(hours=25), 403), (timedelta(hours=-1), 403)):
        headers = sendgrid_headers(SENDGRID_KEY, NOW - age, events)
        assert door.client.post(EVENTS, content=events, headers=headers).status_code == expected
        headers = lob_headers(LOB_SECRET, NOW - age, letter)
        assert door.client.post(LETTERS, content=letter, headers=headers).status_code == expected
    assert len(door.inbox()) == 2


def test_an_old_signed_body_without_a_time_changes_nothing(door: Door) -> None:
    fields = {"MessageSid": "SM2", "From": "+12125550142", "To": "+12125550100", "Body": "I paid"}
    for _ in range(2):
        assert post_twilio(door, INBOUND, fields).status_code == 200
        assert post_twilio(door, STATUS, DELIVERED).status_code == 204
    assert len(door.inbox()) == len(door.settling(2)) == 2


def test_a_signed_body_that_is_no_news_is_kept_for_a_person_and_acknowledged(door: Door) -> None:
    for body in NO_NEWS:
        for content_type in (b"application/json", b"multipart/form-data; boundary=x", b"\xff"):
            signed = [
                (key.encode(), value.encode()) for key, value in sendgrid_headers(SENDGRID_KEY, NOW, body).items()
            ]
            answer = door.client.post(EVENTS, content=body, headers=[*signed, (b"Content-Type", content_type)])
            assert answer.status_code == 200
    rows = door.inbox()
    assert [base64.b64decode(row.payload["body_base64"]) for row in rows] == NO_NEWS
    assert {(row.kind, row.state) for row in rows} == {("raw", "garbled")}


def test_strange_values_are_kept_as_far_as_they_say_something(door: Door) -> None:
    strange: list[dict[str, object]] = [
        {"event": "teleported"},
        {"event": None, "sg_event_id": None},
        {"event": ["delivered"], "sg_event_id": ["e"], "email": 1, "sg_message_id": {}},
        {"event": "delivered", "timestamp": "soon"},
        {"event": "delivered", "timestamp": 1e300},
        {"event": "delivered", "timestamp": -(2**63)},
        {"event": "bounce", "type": [], "bounce_classification": {}, "status": 5, "reason": [1]},
        {"event": "dropped", "reason": {"x": 1}, "outreach_attempt": 7},
        {"event": "a\x00b" * 1000, "sg_event_id": "\x00", "email": "\x00@debtor.example"},
        {"event": "delivered", "sg_event_id": "x" * 100_000, "sg_message_id": "y" * 100_000, "email": "z" * 100_000},
        {"event": "delivered", "outreach_attempt": "' OR 1=1 --"},
    ]
    events = [sendgrid_event(f"e{number}") | changes for number, changes in enumerate(strange)]
    body = events_body(*events).replace(b'"timestamp":1e300', b'"timestamp":' + b"9" * 5000)
    assert post_sendgrid(door, body).status_code == 200
    rows = door.inbox()
    assert len(rows) == len(strange)
    assert {row.state for row in rows} == {"received"}
    read = [event_from_payload(row.payload) for row in rows]
    assert read[0].kind is EventKind.UNKNOWN
    assert read[0].word == "teleported"
    assert read[8].address == "\ufffd@debtor.example"


def test_texts_in_any_characters_reach_the_inbox(door: Door) -> None:
    for number, text in enumerate(["\x00", "\ud7ff\U0001f44b\u202e\ufffe", "\r\n", " ", "%00%F0", "x" * 100_000, ""]):
        fields = {"MessageSid": f"SM{number}", "From": "+12125550142", "To": "+12125550100", "Body": text}
        assert post_twilio(door, INBOUND, fields).status_code == 200
        kept = message_from_payload(door.inbox()[-1].payload).text
        assert kept == text.replace("\x00", "\ufffd")


def test_percent_encoded_garbage_is_read_with_replacement_characters(door: Door) -> None:
    body = "MessageSid=SM1&From=%2B12125550142&To=%2B12125550100&Body=%FF%FEa%00%ED%A0%80"
    fields = dict(httpx.QueryParams(body))
    headers = twilio_headers(TOKEN, f"{PUBLIC_URL}{INBOUND}", fields) | {"Content-Type": FORM}
    assert door.client.post(INBOUND, content=body, headers=headers).status_code == 200
    (row,) = door.inbox()
    assert "a\ufffd" in message_from_payload(row.payload).text


def test_a_wrong_content_type_neither_opens_nor_closes_the_door(door: Door) -> None:
    for content_type in ("", "application/json", "multipart/form-data; boundary=x", "text/html"):
        headers = twilio_headers(TOKEN, f"{PUBLIC_URL}{STATUS}", DELIVERED) | {"Content-Type": content_type}
        assert door.client.post(STATUS, content=urlencode(DELIVERED), headers=headers).status_code == 204
        forged = headers | {"X-Twilio-Signature": "AAAA"}
        assert door.client.post(STATUS, content=urlencode(DELIVERED), headers=forged).status_code == 403
    assert len(door.inbox()) == 1


def test_a_field_that_comes_twice_is_signed_with_both_values(door: Door) -> None:
    body = urlencode([*DELIVERED.items(), ("To", "+12125550143")])
    signed = f"{PUBLIC_URL}{STATUS}ErrorMessageMessageSidSM1MessageStatusdeliveredTo+12125550142To+12125550143"
    headers = twilio_headers(TOKEN, signed, {}) | {"Content-Type": FORM}
    assert door.client.post(STATUS, content=body, headers=headers).status_code == 204
    once = twilio_headers(TOKEN, f"{PUBLIC_URL}{STATUS}", DELIVERED) | {"Content-Type": FORM}
    assert door.client.post(STATUS, content=body, headers=once).status_code == 403


def test_the_first_news_under_an_event_id_counts(door: Door) -> None:
    first, second = sendgrid_event("e1"), sendgrid_event("e1") | {"event": "bounce"}
    assert post_sendgrid(door, events_body(first, second)).status_code == 200
    assert post_sendgrid(door, events_body(second)).status_code == 200
    (row,) = door.inbox()
    assert event_from_payload(row.payload).kind is EventKind.DELIVERED


def test_vendors_share_no_event_ids(door: Door) -> None:
    letter = {"id": "e1", "event_type": {"id": "letter.delivered"}}
    assert post_lob(door, orjson.dumps(letter)).status_code == 200
    assert post_sendgrid(door, events_body(sendgrid_event("e1"))).status_code == 200
    assert sorted(row.provider for row in door.inbox()) == ["lob", "sendgrid"]


def test_the_same_news_in_many_orders_at_once_waits_for_nobody_for_ever(door: Door) -> None:
    """Two webs store the same events in opposite orders: the database lets one of them try again."""
    events = [DeliveryEvent(f"e{number}", EventKind.SENT, "sent") for number in range(3000)]
    orders = [events[::step] for step in (1, -1)] * 2
    with ThreadPoolExecutor(len(orders)) as webs:
        kept = list(webs.map(lambda one: keep(door.engine, as_rows("sendgrid", Parsed(tuple(one)), NOW, NOW)), orders))
    assert sorted(id_ for ids in kept for id_ in ids) == [row.id for row in door.inbox()]
    as_kept = [int(row.event_id.removeprefix("e")) for row in door.inbox()]
    assert as_kept in (list(range(3000)), list(range(2999, -1, -1))), "the order in which one web got them stays"


def test_an_empty_batch_is_acknowledged_and_nothing_is_kept(door: Door) -> None:
    assert post_sendgrid(door, b"[]").status_code == 200
    assert door.inbox() == []


def test_only_a_post_to_a_door_is_a_webhook(door: Door) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"):
        answer = door.client.request(method, STATUS)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    for path in (
        "/webhooks",
        "/webhooks/",
        "/webhooks/twilio",
        "/webhooks/twilio/status/",
        "/webhooks/twilio%2Fstatus",
    ):
        assert post_twilio(door, path, DELIVERED).status_code in {404, 405}
    assert door.inbox() == []


def test_a_parser_that_fails_loses_nothing(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outreach.providers.sendgrid_email.why_undelivered", lambda event: event["no such key"])
    assert post_sendgrid(door, events_body(sendgrid_event("e1"))).status_code == 200
    (row,) = door.inbox()
    assert (row.kind, row.state, row.error) == ("raw", "garbled", "KeyError")


def test_a_row_that_the_database_refuses_is_kept_for_a_person_and_stops_no_other(door: Door) -> None:
    events = tuple(DeliveryEvent(f"e{number}", EventKind.SENT, "sent") for number in range(7))
    rows = as_rows("sendgrid", Parsed(events=events), NOW, NOW)
    rows[3] = replace(rows[3], kind=None)  # type: ignore[arg-type]
    ids = keep(door.engine, rows)
    kept = door.inbox()
    assert ids == [row.id for row in kept if row.state == "received"]
    assert [row.event_id for row in kept if row.state == "received"] == ["e0", "e1", "e2", "e4", "e5", "e6"]
    assert [row.kind for row in kept if row.state == "garbled"] == ["raw"]
    assert keep(door.engine, rows) == []
    assert len(door.inbox()) == 7
