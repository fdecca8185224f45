"""Disputes: raised once, stamped by the validation period, verified before outreach goes on, decided by people."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from sqlalchemy import select, update

from outreach.domain.case import NotRecorded
from outreach.domain.dispute import DisputeReason, DisputeState
from outreach.flow.case_actions import open_dispute, resolve_dispute, review_dispute, verify_dispute
from outreach.flow.cases import Disputed
from outreach.flow.consent_actions import Unfit
from outreach.flow.disputes import NewDispute, raise_dispute
from outreach.flow.importing import import_accounts, import_payments
from outreach.store import disputes
from outreach.store.case_tables import disputes as table
from outreach.store.disputes import Dispute
from outreach.store.outbox import tasks, timeline
from outreach.store.tables import accounts, holds
from outreach.store.users import Role
from tests.flow.house import House
from tests.importing.files import ROW, pay, write

AGENT = "agent@lender.example"
PERIOD = {"provided_at": "2026-11-02T15:00:00+00:00", "by": "letter", "ends_on": "2026-12-09"}


def raises(home: House, reason: DisputeReason = DisputeReason.NOT_MINE, **changes: Any) -> int:
    said = {"account_id": 1, "debtor_id": 1, "source": "reply", "text": "not my debt", "at": home.clock.now()}
    with home.engine.begin() as connection:
        return raise_dispute(connection, NewDispute(reason=reason, **{**said, **changes}), home.clock.now())


def resolves(home: House, state: DisputeState, note: str = "") -> None:
    resolve_dispute(home.engine, "A-1", None, state, note, Role.AGENT, AGENT, home.clock.now())


def dispute(home: House) -> Dispute:
    with home.engine.connect() as connection:
        return disputes.of_account(connection, "A-1")[0]


def told(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(select(timeline.c.kind).order_by(timeline.c.id)))


def test_a_disputed_account_is_not_contacted_until_the_verification_was_sent(home: House) -> None:
    home.account()
    raises(home)
    assert home.deliver() == 0
    with pytest.raises(NotRecorded, match="how and when"):
        resolves(home, DisputeState.REJECTED)
    review_dispute(home.engine, "A-1", None, AGENT, home.clock.now())
    assert dispute(home).state is DisputeState.UNDER_REVIEW
    verify_dispute(home.engine, "A-1", None, date(2026, 12, 1), "letter", AGENT, home.clock.now())
    assert home.deliver() == 0
    resolves(home, DisputeState.REJECTED, "the contract")
    done = dispute(home)
    assert (done.state, done.resolved_by, done.note) == (DisputeState.REJECTED, AGENT, "the contract")
    assert home.deliver() == 1
    kinds = ("disputed", "dispute_reviewed", "verification_sent", "dispute_resolved", "hold_released")
    assert [kind for kind in told(home) if kind in kinds] == list(kinds)


def test_a_verification_needs_its_means_and_a_day_that_was(home: House) -> None:
    home.account()
    raises(home)
    now = home.clock.now()
    with pytest.raises(NotRecorded, match="how"):
        verify_dispute(home.engine, "A-1", None, date(2026, 12, 1), " ", AGENT, now)
    with pytest.raises(NotRecorded, match="future"):
        verify_dispute(home.engine, "A-1", None, date(2026, 12, 2), "letter", AGENT, now)


def test_a_dispute_that_is_withdrawn_lets_outreach_go_on(home: House) -> None:
    home.account()
    raises(home)
    with pytest.raises(NotRecorded, match="took it back"):
        resolves(home, DisputeState.WITHDRAWN)
    resolves(home, DisputeState.WITHDRAWN, "on the phone")
    assert dispute(home).state is DisputeState.WITHDRAWN
    assert home.deliver() == 1


def test_what_was_decided_is_not_decided_again(home: House) -> None:
    home.account()
    raises(home)
    resolves(home, DisputeState.WITHDRAWN, "on the phone")
    with pytest.raises(LookupError, match="Nothing is in dispute"):
        resolves(home, DisputeState.UPHELD, "all of it")


def test_who_is_right_is_left_alone_until_the_creditor_corrected_the_account(home: House, tmp_path: Path) -> None:
    states(home, tmp_path, "100.00")
    raises(home, DisputeReason.AMOUNT_WRONG, amount_minor=4_000)
    states(home, tmp_path, "90.00")
    assert running(home) == 1
    with pytest.raises(NotRecorded, match="correct"):
        resolves(home, DisputeState.UPHELD)
    resolves(home, DisputeState.UPHELD, "one of the two was returned")
    states(home, tmp_path, "90.00")
    assert running(home) == 1
    states(home, tmp_path, "50.00")
    assert running(home) == 0
    assert "hold_released" in told(home)
    with home.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.id).where(tasks.c.ended_at.is_(None))).all() == []


def test_a_credit_is_a_correction_and_a_payment_is_none(home: House, tmp_path: Path) -> None:
    states(home, tmp_path, "100.00")
    raises(home)
    resolves(home, DisputeState.UPHELD, "one of the two was returned")
    import_payments(home.engine, pay(tmp_path, "A-1,P-1,2026-11-30,10.00,USD,,payment"), home.clock.now())
    assert running(home) == 1
    import_payments(home.engine, pay(tmp_path, "A-1,C-1,2026-11-30,40.00,USD,,credit"), home.clock.now())
    assert running(home) == 0


def test_two_answers_that_dispute_at_once_make_one_dispute(home: House) -> None:
    home.account()
    barrier, found = Barrier(2), []

    def says(text: str) -> None:
        barrier.wait()
        found.append(raises(home, text=text))

    both = [Thread(target=says, args=(text,)) for text in ("not my debt", "I dispute this")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert len(set(found)) == 1
    with home.engine.connect() as connection:
        counts = [len(connection.execute(select(one.c.id)).all()) for one in (table, holds, tasks)]
    assert counts == [1, 1, 1]


@pytest.mark.parametrize(
    ("terms", "received_at", "within"),
    [
        ({"validation": PERIOD}, datetime(2026, 12, 10, 4, 59, tzinfo=UTC), True),
        ({"validation": PERIOD}, datetime(2026, 12, 10, 5, 0, tzinfo=UTC), False),
        ({"validation": {**PERIOD, "undeliverable": True}}, datetime(2027, 1, 10, tzinfo=UTC), True),
        ({"validation": {"provided_at": "2026-11-02T15:00:00+00:00"}}, datetime(2026, 12, 9, 15, tzinfo=UTC), True),
        ({"validation": {"provided_at": "2026-11-02T15:00:00+00:00"}}, datetime(2026, 12, 10, 15, tzinfo=UTC), False),
        ({"role": "third_party"}, datetime(2026, 12, 1, tzinfo=UTC), True),
        (None, datetime(2026, 12, 1, tzinfo=UTC), False),
    ],
)
def test_a_dispute_is_stamped_by_the_validation_period_where_the_debtor_is(
    home: House, terms: object, received_at: datetime, within: bool
) -> None:
    home.account()
    with home.engine.begin() as connection:
        connection.execute(update(accounts).values(terms=terms))
    home.clock.at = max(home.clock.at, received_at)
    raises(home, at=received_at)
    assert dispute(home).within_validation is within


def test_a_person_opens_a_dispute_with_what_was_said_and_when(home: House) -> None:
    home.account()
    now, what = home.clock.now(), Disputed(DisputeReason.AMOUNT_WRONG, 4_000, ("I-1",))
    with pytest.raises(Unfit, match="What the debtor said"):
        open_dispute(home.engine, "A-1", what, " ", AGENT, now)
    with pytest.raises(Unfit, match="future"):
        open_dispute(home.engine, "A-1", what, "one came back", AGENT, now, now + timedelta(hours=1))
    open_dispute(home.engine, "A-1", what, "one came back", AGENT, now, now - timedelta(hours=1))
    one = dispute(home)
    assert (one.amount_minor, one.items, one.text, one.source) == (4_000, ("I-1",), "one came back", AGENT)
    assert one.received_at == now - timedelta(hours=1)


def states(home: House, tmp_path: Path, open_amount: str) -> None:
    """The creditor states what is open."""
    row = ROW.replace("123.45,,", f"123.45,{open_amount},")
    import_accounts(home.engine, write(tmp_path, row), home.clock.now())


def running(home: House) -> int:
    with home.engine.connect() as connection:
        return len(connection.execute(select(holds.c.id).where(holds.c.ends_at.is_(None))).all())
