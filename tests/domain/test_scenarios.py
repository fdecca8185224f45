"""Dunning scenarios restated from other systems' own tests, replayed through `next_step`, `look` and `ageing`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from outreach.domain.account import Facts, HoldReason, Item
from outreach.domain.ageing import Bucket, Pause, ageing
from outreach.domain.campaign import AppliesTo, Campaign, CatchUp, Step, Unit
from outreach.domain.enrolment import Enrolment, EnrolmentState, look
from outreach.domain.money import Money
from outreach.domain.next_step import Decision, Done, DoneReason, Due, next_step
from outreach.domain.notice import NoticeState
from tests.cast import (
    ALWAYS,
    account,
    after_due,
    after_previous,
    before_due,
    campaign,
    debtor,
    hold,
    noon_of,
    owed,
    taken,
)
from tests.domain.simulation import Simulation

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "scenarios.json").read_text())["cases"]}
REPLAYED = {"TRY-1", "KB-1", "KB-3", "KB-7", "LAGO-1", "NINJA-2", "ERP-2", "FIN-1", "FIN-2"}
#: Read but not replayed, with the reason.
NOT_REPLAYED = {"TRY-3": "it books fees, and campaigns have no fees yet"}


def debt(ref: str, due_on: str, amount: str, currency: str = "USD") -> Item:
    """An item whose number, which breaks ties, follows from its ref."""
    return owed(ref, due_on, amount, currency, number=int.from_bytes(ref.encode(), "big"))


def owing(items: Iterable[Item] = (), currency: str = "USD") -> Facts:
    return Facts(account(currency), debtor("UTC", country="", region=""), tuple(items))


def plan(*steps: Step, **more: Any) -> Campaign:
    return campaign(*steps, window=ALWAYS, **more)


def by_age(case: dict[str, Any]) -> Campaign:
    """Kill Bill's states as steps: the state is that of the last one whose day has come."""
    states = sorted(case["config"]["states"], key=lambda state: state["days"])
    return plan(*(after_due(state["name"], state["days"]) for state in states), catch_up=CatchUp.CONTEXTUAL)


def standing(run: Simulation, decision: Decision) -> str:
    """Where the account stands after a look: the last step taken, CLEAR when none was or nothing is owed."""
    return run.taken[-1].step if run.taken and decision != Done(DoneReason.PAID) else "CLEAR"


def test_every_scenario_is_replayed_or_named_with_its_reason() -> None:
    assert set(CASES) == REPLAYED | set(NOT_REPLAYED)
    assert not REPLAYED & set(NOT_REPLAYED)


def test_try_1_a_level_that_was_not_processed_does_not_advance() -> None:
    """Tryton's draft is a planned notice, its waiting one a sent notice, its block a hold."""
    case = CASES["TRY-1"]
    due_on, words = date.fromisoformat(case["due"]), {NoticeState.PLANNED: "draft", NoticeState.SENT: "waiting"}
    levels = plan(*(after_due(str(n), days) for n, days in enumerate(case["config"]["levels"], 1)), unit=Unit.ITEM)
    run = Simulation(owing([debt("I-1", case["due"], case["amount"])]), levels, lambda _due: NoticeState.PLANNED)
    now = noon_of(due_on)
    for row in case["timeline"]:
        now = noon_of(due_on + timedelta(days=row["day"])) if "day" in row else now
        if row["do"] == "process":
            run.facts = replace(run.facts, history=tuple(taken(past.step, now) for past in run.taken))
        elif row["do"] in ("block", "unblock"):
            run.facts = replace(run.facts, holds=hold(HoldReason.MANUAL, now) if row["do"] == "block" else ())
        else:
            decision = run.look(now, items=() if row["do"] == "pay_full" else run.facts.items)
        standing_level = None
        if run.taken and not isinstance(decision, Done):
            standing_level = [int(run.taken[-1].step), words[run.taken[-1].state]]
        assert "expect" not in row or standing_level == row["expect"], row


@pytest.mark.parametrize("name", ["KB-1", "KB-7"])
def test_killbill_the_state_follows_the_oldest_unpaid_invoice(name: str) -> None:
    """A payment clears it, a refund or chargeback brings it back by the original due date."""
    case = CASES[name]
    invoices = {ref: debt(ref, due, amount) for ref, due, amount in case["invoices"]}
    run = Simulation(owing(), by_age(case))
    for day, unpaid, expected in case["timeline"]:
        decision = run.look(noon_of(day), items=tuple(invoices[ref] for ref in unpaid))
        assert standing(run, decision) == expected, (day, unpaid)


def test_kb_7_a_reversal_reopens_the_same_cycle_and_a_new_debt_begins_the_next() -> None:
    case = CASES["KB-7"]
    first, second = (debt(ref, due, amount) for ref, due, amount in case["invoices"])
    paid_at = noon_of("2012-07-05")
    enrolment = Enrolment(1, 1, 0, "sample", 1, EnrolmentState.ACTIVE, 1, None)
    taken_then = (taken("OD1", noon_of("2012-06-30")),)
    cured = look(enrolment, replace(owing(), history=taken_then), by_age(case), paid_at).enrolment
    assert (cured.state, cured.cured_on) == (EnrolmentState.CURED, paid_at.date())

    reversed_on = noon_of("2012-07-10")
    again = look(cured, replace(owing([first, second]), history=taken_then), by_age(case), reversed_on)
    assert isinstance(again.decision, Due)
    assert (again.enrolment.cycle, again.decision.step.name) == (1, "OD2")

    later = look(cured, replace(owing([debt("I-3", "2012-07-31", "1.00")]), history=taken_then), by_age(case), paid_at)
    assert (later.enrolment.cycle, later.enrolment.state) == (2, EnrolmentState.ACTIVE)


def test_kb_3_a_step_may_need_a_number_of_unpaid_invoices() -> None:
    case = CASES["KB-3"]
    states = sorted(case["config"]["states"], key=lambda state: state["count"])
    bundles = plan(*(after_due(s["name"], 0, min_items=s["count"]) for s in states), catch_up=CatchUp.CONTEXTUAL)
    for count, expected in case["expect_by_count"].items():
        run = Simulation(owing(debt(f"I-{n}", "2024-01-01", "10.00") for n in range(int(count))), bundles)
        assert standing(run, run.look(noon_of("2024-02-01"))) == expected, count


def test_lago_1_each_currency_has_its_own_threshold_and_attempts() -> None:
    """An account a currency. Lago waits until "more than two days" have passed since the last attempt, to the second:
    at the same hour on the second day it does not write yet. Where days are counted that is the third day.
    Its one event at the end is there once the campaign is finished in every currency."""
    config = CASES["LAGO-1"]["config"]
    assert config["max_attempts"] == 2
    attempts = (after_due("1", 0), after_previous("2", config["days_between_attempts"] + 1))
    runs = {}
    for currency, threshold in config["thresholds"].items():
        least = Money.of(Decimal(threshold), currency).minor
        fits = AppliesTo(frozenset({currency}), balance_minor_at_least=least)
        runs[currency] = Simulation(owing(currency=currency), plan(*attempts, applies_to=fits))
    for expected in CASES["LAGO-1"]["runs"]:
        now = datetime.fromisoformat(expected["at"]).replace(tzinfo=UTC)
        for currency, run in runs.items():
            run.look(now, items=tuple(lago_overdue(currency, now)))
        made = {currency: len(run.taken) for currency, run in runs.items() if run.taken}
        finished = all(run.look(now) == Done(DoneReason.FINISHED) for run in runs.values())
        assert made == expected["attempts"] == expected["requests"], now
        assert finished is bool(expected["finished"]), now


def lago_overdue(currency: str, now: datetime) -> Iterable[Item]:
    """What is overdue in a currency by then."""
    for code, amount, since in CASES["LAGO-1"]["overdue"]:
        if code == currency and datetime.fromisoformat(since).replace(tzinfo=UTC) <= now:
            yield debt(since, since[:10], amount, code)


def test_ninja_2_a_reminder_before_the_due_date_is_sent_once() -> None:
    case = CASES["NINJA-2"]
    run = Simulation(
        owing([debt("I-1", case["due"], "10.00")]), plan(before_due("pre", case["config"]["before_due_days"]))
    )
    start = noon_of(case["invoice_date"])
    run.tick(start, start + timedelta(days=60), timedelta(hours=6))
    assert [past.at.date().isoformat() for past in run.taken] == case["expect_sends"]


def test_erp_2_resolution_follows_the_ledger_in_both_directions() -> None:
    """An item is dunned while anything is open on it. A credit note that is not applied to it leaves it open."""
    reminder, now = plan(after_due("reminder", 1), unit=Unit.ITEM), noon_of("2024-01-10")
    overdue, coming = debt("I-1", "2024-01-01", "50.00"), debt("I-2", "2024-02-01", "50.00")
    settled = replace(overdue, open_amount=Money(0, "USD"))
    dunned = {
        "instalment 1 of 2 overdue: only instalment 1 is dunned": overdue,
        "pay instalment 1 -> resolved": settled,
        "cancel that payment -> unresolved again": overdue,
        "full credit note against the invoice -> resolved": settled,
        "cancel the credit note -> unresolved": overdue,
        "a standalone credit note not applied to the invoice -> stays unresolved": overdue,
    }
    assert list(dunned) == CASES["ERP-2"]["steps"]
    for words, item in dunned.items():
        resolved = next_step(owing([item]), reminder, now) == Done(DoneReason.PAID)
        assert resolved is words.endswith("-> resolved"), words
        assert not isinstance(next_step(owing([coming]), reminder, now), Due)


@pytest.mark.parametrize("name", ["FIN-1", "FIN-2"])
def test_fineract_the_age_of_instalments_stands_still_in_a_pause(name: str) -> None:
    case = CASES[name]
    buckets = [Bucket(label, first, last) for label, first, last in case["buckets"]]
    instalments = [debt(due, due, case["amount_each"]) for due in case["dues"]]
    for part in case.get("cases", [case]):
        paused = [Pause(date.fromisoformat(start), date.fromisoformat(end)) for start, end in part.get("pauses", [])]
        for day, expected in part["expect"].items():
            found = ageing(instalments, date.fromisoformat(day), paused, buckets)
            assert {label: str(money.decimal) for label, money in found.items()} == expected, day
    settled = [replace(item, open_amount=Money(0, "USD")) for item in instalments]
    assert ageing(settled, date(2023, 12, 17), (), buckets) == {}
