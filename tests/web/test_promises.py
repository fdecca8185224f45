"""Promises in the console: by agents only, with a form of ours, at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from outreach.flow.promise_sweep import judge_due
from outreach.store.users import Role
from tests.flow.house import House
from tests.flow.planning import holding, told
from tests.flow.promising import made, states_of
from tests.web.staff import PASSWORD, browser, submit

PROMISE = {"amount": "50.00", "due_on": "2026-12-04", "words": "after my next pay"}


def act(client: httpx.Client, action: str, **fields: str) -> httpx.Response:
    return submit(client, "/accounts/A-1", f"/accounts/A-1/{action}", **fields)


def test_an_agent_records_a_promise_that_the_page_then_shows(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        assert 'value="123.45"' in agent.get("/accounts/A-1").text
        page = act(agent, "promises", **PROMISE).text
    assert "$50.00 by 4 Dec 2026" in page
    assert "“after my next pay”" in page
    assert "Debtor promised to pay $50.00 by 4 December 2026, by agent@lender.example" in page
    assert (made(street)[0].made_by, holding(street)) == ("agent@lender.example", ["promise"])


def test_an_agent_takes_a_promise_back_with_a_reason(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        act(agent, "promises", **PROMISE)
        assert act(agent, "promises/1/cancel", why="").status_code == 422
        page = act(agent, "promises/1/cancel", why="lost the job").text
        assert "Why: lost the job" in page
        assert act(agent, "promises/1/cancel", why="again").status_code == 409
    assert (states_of(street), holding(street)) == (["cancelled"], [])


def test_a_broken_promise_stays_in_the_history(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        act(agent, "promises", **PROMISE)
        street.clock.advance(timedelta(days=8))
        judge_due(street.engine, street.clock)
        page = agent.get("/accounts/A-1").text
    assert "Broken" in page
    assert "nothing was paid in time" in page
    assert "Cancel promise" not in page
    assert "promise_broken" in told(street)


@pytest.mark.parametrize(
    "wrong", [{"amount": "500"}, {"amount": "fifty"}, {"amount": "0"}, {"due_on": "2026-11-30"}, {"due_on": "Friday"}]
)
def test_what_cannot_be_promised_is_said(street: House, wrong: dict[str, str]) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        assert act(agent, "promises", **{**PROMISE, **wrong}).status_code == 422
    assert states_of(street) == []


def test_a_viewer_or_another_sites_form_changes_nothing(street: House) -> None:
    street.account()
    street.account("A-2", phone="+12125550143", email="")
    with browser(street, Role.VIEWER) as viewer, browser(street, Role.AGENT) as agent:
        assert "Record a promise" not in viewer.get("/accounts/A-1").text
        for action in ("promises", "promises/1/cancel"):
            assert agent.post(f"/accounts/A-1/{action}", data={**PROMISE, "why": "x"}).status_code == 403
            assert submit(viewer, "/", f"/accounts/A-1/{action}", **PROMISE, why="x").status_code == 403
        act(agent, "promises", **PROMISE)
        elsewhere = submit(agent, "/accounts/A-2", "/accounts/A-2/promises/1/cancel", why="x")
        assert elsewhere.status_code == 409
    assert states_of(street) == ["open"]


@pytest.mark.browser
def test_in_the_browser_a_promise_is_recorded_and_the_page_stays_accessible(street: House, chromium: Page) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        act(agent, "promises", **PROMISE)
        street.clock.advance(timedelta(days=8))
        judge_due(street.engine, street.clock)
    chromium.goto(f"{street.public_url}/sign-in?next=/accounts/A-1")
    chromium.get_by_label("E-mail address").fill("agent@lender.example")
    chromium.get_by_label("Password").fill(PASSWORD)
    chromium.get_by_role("button", name="Sign in").click()
    chromium.get_by_text("Record a promise").click()
    chromium.get_by_label("By which day").fill("2026-12-20")
    chromium.get_by_role("button", name="Record promise").click()
    chromium.get_by_text("$123.45 by 20 Dec 2026").wait_for()
    assert states_of(street) == ["broken", "open"]
    chromium.get_by_text("Cancel promise 2").click()
    chromium.get_by_text("Record a promise").click()
    chromium.evaluate((Path(__file__).parent / "assets/axe.min.js").read_text(encoding="utf-8") + "; undefined")
    found = chromium.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    assert found == []
