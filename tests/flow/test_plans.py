"""Payment plans: agreed within authority, kept or broken by payments, and in place of the campaign's steps."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from outreach.domain.plan import PlanState
from outreach.domain.plan_policy import Authority
from outreach.domain.promise import PromiseSource
from outreach.flow import plans as flow
from outreach.flow.actions import Unknown
from outreach.flow.consent_actions import Unfit
from outreach.flow.plan_sweep import judge_due
from outreach.flow.plans import BeyondAuthority
from tests.flow.dying import Fate, Process
from tests.flow.house import House
from tests.flow.planning import (
    FIRST,
    accept,
    agree,
    holding,
    instalments,
    look,
    open_work,
    pass_to,
    pay,
    plan_of,
    propose,
    three,
    told,
)
from tests.flow.promising import promise

SAID_YES = "Yes, I agree to this plan."


def test_an_active_plan_replaces_the_campaigns_steps(home: House) -> None:
    account = home.account()
    agree(home, account)
    pass_to(home, date(2026, 12, 4))
    assert home.states() == {"plan_agreed sms": "sent"}
    assert holding(home) == ["plan"]
    assert told(home) == ["plan_proposed", "hold_placed", "plan_accepted"]


def test_each_instalment_is_reminded_of_days_before(home: House) -> None:
    agree(home, home.account())
    pass_to(home, FIRST - timedelta(days=4))
    assert "instalment_reminder sms" not in home.states()
    pass_to(home, FIRST - timedelta(days=3))
    assert home.states()["instalment_reminder sms"] == "sent"


def test_what_is_paid_is_not_reminded_of(home: House, tmp_path: Path) -> None:
    agree(home, home.account())
    pay(home, tmp_path, "41.15")
    pass_to(home, FIRST)
    assert "instalment_reminder sms" not in home.states()


def test_a_missed_instalment_is_told_once_and_given_to_a_person(home: House) -> None:
    plan = agree(home, home.account())
    pass_to(home, FIRST + timedelta(days=3))
    assert instalments(home, plan) == ["due", "due", "due"]
    pass_to(home, FIRST + timedelta(days=6))
    assert instalments(home, plan) == ["missed", "due", "due"]
    assert told(home).count("instalment_missed") == 1
    assert open_work(home) == ["plan_missed"]
    assert home.states()["instalment_missed sms"] == "sent"
    assert holding(home) == ["plan"]


@pytest.mark.parametrize(
    ("zones", "over"),
    [
        (("America/New_York",), datetime(2026, 12, 15, 5, tzinfo=UTC)),
        (("Asia/Shanghai", "Pacific/Honolulu"), datetime(2026, 12, 15, 10, tzinfo=UTC)),
        ((), datetime(2026, 12, 15, 12, tzinfo=UTC)),
    ],
)
def test_a_day_is_over_when_it_is_over_wherever_the_debtor_may_be(
    home: House, zones: tuple[str, ...], over: datetime
) -> None:
    plan = agree(home, home.account(zones=zones))
    home.clock.at = over - timedelta(seconds=1)
    judge_due(home.engine, home.clock)
    assert instalments(home, plan)[0] == "due"
    home.clock.at = over
    judge_due(home.engine, home.clock)
    assert instalments(home, plan)[0] == "missed"


def test_a_missed_instalment_that_is_paid_after_all_needs_nobody(home: House, tmp_path: Path) -> None:
    plan = agree(home, home.account())
    pass_to(home, FIRST + timedelta(days=6))
    pay(home, tmp_path, "41.15")
    assert instalments(home, plan) == ["paid", "due", "due"]
    assert open_work(home) == []


def test_after_the_second_missed_the_plan_is_over_and_the_campaign_goes_on(home: House) -> None:
    plan = agree(home, home.account())
    pass_to(home, date(2026, 12, 30))
    assert plan_of(home, plan).state is PlanState.DEFAULTED
    assert holding(home) == []
    assert told(home)[-2:] == ["hold_released", "plan_defaulted"]
    assert open_work(home) == ["plan_missed"]
    pass_to(home, date(2027, 1, 4))
    states = home.states()
    assert states["plan_defaulted sms"] == "sent"
    assert states["reminder sms"] == "sent"


def test_a_plan_that_is_paid_is_completed_and_nothing_more_is_sent(home: House, tmp_path: Path) -> None:
    plan = agree(home, home.account())
    for number, day in enumerate((FIRST, FIRST + timedelta(days=14), FIRST + timedelta(days=28))):
        pass_to(home, day)
        pay(home, tmp_path, "41.15", f"P-{number}")
    assert plan_of(home, plan).state is PlanState.COMPLETED
    assert told(home)[-1] == "plan_completed"
    before = home.log()
    pass_to(home, date(2027, 2, 1))
    assert home.log() == before
    assert (holding(home), open_work(home)) == ([], [])


def test_payment_in_full_completes_the_plan_at_once(home: House, tmp_path: Path) -> None:
    plan = agree(home, home.account())
    pay(home, tmp_path, "123.45")
    assert plan_of(home, plan).state is PlanState.COMPLETED


def test_a_reversal_opens_a_completed_plan_again(home: House, tmp_path: Path) -> None:
    plan = agree(home, home.account())
    pay(home, tmp_path, "123.45")
    pay(home, tmp_path, "123.45", kind="reversal")
    assert plan_of(home, plan).state is PlanState.ACTIVE
    assert instalments(home, plan) == ["due", "due", "due"]
    assert holding(home) == ["plan"]
    assert told(home)[-1] == "plan_reopened"


def test_a_reversal_of_what_was_paid_before_the_plan_is_no_news_of_it(home: House, tmp_path: Path) -> None:
    account = home.account()
    pay(home, tmp_path, "23.45", "P-0")
    plan = agree(home, account, three(10_000))
    pay(home, tmp_path, "33.33", "P-1")
    pay(home, tmp_path, "23.45", "P-0", kind="reversal")
    assert instalments(home, plan) == ["paid", "due", "due"]


def test_two_sweeps_at_once_act_once(home: House) -> None:
    agree(home, home.account())
    home.clock.advance(timedelta(days=15))
    sweeps = [Thread(target=judge_due, args=(home.engine, home.clock)) for _ in range(4)]
    for sweep in sweeps:
        sweep.start()
    for sweep in sweeps:
        sweep.join()
    assert told(home).count("instalment_missed") == 1
    assert open_work(home) == ["plan_missed"]


def test_a_plan_that_is_late_is_in_default_after_days_alone(home: House) -> None:
    schedule = three(first_on=date(2026, 12, 5))
    plan = agree(home, home.account(), schedule)
    home.clock.advance(timedelta(days=60))
    look(home)
    assert plan_of(home, plan).state is PlanState.DEFAULTED
    # Who missed all of it at once gets one message, not one for each.
    assert "instalment_missed sms" not in home.states()


def test_what_is_beyond_self_service_waits_for_a_person_and_outreach_waits_with_it(home: House) -> None:
    account = home.account()
    proposed = propose(home, account, three(first_on=date(2027, 2, 20)))
    assert (proposed.waits, proposed.needs) == (True, Authority.OPERATIONS)
    assert open_work(home) == ["plan_review"]
    assert holding(home) == ["plan"]
    with pytest.raises(BeyondAuthority):
        accept(home, proposed.plan_id)
    with pytest.raises(BeyondAuthority):
        accept(home, proposed.plan_id, Authority.AGENT, "agent@northwind.example")
    accept(home, proposed.plan_id, Authority.OPERATIONS, "boss@northwind.example")
    assert plan_of(home, proposed.plan_id).state is PlanState.ACTIVE
    assert (open_work(home), holding(home)) == ([], ["plan"])


def test_what_a_debtor_asked_for_is_refused_by_a_person_only(home: House) -> None:
    plan_id = propose(home, home.account(), three(first_on=date(2027, 1, 20))).plan_id
    now = home.clock.now()
    for authority, by in ((Authority.OPERATIONS, ""), (Authority.SELF_SERVICE, "agent@northwind.example")):
        with home.engine.begin() as connection, pytest.raises(BeyondAuthority):
            flow.decline(connection, plan_id, "no", authority, now, by)
    home.clock.advance(timedelta(days=60))
    look(home)
    assert plan_of(home, plan_id).state is PlanState.PROPOSED
    with home.engine.begin() as connection:
        flow.decline(connection, plan_id, "too late", Authority.AGENT, now, "agent@northwind.example")
    assert plan_of(home, plan_id).state is PlanState.DECLINED
    assert (open_work(home), told(home)[-1]) == ([], "plan_declined")


def test_an_offer_is_sent_and_the_debtor_may_take_it_or_let_it_lapse(home: House) -> None:
    account = home.account()
    agent = (Authority.AGENT, "agent@northwind.example")
    first = propose(home, account, three(first_on=date(2027, 1, 20)), *agent, wording="")
    look(home)
    assert home.states()["plan_offered sms"] == "sent"
    with pytest.raises(Unfit, match="words"):
        accept(home, first.plan_id)
    accept(home, first.plan_id, wording=SAID_YES)
    assert plan_of(home, first.plan_id).wording == SAID_YES


def test_an_offer_that_nobody_answers_expires(home: House) -> None:
    plan_id = propose(home, home.account(), None, Authority.AGENT, "agent@northwind.example", "").plan_id
    pass_to(home, date(2026, 12, 20))
    assert plan_of(home, plan_id).state is PlanState.EXPIRED
    with pytest.raises(Unknown, match="expired"):
        accept(home, plan_id, wording=SAID_YES)


def test_the_same_proposal_twice_is_one(home: House) -> None:
    account = home.account()
    assert propose(home, account) == propose(home, account)


def test_an_account_has_one_active_plan(home: House) -> None:
    account = home.account()
    first, second = propose(home, account), propose(home, account, three(first_on=date(2026, 12, 12)))
    accept(home, first.plan_id)
    assert plan_of(home, second.plan_id).state is PlanState.CANCELLED
    with pytest.raises(Unfit, match="active plan"):
        propose(home, account, three(first_on=date(2026, 12, 13)))


def test_of_two_proposals_that_are_agreed_at_once_one_is_active(home: House) -> None:
    account = home.account()
    ids = [propose(home, account, three(first_on=date(2026, 12, day))).plan_id for day in (11, 12, 13, 14)]
    refused: list[Exception] = []

    def agree_to(plan_id: int) -> None:
        try:
            accept(home, plan_id)
        except (Unknown, Unfit) as error:
            refused.append(error)

    at_once = [Thread(target=agree_to, args=(plan_id,)) for plan_id in ids]
    for one in at_once:
        one.start()
    for one in at_once:
        one.join()
    states = sorted(plan_of(home, plan_id).state.value for plan_id in ids)
    assert (states, len(refused)) == (["active", "cancelled", "cancelled", "cancelled"], 3)
    assert holding(home) == ["plan"]


def test_a_proposal_about_another_balance_cannot_be_agreed(home: House, tmp_path: Path) -> None:
    account = home.account()
    proposed = propose(home, account)
    pay(home, tmp_path, "20.00")
    assert plan_of(home, proposed.plan_id).state is PlanState.EXPIRED
    with pytest.raises(Unfit, match=r"103\.45 USD is open"):
        propose(home, account)


def test_a_plan_takes_the_place_of_a_promise(home: House) -> None:
    account = home.account()
    promise(home, account, source=PromiseSource.AGENT, by="agent@northwind.example")
    agree(home, account)
    assert holding(home) == ["plan"]
    assert "promise_cancelled" in told(home)


def test_a_cancelled_plan_lets_the_campaign_go_on(home: House) -> None:
    plan_id = agree(home, home.account())
    with home.engine.begin() as connection:
        flow.cancel(connection, plan_id, "lost the job", home.clock.now(), "agent@northwind.example")
    assert holding(home) == []
    look(home)
    assert home.states()["reminder sms"] == "sent"


def test_a_row_that_cannot_be_read_stops_no_other_plan(home: House) -> None:
    broken, whole = agree(home, home.account()), agree(home, home.account("A-2", phone="+12125550143", email=""))
    with home.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE payment_plans SET frequency = 'never' WHERE id = {broken}")
    home.clock.advance(timedelta(days=15))
    look(home)
    assert instalments(home, whole) == ["missed", "due", "due"]
    assert sorted(open_work(home)) == ["plan_missed", "plan_review"]


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
    assert told(home).count("plan_defaulted") == len(open_work(home)) == len(deaths) + 2


def _die(home: House, process: Process, fate: Fate, name: str) -> None:
    """A plan comes into default; the sweep that sees it meets its fate, and the next one sees to what it left."""
    first_on = home.clock.now().date() + timedelta(days=5)
    plan = agree(home, home.account(name, phone="", email=""), three(first_on=first_on))
    home.clock.advance(timedelta(days=60))

    def sweep() -> None:
        judge_due(process.engine, home.clock)

    process.run(fate, sweep)
    before = (plan_of(home, plan).state, instalments(home, plan))
    judge_due(home.engine, home.clock)
    after = (plan_of(home, plan).state, instalments(home, plan))
    assert after == (PlanState.DEFAULTED, ["missed"] * 3)
    assert before in (after, (PlanState.ACTIVE, ["due"] * 3))
