"""What nobody knows is asked about, shown to people while it lasts, and never sent blindly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
from sqlalchemy import select

from outreach.domain.message import Channel
from outreach.flow.clock import FastClock
from outreach.flow.deliver import deliver
from outreach.flow.reconcile import GRACE, reconcile
from outreach.flow.sweep import to_dispatch, to_reconcile
from outreach.store.outbox import notices, tasks
from tests.flow.house import House


def arm(home: House, **fault: object) -> None:
    body = {"provider": "twilio", "kind": "error", **fault}
    httpx.post(f"{home.sandbox_url}/sandbox/faults", json=body).raise_for_status()


def work(home: House) -> list[tuple[str, str]]:
    with home.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(tasks.c.kind, tasks.c.state).order_by(tasks.c.id))]


def reconcile_all(home: House) -> int:
    return reconcile(home.app.desk, to_reconcile(home.app.desk))


def test_a_doubt_is_a_task_until_the_provider_is_found_to_have_the_message(home: House) -> None:
    home.account()
    arm(home)
    home.deliver()
    assert home.states() == {"reminder sms": "uncertain"}
    assert work(home) == [("uncertain", "open")]
    assert reconcile_all(home) == 1
    assert work(home) == [("uncertain", "done")]


def test_a_second_doubt_about_a_notice_is_a_task_of_its_own(home: House) -> None:
    home.account()
    for _ in range(2):
        arm(home, accept=False)
        deliver(home.app.desk, to_dispatch(home.app.desk).get(Channel.SMS) or home.run())
        home.clock.advance(GRACE)
        reconcile_all(home)
        home.clock.advance(timedelta(minutes=1))
    assert work(home) == [("uncertain", "done"), ("uncertain", "done")]


def test_the_days_of_a_demonstration_do_not_hurry_a_provider(home: House) -> None:
    home.account()
    arm(home, accept=False)
    home.deliver()
    with home.engine.connect() as connection:
        started_at = connection.scalars(select(notices.c.started_at)).one()
    fast = FastClock(started_at, speed=300, origin=home.clock.at, wall=lambda: home.clock.at + timedelta(seconds=3))
    assert fast.now() - started_at > GRACE
    ids = to_reconcile(home.app.desk)
    assert reconcile(replace(home.app.desk, clock=fast), ids) == 0
    assert home.states() == {"reminder sms": "uncertain"}
