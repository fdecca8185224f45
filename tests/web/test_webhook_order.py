"""News in any order, any number of times, early or late: applied once, and the notice ends where it belongs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import orjson
import pytest
from sqlalchemy import func, select

from outreach.flow.deliver import deliver
from outreach.sandbox.config import SandboxConfig, derive_key
from outreach.sandbox.signing import sendgrid_headers, twilio_headers
from outreach.store.outbox import inbox, notices
from tests.flow.house import House, house
from tests.serving import NO_TLS

#: The sandbox delivers to these and calls nothing back: all news is the test's.
SILENT_PHONE, SILENT_MAILBOX = "+12125550198", "silent@debtor.example"
WORST = 46
SANDBOX = SandboxConfig(callback_url="")
SENDGRID_KEY = derive_key(SANDBOX.sendgrid_key_secret)


@pytest.fixture
def street(database_url: str) -> Iterator[House]:
    """A house whose webhooks are served, with one debtor."""
    with house(database_url, web=True) as built:
        built.account(phone=SILENT_PHONE, email=SILENT_MAILBOX)
        yield built


def sent(home: House) -> str:
    """Send what is due: the id of its only notice."""
    (notice_id,) = home.run()
    deliver(home.app.desk, [notice_id])
    return notice_id


def tell(home: House, notice_id: str, word: str, ref: str = "SM1") -> int:
    """Twilio's callback with a status word; the answer's status."""
    url = f"{home.public_url}/webhooks/twilio/status?a={notice_id}.1"
    fields = {"MessageSid": ref, "MessageStatus": word, "To": SILENT_PHONE}
    headers = twilio_headers(SANDBOX.twilio_auth_token, url, fields)
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    return httpx.post(url, content=urlencode(fields), headers=headers, verify=NO_TLS).status_code


def mail_news(notice_id: str, words: Sequence[str]) -> bytes:
    """SendGrid's events about a notice, in one body."""
    return orjson.dumps(
        [
            {
                "event": word,
                "sg_event_id": f"{word}-{number}",
                "email": SILENT_MAILBOX,
                "outreach_attempt": f"{notice_id}.1",
            }
            for number, word in enumerate(words)
        ]
    )


def post_events(home: House, body: bytes, age: timedelta = timedelta()) -> int:
    """SendGrid's POST, signed some time ago; the answer's status."""
    headers = sendgrid_headers(SENDGRID_KEY, home.clock.now() - age, body)
    return httpx.post(
        f"{home.public_url}/webhooks/sendgrid/events", content=body, headers=headers, verify=NO_TLS
    ).status_code


def settled(home: House, count: int) -> bool:
    """Whether `count` rows are in the inbox, and all of them settled."""
    with home.engine.connect() as connection:
        states = connection.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state)).all()
    return [tuple(row) for row in states] == [("settled", count)]


def test_news_that_comes_46_times_is_applied_once(street: House) -> None:
    notice_id = sent(street)
    with ThreadPoolExecutor(WORST) as vendor:
        assert set(vendor.map(lambda _: tell(street, notice_id, "delivered"), range(WORST))) == {204}
    street.wait(lambda: settled(street, 1))
    assert street.states() == {"reminder sms": "delivered"}
    assert sum(state == "delivered" for _, state, _ in street.log()) == 1


def test_statuses_in_reversed_order_end_in_the_last_one(street: House) -> None:
    notice_id = sent(street)
    for word in ("delivered", "sent", "sending", "queued", "accepted"):
        assert tell(street, notice_id, word) == 204
    street.wait(lambda: settled(street, 5))
    assert street.states() == {"reminder sms": "delivered"}
    assert [applied for what, _, applied in street.log() if what == "event"].count(True) <= 1


def test_events_of_a_mail_in_one_post_end_alike_in_any_order(database_url: str) -> None:
    with house(database_url, web=True) as home:
        home.account(phone="", email=SILENT_MAILBOX)
        notice_id = sent(home)
        assert (
            post_events(home, mail_news(notice_id, ["delivered", "open", "deferred", "processed", "delivered"])) == 200
        )
        home.wait(lambda: settled(home, 5))
        assert home.states() == {"reminder email": "delivered"}


def test_news_of_half_an_hour_ago_counts(street: House) -> None:
    notice_id = sent(street)
    street.clock.advance(timedelta(minutes=30))
    assert post_events(street, mail_news(notice_id, ["delivered"]), age=timedelta(minutes=30)) == 200
    street.wait(lambda: settled(street, 1))
    assert street.states() == {"reminder sms": "delivered"}


def test_news_before_our_own_record_of_the_send_counts(street: House) -> None:
    """The provider calls back while its answer to our call is still on the way."""
    (notice_id,) = street.run()
    hold = {"provider": "twilio", "kind": "timeout", "seconds": 2}
    assert httpx.post(f"{street.sandbox_url}/sandbox/faults", json=hold).is_success
    with ThreadPoolExecutor(1) as worker:
        sending = worker.submit(deliver, street.app.desk, [notice_id])
        pause = threading.Event()
        assert any(street.states() == {"reminder sms": "sending"} or pause.wait(0.02) for _ in range(500))
        assert tell(street, notice_id, "delivered") == 204
        street.wait(lambda: settled(street, 1))
        assert not sending.done()
        assert street.states() == {"reminder sms": "delivered"}
        sending.result()
    with street.engine.connect() as connection:
        (notice,) = connection.execute(select(notices))
    assert (notice.state, notice.provider, notice.provider_ref) == ("delivered", "twilio", "SM1")
