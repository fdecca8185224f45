"""The console over real sockets: who may see what, what is shown, and that pages update by themselves."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page

from outreach.domain.circuit import Circuit, Key, State
from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store import circuits
from outreach.store.users import Role
from tests.flow.house import House
from tests.web.setting_aside import event_aside
from tests.web.staff import PASSWORD, browser, token

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("path", ["/", "/accounts", "/accounts/A-1", "/campaigns", "/tasks", "/notices"])
def test_nobody_sees_anything_without_signing_in(street: House, path: str) -> None:
    answer = httpx.get(street.public_url + path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")


def test_a_wrong_password_opens_nothing(street: House) -> None:
    with browser(street, password="wrong") as client:
        assert "Sign in" in client.get("/").text


def test_the_sixth_guess_is_not_even_tried(street: House) -> None:
    for _ in range(5):
        with browser(street, password="wrong"):
            pass
    with browser(street) as client:
        assert "Sign in" in client.get("/").text


def test_an_empty_house_says_what_to_do_next(street: House) -> None:
    with browser(street) as client:
        assert "outreach import accounts" in client.get("/").text
        assert "outreach import accounts" in client.get("/accounts").text


def test_the_overview_names_a_provider_that_is_paused(street: House) -> None:
    why = Circuit(Key("sendgrid"), State.OPEN, opened=1, until=street.clock.now(), reason="auth, account (401)")
    with street.engine.begin() as connection:
        circuits.open_(connection, why)
    with browser(street) as client:
        assert "sendgrid is paused until 2026-12-01 16:00:00 UTC" in client.get("/").text


@pytest.mark.parametrize(
    "words", ["A-1", "d-a-1", "ada sample", "555-0142", "(212) 555-0142", "ada@debtor", "ADA@debtor.example"]
)
def test_an_account_is_found_by_ref_name_number_or_address(street: House, words: str) -> None:
    street.account()
    with browser(street) as client:
        assert 'href="/accounts/A-1"' in client.get("/accounts", params={"q": words}).text
        assert "Nothing fits" in client.get("/accounts", params={"q": "nobody at all"}).text


def test_an_account_shows_what_happened_and_what_comes_next(street: House) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    with browser(street) as client:
        page = client.get("/accounts/A-1").text
    for words in ("$123.45", "+12125550142", "Delivered", "took a step when it was looked at last"):
        assert words in page


def test_the_live_part_answers_304_until_something_changes(street: House) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    with browser(street) as client:
        first = client.get("/accounts/A-1/live")
        again = client.get("/accounts/A-1/live", headers={"if-none-match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_news_of_another_account_does_not_touch_the_live_part(street: House) -> None:
    street.account("A-1")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    with browser(street) as client:
        tag = client.get("/accounts/A-1/live").headers["etag"]
        street.account("A-2", phone="", email="bo@debtor.example")
        street.deliver()
        street.wait(lambda: street.states() == {"reminder sms": "delivered", "reminder email": "delivered"})
        assert client.get("/accounts/A-1/live", headers={"if-none-match": tag}).status_code == 304


def test_a_form_from_elsewhere_is_refused(street: House) -> None:
    street.account()
    with browser(street) as client:
        assert client.post("/accounts/A-1/holds", data={"reason": "dispute"}).status_code == 403


def test_a_viewer_may_look_and_not_touch(street: House) -> None:
    street.account()
    with browser(street, Role.VIEWER) as client:
        page = client.get("/accounts/A-1").text
        assert "Place hold" not in page
        form = {"csrf": token(page), "reason": "dispute"}
        assert client.post("/accounts/A-1/holds", data=form).status_code == 403


def test_an_agents_hold_stops_the_next_message_and_its_release_lets_it_go(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as client:
        page = client.get("/accounts/A-1").text
        client.post("/accounts/A-1/holds", data={"csrf": token(page), "reason": "dispute", "note": "called"})
        assert street.deliver() == 0
        page = client.get("/accounts/A-1").text
        assert "On hold" in page
        action = re.search(r'action="(/accounts/A-1/holds/\d+/release)"', page)
        assert action
        assert client.post(action.group(1), data={"csrf": token(page), "way": "verified"}).status_code == 422
        assert street.deliver() == 0
        record = {"way": "verified", "on": "2026-12-01", "how": "letter"}
        client.post(action.group(1), data={"csrf": token(page), **record})
    assert street.deliver() == 1


def test_a_name_that_is_markup_is_shown_as_text(street: House) -> None:
    street.account("<script>alert(1)</script>")
    with browser(street) as client:
        assert "<script>alert" not in client.get("/accounts").text


@pytest.mark.parametrize("path", ["twilio/status", "twilio/inbound", "sendgrid/events", "sendgrid/inbound", "lob"])
def test_an_unsigned_webhook_is_refused_and_not_kept(street: House, path: str) -> None:
    answer = httpx.post(f"{street.public_url}/webhooks/{path}", content=b"MessageStatus=delivered")
    assert answer.status_code == 403


def test_a_body_beyond_all_bounds_is_refused(street: House) -> None:
    answer = httpx.post(f"{street.public_url}/webhooks/twilio/status", content=b"x" * 1_100_000)
    assert answer.status_code == 413


def test_health_and_readiness_are_told_without_signing_in(street: House) -> None:
    assert httpx.get(f"{street.public_url}/healthz").text == "ok"
    assert httpx.get(f"{street.public_url}/readyz").json()["schema"] == "ok"
    assert "outreach_" in httpx.get(f"{street.public_url}/metrics").text


@pytest.mark.browser
def test_an_agent_sees_a_delivery_without_reloading(street: House, chromium: Page) -> None:
    street.account(email="")
    street.clock.advance(-street.clock.now().resolution)
    ids = street.run()
    chromium.goto(f"{street.public_url}/accounts/A-1")
    chromium.get_by_label("E-mail address").fill("agent@lender.example")
    chromium.get_by_label("Password").fill(PASSWORD)
    chromium.get_by_role("button", name="Sign in").click()
    chromium.get_by_role("heading", name="Ada Sample").wait_for()
    assert chromium.locator("table .badge", has_text="Planned").count() == 1
    event = DeliveryEvent("e", EventKind.DELIVERED, "delivered", f"{ids[0]}.1")
    from outreach.flow.deliver import deliver  # noqa: PLC0415

    deliver(street.app.desk, ids)
    settle(street.app.desk, receive(street.engine, "twilio", Parsed(events=(event,)), street.clock.now()))
    chromium.locator("table .badge", has_text="Delivered").wait_for(timeout=10_000)


@pytest.mark.browser
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/accounts",
        "/accounts/A-1",
        "/campaigns",
        "/tasks",
        "/notices?state=delivered",
        "/dead-letters",
        "/dead-letters/1",
    ],
)
def test_pages_are_accessible(street: House, chromium: Page, path: str) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    event_aside(street)
    chromium.goto(f"{street.public_url}/sign-in")
    chromium.get_by_label("E-mail address").fill("admin@lender.example")
    chromium.get_by_label("Password").fill(PASSWORD)
    chromium.get_by_role("button", name="Sign in").click()
    chromium.goto(street.public_url + path)
    # Through the debugger, because the page's own policy rightly refuses foreign scripts.
    chromium.evaluate((Path(__file__).parent / "assets/axe.min.js").read_text(encoding="utf-8") + "; undefined")
    found = chromium.evaluate("async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)")
    assert found == []
