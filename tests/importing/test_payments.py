"""Payments, credits and reversals, in whatever order a bank lists them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from outreach.flow.deliver import deliver
from outreach.flow.importing import import_accounts, import_payments
from outreach.store.outbox import timeline
from outreach.store.tables import accounts, payments
from tests.flow.house import House, house
from tests.importing.files import NOW, ROW, numbers, open_minor, pay, state, write

LATER = ROW.replace("I-1", "I-2").replace("2026-11-20", "2026-12-20")


@pytest.fixture
def owed(engine: Engine, tmp_path: Path) -> Engine:
    """An account with two items of 123.45, I-1 due first."""
    import_accounts(engine, write(tmp_path, ROW, LATER), NOW)
    return engine


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    """A whole house."""
    with house(database_url) as built:
        yield built


def test_a_named_item_is_settled_first_and_the_rest_goes_to_the_oldest(owed: Engine, tmp_path: Path) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,200.00,USD,I-2,payment"), NOW)
    assert open_minor(owed) == {"I-1": 12_345 - 7_655, "I-2": 0}


def test_a_surplus_is_kept_on_record(owed: Engine, tmp_path: Path) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,300.00,USD,,credit"), NOW)
    with owed.connect() as connection:
        payment = connection.execute(select(payments)).one()
        told = connection.execute(select(timeline).where(timeline.c.kind == "credit")).one()
    assert payment.amount_minor - sum(minor for _, minor in payment.allocations) == 5_310
    assert told.data["unallocated_minor"] == 5_310


def test_a_reversal_without_an_amount_takes_back_the_whole_payment(owed: Engine, tmp_path: Path) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,200.00,USD,I-2,payment"), NOW)
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-12-01,,USD,,reversal"), NOW)
    assert open_minor(owed) == {"I-1": 12_345, "I-2": 12_345}


def test_a_partial_reversal_takes_the_surplus_first(owed: Engine, tmp_path: Path) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,300.00,USD,,payment"), NOW)
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-12-01,60.00,USD,,reversal"), NOW)
    assert open_minor(owed) == {"I-1": 0, "I-2": 6_000 - 5_310}


def test_a_reversal_of_its_own_ref_opens_the_latest_item_first(owed: Engine, tmp_path: Path) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,200.00,USD,,payment"), NOW)
    import_payments(owed, pay(tmp_path, "A-1,R-9,2026-12-01,100.00,USD,,reversal"), NOW)
    assert open_minor(owed) == {"I-1": 2_345, "I-2": 12_345}


def test_a_reversal_that_stands_before_its_payment_waits_for_it(owed: Engine, tmp_path: Path) -> None:
    newest_first = pay(tmp_path, "A-1,P-1,2026-12-01,50.00,USD,,reversal", "A-1,P-1,2026-11-30,50.00,USD,,payment")
    assert numbers(import_payments(owed, newest_first, NOW)) == (2, 0, 0, 0)
    before = state(owed)
    assert numbers(import_payments(owed, newest_first, NOW)) == (0, 0, 2, 0)
    assert state(owed) == before
    assert open_minor(owed) == {"I-1": 12_345, "I-2": 12_345}


def test_a_payment_that_bounced_and_was_made_again_is_paid(owed: Engine, tmp_path: Path) -> None:
    rows = ("A-1,P-1,2026-11-28,246.90,USD,,payment", "A-1,P-1,2026-11-29,246.90,USD,,reversal")
    import_payments(owed, pay(tmp_path, *rows, "A-1,P-2,2026-11-30,246.90,USD,,payment"), NOW)
    assert open_minor(owed) == {"I-1": 0, "I-2": 0}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A-1,P-1,2026-11-30,60.00,USD,,payment", "another amount"),
        ("A-1,P-1,2026-12-30,50.00,USD,,payment", "another paid_at"),
    ],
)
def test_a_ref_used_for_another_payment_is_refused(owed: Engine, tmp_path: Path, row: str, reason: str) -> None:
    rows = pay(tmp_path, "A-1,P-1,2026-11-30,50.00,USD,,payment", row)
    for expected in ((1, 0, 0, 1), (0, 0, 1, 1)):
        report = import_payments(owed, rows, NOW)
        assert numbers(report) == expected
        assert reason in report.problems[0].reason
        assert report.problems[0].line == 3


@pytest.mark.parametrize("amount", ["50.01", "999.00"])
def test_a_reversal_of_more_than_the_payment_is_refused(owed: Engine, tmp_path: Path, amount: str) -> None:
    import_payments(owed, pay(tmp_path, "A-1,P-1,2026-11-30,50.00,USD,,payment"), NOW)
    report = import_payments(owed, pay(tmp_path, f"A-1,P-1,2026-12-01,{amount},USD,,reversal"), NOW)
    assert numbers(report) == (0, 0, 0, 1)
    assert open_minor(owed)["I-1"] == 12_345 - 5_000


def test_a_payment_between_release_and_send_cancels_the_notice(home: House, tmp_path: Path) -> None:
    home.account()
    due = home.run()
    import_payments(home.engine, pay(tmp_path, "A-1,P-1,2026-11-30,123.45,USD,,payment"), home.clock.now())
    assert home.states() == {"reminder sms": "cancelled"}
    assert home.log()[-1] == ("move", "cancelled", True)
    assert deliver(home.app.desk, due) == 0


def test_a_part_payment_leaves_the_notice_to_be_sent_with_what_is_left(home: House, tmp_path: Path) -> None:
    home.account()
    due = home.run()
    import_payments(home.engine, pay(tmp_path, "A-1,P-1,2026-11-30,23.45,USD,,payment"), home.clock.now())
    assert deliver(home.app.desk, due) == 1


def test_a_reversal_reopens_on_the_original_due_date_and_the_notice_is_planned_again(
    home: House, tmp_path: Path
) -> None:
    home.account()
    home.run()
    import_payments(home.engine, pay(tmp_path, "A-1,P-1,2026-11-30,123.45,USD,,payment"), home.clock.now())
    import_payments(home.engine, pay(tmp_path, "A-1,P-1,2026-12-01,123.45,USD,,reversal"), home.clock.now())
    with home.engine.connect() as connection:
        account = connection.execute(select(accounts.c.balance_minor, accounts.c.oldest_due_on)).one()
    assert tuple(account) == (12_345, date(2026, 11, 20))
    assert home.deliver() == 1
