"""A worker that stands still (a suspended machine, a long pause) comes back into a world that went on without it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from outreach.domain.account import HoldReason
from outreach.domain.event import EventKind
from outreach.domain.sending import Parsed
from outreach.flow.actions import place_hold
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store.outbox import notices
from tests.flow.house import campaign
from tests.flow.laws import Watch
from tests.flow.town import Message, Town, town
from tests.flow.vendor import Answer, Line, Memory, Script
from tests.flow.worker import Stop, Worker

MINUTE = timedelta(minutes=1)
#: Longer than a lease, than a list lags, and than we take to believe a vendor that it has no such message.
LONG = 11 * MINUTE


@pytest.fixture
def built(database_url: str, tmp_path: Path) -> Iterator[Town]:
    """A town in which one text is planned."""
    with town(database_url, tmp_path, campaign()) as made:
        made.import_accounts("A-1")
        made.release()
        yield made


def stand(built: Town, worker: Worker, message: Message, at: Stop, script: Script | None = None) -> None:
    """Have a worker take a message and come to a stop."""
    worker.start(built.desk(worker), message.job())
    if script is not None:
        worker.meets(script.answers, script.memories)
    worker.go_on(at)
    assert worker.stands_at is at


def found(built: Town, flow: str) -> Message:
    """The only message for a flow that the sweeps find."""
    (message,) = [message for message in built.sweep() if message.flow == flow]
    return message


def works_off(built: Town, *answers: Answer) -> None:
    """Others do all that there is to do."""
    built.work_off(Script(answers))


def state(built: Town) -> str:
    """Of the only notice."""
    with built.engine.connect() as connection:
        return connection.scalars(select(notices.c.state)).one()


def taken(built: Town) -> int:
    """How many messages the vendors took, when all laws hold."""
    Watch(built.campaign.send_window).check(built.engine, built.ledger, built.clock.now())
    return len(built.ledger.taken)


def test_what_it_recorded_too_late_moves_no_later_attempt(built: Town) -> None:
    """Its call was refused for now; meanwhile the second attempt is at the vendor's and must not be planned again."""
    first, second, _ = built.workers
    stand(built, first, found(built, "deliver"), Stop.CALL, Script([Answer.THROTTLE]))
    built.clock.advance(LONG)
    works_off_doubts(built)
    stand(built, second, found(built, "deliver"), Stop.ANSWER)
    first.go_on()
    assert state(built) == "sending"
    second.go_on()
    built.clock.advance(MINUTE)
    works_off(built)
    assert taken(built) == 1


def works_off_doubts(built: Town) -> None:
    """The lost attempt is taken back, the vendor has no such message, and the notice is planned again."""
    found(built, "reconcile").job()(built.desk(Line()))
    assert state(built) == "planned"


def test_a_call_that_was_taken_after_all_ends_the_notice_that_was_planned_again(built: Town) -> None:
    first = built.workers[0]
    stand(built, first, found(built, "deliver"), Stop.CALL)
    built.clock.advance(LONG)
    works_off_doubts(built)
    first.go_on()
    assert state(built) == "sent"
    works_off(built)
    assert taken(built) == 1


@pytest.mark.parametrize(("kind", "end"), [(EventKind.QUEUED, "sent"), (EventKind.DELIVERED, "delivered")])
def test_the_vendors_news_of_such_a_call_ends_it_too_when_its_worker_is_dead(
    built: Town, kind: EventKind, end: str
) -> None:
    first = built.workers[0]
    stand(built, first, found(built, "deliver"), Stop.CALL)
    built.clock.advance(LONG)
    works_off_doubts(built)
    first.go_on(Stop.ANSWER)
    first.die()
    (message,) = built.ledger.taken
    events = Parsed(events=(message.news(kind),))
    settle(built.desk(Line()), receive(built.engine, message.provider, events, built.clock.now()))
    assert state(built) == end
    built.clock.advance(MINUTE)
    works_off(built)
    assert taken(built) == 1


def test_a_hold_that_was_placed_before_its_claim_stops_it(built: Town) -> None:
    """It looked at its watch before the hold began, and at the facts after that."""
    first = built.workers[0]
    stand(built, first, found(built, "deliver"), Stop.TRANSACTION)
    built.clock.advance(MINUTE)
    place_hold(built.engine, "A-1", HoldReason.DISPUTE, "ops@lender.example", built.clock.now())
    first.go_on()
    assert (state(built), taken(built)) == ("planned", 0)


def test_a_call_is_not_made_once_its_lease_is_over(built: Town) -> None:
    """The attempt is committed, its call has not begun."""
    built.import_accounts("A-2")
    built.release()
    first = built.workers[0]
    stand(built, first, found(built, "deliver"), Stop.CALL)
    built.clock.advance(LONG)
    first.go_on()
    assert taken(built) == 1
    works_off(built)
    assert taken(built) == 2


def test_an_answer_about_one_attempt_says_nothing_of_the_next(built: Town) -> None:
    first, second, _ = built.workers
    works_off(built, Answer.LOSE_CALL)
    built.clock.advance(LONG)
    question = found(built, "reconcile")
    stand(built, first, question, Stop.FINDING)
    question.job()(built.desk(Line()))
    stand(built, second, found(built, "deliver"), Stop.ANSWER, Script([Answer.LOSE_ANSWER]))
    second.go_on()
    assert state(built) == "uncertain"
    first.go_on()
    assert state(built) == "uncertain"
    works_off(built)
    assert taken(built) == 1


def test_a_no_that_came_while_the_list_lagged_is_not_believed_later(built: Town) -> None:
    first = built.workers[0]
    stand(built, first, found(built, "deliver"), Stop.ANSWER, Script([Answer.LOSE_ANSWER]))
    first.go_on()
    built.clock.advance(MINUTE)
    stand(built, first, found(built, "reconcile"), Stop.FINDING, Script(memories=[Memory.LAGGING]))
    built.clock.advance(LONG)
    first.go_on()
    assert state(built) == "uncertain"
    built.clock.advance(LONG)
    works_off(built)
    assert (state(built), taken(built)) == ("sent", 1)
