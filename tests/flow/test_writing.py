"""What the packs say of the words of a message, at the moment of sending."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from outreach.domain.law import Law
from outreach.domain.policy import Lint, Need, OnHit, Require, Rule
from outreach.flow.deliver import deliver
from outreach.store.outbox import contents, notices, tasks
from outreach.store.tables import accounts, items
from tests.flow.house import House, house
from tests.law import HOURS_ONLY, pack

AMOUNTS = Lint("amounts", "The message names another amount", ("a source",), on_hit=OnHit.ROUTE, amounts=True)
SOURCE = ("a source",)


def law(*rules: Rule) -> Law:
    return Law((HOURS_ONLY, pack(*rules)))


def body(home: House) -> str:
    with home.engine.connect() as connection:
        return str(connection.scalars(select(contents.c.body)).one())


def test_a_forbidden_word_stops_the_message_and_a_person_gets_it(database_url: str) -> None:
    rule = Lint("words", "The message threatens", SOURCE, on_hit=OnHit.ROUTE, words={"en": ("Northwind",)})
    with house(database_url, law=law(rule)) as home:
        home.account(email="")
        assert deliver(home.app.desk, home.run()) == 0
        assert home.states() == {"reminder sms": "suppressed"}
        with home.engine.connect() as connection:
            kept = connection.execute(select(notices)).one()
            task = connection.execute(select(tasks)).one()
    assert [hit["rule"] for hit in kept.decision["hits"]] == ["sample/words"]
    assert (task.kind, task.title) == ("review", "Step reminder needs a person: The message threatens")


def test_a_text_that_the_law_asks_for_is_added_in_the_language_of_the_message(database_url: str) -> None:
    texts = {"en": "This is from a debt collector.", "es": "Esto es de un cobrador de deudas."}
    rule = Require("who", "Says who writes", SOURCE, need=Need.TEXT, texts=texts)
    with house(database_url, law=law(rule)) as home:
        home.account(language="es")
        assert home.deliver() == 1
        assert "Esto es de un cobrador de deudas." in body(home)


def test_a_text_that_is_missing_in_that_language_stops_the_message(database_url: str) -> None:
    rule = Require("who", "Says who writes", SOURCE, need=Need.TEXT, texts={"es": "Esto es de un cobrador."})
    with house(database_url, law=law(rule)) as home:
        home.account(email="")
        assert home.deliver() == 0
        assert home.states() == {"reminder sms": "suppressed"}


@pytest.mark.parametrize("ref", ["CAD5142", "N-BEF021", "USD 77"])
def test_a_reference_that_looks_like_an_amount_is_none(database_url: str, ref: str) -> None:
    with house(database_url, law=law(AMOUNTS)) as home:
        home.account()
        with home.engine.begin() as connection:
            connection.execute(update(accounts).values(ref=ref))
            connection.execute(update(items).values(ref=f"{ref}-1"))
        assert home.deliver() == 1
        assert "$123.45" in body(home)
