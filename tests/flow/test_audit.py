"""The audit chain: what was sent, decided or answered is sealed, and every change of it shows."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete, func, insert, select, text, update
from sqlalchemy.exc import OperationalError

from outreach.domain.account import HoldReason
from outreach.domain.chain import Entry
from outreach.flow.actions import place_hold
from outreach.flow.sealing import ChainBroken, seal
from outreach.flow.verifying import Finding, Head, HeadUnreadable, newest_head, verify
from outreach.store import audit
from outreach.store.audit_sources import SOURCES
from outreach.store.audit_tables import audit_entries, audit_marks
from outreach.store.outbox import contents, inbox, notice_events, notices, replies, timeline
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import payments
from tests import services
from tests.flow.house import House, house

SAMPLE = "+12125550142"


def sealed(home: House) -> House:
    """A house with a row in every sealed table, sealed."""
    account = home.account()
    assert home.deliver() == 1
    now = home.clock.now()
    place_hold(home.engine, "A-1", HoldReason.LEGAL, "agent@lender.example", now, note="a letter came")
    who = {"source": "file", "recorded_by": "import", "recorded_at": now}
    with home.engine.begin() as connection:
        debtor = connection.scalars(select(notices.c.debtor_id)).one()
        webhook = connection.scalars(
            insert(inbox).returning(inbox.c.id),
            [{"provider": "twilio", "event_id": "1", "kind": "inbound", "payload": {}, "received_at": now}],
        ).one()
        answer = {"channel": "sms", "sender": SAMPLE, "text": "call me", "intent": "none", "at": now}
        connection.execute(insert(replies).values(inbox_id=webhook, debtor_id=debtor, account_id=account, **answer))
        paid = {"ref": "P-1", "kind": "payment", "paid_at": now, "amount_minor": 1, "allocations": []}
        connection.execute(insert(payments).values(account_id=account, recorded_at=now, **paid))
        given = {"kind": "sms", "value": SAMPLE, "scope": "reminders", "basis": "direct", "given_at": now}
        connection.execute(insert(consents).values(debtor_id=debtor, **given, **who))
        call = {"at": now, "medium": "call", "reach": "attempt", "value": SAMPLE}
        connection.execute(insert(contacts).values(debtor_id=debtor, account_id=account, **call, **who))
    seal(home.engine, now)
    return home


CHANGES = [
    ("notice_events", "code", "30007"),
    ("notices", "approved_by", "nobody@lender.example"),
    ("notices", "decision", {"verdict": "clear"}),
    ("contents", "body", "something else"),
    ("contents", "sha256", "0" * 64),
    ("contents", "recipient", {"value": "+12125550199"}),
    ("replies", "text", "I will pay"),
    ("replies", "intent", "opt_in"),
    ("timeline", "actor", "somebody@lender.example"),
    ("timeline", "data", {"reason": "manual"}),
    ("payments", "amount_minor", 2),
    ("holds", "reason", "manual"),
    ("consents", "wording", "yes to all"),
    ("contacts", "medium", "sms"),
]


def test_every_sealed_table_has_its_change() -> None:
    assert {name for name, _, _ in CHANGES} == set(SOURCES)


def test_what_nobody_changed_verifies(home: House) -> None:
    sealed(home)
    report = verify(home.engine, [newest_head(home.engine)])
    assert report.findings == []
    assert report.head == newest_head(home.engine)
    with home.engine.connect() as connection:
        found = set(connection.scalars(select(audit_entries.c.source)))
    assert found == set(SOURCES)


@pytest.mark.parametrize(("name", "column", "value"), CHANGES)
def test_a_changed_row_is_named(home: House, name: str, column: str, value: object) -> None:
    sealed(home)
    with home.engine.begin() as connection:
        connection.execute(update(SOURCES[name].table).values({column: value}))
    found = verify(home.engine).findings
    assert found
    assert found[0].row.startswith(name)
    assert column in found[0].what


def test_a_deleted_row_is_named(home: House) -> None:
    sealed(home)
    with home.engine.begin() as connection:
        gone = connection.scalars(select(func.min(notice_events.c.id))).one()
        connection.execute(delete(notice_events).where(notice_events.c.id == gone))
        connection.execute(delete(contents))
    found = [(one.row.split()[0], one.what) for one in verify(home.engine).findings]
    assert found == [("notice_events", "is gone"), ("contents", "is gone")]


def test_a_row_that_was_slipped_in_below_the_mark_is_named(home: House) -> None:
    account = home.account()
    now = home.clock.now()
    with home.engine.begin() as connection:
        row = {"account_id": account, "at": now, "kind": "imported", "data": {}}
        connection.execute(insert(timeline), [{"id": 5, **row}])
    seal(home.engine, now)
    assert verify(home.engine).findings == []
    with home.engine.begin() as connection:
        connection.execute(insert(timeline), [{"id": 4, **row}])
    assert verify(home.engine).findings == [Finding(0, "timeline 4", "was never sealed")]


def test_a_changed_entry_breaks_the_chain_at_its_place(home: House) -> None:
    sealed(home)
    with home.engine.begin() as connection:
        connection.execute(update(audit_entries).where(audit_entries.c.seq == 2).values(facts=bytes(32)))
    assert verify(home.engine).findings[0].seq == 2


def test_two_entries_that_changed_places_break_the_chain(home: House) -> None:
    sealed(home)
    with home.engine.begin() as connection:
        for old, new in ((2, 900), (3, 2), (900, 3)):
            connection.execute(update(audit_entries).where(audit_entries.c.seq == old).values(seq=new))
    found = verify(home.engine).findings
    assert [one.seq for one in found][:2] == [2, 3]


def test_a_cut_end_shows_and_is_not_sealed_over(home: House) -> None:
    sealed(home)
    with home.engine.begin() as connection:
        last = audit.last(connection)[0]
        connection.execute(delete(audit_entries).where(audit_entries.c.seq > last - 2))
        row = {"account_id": 1, "at": home.clock.now(), "kind": "imported", "data": {}}
        connection.execute(insert(timeline), [row])
    assert any(f"entry {last} was the last" in one.what for one in verify(home.engine).findings)
    with pytest.raises(ChainBroken):
        seal(home.engine, home.clock.now())


def test_a_chain_that_was_cut_with_its_rows_shows_against_a_deposited_head(home: House) -> None:
    sealed(home)
    deposited = newest_head(home.engine)
    with home.engine.begin() as connection:
        for table in (audit_entries, audit_marks, timeline):
            connection.execute(delete(table))
    seal(home.engine, home.clock.now())
    assert verify(home.engine).findings == []
    assert verify(home.engine, [deposited]).findings


def test_a_crash_between_batches_loses_and_doubles_nothing(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    account, now = home.account(), home.clock.now()
    monkeypatch.setattr("outreach.flow.sealing.BATCH", 3)
    with home.engine.begin() as connection:
        row = {"account_id": account, "at": now, "kind": "imported", "data": {}}
        connection.execute(insert(timeline), [dict(row) for _ in range(8)])
    append = audit.append

    def dying(connection: Connection, entries: Sequence[Entry], at: datetime) -> None:
        if entries and entries[0].seq > 3:
            raise OperationalError("", {}, Exception("the database went away"))
        append(connection, entries, at)

    monkeypatch.setattr(audit, "append", dying)
    with pytest.raises(OperationalError):
        seal(home.engine, now)
    monkeypatch.setattr(audit, "append", append)
    assert newest_head(home.engine).seq == 3
    seal(home.engine, now + timedelta(seconds=5))
    assert newest_head(home.engine).seq == 8
    assert verify(home.engine).findings == []


def test_ids_that_commit_out_of_order_are_sealed_all_the_same(servers: services.Servers) -> None:
    with services.database(servers) as url, house(url) as home:
        account, now = home.account(), home.clock.now()
        row = {"account_id": account, "at": now, "kind": "imported", "data": {}}
        with home.engine.connect() as slow:
            slow.execute(insert(timeline), [row])
            with home.engine.begin() as fast:
                fast.execute(insert(timeline), [row])
            for _ in range(3):
                seal(home.engine, now)
            assert newest_head(home.engine).seq == 1
            slow.commit()
        for _ in range(3):
            seal(home.engine, now)
        assert newest_head(home.engine).seq == 2
        assert verify(home.engine).findings == []
        with home.engine.connect() as connection:
            marks = connection.execute(text("SELECT sealed_to FROM audit_marks WHERE source = 'timeline'"))
            assert marks.scalar_one() == 2


def test_what_many_write_while_two_seal_is_sealed_once(servers: services.Servers) -> None:
    with services.database(servers) as url, house(url) as home, ThreadPoolExecutor(6) as pool:
        account, now = home.account(), home.clock.now()
        row = {"account_id": account, "at": now, "kind": "imported", "data": {}}
        before = newest_head(home.engine).seq

        def write(_: int) -> None:
            for _ in range(50):
                with home.engine.begin() as connection:
                    connection.execute(insert(timeline), [row])
                    connection.execute(insert(timeline), [row])

        writers = [pool.submit(write, number) for number in range(4)]
        while not all(writer.done() for writer in writers):
            for sealer in [pool.submit(seal, home.engine, now) for _ in range(2)]:
                sealer.result()
        for writer in writers:
            writer.result()
        for _ in range(2):
            seal(home.engine, now)
        assert newest_head(home.engine).seq == before + 400
        assert verify(home.engine).findings == []


def test_a_head_that_is_none_is_refused() -> None:
    with pytest.raises(HeadUnreadable):
        Head.parse("12-abc")
    assert str(Head.parse(f"12-{'ab' * 32}")) == f"12-{'ab' * 32}"
