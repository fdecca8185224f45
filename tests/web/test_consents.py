"""Consents, wrong parties and calls in the console: by agents only, with a form of ours, at once."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import select

from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Cap, Counts, OnHit, When
from outreach.domain.standing import Medium, Reach
from outreach.flow.contacts import Told, record_contact
from outreach.flow.signin import add_user
from outreach.store.outbox import tasks
from outreach.store.users import Role
from tests.flow.house import House, campaign, house
from tests.law import HOURS_ONLY, pack
from tests.web.staff import PASSWORD, browser, submit

POINT = "sms:+12125550142"
CONSENT = {"point": POINT, "scope": "servicing", "source": "web form", "wording": "You may text me."}
CALL = Step("call", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.CALL,), task="Call about the debt")


def act(client: httpx.Client, action: str, **fields: str) -> httpx.Response:
    return submit(client, "/accounts/A-1", f"/accounts/A-1/{action}", **fields)


def test_an_agent_records_a_consent_that_the_account_then_shows(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        page = act(agent, "consents", **CONSENT, given_on="2026-11-02").text
    assert "messages about the account to +12125550142" in page
    assert "You may text me." in page
    assert "Debtor consented to messages about the account by text messages: web form, by agent@lender.example" in page


@pytest.mark.parametrize("missing", ["source", "wording"])
def test_a_consent_needs_its_source_and_its_wording(street: House, missing: str) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        answer = act(agent, "consents", **{**CONSENT, missing: ""})
    assert answer.status_code == 422
    assert missing in answer.text


@pytest.mark.parametrize("action", ["consents", "consents/revoke", "wrong-party", "verify"])
def test_a_viewer_or_another_sites_form_changes_nothing(street: House, action: str) -> None:
    street.account()
    fields = {**CONSENT, "how": "phone"}
    with browser(street, Role.VIEWER) as viewer, browser(street, Role.AGENT) as agent:
        viewer_page = viewer.get("/accounts/A-1").text
        assert "Record a consent" not in viewer_page
        assert agent.post(f"/accounts/A-1/{action}", data=fields).status_code == 403
        assert submit(viewer, "/", f"/accounts/A-1/{action}", **fields).status_code == 403
        assert viewer.get("/accounts/A-1/live").text.count("Opted out") == 0


def test_who_wants_no_more_by_any_means_is_opted_out_at_once(street: House) -> None:
    street.account(email="")
    street.run()
    with browser(street, Role.AGENT) as agent:
        act(agent, "consents", **CONSENT)
        page = act(agent, "consents/revoke", point=POINT, how="said so on the phone").text
    assert "Opted out" in page
    assert "Revoked" in page
    assert "said so on the phone, told to agent@lender.example" in page
    assert street.states() == {"reminder sms": "cancelled"}


def test_a_wrong_number_is_shut_until_a_person_has_new_data(street: House) -> None:
    street.account(email="")
    with browser(street, Role.AGENT) as agent:
        assert "Wrong party</span>" in act(agent, "wrong-party", point=POINT, how="the holder said so").text
        assert street.deliver() == 0
        assert act(agent, "verify", point=POINT, how="").status_code == 422
        assert "Verified</span>" in act(agent, "verify", point=POINT, how="named the last four digits").text


def test_an_address_that_is_not_the_debtors_is_refused_in_words(street: House) -> None:
    street.account()
    with browser(street, Role.AGENT) as agent:
        answer = act(agent, "wrong-party", point="sms:+12125550199", how="phone")
    assert answer.status_code == 409
    assert "no such address" in answer.text


@pytest.mark.parametrize(("disposition", "words"), [("refused", "a conversation"), ("wrong_party", "no answer")])
def test_a_call_is_logged_where_its_task_is(database_url: str, disposition: str, words: str) -> None:
    with house(database_url, campaign(CALL), web=True) as home:
        add_user(home.engine, "agent@lender.example", PASSWORD, Role.AGENT, home.clock.now())
        home.account()
        home.run()
        with home.engine.connect() as connection:
            task_id = connection.scalars(select(tasks.c.id)).one()
        with browser(home, Role.AGENT) as agent:
            submit(agent, "/tasks", "/tasks/next")
            assert "A call was made" in agent.get(f"/tasks/{task_id}").text
            submit(agent, "/tasks", f"/tasks/{task_id}/close", disposition=disposition, number="+12125550142")
            assert "Nothing to do" in agent.get("/tasks").text
            page = agent.get("/accounts/A-1").text
    assert f"Call to the debtor: {words}, by agent@lender.example" in page
    assert "Task done: Call about the debt" in page


def test_who_spoke_with_us_is_not_to_be_called_for_a_week(database_url: str) -> None:
    week = Cap(
        "spoke",
        "Seven days pass after a conversation",
        ("12 CFR 1006.14(b)(2)(i)(B)",),
        When(frozenset({Medium.CALL})),
        on_hit=OnHit.DEFER,
        counts=Counts.CONVERSATIONS,
        days=7,
    )
    with house(database_url, campaign(CALL), web=True, law=Law((HOURS_ONLY, pack(week)))) as home:
        add_user(home.engine, "agent@lender.example", PASSWORD, Role.AGENT, home.clock.now())
        home.account()
        home.run()
        with browser(home, Role.AGENT) as agent:
            task = submit(agent, "/tasks", "/tasks/next").url.path
            assert "Yes, until" in agent.get(task).text
            told = Told(home.clock.now(), Medium.CALL, Reach.CONVERSATION)
            record_contact(home.engine, "A-1", told, "agent@lender.example", home.clock.now())
            assert "Do not call now" in agent.get("/tasks").text
            page = agent.get(task).text
    assert "Do not call now" in page
    assert "Seven days pass after a conversation (sample/spoke)" in page
    assert "A call was made" in page
