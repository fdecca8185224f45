"""Outcome events reach the creditor's systems: signed, in the order of each account, at least once, whoever fails."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from outreach.flow import outcome_delivery
from outreach.flow import webhook_endpoints as desk
from outreach.flow.outcome_delivery import Deliveries, to_deliver
from outreach.flow.outcomes import publish
from outreach.flow.webhook_calls import Caller, CannotCall
from outreach.flow.webhook_endpoints import register_endpoints
from outreach.schedules.creditors import CreditorFile, Webhook
from outreach.settings import load
from outreach.store import campaigns, journal, outcomes
from outreach.store.engine import reading
from outreach.store.journal import Entry
from outreach.store.outbox import tasks
from outreach.store.outcome_tables import outcome_deliveries
from outreach.store.outcomes import Selection
from outreach.store.webhook_endpoints import Endpoint, EndpointState
from tests.flow.house import NORTHWIND, House, free_port, house
from tests.flow.receiver import KEY, SECRET, TAKEN, Post, Receiver, receiving, refused

ENVIRON = {"ERP_SECRET": SECRET}


@dataclass
class Office:
    """A house with endpoints, served by one process."""

    home: House
    deliveries: Deliveries
    accounts: list[int] = field(default_factory=list)

    def tell(self, *kinds: str, account: int = 0) -> None:
        with self.home.engine.begin() as connection:
            now = self.home.clock.now()
            journal.tell(connection, [Entry(self.accounts[account], now, kind, {}) for kind in kinds])
        publish(self.home.engine)

    def serve(self) -> int:
        """What the scheduler and a worker do; how many events were taken."""
        return sum(map(self.deliveries.serve, to_deliver(self.home.engine, self.home.clock.machine())))

    def pass_time(self, **by: float) -> None:
        self.home.clock.advance(timedelta(**by))

    def endpoint(self, name: str = "erp") -> Endpoint:
        with reading(self.home.engine) as connection:
            return desk.find(connection, f"northwind/{name}")

    def rows(self) -> list[tuple[int, str, int]]:
        with reading(self.home.engine) as connection:
            query = select(outcome_deliveries.c.outcome_id, outcome_deliveries.c.state, outcome_deliveries.c.tries)
            return [tuple(row) for row in connection.execute(query.order_by(outcome_deliveries.c.outcome_id))]

    def published(self) -> list[int]:
        with reading(self.home.engine) as connection:
            return [one.id for one in outcomes.published(connection, Selection(), 10_000)]

    def another(self) -> Deliveries:
        return deliveries(self.home)


def deliveries(home: House) -> Deliveries:
    return Deliveries(home.engine, home.clock, home.app.settings, Caller(home.app.settings, ENVIRON))


@contextmanager
def office(database_url: str, *webhooks: Webhook, accounts: int = 3, **settings: Any) -> Iterator[Office]:
    chosen = {"webhook_networks": "127.0.0.0/8", "provider_timeout": 2.0, **settings}
    with house(database_url, **chosen) as home:
        register_endpoints(home.engine, {"northwind": CreditorFile(NORTHWIND, ("en",), webhooks)}, home.clock.now())
        refs = [f"A-{number}" for number in range(accounts)]
        yield Office(home, deliveries(home), [home.account(ref, phone="", email="") for ref in refs])


def erp(receiver: Receiver | str, *kinds: str, name: str = "erp") -> Webhook:
    return Webhook(name, receiver if isinstance(receiver, str) else receiver.url, "ERP_SECRET", kinds)


def refusing(*bad: int, status: int = 500) -> Callable[[Post], tuple[int, Any, bytes]]:
    """Takes everything but the events at these places among all that come (from 1), each time they come."""
    return lambda post: refused(status) if post.document["id"] in bad else TAKEN


def test_an_event_arrives_signed_with_its_id(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised")
        assert here.serve() == 1
        [post] = receiver.posts
        assert post.is_signed_with(KEY)
        assert not post.is_signed_with(b"x" * 32)
        assert post.headers["webhook-id"] == f"outcome_{here.published()[0]}"
        assert post.headers["webhook-timestamp"] == str(int(here.home.clock.machine().timestamp()))
        assert post.headers["content-type"] == "application/json"
        assert post.document["kind"] == "promised"
        assert here.serve() == 0
        assert (here.endpoint().delivered, here.rows()) == (1, [])


def test_while_a_secret_is_exchanged_both_sign(database_url: str, tmp_path: Any) -> None:
    file = tmp_path / "secret"
    file.write_text(f"{SECRET} whsec_{'bmV3' * 8}\n")
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.deliveries = Deliveries(
            here.home.engine,
            here.home.clock,
            here.home.app.settings,
            Caller(here.home.app.settings, {"ERP_SECRET_FILE": str(file)}),
        )
        here.tell("promised")
        here.serve()
        assert receiver.posts[0].is_signed_with(KEY)
        assert receiver.posts[0].is_signed_with(b"new" * 8)


def test_events_of_an_account_come_in_their_order_and_nothing_is_missing(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver), accounts=5) as here:
        for number in range(60):
            here.tell("promised", "promise_kept", account=number % 5)
        here.serve()
        assert sorted(receiver.ids()) == here.published()
        for number in range(5):
            mine = receiver.of(f"A-{number}")
            assert mine == sorted(mine)
            assert len(mine) == 24


def test_only_the_kinds_that_were_asked_for_come(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver, "disputed")) as here:
        here.tell("promised", "disputed", "promise_kept")
        here.serve()
        assert [post.document["kind"] for post in receiver.posts] == ["disputed"]
        assert to_deliver(here.home.engine, here.home.clock.machine()) == []


def test_a_new_endpoint_begins_with_what_happens_next(database_url: str) -> None:
    with receiving() as receiver, office(database_url) as here:
        here.tell("promised")
        files = {"northwind": CreditorFile(NORTHWIND, ("en",), (erp(receiver),))}
        register_endpoints(here.home.engine, files, here.home.clock.now())
        here.tell("disputed")
        here.serve()
        assert [post.document["kind"] for post in receiver.posts] == ["disputed"]


def test_an_event_that_is_refused_holds_up_its_account_alone(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised", "promise_kept")
        here.tell("promised", account=1)
        first, second, other = here.published()
        receiver.answer = refusing(first)
        here.serve()
        assert receiver.ids() == [other]
        here.tell("disputed")
        here.serve()
        last = here.published()[-1]
        assert receiver.ids() == [other]
        assert [row[:2] for row in here.rows()] == [(first, "waiting"), (second, "waiting"), (last, "waiting")]
        receiver.answer = lambda post: TAKEN
        here.pass_time(seconds=7)
        here.serve()
        assert receiver.ids() == [other, first, second, last]
        assert here.rows() == []


def test_a_refused_event_is_tried_again_with_growing_waits_and_dies_after_three_days(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised")
        bad = here.published()[0]
        receiver.answer = refusing(bad, status=422)
        here.serve()
        began, gaps, last = here.home.clock.machine(), [], here.home.clock.machine()
        while here.rows()[0][1] == "waiting":
            here.pass_time(seconds=4) if len(receiver.posts) < 3 else here.pass_time(minutes=20)
            before = len(receiver.posts)
            here.serve()
            if len(receiver.posts) > before:
                gaps.append(here.home.clock.machine() - last)
                last = here.home.clock.machine()
        assert timedelta(days=3) <= here.home.clock.machine() - began < timedelta(days=4)
        assert gaps[0] < timedelta(seconds=10)
        assert max(gaps) < timedelta(hours=15)
        assert len(receiver.posts) < 20
        assert here.endpoint().state is EndpointState.ACTIVE
        here.tell("promise_kept")
        here.serve()
        assert len(receiver.taken) == 1
        assert any("--dead" in one for one in troubles(here))
        receiver.answer = lambda post: TAKEN
        assert desk.revive(here.home.engine, here.endpoint().id, "ops@lender.example") == 1
        here.serve()
        assert receiver.ids()[-1] == bad


def troubles(here: Office) -> list[str]:
    with reading(here.home.engine) as connection:
        return desk.troubles(connection)


def test_a_receiver_that_is_away_costs_no_rows_and_loses_nothing(database_url: str) -> None:
    port = free_port()
    with office(database_url, erp(f"http://127.0.0.1:{port}/hook")) as here:
        for number in range(90):
            here.tell("promised", account=number % 3)
        for _ in range(40):
            here.serve()
            here.pass_time(minutes=20)
        assert len(here.rows()) <= outcome_delivery.BATCH
        endpoint = here.endpoint()
        assert endpoint.state is EndpointState.ACTIVE
        assert "no answer" in endpoint.last_error
        assert troubles(here)
        with receiving() as receiver:
            files = {"northwind": CreditorFile(NORTHWIND, ("en",), (erp(receiver),))}
            register_endpoints(here.home.engine, files, here.home.clock.now())
            here.serve()
            assert sorted(receiver.ids()) == here.published()
            for number in range(3):
                assert receiver.of(f"A-{number}") == sorted(receiver.of(f"A-{number}"))


def test_a_dead_receiver_holds_no_other_up(database_url: str) -> None:
    dead = erp(f"http://127.0.0.1:{free_port()}/hook", name="dead")
    with receiving() as receiver, office(database_url, dead, erp(receiver)) as here:
        here.tell("promised", "promise_kept")
        here.serve()
        assert receiver.ids() == here.published()
        assert here.endpoint("dead").tries == 1


def test_what_answers_500_to_everything_is_left_alone_and_its_events_do_not_die(database_url: str) -> None:
    with receiving(lambda post: refused(500)) as receiver, office(database_url, erp(receiver), accounts=20) as here:
        for account in range(20):
            here.tell("promised", account=account)
        here.serve()
        calls = len(receiver.posts)
        assert calls <= 20
        for _ in range(12):
            here.pass_time(hours=4)
            here.serve()
        assert len(receiver.posts) - calls <= 12
        assert here.endpoint().state is EndpointState.ACTIVE
        assert {row[1] for row in here.rows()} == {"waiting"}
        receiver.answer = lambda post: TAKEN
        here.pass_time(hours=16)
        here.serve()
        here.pass_time(hours=16)
        here.serve()
        assert sorted(receiver.ids()) == here.published()


def test_an_endpoint_that_takes_nothing_for_three_days_is_disabled_with_a_task_and_goes_on_where_it_was(
    database_url: str,
) -> None:
    with receiving(lambda post: refused(503)) as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised", "promise_kept")
        while here.endpoint().state is EndpointState.ACTIVE:
            here.serve()
            here.pass_time(hours=5)
        assert here.endpoint().state is EndpointState.DISABLED
        assert "outreach outcomes resume northwind/erp" in troubles(here)[0]
        here.tell("disputed")
        here.serve()
        with reading(here.home.engine) as connection:
            open_task = connection.execute(select(tasks.c.title, tasks.c.state)).one()
        assert "northwind/erp is disabled" in open_task.title
        receiver.answer = lambda post: TAKEN
        desk.resume(here.home.engine, here.endpoint().id, "ops@lender.example", here.home.clock.now())
        here.serve()
        assert receiver.ids() == here.published()
        with reading(here.home.engine) as connection:
            assert connection.scalars(select(tasks.c.state)).one() == "done"


def test_410_disables_at_once(database_url: str) -> None:
    with receiving(lambda post: refused(410)) as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised", "promise_kept")
        here.serve()
        assert here.endpoint().state is EndpointState.DISABLED
        here.pass_time(days=1)
        here.serve()
        assert len(receiver.posts) == 1


def test_retry_after_is_honoured(database_url: str) -> None:
    with (
        receiving(lambda post: refused(429, retry_after="600")) as receiver,
        office(database_url, erp(receiver)) as here,
    ):
        here.tell("promised")
        here.serve()
        here.pass_time(seconds=590)
        here.serve()
        assert len(receiver.posts) == 1
        here.pass_time(seconds=20)
        here.serve()
        assert len(receiver.posts) == 2


def test_a_redirect_is_not_followed(database_url: str) -> None:
    with receiving() as elsewhere, receiving() as receiver, office(database_url, erp(receiver)) as here:
        receiver.answer = lambda post: refused(302, location=elsewhere.url)
        here.tell("promised")
        here.serve()
        assert "redirects are not followed" in here.endpoint().last_error
        assert elsewhere.posts == []


def test_a_receiver_that_answers_too_late_or_too_much_has_not_taken_it(database_url: str) -> None:
    gate = threading.Event()

    def late(post: Post) -> tuple[int, Any, bytes]:
        gate.wait(10)
        return TAKEN

    with receiving(late) as receiver, office(database_url, erp(receiver), provider_timeout=0.2) as here:
        here.tell("promised")
        assert here.serve() == 0
        assert "no answer" in here.endpoint().last_error
        gate.set()
        receiver.answer = lambda post: (200, {}, b"x" * 6_000_000)
        here.pass_time(seconds=7)
        assert here.serve() == 0
        receiver.answer = lambda post: TAKEN
        here.pass_time(minutes=1)
        assert here.serve() == 1


def test_no_transaction_is_open_during_a_call(database_url: str) -> None:
    seen: list[int] = []
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        receiver.answer = lambda post: (seen.append(here.home.engine.pool.checkedout()), TAKEN)[1]  # type: ignore[attr-defined]
        here.tell("promised", "promise_kept")
        here.serve()
    assert seen == [0, 0]


class Killed(BaseException):
    """The process was killed."""


def test_a_worker_killed_at_any_point_is_replaced_within_seconds_and_nothing_is_lost(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        for where in ("claimed", "called", "recording"):
            before = len(receiver.posts)
            here.tell("promised", "promise_kept")
            ids = to_deliver(here.home.engine, here.home.clock.machine())
            with pytest.raises(Killed):
                dying(here, where).serve(ids[0])
            assert to_deliver(here.home.engine, here.home.clock.machine()) == []
            here.pass_time(seconds=15)
            assert here.serve() == 2
            assert len(receiver.posts) - before == (2 if where == "claimed" else 4)
        assert set(receiver.ids()) == set(here.published())
        assert here.rows() == []


def dying(here: Office, where: str) -> Deliveries:
    """A worker that dies with the endpoint claimed, with the answers in hand, or in the transaction that records."""
    one = here.another()
    call, recording = one._call, where == "recording"

    def die(endpoint: Endpoint, due: Sequence[Any]) -> Any:
        if where == "claimed":
            raise Killed
        results = call(endpoint, due)
        if not recording:
            raise Killed
        return results

    def die_later(*_: Any, **__: Any) -> Any:
        raise Killed

    one._call = die  # type: ignore[method-assign]
    if recording:
        one._record = die_later  # type: ignore[method-assign]
    return one


def test_a_worker_that_was_thought_dead_records_nothing_over_anothers_work(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised")
        slow, late = here.another(), threading.Event()
        call = slow._call

        def stalls(endpoint: Endpoint, due: Sequence[Any]) -> Any:
            results = call(endpoint, due)
            here.pass_time(seconds=15)
            assert here.serve() == 1
            here.tell("disputed")
            late.set()
            return results

        slow._call = stalls  # type: ignore[method-assign]
        [id_] = to_deliver(here.home.engine, here.home.clock.machine())
        assert slow.serve(id_) == 0
        assert late.is_set()
        assert here.endpoint().delivered == 1
        assert here.serve() == 1
        assert set(receiver.ids()) == set(here.published())


def test_of_two_workers_with_the_same_endpoint_one_serves_it(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised", "promise_kept")
        [id_] = to_deliver(here.home.engine, here.home.clock.machine())
        second = here.another()
        other: list[int] = []
        receiver.answer = lambda post: (other.append(second.serve(id_)), TAKEN)[1]
        assert here.deliveries.serve(id_) == 2
        assert other == [0, 0]
        assert receiver.ids() == here.published()


def test_a_paused_endpoint_gets_nothing_until_it_is_resumed(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        desk.pause(here.home.engine, here.endpoint().id, "ops@lender.example", here.home.clock.now())
        here.tell("promised")
        assert here.serve() == 0
        desk.resume(here.home.engine, here.endpoint().id, "ops@lender.example", here.home.clock.now())
        assert here.serve() == 1
        assert receiver.ids() == here.published()


def test_a_replay_brings_the_same_events_with_the_same_ids_in_their_order(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        here.tell("promised", "promise_kept", "disputed")
        here.tell("promised", account=1)
        here.serve()
        first = {post.headers["webhook-id"]: post.body for post in receiver.posts}
        ids = here.published()
        selection = Selection(first=ids[1], kinds=("promise_kept", "disputed"))
        assert desk.replay(here.home.engine, here.endpoint().id, selection, "ops@lender.example") == 2
        here.tell("plan_proposed")
        here.serve()
        again = receiver.posts[4:]
        assert [post.document["id"] for post in again] == [*ids[1:3], here.published()[-1]]
        assert all(first[post.headers["webhook-id"]] == post.body for post in again[:2])
        assert here.rows() == []


def test_an_endpoint_that_leaves_the_file_and_comes_back_goes_on_where_it_was(database_url: str) -> None:
    with receiving() as receiver, office(database_url, erp(receiver)) as here:
        now = here.home.clock.now()
        register_endpoints(here.home.engine, {"northwind": CreditorFile(NORTHWIND, ("en",))}, now)
        here.tell("promised")
        assert here.serve() == 0
        register_endpoints(here.home.engine, {"northwind": CreditorFile(NORTHWIND, ("en",), (erp(receiver),))}, now)
        assert here.serve() == 1


def test_one_creditor_is_told_nothing_of_anothers_accounts(database_url: str) -> None:
    with receiving() as receiver, receiving() as theirs, office(database_url, erp(receiver)) as here:
        harbor = replace(NORTHWIND, ref="harbor", name="Harbor Supply (sample)")
        files = {
            "northwind": CreditorFile(NORTHWIND, ("en",), (erp(receiver),)),
            "harbor": CreditorFile(harbor, ("en",), (erp(theirs),)),
        }
        with here.home.engine.begin() as connection:
            campaigns.keep_creditors(connection, [harbor])
        register_endpoints(here.home.engine, files, here.home.clock.now())
        here.tell("promised")
        here.serve()
        assert len(receiver.posts) == 1
        assert theirs.posts == []


@pytest.mark.parametrize(
    ("url", "networks", "said"),
    [
        ("http://127.0.0.1:1/hook", "", "127.0.0.1 is no public address"),
        ("http://localhost:1/hook", "10.0.0.0/8", "127.0.0.1 is no public address"),
        ("https://169.254.169.254/latest/meta-data", "127.0.0.0/8", "169.254.169.254 is no public address"),
        ("https://[::ffff:10.0.0.1]/hook", "", "is no public address"),
        ("https://nowhere.invalid/hook", "", "the name nowhere.invalid is not found"),
    ],
)
def test_the_houses_own_network_is_not_called(tmp_path: Any, url: str, networks: str, said: str) -> None:
    with office(f"sqlite:///{tmp_path / 'house.db'}", erp(url), webhook_networks=networks) as here:
        here.tell("promised")
        assert here.serve() == 0
        assert said in here.endpoint().last_error


def test_a_name_that_points_into_the_house_by_the_time_of_the_call_is_not_called(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with receiving() as receiver:
        answers = iter(["203.0.113.9", "127.0.0.1"])

        def look_up(host: str, port: int, **_: Any) -> list[Any]:
            return [(None, None, None, "", (next(answers), port))]

        monkeypatch.setattr("outreach.flow.webhook_calls.socket.getaddrinfo", look_up)
        caller = Caller(load({}), ENVIRON)
        with pytest.raises(CannotCall, match=r"203\.0\.113\.9 is no public address"):
            caller.target(f"http://erp.example:{receiver.port}/hook", "ERP_SECRET")
        with pytest.raises(CannotCall, match=r"127\.0\.0\.1 is no public address"):
            caller.target(f"http://erp.example:{receiver.port}/hook", "ERP_SECRET")
        assert receiver.posts == []


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "ERP_SECRET is not set"),
        ({"ERP_SECRET": ""}, "ERP_SECRET is empty"),
        ({"ERP_SECRET": "whsec_secret!"}, "ERP_SECRET is not base64"),
        ({"ERP_SECRET": "whsec_c2hvcnQ="}, "ERP_SECRET has 5 bytes"),
        ({"ERP_SECRET_FILE": "/nowhere/secret"}, "ERP_SECRET_FILE cannot be read"),
    ],
)
def test_without_a_good_secret_nothing_leaves_and_the_secret_is_not_repeated(
    tmp_path: Any, environ: dict[str, str], said: str
) -> None:
    with receiving() as receiver, office(f"sqlite:///{tmp_path / 'house.db'}", erp(receiver)) as here:
        here.deliveries = Deliveries(
            here.home.engine, here.home.clock, here.home.app.settings, Caller(here.home.app.settings, environ)
        )
        here.tell("promised")
        assert here.serve() == 0
        assert said in here.endpoint().last_error
        assert "secret!" not in here.endpoint().last_error
        assert receiver.posts == []


def test_a_test_event_is_signed_and_published_nowhere(tmp_path: Any) -> None:
    with receiving() as receiver, office(f"sqlite:///{tmp_path / 'house.db'}", erp(receiver)) as here:
        caller = Caller(here.home.app.settings, ENVIRON)
        answer = desk.try_out(here.home.engine, caller, here.endpoint().id, here.home.clock.machine())
        assert answer.error == ""
        assert receiver.posts[0].is_signed_with(KEY)
        assert receiver.posts[0].document["kind"] == "test"
        assert here.published() == []
