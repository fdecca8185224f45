"""Lob's wire protocol, and the letters' events."""

from __future__ import annotations

import hashlib
import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from urllib3 import HTTPResponse
from urllib3.util import make_headers

from outreach.sandbox.config import Delays
from tests.sandbox.conftest import Box, Start, Web

PDF = b"%PDF-1.7\n%sample\n"


def post_letter(box: Box, key: str | None = "7.1", line2: str = "", pdf: bytes = PDF, **changed: str) -> HTTPResponse:
    fields: dict[str, Any] = {
        "to[name]": "Sample Debtor",
        "to[address_line1]": "1 Sample St",
        "to[address_line2]": line2,
        "to[address_city]": "Springfield",
        "to[address_state]": "IL",
        "to[address_zip]": "62701",
        "from[name]": "Sample Creditor",
        "from[address_line1]": "2 Sample St",
        "from[address_city]": "Springfield",
        "metadata[attempt]": key or "",
        "color": "false",
        "use_type": "operational",
        "file": ("letter.pdf", pdf, "application/pdf"),
        **changed,
    }
    headers = authorization(box) | ({"Idempotency-Key": key} if key else {})
    return box.http.request("POST", box.url + "/v1/letters", fields=fields, headers=headers)


def authorization(box: Box) -> dict[str, str]:
    return dict(make_headers(basic_auth=box.config.lob_api_key + ":"))


def heard(box: Box, web: Web, last: str) -> list[dict[str, Any]]:
    """Events up to `last`, each with its signature checked."""
    said: list[dict[str, Any]] = []
    while not said or said[-1]["event_type"]["id"] != last:
        post = web.next("/webhooks/lob")
        signed = post.headers["lob-signature-timestamp"].encode() + b"." + post.body
        digest = hmac.new(box.config.lob_webhook_secret.encode(), signed, hashlib.sha256).hexdigest()
        assert post.headers["lob-signature"] == digest
        said.append(orjson.loads(post.body))
    return said


def test_a_letter_is_printed_mailed_and_delivered(box: Box, web: Web) -> None:
    answer = post_letter(box)
    assert answer.status == 200
    said = heard(box, web, "letter.delivered")
    assert [event["event_type"]["id"].removeprefix("letter.") for event in said] == [
        "created",
        "rendered_pdf",
        "mailed",
        "in_transit",
        "delivered",
    ]
    assert {event["reference_id"] for event in said} == {answer.json()["id"]}
    assert {event["body"]["metadata"]["attempt"] for event in said} == {"7.1"}
    assert len({event["id"] for event in said}) == 5


@pytest.mark.parametrize(
    ("line2", "last"), [("RETURNED", "letter.returned_to_sender"), ("Apt 4 REJECTED", "letter.rejected")]
)
def test_a_coded_letterbox_fails_in_its_own_way(box: Box, web: Web, line2: str, last: str) -> None:
    post_letter(box, line2=line2)
    assert heard(box, web, last)


def test_the_post_takes_days_of_the_sandboxs_clock(start: Start, web: Web) -> None:
    began = datetime.now(UTC)
    speed = 2_000_000.0
    box = start(delays=Delays(), speed=speed, now=lambda: began + (datetime.now(UTC) - began) * speed)
    post_letter(box)
    at = [datetime.fromisoformat(event["date_created"]) for event in heard(box, web, "letter.delivered")]
    assert at[-1] - at[0] >= timedelta(days=3)


def test_the_same_key_makes_one_letter(box: Box) -> None:
    first, again = post_letter(box), post_letter(box)
    assert again.status == 200
    assert again.json()["id"] == first.json()["id"]
    assert len(box.ledger()) == 1


def test_the_same_key_at_the_same_time_makes_one_letter(box: Box) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: post_letter(box).json()["id"], range(16)))
    assert len(set(answers)) == 1
    assert len(box.ledger()) == 1


def test_a_key_is_forgotten_after_a_day(start: Start) -> None:
    hours = iter(range(0, 10_000, 25))
    box = start(now=lambda: datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=next(hours)))
    assert post_letter(box).json()["id"] != post_letter(box).json()["id"]


def test_an_answer_lost_is_repeated_under_the_same_key(box: Box) -> None:
    lost, again = post_letter(box, line2="ERROR"), post_letter(box, line2="ERROR")
    assert (lost.status, again.status) == (500, 200)
    assert box.summary()["doubled"] == {}


def test_letters_are_found_by_metadata(box: Box) -> None:
    made = post_letter(box, key="7.1").json()["id"]
    post_letter(box, key="7.2")
    url = f"{box.url}/v1/letters?metadata%5Battempt%5D=7.1"
    listing = box.http.request("GET", url, headers=authorization(box)).json()
    assert [letter["id"] for letter in listing["data"]] == [made]
    one = box.http.request("GET", f"{box.url}/v1/letters/{made}", headers=authorization(box)).json()
    assert one["to"]["name"] == "Sample Debtor"


def test_a_letter_can_be_cancelled_before_it_is_mailed(start: Start, web: Web) -> None:
    box = start(delays=Delays())
    made = post_letter(box).json()["id"]
    answer = box.http.request("DELETE", f"{box.url}/v1/letters/{made}", headers=authorization(box))
    assert answer.json()["deleted"] is True
    assert heard(box, web, "letter.deleted")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"to[name]": ""}, "invalid"),
        ({"color": ""}, "invalid"),
        ({"pdf": b"<html>"}, "invalid_file"),
        ({"line2": "INVALID"}, "failed_deliverability_strictness"),
        ({"line2": "x" * 50}, "address_length_exceeds_limit"),
    ],
)
def test_a_wrong_letter_is_refused_and_leaves_no_trace(box: Box, changed: dict[str, Any], code: str) -> None:
    answer = post_letter(box, **changed)
    assert answer.status == 422
    assert answer.json()["error"]["code"] == code
    assert box.ledger() == []


def test_a_throttled_letterbox_is_refused_once(box: Box) -> None:
    first, again = post_letter(box, line2="THROTTLE"), post_letter(box, line2="THROTTLE")
    assert (first.status, first.headers["Retry-After"], again.status) == (429, "1", 200)


def test_a_wrong_key_is_refused(box: Box) -> None:
    headers = make_headers(basic_auth="wrong:")
    assert box.http.request("GET", box.url + "/v1/letters", headers=headers).status == 401
