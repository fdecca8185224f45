"""Dunning scenarios restated from other systems' own tests, replayed through `next_step` and `ageing`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.account import Account, ContactPoint, Creditor, Debtor, Facts, Hold, HoldReason, Item, PastStep
from outreach.domain.ageing import Bucket, Pause, ageing
from outreach.domain.campaign import (
    AppliesTo,
    Campaign,
    CatchUp,
    Days,
    SendWindow,
    Step,
    Trigger,
    TriggerKind,
    Unit,
)
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.next_step import Done, Due, next_step
from outreach.domain.notice import NoticeState

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "scenarios.json").read_text())["cases"]}
#: Read but not replayed, with the reason.
NOT_REPLAYED = {"TRY-3": "fees are not a part of campaigns yet"}
REPLAYED = {"TRY-1", "KB-1", "KB-3", "KB-7", "LAGO-1", "NINJA-2", "ERP-2", "FIN-1", "FIN-2"}

ALWAYS = SendWindow(frozenset(range(1, 8)), time(0), time(23, 59), holidays=True)
DEBTOR = Debtor(
    1, "D-1", "Ada", "Sample", "", "en", ("UTC",), "", contact_points=(ContactPoint(1, Channel.EMAIL, "a@b.example"),)
)


def at(day: str, hour: int = 12) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), UTC)


def item(ref: str, due_on: str, amount: str, currency: str = "USD") -> Item:
    money = Money(round(float(amount) * 100), currency)
    return Item(hash(ref) & 0xFFFF, ref, None, date.fromisoformat(due_on), money, money)


def facts(items: Sequence[Item], history: Sequence[PastStep] = (), currency: str = "USD", **more: Any) -> Facts:
    account = Account(1, "A-1", Creditor("c", "Creditor"), currency)
    return Facts(account, DEBTOR, tuple(items), history=tuple(history), **more)


def after_due(name: str, days: int, min_items: int = 0) -> Step:
    return Step(name, Trigger(TriggerKind.AFTER_DUE, Days(days)), (Channel.EMAIL,), "t", min_items=min_items)


def plan(*steps: Step, **more: Any) -> Campaign:
    return Campaign("c", "v", "c", "* * * * *", "UTC", ALWAYS, steps, **more)


class Replay:
    """Runs a campaign tick by tick and remembers the steps that were taken."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign = campaign
        self.history: list[PastStep] = []

    def tick(self, now: datetime, items: Sequence[Item], state: NoticeState = NoticeState.SENT, **more: Any) -> str:
        """The step that stands after a tick; CLEAR when nothing is owed or nothing was taken."""
        currency = items[0].amount.currency if items else "USD"
        decision = next_step(facts(items, self.history, currency, **more), self.campaign, now)
        if isinstance(decision, Due):
            self.history.append(PastStep(decision.step.name, decision.position, state, now))
        if isinstance(decision, Done) and not items:
            return "CLEAR"
        return self.history[-1].step if self.history else "CLEAR"


def test_every_scenario_is_replayed_or_named_with_its_reason() -> None:
    assert set(CASES) == REPLAYED | set(NOT_REPLAYED)


def test_try_1_a_level_that_was_not_processed_does_not_advance() -> None:
    case = CASES["TRY-1"]
    campaign = plan(*(after_due(str(n), days) for n, days in enumerate(case["config"]["levels"], 1)), unit=Unit.ITEM)
    debt, due_on = [item("I", case["due"], case["amount"])], date.fromisoformat(case["due"])
    run = Replay(campaign)

    def day(number: int) -> datetime:
        return at((due_on + timedelta(days=number)).isoformat())

    assert run.tick(day(4), debt, NoticeState.PLANNED) == "CLEAR"
    assert run.tick(day(5), debt, NoticeState.PLANNED) == "1"
    assert run.tick(day(30), debt, NoticeState.PLANNED) == "1"
    run.history = [PastStep("1", 0, NoticeState.SENT, day(30))]
    block = (Hold(HoldReason.MANUAL, day(30)),)
    assert run.tick(day(30), debt, holds=block) == "1"
    assert run.tick(day(30), debt, NoticeState.PLANNED) == "2"
    assert run.tick(day(30), []) == "CLEAR"
    assert run.tick(day(50), []) == "CLEAR"


@pytest.mark.parametrize("name", ["KB-1", "KB-7"])
def test_killbill_the_state_follows_the_oldest_unpaid_invoice(name: str) -> None:
    case = CASES[name]
    states = sorted(case["config"]["states"], key=lambda state: state["days"])
    invoices = {ref: item(ref, due, amount) for ref, due, amount in case["invoices"]}
    run = Replay(plan(*(after_due(s["name"], s["days"]) for s in states), catch_up=CatchUp.CONTEXTUAL))
    for day, unpaid, expected in case["timeline"]:
        if not unpaid:
            run.history.clear()
        assert run.tick(at(day), [invoices[ref] for ref in unpaid]) == expected, day


def test_kb_3_a_step_may_need_a_number_of_unpaid_invoices() -> None:
    case = CASES["KB-3"]
    states = sorted(case["config"]["states"], key=lambda state: state["count"])
    campaign = plan(*(after_due(s["name"], 0, s["count"]) for s in states), catch_up=CatchUp.CONTEXTUAL)
    for count, expected in case["expect_by_count"].items():
        debt = [item(f"I{n}", "2024-01-01", "10.00") for n in range(int(count))]
        assert Replay(campaign).tick(at("2024-02-01"), debt) == expected


def test_lago_1_each_currency_has_its_own_threshold_and_attempts() -> None:
    """An account a currency; Lago's strict "more than two days" is three days where days are counted, not hours."""
    case = CASES["LAGO-1"]
    gap = Days(case["config"]["days_between_attempts"] + 1)
    steps = (
        after_due("1", 0),
        Step("2", Trigger(TriggerKind.AFTER_PREVIOUS, gap), (Channel.EMAIL,), "t"),
    )
    runs, attempts = {}, {}
    for currency, threshold in case["config"]["thresholds"].items():
        applies = AppliesTo(frozenset({currency}), balance_minor_at_least=round(float(threshold) * 100))
        runs[currency] = Replay(plan(*steps, applies_to=applies))
    for expected in case["runs"]:
        now = datetime.fromisoformat(expected["at"]).replace(tzinfo=UTC)
        for currency, run in runs.items():
            owed = [
                item(f"{currency}{since}", since[:10], amount, currency)
                for code, amount, since in case["overdue"]
                if code == currency and datetime.fromisoformat(since).replace(tzinfo=UTC) <= now
            ]
            run.tick(now, owed)
            attempts[currency] = len(run.history)
        assert {code: count for code, count in attempts.items() if count} == expected["attempts"], expected["at"]


def test_ninja_2_a_reminder_before_the_due_date() -> None:
    case = CASES["NINJA-2"]
    before = Trigger(TriggerKind.BEFORE_DUE, Days(case["config"]["before_due_days"]))
    run = Replay(plan(Step("pre", before, (Channel.EMAIL,), "t")))
    debt = [item("I", case["due"], "10.00")]
    start = date.fromisoformat(case["invoice_date"])
    for offset in range(45):
        run.tick(at((start + timedelta(days=offset)).isoformat()), debt)
    assert [past.at.date().isoformat() for past in run.history] == case["expect_sends"]


def test_erp_2_resolution_follows_the_ledger_in_both_directions() -> None:
    campaign = plan(after_due("1", 1))
    first, second = item("1", "2024-01-01", "50.00"), item("2", "2024-06-01", "50.00")
    now = at("2024-01-10")
    overdue = next_step(facts([first, second]), campaign, now)
    assert isinstance(overdue, Due)
    assert facts([first, second]).anchor == first
    assert not isinstance(next_step(facts([second]), campaign, now), Due)
    assert isinstance(next_step(facts([]), campaign, now), Done)
    assert isinstance(next_step(facts([first, second]), campaign, now), Due)


@pytest.mark.parametrize("name", ["FIN-1", "FIN-2"])
def test_fineract_the_age_of_instalments_stands_still_in_a_pause(name: str) -> None:
    case = CASES[name]
    buckets = [Bucket(label, first, last) for label, first, last in case["buckets"]]
    debt = [item(due, due, case["amount_each"]) for due in case["dues"]]
    for part in case.get("cases", [case]):
        paused = [Pause(date.fromisoformat(start), date.fromisoformat(end)) for start, end in part.get("pauses", [])]
        for day, expected in part["expect"].items():
            found = ageing(debt, date.fromisoformat(day), paused, buckets)
            assert {label: str(money.decimal) for label, money in found.items()} == expected, day
