"""A provider that fails is left alone, by everybody; the next one of the channel takes over where that is safe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import event, insert, select

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.circuit import FIRST_PAUSE, THRESHOLD
from outreach.domain.message import Channel
from outreach.flow.deliver import deliver
from outreach.flow.sweep import to_dispatch
from outreach.store.outbox import notice_events, notices
from outreach.store.tables import circuits
from tests.flow.house import House, another, campaign, free_port, house

SECOND = timedelta(seconds=1)
BY_EMAIL = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.EMAIL,), "friendly_reminder")
BY_TEXT = Step("reminder", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.SMS,), "friendly_reminder")
#: More than any test uses up.
MANY = 1_000


class MailServer:
    """Keeps the recipients of the mails that it took."""

    def __init__(self) -> None:
        self.recipients: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.recipients += envelope.rcpt_tos
        return "250 OK"


@contextmanager
def two_ways_out(database_url: str, **overrides: Any) -> Iterator[tuple[House, MailServer]]:
    """A house whose e-mails go through SendGrid, and through a mail server where SendGrid cannot."""
    server, port = MailServer(), free_port()
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with house(database_url, campaign(BY_EMAIL), smtp_url=f"smtp://127.0.0.1:{port}", **overrides) as home:
            yield home, server
    finally:
        controller.stop()


def arm(home: House, provider: str, kind: str, **fault: Any) -> None:
    body = {"provider": provider, "kind": kind, "count": MANY, "accept": False, **fault}
    assert httpx.post(f"{home.sandbox_url}/sandbox/faults", json=body).status_code == 201


def mend(home: House) -> None:
    """No fault any more."""
    assert httpx.delete(f"{home.sandbox_url}/sandbox/faults").is_success


def failed_calls(home: House) -> int:
    """Calls that met the fault."""
    [fault] = httpx.get(f"{home.sandbox_url}/sandbox/faults").json()
    return MANY - int(fault["count"])


def accepted(home: House) -> int:
    return len(httpx.get(f"{home.sandbox_url}/sandbox/ledger").text.splitlines())


def people(home: House, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        home.account(f"A-{number}", phone=f"+1212555{110 + number:04d}", email=f"debtor{number}@debtor.example")


def counts(home: House) -> dict[str, int]:
    """How many notices are in each state."""
    with home.engine.connect() as connection:
        states = list(connection.scalars(select(notices.c.state)))
    return {state: states.count(state) for state in sorted(set(states))}


def dispatched(home: House) -> list[str]:
    return [id_ for ids in to_dispatch(home.app.desk).values() for id_ in ids]


def run(home: House, rounds: int, step: timedelta = SECOND) -> None:
    """Dispatch and deliver again and again while time passes."""
    for _ in range(rounds):
        deliver(home.app.desk, home.run())
        home.clock.advance(step)


def test_a_batch_of_fifty_does_not_run_fifty_times_into_a_429(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=4) as home:
        people(home, 50)
        arm(home, "twilio", "throttle", seconds=20)
        home.deliver()
        assert failed_calls(home) <= 4
        assert counts(home) == {"planned": 50}
        home.clock.advance(19 * SECOND)
        assert home.deliver() == 0
        mend(home)
        home.clock.advance(SECOND)
        run(home, 6)
        assert counts(home) == {"sent": 50}
        assert accepted(home) == 50


def test_calls_that_wait_for_a_thread_are_not_made_once_their_provider_is_paused(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=1) as home:
        people(home, 4)
        ids = home.run()
        arm(home, "twilio", "throttle", seconds=20)
        free = threading.Event()
        home.app.desk.pool.submit(free.wait)
        workers = [threading.Thread(target=deliver, args=(home.app.desk, [id_])) for id_ in ids]
        try:
            for worker in workers:
                worker.start()
            while counts(home) != {"sending": 4}:
                workers[0].join(0.02)
        finally:
            free.set()
        for worker in workers:
            worker.join()
        assert failed_calls(home) == 1
        assert counts(home) == {"planned": 4}
        with home.engine.connect() as connection:
            assert min(connection.scalars(select(notices.c.not_before))) == home.clock.now() + 20 * SECOND


def test_another_process_leaves_the_provider_alone_too(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT)) as home, another(home) as other:
        people(home, 3)
        ids = home.run()
        arm(home, "twilio", "throttle", seconds=20)
        deliver(home.app.desk, ids[:1])
        assert deliver(other.desk, ids[1:]) == 0
        assert failed_calls(home) == 1


def test_a_pause_is_no_try_and_told_once(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        people(home, 2)
        ids = home.run()
        arm(home, "twilio", "throttle", seconds=3600)
        deliver(home.app.desk, ids[:1])
        for _ in range(5):
            deliver(home.app.desk, ids[1:])
            with home.engine.begin() as connection:
                connection.execute(notices.update().values(not_before=home.clock.now()))
        with home.engine.connect() as connection:
            waiting = connection.execute(select(notices).where(notices.c.id == ids[1])).one()
            log = connection.scalars(select(notice_events.c.reason).where(notice_events.c.notice_id == ids[1])).all()
        assert (waiting.state, waiting.attempts) == ("planned", 0)
        assert log == ["", "twilio is paused: throttled, provider (20429)"]


@pytest.mark.parametrize("fault", [{"kind": "error"}, {"kind": "reset"}, {"kind": "garbage"}], ids=lambda f: f["kind"])
def test_unknown_outcomes_in_a_row_stop_the_calls(database_url: str, fault: dict[str, Any]) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=1) as home:
        people(home, 20)
        arm(home, "twilio", **fault)
        home.deliver()
        assert failed_calls(home) == THRESHOLD
        assert counts(home) == {"planned": 20 - THRESHOLD, "uncertain": THRESHOLD}


def test_a_wrong_password_stops_the_calls_and_nothing_is_lost(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=1, twilio_auth_token="wrong") as home:
        people(home, 20)
        home.deliver()
        with home.engine.connect() as connection:
            row = connection.execute(select(circuits)).one()
        assert (row.provider, row.sender, row.state) == ("twilio", "", "open")
        assert row.reason.startswith("auth, account")
        assert counts(home) == {"planned": 20}
        assert accepted(home) == 0


def test_nothing_is_dispatched_while_every_way_out_is_paused_and_one_message_probes(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=1) as home:
        people(home, 20)
        arm(home, "twilio", "error")
        home.deliver()
        home.clock.advance(FIRST_PAUSE - SECOND)
        assert dispatched(home) == []
        home.clock.advance(SECOND)
        [probe] = dispatched(home)
        assert deliver(home.app.desk, [probe]) == 1
        assert failed_calls(home) == THRESHOLD + 1
        home.clock.advance(FIRST_PAUSE)
        assert dispatched(home) == [], "the second pause is longer"


def test_of_a_whole_batch_one_message_probes_and_the_others_follow_its_success(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT), send_concurrency=20) as home:
        people(home, 20)
        ids = home.run()
        arm(home, "twilio", "error")
        deliver(home.app.desk, ids[:THRESHOLD])
        home.clock.advance(FIRST_PAUSE)
        assert deliver(home.app.desk, ids) == 1
        mend(home)
        home.clock.advance(timedelta(minutes=1))
        assert deliver(home.app.desk, ids) == 1
        home.clock.advance(3 * SECOND)
        assert deliver(home.app.desk, ids) == 20 - THRESHOLD - 2
        with home.engine.connect() as connection:
            assert connection.execute(select(circuits)).all() == []


def test_recipients_that_are_refused_open_nothing(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        for number in range(8):
            home.account(f"A-{number}", phone="+12125550193", email="")
        people(home, 3, first=20)
        home.deliver()
        assert counts(home) == {"failed": 8, "sent": 3}


@pytest.mark.parametrize("fault", [{"kind": "throttle", "seconds": 60}], ids=["throttled"])
def test_what_surely_did_not_leave_goes_to_the_next_provider_at_once(database_url: str, fault: dict[str, Any]) -> None:
    with two_ways_out(database_url) as (home, server):
        people(home, 1)
        arm(home, "sendgrid", **fault)
        home.deliver()
        home.deliver()
        assert server.recipients == ["debtor0@debtor.example"]
        assert counts(home) == {"sent": 1}


def test_a_provider_that_refuses_our_account_is_passed_over(database_url: str) -> None:
    with two_ways_out(database_url, send_concurrency=1, sendgrid_api_key="wrong") as (home, server):
        people(home, 12)
        run(home, 3)
        assert sorted(server.recipients) == sorted(f"debtor{number}@debtor.example" for number in range(12))
        assert counts(home) == {"sent": 12}
        assert accepted(home) == 0


def test_after_an_unknown_outcome_no_other_provider_gets_the_message(database_url: str) -> None:
    with two_ways_out(database_url, send_concurrency=1) as (home, server):
        people(home, 10)
        arm(home, "sendgrid", "error")
        run(home, 10)
        in_doubt = failed_calls(home)
        assert counts(home) == {"sent": 10 - in_doubt, "uncertain": in_doubt}
        assert THRESHOLD <= in_doubt <= THRESHOLD + 1, "five open the circuit, one probed it"
        assert len(server.recipients) == 10 - in_doubt


def test_a_refused_recipient_is_not_tried_at_another_provider(database_url: str) -> None:
    with two_ways_out(database_url) as (home, server):
        home.account(email="invalid@debtor.example", phone="")
        run(home, 3)
        assert server.recipients == []


def test_the_first_provider_is_preferred_again_once_it_works(database_url: str) -> None:
    with two_ways_out(database_url, send_concurrency=1) as (home, server):
        people(home, 8)
        arm(home, "sendgrid", "error")
        home.deliver()
        home.deliver()
        by_server = len(server.recipients)
        assert by_server > 0
        mend(home)
        home.clock.advance(FIRST_PAUSE)
        people(home, 5, first=20)
        home.deliver()
        run(home, 4)
        people(home, 5, first=40)
        before = accepted(home)
        home.deliver()
        assert accepted(home) - before == 5


def test_a_pause_never_leads_to_another_channel(database_url: str) -> None:
    with house(database_url) as home:
        people(home, 3)
        with home.engine.begin() as connection:
            until = home.clock.now() + timedelta(hours=1)
            connection.execute(
                insert(circuits).values(provider="twilio", sender="", state="open", opened=1, until=until)
            )
        run(home, 30, timedelta(minutes=1))
        assert home.states() == {"reminder sms": "planned"}
        run(home, 35, timedelta(minutes=1))
        assert home.states() == {"reminder sms": "sent"}


def test_no_rate_and_no_failure_cost_no_statement_but_one_read_a_second(database_url: str) -> None:
    with house(database_url, campaign(BY_TEXT)) as home:
        people(home, 6)
        ids = home.run()
        seen: list[str] = []
        event.listen(home.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        for id_ in ids:
            deliver(home.app.desk, [id_])
        assert sum("circuits" in statement for statement in seen) <= 1
