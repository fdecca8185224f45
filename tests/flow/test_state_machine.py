"""Any interleaving of the flows, the people, the vendors, time and death keeps the laws, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Connection, select, update

from outreach.domain.account import HoldReason
from outreach.domain.case import Record
from outreach.domain.event import EventKind, InboundMessage
from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.domain.sending import Parsed
from outreach.flow import actions
from outreach.flow.holds import NewHold, place
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store import contents
from outreach.store import notices as notice_store
from outreach.store.notice_rows import Move
from outreach.store.outbox import notices
from outreach.store.tables import accounts
from outreach.store.users import Role
from tests.flow.laws import Broken, Watch, each_message_is_taken_once, look, unquiet
from tests.flow.town import PEOPLE, PHONE, WORKERS, Message, Town, town
from tests.flow.vendor import Answer, Line, Memory, Script, Taken
from tests.flow.worker import Stop

pytestmark = pytest.mark.long

#: Examples on each database; raise it for a long run: OUTREACH_TEST_EXAMPLES=5000.
EXAMPLES = int(os.environ.get("OUTREACH_TEST_EXAMPLES", "30"))
PROFILE = settings(
    max_examples=EXAMPLES,
    stateful_step_count=30,
    deadline=None,
    print_blob=True,
    # To shrink takes minutes; the example as it was found can be read, and the printed blob repeats it.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TIMES = [timedelta(), timedelta(seconds=31), timedelta(seconds=61), 11 * MINUTE, 12 * MINUTE, 3 * 60 * MINUTE, DAY]
#: Weeks after which all must be quiet, and days for which the machine's holds last.
WEEKS, LONGEST_HOLD = 5, 3
BY = "ops@lender.example"

refs = st.sampled_from(sorted(PEOPLE))
numbers = st.integers(0, 7)
answers = st.lists(st.sampled_from([Answer.TAKE, Answer.TAKE, Answer.LOSE_CALL, *Answer]), max_size=3)
memories = st.lists(st.sampled_from(Memory), max_size=2)
#: What becomes of the ids of stored news: its message is lost, waits in the broker, or is worked on at once.
fates = st.sampled_from(["lost", "enqueued", "settled"])
kinds = st.sampled_from([EventKind.QUEUED, EventKind.SENT, EventKind.DELIVERED, EventKind.UNDELIVERED])
workers = st.integers(0, WORKERS - 1)
yes_no = st.booleans()
#: How far a worker goes: to its next stop of a kind, or to the end of its job.
stops = st.sampled_from([None, None, *Stop])


#: What may come next: how often against the others, and what is told with it.
STEPS: dict[str, tuple[int, dict[str, st.SearchStrategy[Any]]]] = {
    "work": (10, {"index": workers, "number": numbers, "until": stops, "said": answers, "remembered": memories}),
    "time_passes": (6, {"by": st.sampled_from(TIMES), "speed": st.sampled_from([1, 1, 60])}),
    "others_work": (3, {"said": answers, "remembered": memories}),
    "worker_dies": (1, {"index": workers, "at_commit": yes_no}),
    "news": (3, {"number": numbers, "kind": kinds, "by_ref": yes_no, "permanent": yes_no, "fate": fates}),
    "debtor_answers": (1, {"word": st.sampled_from(["STOP", "START"]), "fate": fates}),
    "money_moves": (1, {"number": numbers}),
    "hold": (1, {"number": numbers, "days": st.sampled_from([None, 1, LONGEST_HOLD]), "whole": yes_no}),
    "import_again": (1, {"ref": refs, "phone": st.sampled_from(["", PHONE, "+12125550143"])}),
}
steps = st.sampled_from([name for name, (weight, _) in STEPS.items() for _ in range(weight)]).flatmap(
    lambda name: st.tuples(st.just(name), st.fixed_dictionaries(STEPS[name][1]))
)


class Interleaving(RuleBasedStateMachine):
    """The town, one step at a time."""

    town: ClassVar[Town]

    def __init__(self) -> None:
        super().__init__()
        self.town.reset()
        self.watch = Watch(self.town.campaign.send_window)
        #: All that the broker ever carried: any of it may come again.
        self.broker: list[Message] = []
        self.payments: dict[str, str] = {}
        self.holds: dict[str, int] = {}
        self.told = 0

    @initialize(some=st.sets(refs, min_size=1))
    def begin(self, some: set[str]) -> None:
        self.town.import_accounts(*sorted(some))
        self._tick(timedelta())

    @rule(step=steps)
    def step(self, step: tuple[str, dict[str, Any]]) -> None:
        """One rule, not one for each: Hypothesis leaves rules out of a run, and without work nothing would happen."""
        name, told = step
        getattr(self, name)(**told)

    def time_passes(self, by: timedelta, speed: int) -> None:
        """And the scheduler releases and sweeps."""
        self._tick(by, speed)

    def work(self, index: int, number: int, until: Stop | None, said: list[Answer], remembered: list[Memory]) -> None:
        """An idle worker takes a message: mostly a new one, or an old one that comes again."""
        worker = self.town.workers[index]
        if not worker.busy:
            message = self.broker[-1 - number % len(self.broker)] if self.broker else Message("deliver", ())
            worker.start(self.town.desk(worker), message.job())
        worker.meets(said, remembered)
        worker.go_on(until)

    def others_work(self, said: list[Answer], remembered: list[Memory]) -> None:
        """Workers that nothing happens to do all that there is to do."""
        self.town.work_off(Script(said, remembered))

    def worker_dies(self, index: int, at_commit: bool) -> None:
        self.town.workers[index].die(at_commit=at_commit)

    def news(self, number: int, kind: EventKind, by_ref: bool, permanent: bool, fate: str) -> None:
        """In any order, doubled, before our own record of the call, or about an earlier attempt."""
        if not self.town.ledger.taken:
            return
        taken = self.town.ledger.taken[-1 - number % len(self.town.ledger.taken)]
        if taken.may(kind):
            event = taken.news(kind, by_ref=by_ref and self._has_ref(taken), permanent=permanent)
            self._receive(taken.provider, Parsed(events=(event,)), fate)

    def debtor_answers(self, word: str, fate: str) -> None:
        self.told += 1
        message = InboundMessage(f"answer-{self.told}", Channel.SMS, PHONE, "+12125550100", word)
        self._receive("alpha", Parsed(messages=(message,)), fate)

    def money_moves(self, number: int) -> None:
        """A debtor pays all; or the bank takes it back."""
        ref = self._some_account(number)
        if ref in self.payments:
            self.town.reverse(ref, self.payments.pop(ref))
        else:
            self.payments[ref] = self.town.pay(ref)

    def hold(self, number: int, days: int | None, whole: bool) -> None:
        """An account or all of its debtor's are held for some days or for good; or its last hold is released."""
        ref, now = self._some_account(number), self.town.clock.now()
        if ref in self.holds:
            verified = Record("verified", now.date() - DAY, "letter")
            with suppress(actions.Unknown):  # it has ended by itself
                actions.release_hold(self.town.engine, ref, self.holds.pop(ref), BY, now, Role.AGENT, verified)
            return
        if not days:
            self.holds[ref] = actions.place_hold(self.town.engine, ref, HoldReason.DISPUTE, BY, now, whole_debtor=whole)
            return
        with self.town.engine.begin() as connection:
            query = select(accounts.c.id, accounts.c.debtor_id).where(accounts.c.ref == ref)
            id_, debtor_id = connection.execute(query).one()
            held = NewHold(debtor_id, None if whole else id_, HoldReason.DISPUTE, BY, ends_at=now + days * DAY)
            self.holds[ref] = place(connection, held, now, BY)

    def import_again(self, ref: str, phone: str) -> None:
        """A new account, the same once more, or a debtor with a new number."""
        self.town.import_accounts(ref, phone=phone if PEOPLE[ref][4] else "")

    @invariant()
    def laws_hold(self) -> None:
        self.watch.check(self.town.engine, self.town.ledger, self.town.clock.now())

    def teardown(self) -> None:
        """The faults stop: whoever still worked is dead, the vendors tell all they know, and time passes."""
        for worker in self.town.workers:
            worker.die()
        if self.watch.before is not None and self.watch.before.accounts:
            settle_down(self.town, self.watch)

    def _tick(self, by: timedelta, speed: int = 1) -> None:
        self.town.clock.advance(by, speed)
        self.town.release()
        self.broker += self.town.sweep()

    def _some_account(self, number: int) -> str:
        assert self.watch.before is not None
        known = sorted(row.ref for row in self.watch.before.accounts.values())
        return known[number % len(known)]

    def _has_ref(self, taken: Taken) -> bool:
        before = self.watch.before
        return before is not None and taken.ref in {row.provider_ref for row in before.notices.values()}

    def _receive(self, provider: str, parsed: Parsed, fate: str) -> None:
        ids = receive(self.town.engine, provider, parsed, self.town.clock.now(), self.town.clock.machine())
        self.watch.received += [one.event_id for one in (*parsed.events, *parsed.messages)]
        if ids and fate == "enqueued":
            self.broker.append(Message("settle", tuple(ids)))
        elif fate == "settled":
            settle(self.town.desk(Line()), ids)


def settle_down(town: Town, watch: Watch) -> None:
    """The faults stop, the vendors tell all they know, and weeks pass: in the end all is quiet."""
    for taken in list(town.ledger.taken):
        events = tuple(taken.news(kind) for kind in taken.fate)
        receive(town.engine, taken.provider, Parsed(events=events), town.clock.now(), town.clock.machine())
    for by in [timedelta(), 2 * MINUTE, 12 * MINUTE]:
        town.clock.advance(by)
        town.work_off()
        watch.check(town.engine, town.ledger, town.clock.now())
    for day in range(WEEKS * 7):
        town.clock.advance(_until_noon_in_the_west(town))
        town.work_off()
        seen = watch.check(town.engine, town.ledger, town.clock.now())
        if day >= LONGEST_HOLD and not unquiet(seen, town.ledger):
            return
    raise Broken("; ".join(unquiet(seen, town.ledger)))


def _until_noon_in_the_west(town: Town) -> timedelta:
    now = town.clock.now()
    noon = now.replace(hour=20, minute=0, second=0)
    return noon - now + (timedelta() if noon > now else DAY)


@pytest.fixture
def built(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town on each database."""
    with town(database_url, tmp_path) as made:
        yield made


def test_whatever_comes_between_whatever_the_laws_hold(built: Town) -> None:
    run_state_machine_as_test(type("Interleaving", (Interleaving,), {"town": built}), settings=PROFILE)


class Doubling(Interleaving):
    """Looks for nothing but a message that was taken twice."""

    @invariant()
    def laws_hold(self) -> None:
        with self.town.engine.connect() as connection:
            self.watch.before = look(connection, self.town.clock.now())
        each_message_is_taken_once(self.watch.before, self.town.ledger)

    def teardown(self) -> None:
        for worker in self.town.workers:
            worker.die()


def claims_whatever_it_is(connection: Connection, ids: Sequence[str], *told: Any) -> Any:
    """A claim without its comparison: a notice is taken in any state."""
    connection.execute(update(notices).where(notices.c.id.in_(ids)).values(state="planned"))
    return CLAIM(connection, ids, *told)


def starts_without_a_trace(connection: Connection, moves: Sequence[Move], at: datetime) -> Any:
    """A start of sending that no other process can see: the attempt is not committed before its call."""
    starts = [one for one in moves if one.new is NoticeState.SENDING]
    return {one.id for one in starts} | MOVE(connection, [one for one in moves if one not in starts], at)


CLAIM, MOVE = notice_store.claim, notice_store.move


def claim_without_comparison(patch: pytest.MonkeyPatch) -> None:
    """Every claim takes a notice in whatever state."""
    patch.setattr(notice_store, "claim", claims_whatever_it_is)


def call_without_a_trace(patch: pytest.MonkeyPatch) -> None:
    """No attempt is committed before its call; its content, whose key would stop the next one, neither."""
    patch.setattr(notice_store, "move", starts_without_a_trace)
    patch.setattr(contents, "keep", lambda *_: None)


@pytest.mark.parametrize("break_it", [claim_without_comparison, call_without_a_trace])
def test_without_its_guard_it_finds_a_double(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, break_it: Callable[[pytest.MonkeyPatch], None]
) -> None:
    """A test of the test, with the same examples each time."""
    break_it(monkeypatch)
    profile = settings(PROFILE, max_examples=200, derandomize=True, phases=[Phase.generate], database=None)
    with town(f"sqlite:///{tmp_path / 'broken.db'}", tmp_path) as built:
        machine = type("Doubling", (Doubling,), {"town": built})
        with pytest.raises(Broken, match="a message is taken once"):
            run_state_machine_as_test(machine, settings=profile)
