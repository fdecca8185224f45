"""What people may do in the console, what it leaves behind, and what the console never does."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.message import Channel
from outreach.flow.proof import check
from outreach.flow.signin import PasswordUnfit, add_user
from outreach.store import users
from outreach.store.engine import reading
from outreach.store.users import Role
from outreach.web.session import safe_path
from outreach.web.throttle import Throttle
from tests.flow.house import NOON, House, campaign, house
from tests.web.staff import PASSWORD, browser, submit, token

LETTER = Step("demand", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.EMAIL,), "friendly_reminder", approval=True)


def staffed(home: House) -> House:
    for role in Role:
        add_user(home.engine, f"{role}@lender.example", PASSWORD, role, home.clock.now())
    return home


def test_what_needs_approval_waits_until_an_operator_lets_it_go(database_url: str) -> None:
    with house(database_url, campaign(LETTER), web=True) as home:
        staffed(home).account()
        assert home.deliver() == 0
        with browser(home, Role.AGENT) as agent:
            assert agent.get("/campaigns/cards/approve").status_code == 403
        with browser(home, Role.OPERATOR) as operator:
            page = operator.get("/campaigns/cards/approve").text
            assert "Approve 1 message of cards?" in page
            seen = re.search(r'name="up_to" value="(\w+)"', page)
            assert seen
            operator.post("/campaigns/cards/approve", data={"csrf": token(page), "up_to": seen.group(1)})
            assert home.deliver() == 1
            assert "approved</a>, by operator@lender.example" in operator.get("/accounts/A-1").text


def test_approval_lets_go_only_what_was_seen(database_url: str) -> None:
    with house(database_url, campaign(LETTER), web=True) as home:
        staffed(home).account("A-1")
        home.run()
        with browser(home, Role.OPERATOR) as operator:
            page = operator.get("/campaigns/cards/approve").text
            seen = re.search(r'name="up_to" value="(\w+)"', page)
            assert seen
            home.account("A-2", phone="+12125550143", email="bo@debtor.example")
            home.clock.advance(timedelta(minutes=5))
            home.run()
            operator.post("/campaigns/cards/approve", data={"csrf": token(page), "up_to": seen.group(1)})
            assert home.deliver() == 1
            assert "Approve 1 message<" in operator.get("/campaigns").text


def test_a_paused_campaign_says_so_and_releases_nothing(street: House) -> None:
    street.account()
    with browser(street, Role.OPERATOR) as operator:
        submit(operator, "/campaigns/cards/pause", "/campaigns/cards/pause")
        assert "Paused" in operator.get("/campaigns").text
        assert street.deliver() == 0
        submit(operator, "/campaigns/cards/resume", "/campaigns/cards/resume")
    assert street.deliver() == 1


def test_a_hold_on_the_debtor_holds_all_of_their_accounts(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        submit(agent, "/accounts/A-1", "/accounts/A-1/holds", reason="deceased", whole_debtor="yes")
        assert "on all accounts of this debtor" in agent.get("/accounts/A-1").text
    assert street.deliver() == 0


def test_an_agent_takes_the_proof_file_and_the_timeline_tells_it(street: House) -> None:
    street.account()
    assert street.deliver() == 1
    with browser(street, Role.AGENT) as agent:
        answer = submit(agent, "/accounts/A-1", "/accounts/A-1/proof")
        assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''proof-A-1.json"
        document = answer.json()
        assert "Proof file exported, by agent@lender.example" in agent.get("/accounts/A-1").text
    assert (document["account"], document["by"]) == ("A-1", "agent@lender.example")
    assert len(document["records"]["contents"]) == 1
    assert check(document) == []


def test_a_viewer_takes_no_proof_file_and_nobody_that_of_an_unknown_account(street: House) -> None:
    street.account()
    with browser(street, Role.VIEWER) as viewer:
        page = viewer.get("/accounts/A-1").text
        assert "/proof" not in page
        assert viewer.post("/accounts/A-1/proof", data={"csrf": token(page)}).status_code == 403
        assert "Proof exported" not in viewer.get("/accounts/A-1").text
    with browser(street, Role.AGENT) as agent:
        assert submit(agent, "/accounts/A-1", "/accounts/A-9/proof").status_code == 404
        assert agent.post("/accounts/A-1/proof").status_code == 403


def test_a_hold_ends_on_its_day_by_itself(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        submit(agent, "/accounts/A-1", "/accounts/A-1/holds", reason="promise", until="2026-12-03")
        before = agent.get("/accounts/A-1/live").headers["etag"]
        street.clock.advance(timedelta(days=2))
        answer = agent.get("/accounts/A-1/live", headers={"If-None-Match": before})
    assert answer.status_code == 200
    assert 'badge warn">On hold' not in answer.text


def test_an_email_is_shown_in_a_frame_that_may_do_nothing(street: House) -> None:
    street.account(phone="")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder email": "delivered"})
    with browser(street, Role.VIEWER) as viewer:
        notice = re.search(r'href="(/notices/\w+)"', viewer.get("/accounts/A-1").text)
        assert notice
        page = viewer.get(notice.group(1)).text
        frame = re.search(r'<iframe sandbox title="The e-mail" src="([^"]+)"', page)
        assert frame
        message = viewer.get(frame.group(1))
    assert message.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


def test_pages_may_load_nothing_from_elsewhere_and_are_kept_nowhere(street: House) -> None:
    headers = httpx.get(f"{street.public_url}/sign-in").headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "httponly" in headers["set-cookie"]
    assert "samesite=lax" in headers["set-cookie"]


def test_disabling_a_user_ends_their_session(street: House) -> None:
    with browser(street, Role.AGENT) as agent:
        assert "Sign out" in agent.get("/").text
        with street.engine.begin() as connection:
            users.disable(connection, "AGENT@lender.example")
        assert "Sign out" not in agent.get("/").text


def test_a_page_left_open_after_the_session_ended_asks_to_sign_in(street: House) -> None:
    street.account()
    answer = httpx.get(f"{street.public_url}/accounts/A-1/live", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-refresh"]) == (401, "true")


def test_signing_in_returns_to_the_page_that_was_asked_for(street: House) -> None:
    with httpx.Client(base_url=street.public_url, follow_redirects=True) as client:
        page = client.get("/tasks?x=1").text
        form = {"csrf": token(page), "email": " Viewer@Lender.example ", "password": PASSWORD}
        back = re.search(r'name="back" value="([^"]+)"', page)
        assert back
        assert client.post("/sign-in", data={**form, "back": back.group(1)}).url.path == "/tasks"


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "", "/a\nb"])
def test_signing_in_leads_nowhere_else(target: str) -> None:
    assert safe_path(target) == "/"


def test_a_short_password_is_refused(street: House) -> None:
    with pytest.raises(PasswordUnfit):
        add_user(street.engine, "new@lender.example", "short", Role.VIEWER, NOON)
    with reading(street.engine) as connection:
        assert users.by_email(connection, "new@lender.example") is None


def test_guesses_are_forgotten_after_a_while_and_after_a_success() -> None:
    now = NOON
    tries = Throttle(2, timedelta(minutes=10), lambda: now)
    for _ in range(2):
        tries.failed("a")
    assert tries.blocked("a")
    assert not tries.blocked("b")
    now += timedelta(minutes=10)
    assert not tries.blocked("a")
    tries.failed("b")
    tries.succeeded("b")
    tries.failed("b")
    assert not tries.blocked("b")
