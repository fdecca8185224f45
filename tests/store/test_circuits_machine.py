"""Any interleaving of workers that call, die, and read late: one probe at a time, and a way back for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import Engine

from outreach.domain.circuit import LONGEST_PAUSE, Admission, Key, State
from outreach.domain.outcome import LONGEST_RETRY_AFTER
from outreach.domain.sending import NotSent, Outcome, OutcomeUnknown, Reason, Rejected, Scope, SendResult
from outreach.flow.traffic import FRESH, Traffic
from outreach.store import circuits
from outreach.store.engine import make_engine, reading
from tests.cast import NOON
from tests.databases import make_tables

TWILIO = Key("twilio")
LEASE = timedelta(seconds=11)

OUTCOMES = [
    Outcome("a.1", "twilio", result=SendResult("SM1")),
    Outcome("a.1", "twilio", error=OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN)),
    Outcome("a.1", "twilio", error=OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN)),
    Outcome("a.1", "twilio", error=NotSent(Scope.PROVIDER, Reason.THROTTLED, retry_after=7)),
    Outcome("a.1", "twilio", error=Rejected(Scope.RECIPIENT, Reason.INVALID_ADDRESS)),
    Outcome("a.1", "twilio", error=NotSent(Scope.RECIPIENT, Reason.EXPIRED)),
]


workers = st.integers(0, 2)


class Workers(RuleBasedStateMachine):
    """Three workers and their calls under way: (worker, notice, whether it probes, until when)."""

    engine: Engine

    def __init__(self) -> None:
        super().__init__()
        with self.engine.begin() as connection:
            connection.execute(circuits.circuits.delete())
        self.now = NOON
        self.workers = [Traffic() for _ in range(3)]
        self.calls: list[tuple[int, str, bool, datetime]] = []
        self.notices = 0

    @rule(seconds=st.sampled_from([0.2, 1, 3, 6, 12, 40]))
    def time_passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(who=workers)
    def begin_a_call(self, who: int) -> None:
        traffic = self.workers[who]
        traffic.look(self.engine, self.now)
        self.notices += 1
        notice = f"n{self.notices}"
        admission, _ = traffic.blocking([TWILIO], self.now)
        if admission is Admission.YES:
            self.calls.append((who, notice, False, self.now + LEASE))
        elif admission is Admission.PROBE and traffic.probe(self.engine, [TWILIO], notice, self.now, self.now + LEASE):
            assert not [call for call in self.calls if call[2] and call[3] > self.now], "two probes at once"
            self.calls.append((who, notice, True, self.now + LEASE))

    @rule(pick=st.integers(0, 50), said=st.sampled_from(OUTCOMES), is_saved=st.booleans())
    def end_a_call(self, pick: int, said: Outcome, is_saved: bool) -> None:
        if not self.calls:
            return
        who, notice, _, _ = self.calls.pop(pick % len(self.calls))
        self.workers[who].observe(said, "", notice, self.now)
        if is_saved:
            self.save(who)

    @rule(who=workers)
    def save(self, who: int) -> None:
        with self.engine.begin() as connection:
            written = self.workers[who].save(connection)
        self.workers[who].saved(written)

    @rule(who=workers)
    def die(self, who: int) -> None:
        self.workers[who] = Traffic()
        self.calls = [call for call in self.calls if call[0] != who]

    @invariant()
    def an_open_circuit_stops_who_reads_it(self) -> None:
        with reading(self.engine) as connection:
            kept = circuits.read(connection).get(TWILIO)
        if kept is None or kept.until is None:
            return
        assert kept.state is not State.CLOSED
        assert kept.until <= self.now + max(LONGEST_PAUSE, LEASE, LONGEST_RETRY_AFTER)
        fresh = Traffic()
        fresh.look(self.engine, self.now)
        assert (fresh.blocking([TWILIO], self.now)[0] is Admission.NO) == (kept.until > self.now)

    def teardown(self) -> None:
        """The provider works again: within one pause a message closes the circuit, and everybody may call."""
        for who in range(3):
            self.save(who)
        self.now += LONGEST_PAUSE + LEASE
        self.calls = []
        self.begin_a_call(0)
        [(_, notice, _, _)] = self.calls
        self.workers[0].observe(OUTCOMES[0], "", notice, self.now)
        self.save(0)
        self.now += FRESH
        for traffic in self.workers:
            traffic.look(self.engine, self.now)
            assert traffic.blocking([TWILIO], self.now)[0] is Admission.YES


def test_whatever_workers_do_one_probes_and_all_find_back(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'circuits.db'}")
    make_tables(engine)
    Workers.engine = engine
    run_state_machine_as_test(
        Workers, settings=settings(max_examples=60, stateful_step_count=40, deadline=None, derandomize=True)
    )
    engine.dispose()
