"""Who asked to start and then to stop is not written to, in whichever order the answers are settled."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import select

from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.flow import replies
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store import inbox, settling
from outreach.store.tables import contact_points
from tests.flow.house import House, house

NUMBER = "+12125550142"


@pytest.fixture
def stopped(database_url: str) -> Iterator[House]:
    """A house whose only debtor has asked to stop."""
    with house(database_url) as home:
        home.account(phone=NUMBER)
        settle(home.app.desk, says(home, "STOP"))
        yield home


def says(home: House, word: str) -> list[int]:
    """An answer comes in and waits to be settled."""
    home.clock.advance(timedelta(seconds=1))
    message = InboundMessage(f"{word} {home.clock.at}", Channel.SMS, NUMBER, "+12125550100", word)
    return receive(home.engine, "twilio", Parsed(messages=(message,)), home.clock.now())


def is_stopped(home: House) -> bool:
    with home.engine.connect() as connection:
        query = select(contact_points.c.opted_out_at).where(contact_points.c.value == NUMBER)
        return connection.scalars(query).one() is not None


def test_a_start_lifts_the_stop_before_it(stopped: House) -> None:
    settle(stopped.app.desk, says(stopped, "START"))
    assert not is_stopped(stopped)


def test_a_start_that_is_settled_after_a_later_stop_lifts_nothing(stopped: House) -> None:
    start, stop = says(stopped, "START"), says(stopped, "STOP")
    settle(stopped.app.desk, stop)
    settle(stopped.app.desk, start)
    assert is_stopped(stopped)


def test_a_start_and_a_stop_in_one_batch_end_with_the_stop(stopped: House) -> None:
    settle(stopped.app.desk, [*says(stopped, "START"), *says(stopped, "STOP")])
    assert is_stopped(stopped)


def test_a_start_waits_for_a_stop_that_another_worker_is_about_to_keep(stopped: House) -> None:
    start, stop = says(stopped, "START"), says(stopped, "STOP")
    other = Thread(target=settle, args=(stopped.app.desk, start))
    with stopped.engine.begin() as connection:
        rows = settling.unsettled(connection, stop)
        replies.apply(connection, stopped.app.desk, [(row, inbox.message_from_payload(row.payload)) for row in rows])
        other.start()
        other.join(0.5)
        assert other.is_alive()
    other.join()
    assert is_stopped(stopped)
