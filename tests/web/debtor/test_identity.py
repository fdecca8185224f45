"""The way in: nothing is shown before somebody proved to be the debtor, and nothing is learnt by trying."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from itertools import pairwise

import httpx
import pytest
from sqlalchemy import select
from starlette.requests import Request

from outreach.domain.account import Quality
from outreach.domain.identity import Answer
from outreach.flow.debtor_page import Caller, verify
from outreach.flow.links import make_page_token
from outreach.store.outbox import notices
from outreach.store.page_tables import page_tries
from outreach.store.tables import contact_points
from outreach.web.debtor.identity import client_of
from tests.flow.house import NOON, House, house
from tests.web.debtor.guests import BORN, POSTAL, inside, known, link, phone, rows, send, told, written_to

KEY = "k" * 40
FORGED = "/p/" + "0" * 25 + "7"


def seen(answer: httpx.Response) -> tuple[int, str, list[str]]:
    """All that a stranger can see of an answer, without the form's token."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", answer.text)
    return answer.status_code, text, sorted(set(answer.headers) - {"content-length"})


@pytest.mark.parametrize("fields", [BORN, {"postal": POSTAL}, {"postal": " 10001-4321"}])
def test_the_debtor_gets_in_by_the_day_of_birth_or_the_postal_code(street: House, fields: dict[str, str]) -> None:
    with phone(street, written_to(street)) as client:
        assert "123.45" not in client.get("/p/who").text
        page = send(client, "/p/who", **fields)
    assert "$123.45" in page.text
    assert told(street, "page_visited") == [{"by": "postal_code" if "postal" in fields else "date_of_birth"}]


def test_nothing_tells_a_wrong_answer_a_forged_an_expired_or_a_locked_link_and_a_debtor_without_data_apart(
    street: House,
) -> None:
    path = written_to(street)
    street.account("A-2", phone="+12125550143", email="bo@debtor.example")
    known(street, "A-2", born="", postal="")
    street.deliver()
    bare = link(street, "A-2")
    expired = "/p/" + make_page_token(KEY, first_notice(street), (NOON - timedelta(days=1)).date())
    answers = []
    for one in (path, FORGED, expired, bare):
        with phone(street, one) as client:
            asked = client.get("/p/who")
            wrong = send(client, "/p/who", postal="99999")
            answers.append((seen(asked), seen(wrong)))
    with phone(street, path) as client:
        for _ in range(4):
            send(client, "/p/who", postal="99999")
        locked = send(client, "/p/who", postal=POSTAL)
        answers.append((seen(client.get("/p/who")), seen(locked)))
    for one, other in pairwise(answers):
        assert one == other
    assert answers[0][1][0] == 403


def first_notice(home: House) -> str:
    with home.engine.connect() as connection:
        return str(connection.scalars(select(notices.c.id).order_by(notices.c.id)).first())


def test_after_five_wrong_answers_even_the_right_one_opens_nothing_for_an_hour(street: House) -> None:
    path = written_to(street)
    with phone(street, path) as client:
        for _ in range(5):
            assert send(client, "/p/who", postal="99999").status_code == 403
        assert send(client, "/p/who", **BORN).status_code == 403
        street.clock.advance(timedelta(minutes=59))
        assert send(client, "/p/who", **BORN).status_code == 403
        street.clock.advance(timedelta(minutes=1))
        assert "$123.45" in send(client, "/p/who", **BORN).text


def test_twenty_wrong_answers_end_a_link_but_not_the_next_one(street: House) -> None:
    path = written_to(street)
    with phone(street, path) as client:
        for _ in range(4):
            for _ in range(5):
                send(client, "/p/who", postal="99999")
            street.clock.advance(timedelta(hours=1))
        assert send(client, "/p/who", **BORN).status_code == 403
    another = "/p/" + make_page_token(KEY, first_notice(street), (NOON + timedelta(days=5)).date())
    with phone(street, another) as client:
        assert "$123.45" in send(client, "/p/who", **BORN).text


def test_an_empty_form_and_half_a_date_are_no_tries(street: House) -> None:
    with phone(street, written_to(street)) as client:
        for _ in range(8):
            assert "#postal" in send(client, "/p/who").text
            assert "#day" in send(client, "/p/who", day="31", month="2", year="1980").text
        assert "$123.45" in send(client, "/p/who", **BORN).text


def test_an_address_that_tries_many_links_is_locked_out_of_all(street: House) -> None:
    path = written_to(street)
    caller = Caller("", "127.0.0.1", street.clock.now(), street.clock.machine())
    for number in range(50):
        guess = Caller(f"{number:026d}", caller.client, caller.now, caller.machine_now)
        assert not verify(street.engine, KEY, guess, Answer.living_at(POSTAL))
    with phone(street, path) as client:
        assert send(client, "/p/who", **BORN).status_code == 403


def test_right_answers_do_not_lock_an_office_out(street: House) -> None:
    token = written_to(street).removeprefix("/p/")
    caller = Caller(token, "127.0.0.1", street.clock.now(), street.clock.machine())
    for _ in range(60):
        assert verify(street.engine, KEY, caller, Answer.living_at(POSTAL))


def test_who_guesses_from_many_places_at_once_has_five_tries(database_url: str) -> None:
    with house(database_url) as home:
        home.account()
        known(home)
        token = make_page_token(KEY, deliver_one(home), date(2027, 1, 1))

        def guess(number: int) -> bool:
            caller = Caller(token, f"192.0.2.{number}", home.clock.now(), home.clock.machine())
            return verify(home.engine, KEY, caller, Answer.living_at("99999"))

        with ThreadPoolExecutor(8) as pool:
            assert not any(pool.map(guess, range(12)))
        with home.engine.connect() as connection:
            assert max(connection.scalars(select(page_tries.c.tries))) == 5
        right = Caller(token, "", home.clock.now(), home.clock.machine())
        assert not verify(home.engine, KEY, right, Answer.living_at(POSTAL))


def deliver_one(home: House) -> str:
    home.deliver()
    return first_notice(home)


def test_the_table_of_tries_names_nobody(street: House) -> None:
    with phone(street, written_to(street)) as client:
        send(client, "/p/who", postal="99999")
    with street.engine.connect() as connection:
        keys = list(connection.scalars(select(page_tries.c.key)))
    assert len(keys) == 3
    assert all(re.fullmatch("[0-9a-f]{64}", key) for key in keys)


def test_the_link_leaves_the_address_at_once_and_no_address_names_anybody(street: House) -> None:
    path = written_to(street, "ADA-77")
    with phone(street) as client:
        first = client.get(path, follow_redirects=False)
        assert (first.status_code, first.headers["location"]) == (303, "/p/who")
        page = send(client, "/p/who", **BORN)
        addresses = [str(page.url), *re.findall(r'(?:href|action)="(/p[^"]*)"', page.text)]
    assert not any("ADA" in address or "Sample" in address or path[3:] in address for address in addresses)


@pytest.mark.parametrize("path", ["/p/account", "/p/account/1", "/p/account/1/history"])
def test_nothing_is_shown_to_whom_has_only_the_link(street: House, path: str) -> None:
    link_path = written_to(street)
    with phone(street, link_path) as client:
        assert client.get(path).url.path == "/p/who"


def test_a_page_that_lies_open_is_closed_after_twenty_minutes(street: House) -> None:
    with inside(street, written_to(street)) as client:
        street.clock.advance(timedelta(minutes=20))
        assert client.get("/p/account/1").status_code == 200
        street.clock.advance(timedelta(minutes=20, seconds=1))
        page = client.get("/p/account/1")
    assert page.url.path == "/p/who"
    assert "away for a while" in page.text


def test_another_link_begins_anew_and_the_same_one_goes_on(street: House) -> None:
    path = written_to(street)
    with inside(street, path) as client:
        assert client.get(path).url.path == "/p/account/1"
        client.get(FORGED)
        assert client.get("/p/account/1").url.path == "/p/who"


@pytest.mark.parametrize("path", ["/p/half-of-a-link", "/p/" + "z" * 26, "/p/who"])
def test_half_a_link_asks_for_the_whole_one(street: House, path: str) -> None:
    with phone(street, path) as client:
        assert "open the link in our message once more" in client.get("/p/who").text


def test_a_link_that_ended_opens_nothing(street: House) -> None:
    path = written_to(street)
    street.clock.advance(timedelta(days=30))
    with inside(street, path) as client:
        street.clock.advance(timedelta(hours=8))
        assert send(client, "/p/who", **BORN).status_code == 403


def test_a_page_is_closed_when_the_address_turns_out_to_be_somebody_elses(street: House) -> None:
    path = written_to(street)
    with inside(street, path) as client:
        with phone(street, path) as other:
            send(other, "/p/not-me")
        assert client.get("/p/account/1").url.path == "/p/who"


def test_who_leaves_has_left(street: House) -> None:
    with inside(street, written_to(street)) as client:
        assert send(client, "/p/leave", "/p/account/1").url.path == "/p/left"
        assert client.get("/p/account/1").url.path == "/p/who"


def test_a_form_from_elsewhere_is_refused(street: House) -> None:
    with phone(street, written_to(street)) as client:
        before = rows(street)
        for path in ("/p/who", "/p/not-me", "/p/leave"):
            assert client.post(path, data={**BORN, "csrf": "x"}).status_code == 403
            assert client.post(path, data=BORN).status_code == 403
        assert rows(street) == before


def test_the_cookie_is_out_of_reach_and_pages_are_kept_nowhere(street: House) -> None:
    path = written_to(street)
    answer = httpx.get(street.public_url + path)
    cookie = answer.headers["set-cookie"].lower()
    assert all(part in cookie for part in ("httponly", "samesite=lax", "path=/p"))
    assert "max-age" not in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]
    with phone(street, path) as client:
        policy = client.get("/p/who").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy


def test_whom_the_message_was_not_meant_for_gets_no_more_and_sees_nothing(street: House) -> None:
    path = written_to(street)
    with phone(street, path) as client:
        asked = client.get("/p/not-me")
        assert "Northwind" not in asked.text + client.get("/p/who").text
        page = send(client, "/p/not-me")
        assert "Thank you" in page.text
        assert "Northwind" not in page.text
        assert send(client, "/p/who", **BORN).status_code == 403
    with street.engine.connect() as connection:
        query = select(contact_points.c.value).where(contact_points.c.quality == Quality.WRONG_PARTY)
        assert list(connection.scalars(query)) == ["+12125550142"]
    assert told(street, "wrong_party")


def test_a_forged_link_that_is_not_for_me_changes_nothing_and_is_not_told_so(street: House) -> None:
    written_to(street)
    with phone(street, FORGED) as client:
        before = rows(street)
        assert "Thank you" in send(client, "/p/not-me").text
        assert rows(street) == before


@pytest.mark.parametrize(
    ("language", "words"), [("es-MX,es;q=0.9", "Fecha de nacimiento"), ("zh-CN", "出生日期"), ("fr", "Date of birth")]
)
def test_the_question_is_asked_in_the_browsers_language(street: House, language: str, words: str) -> None:
    with phone(street, written_to(street), language) as client:
        assert words in client.get("/p/who").text


def test_the_language_is_the_debtors_once_it_is_known_who_it_is_and_a_chosen_one_stays(street: House) -> None:
    path = written_to(street, language="es")
    with inside(street, path) as client:
        assert "Saldo pendiente" in client.get("/p/account/1").text
        client.get("/p/account/1?lang=zh")
        assert "未付余额" in client.get("/p/account/1").text


def test_a_body_beyond_all_bounds_is_refused_in_the_debtors_language(street: House) -> None:
    with phone(street, written_to(street), "es") as client:
        answer = client.post("/p/who", data={"postal": "9" * 100_000})
    assert answer.status_code == 413
    assert "demasiado grande" in answer.text


@pytest.mark.parametrize(
    ("host", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("testclient", "testclient"),
    ],
)
def test_all_addresses_of_a_household_are_one_client(host: str, client: str) -> None:
    assert client_of(Request({"type": "http", "client": (host, 1)})) == client
