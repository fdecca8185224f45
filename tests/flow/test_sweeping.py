"""Sweeps: bounded, repeatable, and safe beside each other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.flow import sweep
from outreach.flow.deliver import deliver
from outreach.flow.receive import SETTLE_WITHIN, receive
from outreach.store.outbox import notices
from tests.flow.house import House


def due(home: House, accounts: int) -> None:
    """Plan a text for each of some new accounts, without enqueueing it."""
    for number in range(accounts):
        home.account(f"A-{number}", phone=f"+121255501{number + 10}")
    home.run()
    home.app.desk.outstanding.forget()


def test_a_backlog_waits_in_the_database_and_not_in_the_broker(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    due(home, 5)
    monkeypatch.setitem(sweep.OUTSTANDING, Channel.SMS, 3)
    first = sweep.to_dispatch(home.app.desk)[Channel.SMS]
    assert len(first) == 3
    assert sweep.to_dispatch(home.app.desk) == {}
    deliver(home.app.desk, first[:2])
    second = sweep.to_dispatch(home.app.desk)[Channel.SMS]
    assert len(second) == 2
    assert not set(second) & set(first)


def test_the_line_keeps_its_order_where_all_are_due_at_once(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database may give rows with the same time in any order; then each look would find others at the head."""
    due(home, 60)
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(not_before=home.clock.now()))
    monkeypatch.setitem(sweep.OUTSTANDING, Channel.SMS, 20)
    first = sweep.to_dispatch(home.app.desk)[Channel.SMS]
    assert len(first) == 20
    assert sweep.to_dispatch(home.app.desk) == {}
    with home.engine.connect() as connection:
        assert sorted(first) == connection.scalars(select(notices.c.id).order_by(notices.c.id).limit(20)).all()


def test_what_nobody_took_in_time_is_enqueued_again(home: House) -> None:
    due(home, 2)
    first = sweep.to_dispatch(home.app.desk)
    home.clock.advance(sweep.PATIENCE - timedelta(seconds=1))
    assert sweep.to_dispatch(home.app.desk) == {}
    home.clock.advance(timedelta(seconds=1))
    assert sweep.to_dispatch(home.app.desk) == first


def test_what_waits_for_approval_keeps_no_place_in_the_line(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    due(home, 3)
    with home.engine.begin() as connection:
        waiting = connection.scalars(select(notices.c.id).order_by(notices.c.id).limit(2)).all()
        connection.execute(update(notices).where(notices.c.id.in_(waiting)).values(needs_approval=True))
    monkeypatch.setitem(sweep.OUTSTANDING, Channel.SMS, 2)
    assert len(sweep.to_dispatch(home.app.desk)[Channel.SMS]) == 1


def test_what_a_dead_worker_held_is_the_first_in_line_again(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    due(home, 3)
    with home.engine.begin() as connection:
        held = connection.scalars(select(notices.c.id).order_by(notices.c.not_before, notices.c.id).limit(1)).one()
        connection.execute(
            update(notices)
            .where(notices.c.id == held)
            .values(
                state="claimed", lease_until=home.app.desk.lease_until(), not_before=home.clock.now() - timedelta(1)
            )
        )
    home.clock.advance(timedelta(seconds=12))
    assert sweep.take_back_lost(home.app.desk) == 1
    monkeypatch.setitem(sweep.OUTSTANDING, Channel.SMS, 1)
    assert sweep.to_dispatch(home.app.desk) == {Channel.SMS: [held]}


def test_an_event_that_nobody_settled_is_enqueued_once_in_a_while(home: House) -> None:
    event = DeliveryEvent("e1", EventKind.DELIVERED, "delivered", "0" * 32 + ".1", occurred_at=home.clock.now())
    ids = receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())
    assert sweep.to_settle(home.app.desk) == []
    home.clock.advance(SETTLE_WITHIN)
    assert sweep.to_settle(home.app.desk) == ids
    assert sweep.to_settle(home.app.desk) == []
    home.clock.advance(sweep.PATIENCE)
    assert sweep.to_settle(home.app.desk) == ids


def test_a_provider_is_not_asked_twice_at_once(home: House) -> None:
    due(home, 1)
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="uncertain", started_at=home.clock.now(), lease_until=None))
    assert len(sweep.to_reconcile(home.app.desk)) == 1
    assert sweep.to_reconcile(home.app.desk) == []
    home.clock.advance(sweep.ASKING_PATIENCE)
    assert len(sweep.to_reconcile(home.app.desk)) == 1
