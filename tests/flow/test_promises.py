"""Promises to pay: they pause reminders, and payments and days decide what becomes of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, update

from outreach.domain.promise import Objection, PromisePart, PromiseSource, PromiseTerms
from outreach.flow import promises as flow
from outreach.flow.actions import Unknown, release_hold
from outreach.flow.cases import NotAllowed
from outreach.flow.promise_sweep import judge_due
from outreach.flow.promises import NotTaken
from outreach.store.promises import terms_document
from outreach.store.tables import accounts, creditors, holds
from outreach.store.users import Role
from tests.flow.dying import Fate, Process
from tests.flow.house import House
from tests.flow.planning import agree, holding, open_work, told
from tests.flow.promising import AGENT, FRIDAY, look, made, pass_to, pay, promise, states_of

#: Saturday to Monday are the days of grace.
TUESDAY = FRIDAY + timedelta(days=4)
ALL = 12_345


def test_a_promise_pauses_reminders_and_is_confirmed(home: House) -> None:
    promise(home, home.account())
    look(home)
    assert home.states() == {"promise_confirmed sms": "sent"}
    assert holding(home) == ["promise"]
    assert told(home) == ["hold_placed", "promised"]


def test_an_agents_promise_is_not_confirmed_by_a_message(home: House) -> None:
    promise(home, home.account(), source=PromiseSource.AGENT, by=AGENT)
    look(home)
    assert home.states() == {}
    assert made(home)[0].made_by == AGENT


def test_the_day_before_the_debtor_is_reminded_once(home: House) -> None:
    promise(home, home.account())
    pass_to(home, FRIDAY - timedelta(days=2))
    assert "promise_reminder sms" not in home.states()
    pass_to(home, FRIDAY + timedelta(days=2))
    assert home.states() == {"promise_confirmed sms": "sent", "promise_reminder sms": "sent"}


def test_what_is_paid_is_not_reminded_of(home: House, tmp_path: Path) -> None:
    promise(home, home.account(), (5_000, FRIDAY))
    pay(home, tmp_path, "50.00")
    pass_to(home, FRIDAY)
    assert "promise_reminder sms" not in home.states()


def test_a_promise_is_kept_as_soon_as_the_payment_is_in(home: House, tmp_path: Path) -> None:
    promise(home, home.account(), (5_000, FRIDAY))
    pay(home, tmp_path, "50.00")
    assert states_of(home) == ["kept"]
    assert told(home)[-2:] == ["promise_kept", "hold_released"]
    assert (holding(home), open_work(home)) == ([], [])
    assert home.states()["reminder sms"] == "sent"  # the balance decides what comes next


def test_payments_add_up_and_statements_count_too(home: House, tmp_path: Path) -> None:
    promise(home, home.account(), (5_000, FRIDAY))
    pay(home, tmp_path, "20.00")
    assert states_of(home) == ["open"]
    pay(home, tmp_path, "30.00", "P-2")
    assert states_of(home) == ["kept"]


def test_who_owes_nothing_any_more_kept_the_promise(home: House, tmp_path: Path) -> None:
    promise(home, home.account(), (5_000, FRIDAY))
    pay(home, tmp_path, "123.45", "C-1", "credit")
    assert states_of(home) == ["kept"]


def test_a_broken_promise_resumes_the_campaign_and_makes_a_task(home: House) -> None:
    promise(home, home.account())
    pass_to(home, TUESDAY - timedelta(days=1))
    assert (states_of(home), holding(home)) == (["open"], ["promise"])
    pass_to(home, TUESDAY)
    assert states_of(home) == ["broken"]
    assert "promise_broken" in told(home)
    assert (holding(home), open_work(home)) == ([], ["promise_broken"])
    assert home.states()["reminder sms"] == "sent"
    assert "promise_broken sms" not in home.states()


def test_a_part_that_was_paid_keeps_a_promise_only_in_part(home: House, tmp_path: Path) -> None:
    promise(home, home.account())
    pay(home, tmp_path, "100.00")
    pass_to(home, TUESDAY)
    assert states_of(home) == ["partially_kept"]
    assert (holding(home), open_work(home)) == ([], ["promise_broken"])


def test_a_payment_before_the_promise_does_not_count(home: House, tmp_path: Path) -> None:
    account = home.account()
    pay(home, tmp_path, "50.00", "P-0")
    promise(home, account, (5_000, FRIDAY))
    pay(home, tmp_path, "50.00", "P-1", paid_at=home.clock.now() - timedelta(days=2))
    pass_to(home, TUESDAY)
    assert states_of(home) == ["broken"]


def test_a_reversal_in_time_opens_it_again_and_later_breaks_it(home: House, tmp_path: Path) -> None:
    promise(home, home.account())
    pay(home, tmp_path, "123.45")
    pay(home, tmp_path, "123.45", kind="reversal")
    assert states_of(home) == ["open"]
    assert (told(home)[-1], holding(home)) == ("promise_reopened", ["promise"])
    pay(home, tmp_path, "123.45", "P-2")
    pass_to(home, TUESDAY)
    pay(home, tmp_path, "123.45", "P-2", kind="reversal")
    assert states_of(home) == ["broken"]
    assert (holding(home), open_work(home)) == ([], ["promise_broken"])


def test_a_payment_in_time_that_is_known_late_keeps_it_after_all(home: House, tmp_path: Path) -> None:
    promise(home, home.account())
    pass_to(home, TUESDAY)
    assert states_of(home) == ["broken"]
    pay(home, tmp_path, "123.45", paid_at=datetime(2026, 12, 7, 12, tzinfo=UTC))
    assert (states_of(home), open_work(home)) == (["kept"], [])


def test_the_debtors_zone_decides_when_the_days_are_over(home: House) -> None:
    east = home.account("A-1", zones=("Asia/Shanghai",))
    west = home.account("A-2", zones=("Pacific/Honolulu",), phone="+12125550143", email="")
    anywhere = home.account("A-3", zones=(), phone="+12125550144", email="")
    for account in (east, west, anywhere):
        promise(home, account)
    over = {east: "2026-12-07T16:00", west: "2026-12-08T10:00", anywhere: "2026-12-08T12:00"}
    for account, moment in over.items():
        home.clock.at = datetime.fromisoformat(f"{moment}+00:00") - timedelta(seconds=1)
        judge_due(home.engine, home.clock)
        assert states_of(home, account) == ["open"]
        home.clock.advance(timedelta(seconds=1))
        judge_due(home.engine, home.clock)
        assert states_of(home, account) == ["broken"]


def test_half_now_and_the_rest_later_is_kept_part_by_part(home: House, tmp_path: Path) -> None:
    later = date(2026, 12, 20)
    promise(home, home.account(), (6_000, date(2026, 12, 1)), (None, later))
    assert [one.amount_minor for one in made(home)] == [6_000, 6_345]
    pay(home, tmp_path, "60.00")
    assert (states_of(home), holding(home)) == (["kept", "open"], ["promise"])
    pass_to(home, later)
    pay(home, tmp_path, "63.45", "P-2")
    assert (states_of(home), holding(home)) == (["kept", "kept"], [])


def test_a_part_that_is_not_kept_ends_the_others(home: House) -> None:
    promise(home, home.account(), (6_000, FRIDAY), (None, date(2026, 12, 20)))
    pass_to(home, TUESDAY)
    assert states_of(home) == ["broken", "cancelled"]
    assert (holding(home), open_work(home)) == ([], ["promise_broken"])


def test_a_new_promise_takes_the_place_of_the_open_one(home: House) -> None:
    account = home.account()
    promise(home, account)
    promise(home, account, (5_000, TUESDAY))
    assert states_of(home) == ["cancelled", "open"]
    assert told(home).count("promise_cancelled") == 1
    assert holding(home) == ["promise"]


def test_a_cancelled_promise_lets_the_campaign_go_on(home: House) -> None:
    promise_id = promise(home, home.account())
    with home.engine.begin() as connection:
        flow.cancel(connection, promise_id, "lost the job", home.clock.now(), AGENT)
    assert (states_of(home), holding(home)) == (["cancelled"], [])
    look(home)
    assert home.states() == {"promise_confirmed sms": "cancelled", "reminder sms": "sent"}
    with home.engine.begin() as connection, pytest.raises(Unknown):
        flow.cancel(connection, promise_id, "again", home.clock.now(), AGENT)


@pytest.mark.parametrize(
    ("parts", "ground"),
    [
        ([], Objection.NO_PART),
        ([(20_000, FRIDAY)], Objection.ABOVE_BALANCE),
        ([(0, FRIDAY)], Objection.NO_AMOUNT),
        ([(12_345, FRIDAY), (None, TUESDAY)], Objection.NO_AMOUNT),
        ([(5_000, date(2026, 11, 30))], Objection.DAY_PAST),
        ([(5_000, date(2027, 1, 1))], Objection.TOO_FAR),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_reason(
    home: House, parts: list[tuple[int | None, date]], ground: Objection
) -> None:
    account = home.account()
    said = [PromisePart(amount, day) for amount, day in parts]
    new = flow.NewPromise(account, account, said, PromiseSource.REPLY)
    with home.engine.begin() as connection, pytest.raises(NotTaken) as refused:
        flow.make(connection, new, home.clock.now())
    assert refused.value.objection is ground
    assert (states_of(home), holding(home)) == ([], [])


def test_an_agent_may_agree_to_what_a_debtor_alone_may_not(home: House) -> None:
    account, far = home.account(), (None, date(2027, 1, 20))
    with pytest.raises(NotTaken):
        promise(home, account, far)
    promise(home, account, far, source=PromiseSource.AGENT, by=AGENT)
    assert states_of(home) == ["open"]


def test_after_two_broken_in_a_row_a_person_decides(home: House) -> None:
    account, day = home.account(), FRIDAY
    for _ in range(2):
        promise(home, account, (1_000, day))
        pass_to(home, day + timedelta(days=4))
        day += timedelta(days=7)
    with pytest.raises(NotTaken) as refused:
        promise(home, account, (1_000, day))
    assert refused.value.objection is Objection.TOO_OFTEN_BROKEN


def test_a_part_of_a_time_barred_debt_is_for_a_person(home: House) -> None:
    account = home.account()
    with home.engine.begin() as connection:
        connection.execute(update(accounts).values(terms={"sol_expires_on": "2025-06-01"}))
    with pytest.raises(NotTaken) as refused:
        promise(home, account, (1_000, FRIDAY))
    assert refused.value.objection is Objection.TIME_BARRED
    promise(home, account)  # all of it revives nothing


def test_beside_an_active_plan_only_a_person_takes_a_promise(home: House) -> None:
    account = home.account()
    promise(home, account)
    agree(home, account)
    assert (states_of(home), holding(home)) == (["cancelled"], ["plan"])
    with pytest.raises(NotTaken) as refused:
        promise(home, account)
    assert refused.value.objection is Objection.ON_PLAN


def test_a_creditors_terms_hold(home: House, tmp_path: Path) -> None:
    terms = PromiseTerms(grace_days=0, tolerance_percent=10, reminder_days=0, confirm=False, tell_broken=True)
    with home.engine.begin() as connection:
        connection.execute(update(creditors).values(promises=terms_document(terms)))
    account = home.account()
    promise(home, account, (10_000, FRIDAY))
    pay(home, tmp_path, "90.00")
    assert states_of(home) == ["kept"]
    promise(home, account, (1_000, FRIDAY))
    pass_to(home, FRIDAY + timedelta(days=1))
    assert states_of(home) == ["kept", "broken"]
    pass_to(home, FRIDAY + timedelta(days=3))
    assert home.states() == {"promise_broken sms": "sent", "reminder sms": "sent"}


def test_two_sweeps_at_once_tell_once(home: House) -> None:
    promise(home, home.account())
    home.clock.advance(timedelta(days=10))
    sweeps = [Thread(target=judge_due, args=(home.engine, home.clock)) for _ in range(4)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()
    assert told(home).count("promise_broken") == 1
    assert open_work(home) == ["promise_broken"]


def test_a_sweep_that_dies_anywhere_leaves_nothing_half_done(home: House, database_url: str) -> None:
    process, whole = Process(database_url), Fate()
    for name, fate in (("first", Fate()), ("second", whole)):  # the first fills the caches of this interpreter
        _die(home, process, fate, name)
    lines = len(whole.points)
    deaths = range(1, lines, lines // 16)
    for at in deaths:
        fate = Fate(at)
        _die(home, process, fate, f"A-{at}")
        assert fate.dead
    assert told(home).count("promise_broken") == len(open_work(home)) == len(deaths) + 2


def _die(home: House, process: Process, fate: Fate, name: str) -> None:
    """A promise is broken; the sweep that sees it meets its fate, and the next one sees to what it left."""
    account = home.account(name, phone="", email="")
    promise(home, account, source=PromiseSource.AGENT, by=AGENT)
    home.clock.advance(timedelta(days=7))
    process.run(fate, _sweep(process, home))
    before = states_of(home, account)
    judge_due(home.engine, home.clock)
    assert before in (["open"], ["broken"])
    assert states_of(home, account) == ["broken"]
    home.clock.at = datetime(2026, 12, 1, 16, tzinfo=UTC)


def _sweep(process: Process, home: House) -> Callable[[], object]:
    return lambda: judge_due(process.engine, home.clock)


def test_a_row_that_cannot_be_read_stops_no_other_promise(home: House) -> None:
    broken, whole = home.account(), home.account("A-2", phone="+12125550143", email="")
    promise(home, broken)
    promise(home, whole)
    with home.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE promises SET source = 'nobody' WHERE account_id = {broken}")
    home.clock.advance(timedelta(days=10))
    look(home)
    assert states_of(home, whole) == ["broken"]
    assert sorted(open_work(home)) == ["promise_broken", "review"]


def test_who_puts_off_a_promise_again_and_again_talks_to_an_agent(home: House) -> None:
    account = home.account()
    for day in (4, 5, 6):
        promise(home, account, (None, date(2026, 12, day)))
    with pytest.raises(NotTaken) as refused:
        promise(home, account, (None, date(2026, 12, 7)))
    assert refused.value.objection is Objection.TOO_OFTEN_POSTPONED


def test_the_hold_of_a_promise_is_not_released_by_hand_but_with_the_promise(home: House) -> None:
    promise(home, home.account())
    with home.engine.connect() as connection:
        hold_id = connection.scalars(select(holds.c.id)).one()
    with pytest.raises(NotAllowed, match="cancel the promise"):
        release_hold(home.engine, "A-1", hold_id, AGENT, home.clock.now(), Role.ADMIN)
