"""Dead letters in the console: seen by everybody who may sign in, replayed by operators, once."""

from __future__ import annotations

import httpx
import pytest
from sqlalchemy import insert, select, text

from outreach.domain.notice import NoticeState
from outreach.store import dead_letters
from outreach.store.dead_letters import Kind
from outreach.store.outbox import inbox, timeline
from outreach.store.users import Role
from tests.flow.house import House
from tests.web.setting_aside import SECRET, aside, event_aside
from tests.web.staff import browser, submit, token


def waiting(home: House) -> dict[Kind, int]:
    with home.engine.connect() as connection:
        return dead_letters.counts(connection)


def test_the_overview_leads_to_dead_letters_only_when_there_are_any(street: House) -> None:
    with browser(street) as client:
        assert "/dead-letters" not in client.get("/").text
        event_aside(street)
        assert '<a class="tile bad" href="/dead-letters"><strong>1</strong>' in client.get("/").text


def test_the_list_says_what_happened_and_quotes_nobody(street: House) -> None:
    account_id = street.account()
    aside(street, Kind.ACCOUNT, account_id, account_id)
    with browser(street, Role.VIEWER) as client:
        page = client.get("/dead-letters").text
    for words in ("ValueError in store.facts", "/accounts/A-1", "cannot be considered"):
        assert words in page
    assert SECRET not in page


def test_an_empty_list_says_so(street: House) -> None:
    with browser(street) as client:
        assert "Nothing was set aside" in client.get("/dead-letters").text
        assert "None ended yet" in client.get("/dead-letters?ended=true").text


def test_one_says_what_to_do_and_what_it_quotes(street: House) -> None:
    number = event_aside(street)
    with browser(street) as client:
        page = client.get(f"/dead-letters/{number}").text
        assert client.get("/dead-letters/999").status_code == 404
    for words in ("then replay it", "This is a debtor&#39;s data", SECRET):
        assert words.replace("&#39;", "'") in page.replace("&#39;", "'")


def test_an_operator_replays_one_and_it_is_kept_who(street: House) -> None:
    account_id = street.account()
    number = aside(street, Kind.ACCOUNT, account_id, account_id)
    with browser(street, Role.OPERATOR) as client:
        answer = submit(client, f"/dead-letters/{number}", f"/dead-letters/{number}/replay")
        assert "Nothing was set aside" in answer.text
        assert "Replayed by operator@lender.example" in client.get("/dead-letters?ended=true").text
        assert "Nothing is left to do" in client.get(f"/dead-letters/{number}").text
    assert waiting(street) == {}
    with street.engine.connect() as connection:
        assert connection.execute(select(timeline.c.kind, timeline.c.actor)).all() == [
            ("error_replayed", "operator@lender.example")
        ]


def test_a_second_click_changes_nothing(street: House) -> None:
    number = event_aside(street)
    with browser(street, Role.OPERATOR) as client:
        form = {"csrf": token(client.get(f"/dead-letters/{number}").text)}
        answers = [client.post(f"/dead-letters/{number}/replay", data=form).status_code for _ in range(2)]
    assert answers == [200, 200]
    with street.engine.connect() as connection:
        assert connection.scalars(select(dead_letters.dead_letters.c.outcome)).all() == ["replayed"]


def test_what_cannot_be_replayed_says_why_and_stays(street: House) -> None:
    payload = {"url": "https://outreach.example/webhooks/twilio/status", "content_type": "", "body_base64": "e30="}
    row = {"provider": "twilio", "event_id": "g", "kind": "raw", "state": "garbled", "payload": payload}
    with street.engine.begin() as connection:
        statement = insert(inbox).values(row | {"received_at": street.clock.now()}).returning(inbox.c.id)
        inbox_id = connection.scalars(statement).one()
    number = aside(street, Kind.GARBLED, inbox_id)
    with browser(street, Role.OPERATOR) as client:
        answer = submit(client, f"/dead-letters/{number}", f"/dead-letters/{number}/replay")
    assert answer.status_code == 409
    assert "still cannot be read" in answer.text
    assert waiting(street) == {Kind.GARBLED: 1}


def test_dismissing_needs_a_reason_and_keeps_it(street: House) -> None:
    number = event_aside(street)
    with browser(street, Role.OPERATOR) as client:
        path = f"/dead-letters/{number}"
        assert submit(client, path, f"{path}/dismiss", reason=" ").status_code == 422
        submit(client, path, f"{path}/dismiss", reason="a test of the vendor's")
        assert (
            "Dismissed by operator@lender.example: a test of the vendor" in client.get("/dead-letters?ended=true").text
        )
    assert waiting(street) == {}


@pytest.mark.parametrize("role", [Role.VIEWER, Role.AGENT])
def test_who_is_no_operator_sees_and_does_not_touch(street: House, role: Role) -> None:
    number = event_aside(street)
    with browser(street, role) as client:
        page = client.get(f"/dead-letters/{number}").text
        assert ">Replay<" not in page
        form = {"csrf": token(page), "reason": "no"}
        for action in ("replay", "dismiss"):
            assert client.post(f"/dead-letters/{number}/{action}", data=form).status_code == 403
    assert waiting(street) == {Kind.EVENT: 1}


def test_a_replay_from_elsewhere_is_refused(street: House) -> None:
    number = event_aside(street)
    with browser(street, Role.OPERATOR) as client:
        assert client.post(f"/dead-letters/{number}/replay").status_code == 403
    assert waiting(street) == {Kind.EVENT: 1}


@pytest.mark.parametrize("path", ["/dead-letters", "/dead-letters/1"])
def test_nobody_sees_them_without_signing_in(street: House, path: str) -> None:
    assert httpx.get(street.public_url + path).headers["location"].startswith("/sign-in")


def test_many_are_shown_a_page_at_a_time(street: House) -> None:
    for number in range(51):
        event_aside(street, f"e{number}")
    with browser(street) as client:
        page = client.get("/dead-letters?kind=event").text
        assert page.count("<tr>") == 51
        older = client.get("/dead-letters?kind=event&before=2").text
        assert older.count("<tr>") == 2
        assert 'rel="next"' in page
        assert 'rel="next"' not in older
        assert "Nothing was set aside" in client.get("/dead-letters?kind=garbled").text


@pytest.mark.parametrize(
    "corruption",
    [
        "UPDATE notices SET channel = 'pigeon', state = 'lost'",
        "UPDATE accounts SET currency = 'ZZZ'",
        "UPDATE accounts SET tags = '7'",
        "UPDATE debtors SET zones = '7'",
        "UPDATE contact_points SET kind = 'pigeon', quality = 'shiny'",
        "UPDATE enrolments SET state = 'asleep'",
        "UPDATE campaign_versions SET body = '[' WHERE id IN (SELECT MAX(id) FROM campaign_versions)",
    ],
)
def test_a_row_beyond_reading_does_not_hide_the_others_from_people(street: House, corruption: str) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    with street.engine.begin() as connection:
        connection.execute(text(corruption))
    pages = [
        "/",
        "/accounts",
        "/tasks",
        "/dead-letters",
        "/campaigns",
        *(f"/notices?state={one}" for one in NoticeState),
    ]
    with browser(street) as client:
        assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)
