"""While the database or the broker is away a process says so once, waits, and goes on."""

from __future__ import annotations

import logging
import threading
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from outreach.cli.context import Sparing
from outreach.domain.message import Channel
from outreach.workers import troubles
from outreach.workers.actors import declare
from outreach.workers.broker import make_broker, start_worker, stop_worker
from outreach.workers.troubles import Patience, Trouble
from tests.flow.house import free_port, house

AWAY = OperationalError("SELECT 1", {}, ConnectionRefusedError())


def test_work_waits_while_the_database_is_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(troubles, "PAUSE", 0.001)
    answers = iter([AWAY, AWAY, AWAY, None])
    done: list[str] = []

    def flow(word: str) -> None:
        if error := next(answers):
            raise error
        done.append(word)

    Patience().work(flow, "once")
    assert done == ["once"]
    assert [record.getMessage().partition(" after")[0] for record in caplog.records] == [
        "the database fails: OperationalError",
        "the database works again",
    ]


def test_a_worker_that_stops_leaves_what_waits_for_the_database() -> None:
    broker, patience = make_broker(""), Patience()
    broker.add_middleware(patience)
    tried = threading.Event()

    def flow() -> None:
        tried.set()
        raise AWAY

    waiting = threading.Thread(target=patience.work, args=(flow,))
    waiting.start()
    assert tried.wait(10)
    running = start_worker(broker, 1, {"none"})
    stop_worker(broker, running)
    waiting.join(10)
    assert not waiting.is_alive()


def test_what_is_sent_while_the_broker_is_away_is_left_to_the_sweeps(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    broker = make_broker(f"redis://127.0.0.1:{free_port()}/0")
    with house(f"sqlite:///{tmp_path / 'house.db'}") as home:
        actors = declare(broker, home.app.desk)
        assert [actors.send_notices(Channel.SMS, ["0" * 32]) for _ in range(3)] == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == ["the broker fails: ConnectionError"]


def test_a_trouble_is_told_once_however_many_threads_notice_it(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble("it")
    threads = [threading.Thread(target=trouble.noticed, args=(AWAY,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    trouble.over()
    trouble.over()
    assert len(caplog.records) == 2


def test_a_library_says_the_same_sentence_once_in_a_while() -> None:
    sparing = Sparing("dramatiq")

    def passes(name: str, sentence: str, at: float) -> bool:
        record = logging.LogRecord(name, logging.ERROR, "", 0, sentence, None, None)
        record.created = at
        return sparing.filter(record)

    assert passes("dramatiq.worker.ConsumerThread(sms)", "away: %s", 0)
    assert not passes("dramatiq.worker.ConsumerThread(email)", "away: %s", 3)
    assert passes("dramatiq.worker.ConsumerThread(sms)", "back: %s", 4)
    assert passes("dramatiq.worker.ConsumerThread(sms)", "away: %s", Sparing.PERIOD)
    assert passes("outreach.flow", "away: %s", 0)
    assert passes("outreach.flow", "away: %s", 0)
