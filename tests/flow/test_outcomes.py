"""Outcome events: each happening is published once, in order, whoever else writes and publishes at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from outreach.domain.account import HoldReason
from outreach.domain.message import Channel
from outreach.domain.outcome_event import KINDS, TIMELINE_FIELDS, document, timeline_data
from outreach.flow import consent
from outreach.flow import outcomes as publishing
from outreach.flow.holds import NewHold, place
from outreach.flow.outcomes import publish
from outreach.store import journal, marks, outcomes
from outreach.store.engine import reading
from outreach.store.journal import Entry
from outreach.store.outbox import notice_events, timeline
from outreach.store.outcome_tables import outcome_marks
from outreach.store.outcome_tables import outcomes as table
from outreach.store.outcomes import OutcomeEvent, Selection
from tests import services
from tests.flow.house import NOON, House, house


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    with house(database_url) as built:
        yield built


def published(home: House, **which: Any) -> list[OutcomeEvent]:
    publish(home.engine)
    with reading(home.engine) as connection:
        return outcomes.published(connection, Selection(**which), 10_000)


def tell(home: House, account: int, *kinds: str) -> None:
    with home.engine.begin() as connection:
        journal.tell(connection, [Entry(account, home.clock.now(), kind, {}) for kind in kinds])


def test_a_message_that_was_sent_is_told_with_its_step_and_without_its_text(home: House) -> None:
    home.account(phone="")
    assert home.deliver() == 1
    [sent] = published(home)
    told = sent.document()
    assert (told["kind"], told["account_ref"], told["debtor_ref"]) == ("sent", "A-1", "D-A-1")
    assert (told["creditor"], told["version"]) == ("northwind", 1)
    assert {"notice": told["data"].pop("notice"), **told["data"]}.keys() == {"notice", "campaign", "step", "channel"}
    assert "ada@debtor.example" not in str(told)
    assert "Ada" not in str(told)


def test_what_the_log_only_noted_is_not_told(home: House) -> None:
    home.account(phone="")
    home.deliver()
    with home.engine.begin() as connection:
        notice = connection.scalars(select(notice_events.c.notice_id)).first()
        row = {"notice_id": notice, "at": home.clock.now(), "provider": "sendgrid", "state": "delivered"}
        connection.execute(insert(notice_events), [{**row, "what": "event", "applied": False}])
        connection.execute(insert(notice_events), [{**row, "what": "event", "applied": True}])
    assert [one.kind for one in published(home)] == ["sent"]


def test_holds_and_opt_outs_are_told_without_notes_and_addresses(home: House) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        found = connection.execute(text("SELECT debtor_id FROM accounts")).scalar_one()
        place(connection, NewHold(found, account, HoldReason.DISPUTE, "page", note="she said: never"), home.clock.now())
        consent.stop(connection, Channel.SMS, "+12125550142", home.clock.now(), "STOP")
    told = [one.document() for one in published(home)]
    assert [one["kind"] for one in told] == ["hold_placed", "opted_out"]
    assert told[0]["data"] == {"reason": "dispute"}
    assert told[1]["data"] == {"channel": "sms"}


def test_everything_is_published_once_and_in_its_order(home: House) -> None:
    account = home.account()
    tell(home, account, "promised", "imported", "promise_broken", "disputed")
    assert publish(home.engine) == 3
    tell(home, account, "plan_proposed", "plan_accepted")
    assert [one.kind for one in published(home)] == [
        "promised",
        "promise_broken",
        "disputed",
        "plan_proposed",
        "plan_accepted",
    ]
    assert publish(home.engine) == 0


def test_more_than_a_batch_keeps_its_order(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "BATCH", 7)
    account = home.account()
    with home.engine.begin() as connection:
        entries = [Entry(account, home.clock.now(), "promised", {"amount_minor": number}) for number in range(40)]
        journal.tell(connection, entries)
    assert [one.data["amount_minor"] for one in published(home)] == list(range(40))


def test_a_garbled_row_stops_nothing(home: House) -> None:
    account = home.account()
    tell(home, account, "promised", "disputed")
    with home.engine.begin() as connection:
        connection.execute(update(timeline).where(timeline.c.kind == "promised").values(data="amount_minor"))
    assert [(one.kind, one.data) for one in published(home)] == [("promised", {}), ("disputed", {})]


def test_with_nothing_new_nothing_is_written_or_locked(home: House) -> None:
    tell(home, home.account(), "promised")
    publish(home.engine)
    with home.engine.connect() as connection, connection.begin():
        before = connection.execute(select(outcome_marks)).all()
        # On SQLite this is the only writer: a publisher that wanted to write would wait for it and fail.
        connection.execute(update(table).values(kind=table.c.kind))
        assert publish(home.engine) == 0
        assert connection.execute(select(outcome_marks)).all() == before


def test_a_publisher_that_dies_between_batches_loses_and_doubles_nothing(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "BATCH", 3)
    tell(home, home.account(), *["promised"] * 8)
    append, calls = outcomes.publish, []

    def dying(*arguments: Any) -> None:
        calls.append(1)
        append(*arguments)
        if len(calls) == 2:
            raise OperationalError("", {}, Exception("the database went away"))

    monkeypatch.setattr(outcomes, "publish", dying)
    with pytest.raises(OperationalError):
        publish(home.engine)
    with reading(home.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(table)) == 3
    monkeypatch.setattr(outcomes, "publish", append)
    assert len(published(home)) == 8


def test_two_publishers_at_once_publish_once(home: House) -> None:
    account = home.account()
    with ThreadPoolExecutor(4) as pool:
        for _ in range(20):
            tell(home, account, "promised", "promise_kept", "disputed")
            for done in [pool.submit(publish, home.engine) for _ in range(4)]:
                done.result()
    assert len(published(home)) == 60


def test_ids_that_commit_out_of_order_are_published_and_no_lower_id_follows_a_higher_one(
    servers: services.Servers,
) -> None:
    with services.database(servers) as url, house(url) as home:
        account, now = home.account(), home.clock.now()
        row = {"account_id": account, "at": now, "kind": "promised", "data": {}}
        with home.engine.connect() as slow:
            slow.execute(insert(timeline), [row])
            with home.engine.begin() as fast:
                fast.execute(insert(timeline), [row])
            first = published(home)
            assert len(first) == 1
            for _ in range(3):
                assert publish(home.engine) == 0
            slow.commit()
        both = published(home)
        assert [one.id for one in both] == sorted(one.id for one in both)
        assert both[0] == first[0]
        assert len(both) == 2


def test_a_reader_that_follows_the_feed_misses_nothing_while_many_write_and_publish(servers: services.Servers) -> None:
    with services.database(servers) as url, house(url) as home, ThreadPoolExecutor(7) as pool:
        account, now = home.account(), home.clock.now()
        row = {"account_id": account, "at": now, "kind": "promised", "data": {}}

        def write(_: int) -> None:
            for _ in range(40):
                with home.engine.begin() as connection:
                    connection.execute(insert(timeline), [row])
                    connection.execute(insert(timeline), [row])

        writers = [pool.submit(write, number) for number in range(4)]
        seen: list[int] = []

        def follow() -> None:
            with reading(home.engine) as connection:
                after = seen[-1] if seen else 0
                seen.extend(one.id for one in outcomes.published(connection, Selection(), 10_000, after))

        while not all(writer.done() for writer in writers):
            publishers = [pool.submit(publish, home.engine) for _ in range(2)]
            follow()
            for publisher in publishers:
                publisher.result()
        for writer in writers:
            writer.result()
        for _ in range(2):
            publish(home.engine)
        follow()
        with reading(home.engine) as connection:
            assert seen == [one.id for one in outcomes.published(connection, Selection(), 10_000)]
        assert len(seen) == 320


def test_a_session_that_only_reads_holds_no_mark_back_and_one_that_wrote_does(servers: services.Servers) -> None:
    with services.database(servers) as url, house(url) as home:
        with home.engine.connect() as backup, reading(home.engine) as watcher:
            backup.execute(select(func.count()).select_from(timeline))
            assert marks.running(watcher) == set()
        with home.engine.connect() as writer, reading(home.engine) as watcher:
            writer.execute(
                insert(timeline), [{"account_id": home.account(), "at": home.clock.now(), "kind": "x", "data": {}}]
            )
            assert len(marks.running(watcher)) == 1


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(sorted({name for names in TIMELINE_FIELDS.values() for name in names} | {"text", "note", "by"}))


@given(kind=st.sampled_from(sorted(TIMELINE_FIELDS)), data=st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_only_named_fields_of_their_form_go_out(kind: str, data: dict[str, Any]) -> None:
    out = timeline_data(kind, data)
    assert out.keys() <= set(TIMELINE_FIELDS[kind])
    for value in out.values():
        assert isinstance(value, str | int)
        assert not isinstance(value, str) or (len(value) <= 80 and not set(value) & set(" @\n"))


def test_a_document_says_when_it_happened_to_the_millisecond_in_utc() -> None:
    at = NOON + timedelta(microseconds=1_234)
    assert document(7, "paid", at, "northwind", "A-1", "D-1", {})["at"] == "2026-12-01T16:00:00.001Z"


def test_every_kind_fits_its_column_and_is_named_once() -> None:
    assert len(set(KINDS)) == len(KINDS)
    assert max(map(len, KINDS)) <= 30
