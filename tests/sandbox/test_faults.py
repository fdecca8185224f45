"""Faults on demand: what the caller sees, and whether the provider took the message."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3
from requests.exceptions import ConnectionError as Reset
from requests.exceptions import ReadTimeout
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from tests.sandbox.conftest import Box

OURS, THEIRS = "+12125550100", "+12125550101"


def send(box: Box, timeout: float = 10.0) -> object:
    config = box.config
    client = Client(config.twilio_account_sid, config.twilio_auth_token, http_client=TwilioHttpClient(timeout=timeout))
    client.api.base_url = box.url
    return client.messages.create(to=THEIRS, from_=OURS, body="Hello")


def arm(box: Box, **fault: Any) -> None:
    assert box.post("/sandbox/faults", {"provider": "twilio", **fault}).status == 201


@pytest.mark.parametrize(
    ("fault", "seen", "accepted"),
    [
        ({"kind": "error"}, TwilioRestException, 1),
        ({"kind": "error", "accept": False}, TwilioRestException, 0),
        ({"kind": "throttle", "seconds": 3}, TwilioRestException, 0),
        ({"kind": "reset"}, Reset, 1),
        ({"kind": "reset", "accept": False}, Reset, 0),
        ({"kind": "garbage"}, ValueError, 1),
    ],
)
def test_a_fault_spoils_the_answer_of_one_call(
    box: Box, fault: dict[str, Any], seen: type[Exception], accepted: int
) -> None:
    arm(box, **fault)
    with pytest.raises(seen):
        send(box)
    assert len(box.ledger()) == accepted
    send(box)
    assert len(box.ledger()) == accepted + 1


def test_a_timeout_holds_back_the_answer_to_an_accepted_text(box: Box) -> None:
    arm(box, kind="timeout", seconds=0.5)
    with pytest.raises(ReadTimeout):
        send(box, timeout=0.1)
    assert len(box.ledger()) == 1


def test_a_slow_call_is_accepted_at_once_and_answered_late(box: Box) -> None:
    arm(box, kind="slow", seconds=0.5)
    with pytest.raises(ReadTimeout):
        send(box, timeout=0.1)
    assert len(box.ledger()) == 1
    arm(box, kind="slow", seconds=0.1)
    send(box)
    assert len(box.ledger()) == 2


def test_a_fault_lasts_for_its_count(box: Box) -> None:
    arm(box, kind="error", count=2, status=502)
    for _ in range(2):
        with pytest.raises(TwilioRestException) as failed:
            send(box)
        assert failed.value.status == 502
    send(box)
    assert len(box.ledger()) == 3
    assert box.get("/sandbox/faults").json() == []


def test_a_fault_of_one_provider_spares_the_others(box: Box) -> None:
    arm(box, provider="sendgrid", kind="error")
    send(box)
    assert len(box.ledger()) == 1
    assert len(box.get("/sandbox/faults").json()) == 1


def test_a_fault_on_asking_spares_sending(box: Box) -> None:
    arm(box, kind="error", on="find")
    send(box)
    config = box.config
    client = Client(config.twilio_account_sid, config.twilio_auth_token)
    client.api.base_url = box.url
    with pytest.raises(TwilioException):
        client.messages.list(limit=1)
    assert len(client.messages.list()) == 1


def test_faults_can_be_disarmed(box: Box) -> None:
    arm(box, kind="error", count=100)
    box.http.request("DELETE", box.url + "/sandbox/faults")
    send(box)


@pytest.mark.parametrize("fault", [{"kind": "explode"}, {"kind": "error", "count": 0}, {"kind": "error", "typo": 1}])
def test_a_fault_that_makes_no_sense_is_refused(box: Box, fault: dict[str, Any]) -> None:
    assert box.post("/sandbox/faults", {"provider": "twilio", **fault}).status == 422


def test_another_sites_form_arms_no_fault(box: Box) -> None:
    body = b'{"provider": "twilio", "kind": "error"}'
    answer = urllib3.request("POST", box.url + "/sandbox/faults", body=body, headers={"Content-Type": "text/plain"})
    assert answer.status == 415
