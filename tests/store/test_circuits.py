"""Open circuits are everybody's: one row a circuit, one probe at a time, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from multiprocessing.pool import ThreadPool

import pytest
from sqlalchemy import Engine

from outreach.domain.circuit import THRESHOLD, Admission, Circuit, Key, State
from outreach.domain.sending import Outcome, OutcomeUnknown, Reason, Rejected, Scope, SendError, SendResult
from outreach.flow.traffic import Traffic
from outreach.store import circuits
from outreach.store.engine import make_engine, reading
from tests.cast import NOON
from tests.databases import make_tables

SECOND = timedelta(seconds=1)
TWILIO = Key("twilio")
OPEN = Circuit(TWILIO, State.OPEN, opened=1, until=NOON + 5 * SECOND, reason="auth, account (20003)")
DOWN = OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A database of each kind with its tables."""
    made = make_engine(database_url)
    make_tables(made)
    yield made
    made.dispose()


def keep(engine: Engine, circuit: Circuit) -> None:
    with engine.begin() as connection:
        circuits.open_(connection, circuit)


def kept(engine: Engine) -> dict[Key, Circuit]:
    with reading(engine) as connection:
        return circuits.read(connection)


def worker(engine: Engine) -> Traffic:
    """A process that has read the circuits."""
    traffic = Traffic()
    traffic.look(engine, NOON)
    return traffic


def fail(
    engine: Engine, traffic: Traffic, error: SendError, times: int = 1, notice: str = "n", sender: str = ""
) -> None:
    for _ in range(times):
        traffic.observe(Outcome("n.1", "twilio", error=error), sender, notice, NOON)
    with engine.begin() as connection:
        written = traffic.save(connection)
    traffic.saved(written)


def test_an_open_circuit_is_known_to_other_workers_and_after_a_restart(engine: Engine) -> None:
    fail(engine, worker(engine), DOWN, THRESHOLD)
    assert worker(engine).blocking([TWILIO], NOON)[0] is Admission.NO


def test_what_was_rolled_back_is_written_with_the_next_record_and_then_no_more(engine: Engine) -> None:
    traffic = worker(engine)
    for _ in range(THRESHOLD):
        traffic.observe(Outcome("n.1", "twilio", error=DOWN), "", "n", NOON)
    with engine.connect() as connection, connection.begin() as transaction:
        assert traffic.save(connection)
        transaction.rollback()
    assert kept(engine) == {}
    with engine.begin() as connection:
        written = traffic.save(connection)
    traffic.saved(written)
    assert kept(engine) != {}
    with engine.begin() as connection:
        assert traffic.save(connection) == {}


def test_nothing_is_written_before_a_circuit_opens(engine: Engine) -> None:
    fail(engine, worker(engine), DOWN, THRESHOLD - 1)
    assert kept(engine) == {}


def test_what_was_read_is_good_for_a_second(engine: Engine) -> None:
    traffic = worker(engine)
    keep(engine, OPEN)
    traffic.look(engine, NOON + SECOND / 2)
    assert traffic.is_free
    traffic.look(engine, NOON + SECOND)
    assert not traffic.is_free


def test_a_clock_that_was_set_back_does_not_keep_old_news(engine: Engine) -> None:
    traffic = worker(engine)
    keep(engine, OPEN)
    traffic.look(engine, NOON - timedelta(hours=1))
    assert not traffic.is_free


def test_a_shorter_pause_never_shortens_a_longer_one(engine: Engine) -> None:
    keep(engine, replace(OPEN, until=NOON + 60 * SECOND))
    keep(engine, OPEN)
    assert kept(engine)[TWILIO].until == NOON + 60 * SECOND
    keep(engine, replace(OPEN, until=NOON + 90 * SECOND))
    assert kept(engine)[TWILIO].until == NOON + 90 * SECOND


def test_of_many_workers_one_probes(engine: Engine) -> None:
    keep(engine, OPEN)
    workers = [(worker(engine), f"n{number}") for number in range(8)]
    then, until = NOON + 6 * SECOND, NOON + 17 * SECOND
    with ThreadPool(8) as pool:
        won = pool.map(lambda one: one[0].probe(engine, [TWILIO], one[1], then, until), workers)
    assert won.count(True) == 1
    assert kept(engine)[TWILIO].probe == workers[won.index(True)][1]


def test_the_probes_success_closes_the_circuit_for_all(engine: Engine) -> None:
    keep(engine, OPEN)
    prober, other = worker(engine), worker(engine)
    then = NOON + 6 * SECOND
    assert prober.probe(engine, [TWILIO], "n1", then, then + 11 * SECOND)
    prober.observe(Outcome("n1.1", "twilio", result=SendResult("SM1")), "", "n1", then)
    with engine.begin() as connection:
        prober.save(connection)
    other.look(engine, then)
    assert kept(engine) == {}
    assert other.is_free


def test_the_probes_failure_opens_it_for_longer(engine: Engine) -> None:
    keep(engine, OPEN)
    prober = worker(engine)
    then = NOON + 6 * SECOND
    assert prober.probe(engine, [TWILIO], "n1", then, then + 11 * SECOND)
    prober.observe(Outcome("n1.1", "twilio", error=DOWN), "", "n1", then)
    with engine.begin() as connection:
        prober.save(connection)
    assert kept(engine)[TWILIO].until == then + 10 * SECOND
    assert kept(engine)[TWILIO].opened == 2


def test_a_probe_whose_worker_died_is_taken_over_and_its_late_answer_changes_nothing(engine: Engine) -> None:
    keep(engine, OPEN)
    dead, heir = worker(engine), worker(engine)
    then, over = NOON + 6 * SECOND, NOON + 17 * SECOND
    assert dead.probe(engine, [TWILIO], "n1", then, over)
    heir.look(engine, then)
    assert heir.blocking([TWILIO], over - SECOND)[0] is Admission.NO
    assert heir.probe(engine, [TWILIO], "n2", over, over + 11 * SECOND)
    dead.observe(Outcome("n1.1", "twilio", result=SendResult("SM1")), "", "n1", over)
    with engine.begin() as connection:
        dead.save(connection)
    assert kept(engine)[TWILIO].probe == "n2"


def test_a_probe_of_two_circuits_takes_both_or_neither(engine: Engine) -> None:
    mine = Key("twilio", "a@lender.example")
    keep(engine, OPEN)
    keep(engine, replace(OPEN, key=mine))
    first, second = worker(engine), worker(engine)
    then = NOON + 6 * SECOND
    assert first.probe(engine, [mine], "n1", then, then + 11 * SECOND)
    assert not second.probe(engine, [TWILIO, mine], "n2", then, then + 11 * SECOND)
    assert kept(engine)[TWILIO].state is State.OPEN


def test_a_senders_circuit_leaves_the_other_senders_alone(engine: Engine) -> None:
    traffic = worker(engine)
    fail(engine, traffic, Rejected(Scope.SENDER, Reason.NOT_REGISTERED), THRESHOLD, sender="a@lender.example")
    assert traffic.blocking([TWILIO, Key("twilio", "a@lender.example")], NOON)[0] is Admission.NO
    assert traffic.blocking([TWILIO, Key("twilio", "b@lender.example")], NOON)[0] is Admission.YES
