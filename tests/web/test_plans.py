"""Payment plans in the console: from the means to the agreement, within each role's authority, by forms of ours."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from outreach.domain.plan import PlanState
from outreach.store.users import Role
from tests.flow.house import House
from tests.flow.planning import holding, look, open_work, plan_of, propose, three, told
from tests.web.staff import PASSWORD, browser, submit

BY_HAND = {"count": "3", "first_on": "2026-12-15", "frequency": "monthly", "wording": "Three payments."}
LONG = {"amount": "10.00", "first_on": "2026-12-15", "frequency": "monthly", "wording": "Ten a month."}
MEANS = {"income_earnings": "450.00", "income_earnings_period": "weekly", "spending_housing": "900", "dependants": "1"}


def act(client: httpx.Client, action: str, **fields: str) -> httpx.Response:
    return submit(client, "/accounts/A-1/plan", f"/accounts/A-1/{action}", **fields)


def plan_id(page: str) -> int:
    found = re.search(r"Plan (\d+), proposed", page)
    assert found
    return int(found.group(1))


def test_an_agent_agrees_on_a_plan_within_the_limits(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        page = act(agent, "plans", **BY_HAND).text
    assert "$123.45 in 3 instalments, monthly" in page
    assert "15 Jan 2027" in page
    assert "Payment plan agreed: $123.45 in parts (3), the last on 15 February 2027, by agent@lender.example" in page
    assert holding(street) == ["plan"]


def test_what_can_be_afforded_is_shown_and_proposed_as_it_was_shown(street: House) -> None:
    street.account(open_minor=300_000)
    with browser(street, Role.AGENT) as agent:
        page = act(agent, "plan", **MEANS).text
        assert "$1,050.00" in page
        assert told(street) == []
        form = page[page.index('id="proposal-1"') :]
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))
        hidden["means"] = hidden["means"].replace("&#34;", '"')
        answer = agent.post("/accounts/A-1/plans", data={**hidden, "wording": "As shown."})
        assert answer.status_code == 200
        # What was stated is there the next time.
        assert (
            'name="income_earnings" inputmode="decimal" pattern="[0-9]+([.][0-9]+)?" maxlength="15" value="450.00"'
            in (agent.get("/accounts/A-1/plan").text)
        )
    plan = plan_of(street, plan_id(answer.text))
    assert plan.state is PlanState.ACTIVE
    assert max(one.amount.minor for one in plan.instalments) <= 94_500 * 12 // 52


def test_an_agent_cannot_exceed_the_limits_and_sees_who_can(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent, browser(street, Role.OPERATOR) as operator:
        page = act(agent, "plans", **LONG).text
        assert "Needs operations" in page
        assert "it takes longer than 12 months" in page
        assert "Only operations may agree to it or decline it." in page
        plan = plan_id(page)
        assert act(agent, f"plans/{plan}/accept").status_code == 403
        assert act(agent, f"plans/{plan}/decline", why="no").status_code == 403
        assert plan_of(street, plan).state is PlanState.PROPOSED
        assert open_work(street) == ["plan_review"]
        assert act(operator, f"plans/{plan}/accept").status_code == 200
    assert plan_of(street, plan).state is PlanState.ACTIVE


def test_a_request_of_the_debtors_is_declined_with_a_reason(street: House) -> None:
    proposed = propose(street, street.account(), three(first_on=date(2027, 1, 20)))
    with browser(street, Role.AGENT) as agent:
        page = act(agent, f"plans/{proposed.plan_id}/decline", why="The first day is too late").text
    assert "Why: The first day is too late." in page
    assert "Payment plan declined, by agent@lender.example" in page
    assert (holding(street), open_work(street)) == ([], [])


def test_a_cancelled_plan_says_who_ended_it_and_why(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        plan = plan_id(act(agent, "plans", **BY_HAND).text)
        page = act(agent, f"plans/{plan}/cancel", why="Lost the job").text
        assert "by agent@lender.example. “Three payments.” Why: Lost the job." in page
        assert act(agent, f"plans/{plan}/cancel", why="Again").status_code == 409
    assert holding(street) == []


def test_without_a_surplus_a_person_helps(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        page = act(agent, "plan", spending_food="300").text
        assert "Nothing is left for instalments" in page
        assert "Propose this plan</button>" not in page[: page.index('id="means"')]
        carried = re.search(r'name="means" value="([^"]*)"', page)
        assert carried
        act(agent, "plan/hardship", means=carried.group(1).replace("&#34;", '"'))
    assert holding(street) == ["hardship"]


@pytest.mark.parametrize(
    "action", ["plan", "plan/hardship", "plans", "plans/1/accept", "plans/1/decline", "plans/1/cancel"]
)
def test_a_viewer_or_another_sites_form_changes_nothing(street: House, action: str) -> None:
    proposed = propose(street, street.account())
    fields = {**BY_HAND, "why": "no", "means": "{}"}
    with browser(street, Role.VIEWER) as viewer, browser(street, Role.AGENT) as agent:
        page = viewer.get("/accounts/A-1").text
        assert "Payment plans" in page
        assert "Agree to plan" not in page
        assert agent.post(f"/accounts/A-1/{action}", data=fields).status_code == 403
        assert submit(viewer, "/", f"/accounts/A-1/{action}", **fields).status_code == 403
    assert plan_of(street, proposed.plan_id).state is PlanState.PROPOSED


@pytest.mark.parametrize(
    ("action", "fields", "words"),
    [
        ("plans", {**BY_HAND, "first_on": "soon"}, "a first day"),
        ("plans", {**BY_HAND, "count": "0"}, "1 to 520 instalments"),
        ("plans", {**BY_HAND, "first_on": "2026-11-01"}, "which is over"),
        ("plan", {"spending_food": "much"}, "spending.food"),
        ("plan/hardship", {"means": "{"}, "out of date"),
    ],
)
def test_what_is_wrong_is_named(street: House, action: str, fields: dict[str, str], words: str) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        answer = act(agent, action, **fields)
    assert (answer.status_code, words in answer.text) == (422, True)
    assert told(street) == []


def test_a_plan_of_another_account_cannot_be_reached(street: House) -> None:
    street.account()
    other = propose(street, street.account("A-2", phone="+12125550143", email=""))
    with browser(street, Role.AGENT) as agent:
        assert act(agent, f"plans/{other.plan_id}/cancel", why="no").status_code == 404
        assert agent.get("/accounts/A-9/plan").status_code == 404
    assert plan_of(street, other.plan_id).state is PlanState.PROPOSED


@pytest.fixture
def agreed(street: House) -> House:
    """A house with an account whose plan is active."""
    street.account()
    with browser(street, Role.AGENT) as agent:
        act(agent, "plans", **BY_HAND)
    look(street)
    return street


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 1280])
def test_the_pages_of_plans_can_be_used_by_everybody(agreed: House, chromium: Page, width: int) -> None:
    axe = (Path(__file__).parent / "assets/axe.min.js").read_text(encoding="utf-8")
    chromium.set_viewport_size({"width": width, "height": 800})
    chromium.goto(f"{agreed.public_url}/sign-in?next=/accounts/A-1/plan")
    chromium.get_by_label("E-mail address").fill("operator@lender.example")
    chromium.get_by_label("Password").fill(PASSWORD)
    chromium.get_by_role("button", name="Sign in").click()
    chromium.get_by_label("Earnings, after taxes", exact=True).fill("2000")
    chromium.get_by_role("button", name="Show what can be afforded").click()
    chromium.get_by_role("heading", name="What can be afforded").wait_for()
    for path in ("", "/accounts/A-1"):
        if path:
            chromium.goto(agreed.public_url + path)
        # Through the debugger, because the page's own policy rightly refuses foreign scripts.
        chromium.evaluate(axe + "; undefined")
        found = chromium.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
        assert found == []
        assert chromium.evaluate("document.documentElement.scrollWidth") <= width
