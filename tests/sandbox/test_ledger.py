"""The ledger: one row an accept, kept over a restart, with what was called back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from urllib3 import PoolManager
from urllib3.util import make_headers

from outreach.sandbox.config import Delays, SandboxConfig
from outreach.sandbox.server import serving
from tests.sandbox.conftest import Box, Start, Web

NOTICE = "0123456789abcdef0123456789abcdef"


def text(box: Box, attempt: str, to: str = "+12125550101", body: str = "Hello") -> int:
    config = box.config
    fields = {
        "To": to,
        "From": "+12125550100",
        "Body": body,
        "StatusCallback": f"{config.callback_url}/webhooks/twilio/status?a={attempt}",
    }
    url = f"{box.url}/2010-04-01/Accounts/{config.twilio_account_sid}/Messages.json"
    login = make_headers(basic_auth=f"{config.twilio_account_sid}:{config.twilio_auth_token}")
    return box.http.request("POST", url, fields=fields, encode_multipart=False, headers=login).status


def test_every_accept_is_one_row(start: Start) -> None:
    box = start(now=SandboxConfig("").now)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda n: text(box, f"{n}.1"), range(100))) == {201}
    rows = box.ledger()
    assert sorted(str(row["attempt_id"]) for row in rows) == sorted(f"{n}.1" for n in range(100))
    assert {(row["provider"], row["recipient"]) for row in rows} == {("twilio", "+12125550101")}
    assert {row["body_sha256"] for row in rows} == {hashlib.sha256(b"Hello").hexdigest()}
    assert box.summary() == {
        "accepted": 100,
        "without_attempt": 0,
        "by_provider": {"twilio": 100},
        "doubled": {},
        "doubled_notices": {},
    }


def test_the_summary_names_what_was_accepted_twice(box: Box) -> None:
    for attempt in (f"{NOTICE}.1", f"{NOTICE}.1", f"{NOTICE}.2", "other.1"):
        text(box, attempt)
    summary = box.summary()
    assert summary["doubled"] == {f"{NOTICE}.1": 2}
    assert summary["doubled_notices"] == {NOTICE: 3}


def test_the_ledger_is_narrowed_by_attempt_and_provider(box: Box) -> None:
    text(box, "7.1")
    text(box, "8.1")
    assert [row["attempt_id"] for row in box.ledger("?attempt=7.1")] == ["7.1"]
    assert box.ledger("?provider=lob") == []


def test_callbacks_are_kept_with_the_answer_that_they_got(box: Box, web: Web) -> None:
    web.answer = 403
    text(box, "7.1")
    calls: list[dict[str, object]] = []
    while len(calls) < 2:
        calls = box.ledger()[0]["callbacks"]  # type: ignore[assignment]
    assert [(call["word"], call["http"], call["tries"]) for call in calls] == [("sent", 403, 1), ("delivered", 403, 1)]


def test_a_callback_is_tried_again_when_the_web_fails(box: Box, web: Web) -> None:
    web.answer = 503
    text(box, "7.1")
    first = web.next("/webhooks/twilio/status")
    web.answer = 204
    assert web.next("/webhooks/twilio/status").body == first.body


@pytest.fixture
def http() -> Iterator[PoolManager]:
    with PoolManager(retries=False) as pool:
        yield pool


def test_a_restart_forgets_nothing_and_goes_on(tmp_path: Path, web: Web, http: PoolManager) -> None:
    slow = SandboxConfig(web.url, ledger=str(tmp_path / "ledger.db"))
    with serving(slow) as url:
        text(Box(url, slow, http), "7.1", to="+12125550195")
        Box(url, slow, http).post("/sandbox/replies", {"channel": "sms", "sender": "+12125550195", "text": "STOP"})
        web.next("/webhooks/twilio/inbound")
    fast = SandboxConfig(web.url, ledger=str(tmp_path / "ledger.db"), delays=Delays.none())
    with serving(fast) as url:
        box = Box(url, fast, http)
        assert b"MessageStatus=sent" in web.next("/webhooks/twilio/status").body
        assert b"MessageStatus=delivered" in web.next("/webhooks/twilio/status").body
        assert len(box.ledger()) == 1
        assert text(box, "8.1", to="+12125550195") == 400
        assert "STOP" in box.get("/phones/+12125550195").data.decode()


def test_a_web_that_is_down_holds_up_the_news_and_not_the_text(start: Start) -> None:
    box = start(callback_url="http://127.0.0.1:9")
    text(box, "7.1")
    while "status delivered" not in box.get("/phones/+12125550101").data.decode():
        pass
    assert box.ledger()[0]["callbacks"] == []
