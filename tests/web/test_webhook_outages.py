"""What is away while a webhook comes: database, broker, or the web itself. Nothing is lost, nothing kept twice."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed, wait
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from sqlalchemy import Engine, select

from outreach.flow.deliver import deliver
from outreach.flow.settle import settle
from outreach.flow.sweep import to_settle
from outreach.sandbox.signing import twilio_headers
from outreach.store.engine import make_engine
from outreach.store.outbox import inbox
from outreach.web import intake
from tests import services
from tests.databases import make_tables
from tests.flow.house import house
from tests.web.conftest import PATIENCE, PUBLIC_URL, SENDGRID_KEY, TOKEN, Door, listening, opened
from tests.web.line import Line, line_to
from tests.web.process import WebProcess, web_process
from tests.web.vendors import DELIVERED, FORM, STATUS, events_body, post_sendgrid, post_twilio, sendgrid_event


@dataclass(frozen=True)
class Lined:
    """A door whose database is at the end of a line; `direct` goes around it."""

    door: Door
    line: Line
    direct: Engine

    def kept(self) -> list[str]:
        with self.direct.connect() as connection:
            return list(connection.scalars(select(inbox.c.event_id).order_by(inbox.c.id)))


@pytest.fixture
def lined(servers: services.Servers) -> Iterator[Lined]:
    with services.database(servers) as url, line_to(url) as (line, lined_url):
        direct, engine = make_engine(url), make_engine(lined_url)
        make_tables(direct)
        with opened(engine) as door:
            yield Lined(door, line, direct)
            line.release()
        engine.dispose()
        direct.dispose()


def batch(number: int) -> bytes:
    return events_body(sendgrid_event(f"e{number}"))


def test_while_the_database_is_away_vendors_are_told_to_come_again(lined: Lined) -> None:
    door = lined.door
    assert post_sendgrid(door, batch(0)).status_code == 200
    lined.line.cut()
    for answer in (post_twilio(door, STATUS, DELIVERED), post_sendgrid(door, batch(1)), post_sendgrid(door, batch(0))):
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    lined.line.restore()
    for _ in range(2):
        assert post_sendgrid(door, batch(1)).status_code == 200
    assert lined.kept() == ["e0", "e1"]


def test_a_database_that_hangs_keeps_nobody_waiting(lined: Lined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "COMMIT_WITHIN", 0.5)
    assert post_sendgrid(lined.door, batch(0)).status_code == 200
    lined.line.hold()
    with ThreadPoolExecutor(20) as vendor:
        answers = list(vendor.map(lambda number: post_sendgrid(lined.door, batch(number)), range(20)))
    assert {answer.status_code for answer in answers} == {503}
    lined.line.release()
    for number in range(20):
        assert post_until_kept(lined.door, batch(number)) == 200
    assert sorted(lined.kept()) == sorted(f"e{number}" for number in range(20))


def test_what_waits_for_the_database_is_bounded(lined: Lined, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "MOST_WAITING", 5_000)
    assert post_sendgrid(lined.door, batch(0)).status_code == 200
    lined.line.hold()
    with ThreadPoolExecutor(30) as vendor:
        posted = [vendor.submit(post_sendgrid, lined.door, batch(number)) for number in range(30)]
        first = next(as_completed(posted)).result()
        lined.line.release()
    assert (first.status_code, first.headers["retry-after"]) == (503, "10")
    kept = {f"e{number}" for number, done in enumerate(posted) if done.result().status_code == 200}
    assert 0 < len(kept) < 30
    assert kept <= set(lined.kept())


def test_a_broker_that_hangs_keeps_nobody_waiting(door: Door) -> None:
    door.broker_works.clear()
    for number in range(5):
        assert post_sendgrid(door, batch(number)).status_code == 200
    assert door.settling(0) == []
    door.broker_works.set()
    assert door.settling(5) == [row.id for row in door.inbox()]


def test_a_broker_that_hangs_keeps_no_web_from_stopping(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CLOSE_WITHIN", 0.2)
    engine = make_engine(database_url)
    make_tables(engine)
    with opened(engine) as door:
        door.broker_works.clear()
        assert post_sendgrid(door, batch(0)).status_code == 200
    assert door.settling(0) == []
    door.broker_works.set()
    assert door.settling(1) == [row.id for row in door.inbox()]
    engine.dispose()


def test_news_for_which_the_broker_is_away_is_settled_by_the_sweep(database_url: str) -> None:
    with house(database_url, public_url=PUBLIC_URL) as home:
        home.account(phone="+12125550198")
        (notice_id,) = home.run()
        deliver(home.app.desk, [notice_id])
        away = Door(home.engine, broker_away=True)
        with listening(away, home.app.settings, home.app.providers) as door:
            path = f"/webhooks/twilio/status?a={notice_id}.1"
            assert (
                post_twilio(
                    door, path, DELIVERED, token=home.app.settings.twilio_auth_token.get_secret_value()
                ).status_code
                == 204
            )
        assert home.states() == {"reminder sms": "sent"}
        home.clock.advance(timedelta(seconds=6))
        settle(home.app.desk, to_settle(home.app.desk))
        assert home.states() == {"reminder sms": "delivered"}


def test_a_web_that_is_killed_between_commit_and_answer_keeps_the_repetition_once(
    servers: services.Servers, redis_url: str, tmp_path: Path
) -> None:
    with services.database(servers) as url, line_to(url) as (line, lined_url):
        engine = make_engine(url)
        make_tables(engine)
        with web_process(tmp_path, lined_url, redis_url, TOKEN, SENDGRID_KEY) as web, ThreadPoolExecutor(1) as vendor:
            line.lose_next_commit()
            posted = vendor.submit(post_status, web)
            assert line.lost_commit.wait(PATIENCE)
            web.running.kill()
            with pytest.raises(httpx.TransportError):
                posted.result()
        assert count(engine) == 1
        with web_process(tmp_path, url, redis_url, TOKEN, SENDGRID_KEY) as web:
            assert post_status(web) == 204
        assert count(engine) == 1
        engine.dispose()


def test_a_web_that_is_told_to_stop_answers_what_it_has_begun(
    servers: services.Servers, redis_url: str, tmp_path: Path
) -> None:
    with services.database(servers) as url, line_to(url) as (line, lined_url):
        engine = make_engine(url)
        make_tables(engine)
        with web_process(tmp_path, lined_url, redis_url, TOKEN, SENDGRID_KEY) as web, ThreadPoolExecutor(1) as vendor:
            assert post_status(web) == 204
            line.hold()
            posted = vendor.submit(post_status, web, "SM2")
            assert line.held.wait(PATIENCE)
            web.running.terminate()
            # Longer than the server needs to notice.
            assert not wait([posted], timeout=1).done
            line.release()
            assert posted.result() == 204
            web.running.wait(PATIENCE)
        assert count(engine) == 2
        engine.dispose()


def post_status(web: WebProcess, ref: str = "SM1") -> int:
    path, fields = STATUS, DELIVERED | {"MessageSid": ref}
    headers = twilio_headers(TOKEN, f"{web.url}{path}", fields) | {"Content-Type": FORM}
    return httpx.post(f"{web.url}{path}", content=urlencode(fields), headers=headers, timeout=PATIENCE).status_code


def post_until_kept(door: Door, body: bytes) -> int:
    """Post as a vendor repeats it, a bounded number of times: the last status."""
    pause, status = threading.Event(), 0
    for _ in range(100):
        status = post_sendgrid(door, body).status_code
        if status == 200:
            break
        pause.wait(0.05)
    return status


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return len(connection.execute(select(inbox.c.id)).all())
