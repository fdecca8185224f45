"""What reaches the account from the page: on both databases, once, and within what the law asks for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select, update

from outreach.domain.account import Facts
from outreach.domain.attachment import Attachment
from outreach.domain.dispute import DisputeReason
from outreach.domain.law import Law
from outreach.domain.money import Money
from outreach.flow import debtor_actions
from outreach.flow.debtor_actions import Stop, TooMuch
from outreach.flow.debtor_overview import accounts_of, overview
from outreach.flow.debtor_page import holder_of
from outreach.flow.handoff import hand_off
from outreach.flow.links import make_page_token
from outreach.policies import built_in
from outreach.store.debtor_page import Holder
from outreach.store.outbox import notices
from outreach.store.page_tables import attachments
from outreach.store.tables import accounts
from tests.flow.house import House, house
from tests.web.debtor.guests import told

KEY = "k" * 40
BY = date(2026, 12, 11)
FILE = Attachment("receipt.pdf", "application/pdf", b"%PDF-1.7 " + bytes(1_000))


def seen(home: House) -> tuple[Holder, Facts]:
    """A debtor who was written to, as the page knows them."""
    home.account()
    home.deliver()
    return again(home)


def again(home: House) -> tuple[Holder, Facts]:
    with home.engine.connect() as connection:
        notice_id = connection.scalars(select(notices.c.id)).first()
        token = make_page_token(KEY, str(notice_id), date(2027, 1, 1))
        holder = holder_of(connection, KEY, token, home.clock.now())
        assert holder is not None
        return holder, accounts_of(connection, holder, home.clock.now())[0]


def test_a_form_that_is_sent_many_times_at_once_is_one_promise(database_url: str) -> None:
    with house(database_url) as home:
        holder, facts = seen(home)

        def promise(_: int) -> bool:
            return debtor_actions.promise(home.engine, holder, facts, Money(5_000, "USD"), BY, home.clock.now())

        with ThreadPoolExecutor(6) as pool:
            assert all(pool.map(promise, range(6)))
        assert len(told(home, "promised")) == 1


def test_disputes_with_files_and_stops_are_kept_on_both_databases(database_url: str) -> None:
    with house(database_url) as home:
        holder, facts = seen(home)
        now = home.clock.now()
        debtor_actions.promise(home.engine, holder, facts, Money(5_000, "USD"), BY, now)
        for _ in range(2):
            debtor_actions.dispute(home.engine, facts, DisputeReason.PAID, "here", [FILE], now)
        debtor_actions.stop(home.engine, facts, Stop.SMS, now)
        debtor_actions.stop(home.engine, facts, Stop.ALL, now)
        with home.engine.connect() as connection:
            assert list(connection.scalars(select(attachments.c.body))) == [FILE.body]
        assert len(told(home, "promise_cancelled")) == 1
        assert len(told(home, "disputed")) == 1
        assert len(told(home, "opted_out")) == 1
        _, facts = again(home)
        with home.engine.connect() as connection:
            offers = overview(connection, facts, Law(), now, "en").offers
        assert [offer.value for offer in offers] == ["dispute", "documents", "history", "preferences", "stop"]


def test_nobody_fills_the_database(street: House) -> None:
    _, facts = seen(street)
    large = [Attachment(f"{n}.pdf", FILE.media_type, FILE.body + bytes([n]) * 5_000_000) for n in range(3)]
    for start in range(3):
        files = [replace(one, body=one.body + bytes([start])) for one in large]
        debtor_actions.dispute(street.engine, facts, DisputeReason.PAID, "", files, street.clock.now())
    with pytest.raises(TooMuch):
        debtor_actions.dispute(street.engine, facts, DisputeReason.PAID, "", large, street.clock.now())


def test_what_a_collector_must_say_and_the_last_day_of_validation_stand_on_the_page(street: House) -> None:
    seen(street)
    terms = {
        "role": "third_party",
        "validation": {"provided_at": datetime(2026, 11, 25, tzinfo=UTC).isoformat(), "ends_on": "2026-12-31"},
    }
    with street.engine.begin() as connection:
        connection.execute(update(accounts).values(terms=terms))
    _, facts = again(street)
    law = Law(tuple(built_in()))
    with street.engine.connect() as connection:
        shown = {language: overview(connection, facts, law, street.clock.now(), language) for language in ("en", "es")}
    assert shown["en"].dispute_until == date(2026, 12, 31)
    assert any("debt collector" in words for words in shown["en"].legal)
    assert shown["es"].legal
    assert shown["es"].legal != shown["en"].legal


def test_a_creditor_without_a_payment_page_offers_no_way_to_pay(street: House) -> None:
    _, facts = seen(street)
    creditor = replace(facts.account.creditor, payment_url="javascript:alert(1)")
    assert hand_off(facts) is not None
    assert hand_off(replace(facts, account=replace(facts.account, creditor=creditor))) is None
