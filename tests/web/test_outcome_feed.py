"""The feed of outcome events: one creditor's, in order, for whoever has a token of that creditor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from sqlalchemy import insert

from outreach.domain.outcome_event import TIMELINE_FIELDS
from outreach.flow import api_tokens, words
from outreach.flow.outcomes import publish
from outreach.store import journal
from outreach.store.journal import Entry
from outreach.store.tables import creditors
from tests.flow.house import House, house

#: What happens inside the house, or is told by another kind.
NOBODYS_BUSINESS = {
    *("imported", "updated", "enrolled", "left", "page_visited", "payment_page_opened", "attachment_received"),
    *("documents_requested", "task_opened", "task_closed", "task_claimed", "task_released", "task_assigned"),
    *("task_put_off", "task_withdrawn", "dispute_reviewed", "verification_sent", "case_added", "case_review"),
    *("law_notice_given", "law_notice_returned", "error_replayed", "error_dismissed", "proof_exported", "erased"),
}


@pytest.fixture
def home(database_url: str) -> Iterator[House]:
    with house(database_url, web=True) as built:
        yield built


def happens(home: House, account: int, *kinds: str) -> None:
    with home.engine.begin() as connection:
        journal.tell(connection, [Entry(account, home.clock.now(), kind, {}) for kind in kinds])
    publish(home.engine)


def token(home: House, creditor: str = "northwind") -> str:
    return api_tokens.create(home.engine, creditor, "erp", "admin@lender.example", home.clock.now())


def ask(home: House, written: str, query: str = "") -> httpx.Response:
    headers = {"authorization": f"Bearer {written}"} if written else {}
    return httpx.get(f"{home.public_url}/api/outcomes{query}", headers=headers)


def kinds(answer: httpx.Response) -> list[str]:
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return [one["kind"] for one in outcomes]


def test_a_reader_goes_on_where_it_stopped(home: House) -> None:
    account, written = home.account(), token(home)
    happens(home, account, "promised", "promise_broken", "hold_placed")
    first = ask(home, written, "?limit=2")
    assert (first.status_code, kinds(first), first.json()["more"]) == (200, ["promised", "promise_broken"], True)
    rest = ask(home, written, f"?after={first.json()['next_after']}")
    assert (kinds(rest), rest.json()["more"]) == (["hold_placed"], False)
    nothing = ask(home, written, f"?after={rest.json()['next_after']}")
    assert (kinds(nothing), nothing.json()["next_after"]) == ([], rest.json()["next_after"])


def test_a_reader_may_choose_kinds(home: House) -> None:
    account, written = home.account(), token(home)
    happens(home, account, "promised", "hold_placed", "opted_out")
    assert kinds(ask(home, written, "?kind=opted_out&kind=promised")) == ["promised", "opted_out"]
    unknown = ask(home, written, "?kind=nonsense")
    assert unknown.status_code == 422
    assert "promised" in unknown.json()["kinds"]


@pytest.mark.parametrize("written", ["", "out_1_short", "out_999_" + "a" * 43, "nonsense"])
def test_without_a_token_nothing_is_served(home: House, written: str) -> None:
    happens(home, home.account(), "promised")
    answer = ask(home, written)
    assert answer.status_code == 401
    assert "promised" not in answer.text


def test_a_token_with_another_secret_is_refused(home: House) -> None:
    written = token(home)
    assert ask(home, written[:-1] + ("a" if written[-1] != "a" else "b")).status_code == 401


def test_a_revoked_token_reads_nothing_more(home: House) -> None:
    written = token(home)
    assert ask(home, written).status_code == 200
    api_tokens.revoke(home.engine, 1, "admin@lender.example", home.clock.now())
    assert ask(home, written).status_code == 401


def test_another_creditors_events_are_never_shown(home: House) -> None:
    happens(home, home.account(), "promised")
    with home.engine.begin() as connection:
        connection.execute(insert(creditors).values(ref="harborview", name="Harborview (sample)"))
    assert kinds(ask(home, token(home, "harborview"))) == []


def test_who_asks_too_often_is_told_to_wait(home: House) -> None:
    written = token(home)
    answers = [ask(home, written) for _ in range(30)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in refused)


def test_every_happening_is_told_to_the_creditor_or_known_to_be_nobodys_business() -> None:
    assert set(words.KIND) - set(TIMELINE_FIELDS) <= NOBODYS_BUSINESS
