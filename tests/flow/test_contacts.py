"""What facts hold of contacts, calls and terms: whatever left, whatever people did, whatever is stated."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from outreach.domain.standing import CollectorRole, DebtKind, Medium, Place, Reach, Terms
from outreach.flow.consent_actions import (
    Unfit,
)
from outreach.flow.contacts import Told, record_contact
from outreach.flow.enroll import register
from outreach.store.facts import Subject, load_facts
from outreach.store.tables import accounts, contact_points, debtors
from tests.flow.agreeing import AGENT, EMAIL, NUMBER, SMS, facts, says
from tests.flow.house import NORTHWIND, House


def test_an_answer_tells_when_an_address_was_heard_from_last(home: House) -> None:
    home.account()
    says(home, "I will call you")
    heard_at = home.clock.now()
    says(home, "out of office", auto_reply=True)
    assert facts(home).debtor.points(SMS)[0].standing.last_inbound_at == heard_at
    assert facts(home).debtor.points(EMAIL)[0].standing.last_inbound_at is None


def test_contacts_are_what_left_what_people_did_and_what_was_answered(home: House) -> None:
    home.account()
    home.deliver()
    home.clock.advance(timedelta(hours=1))
    told = Told(home.clock.now(), Medium.CALL, Reach.CONVERSATION, NUMBER, place=Place.MOBILE)
    record_contact(home.engine, "A-1", told, AGENT, home.clock.now())
    says(home, "I dispute this")
    text, call, answer = facts(home).contacts
    assert (text.medium, text.reach, text.inbound, text.value) == (Medium.SMS, Reach.ATTEMPTED, False, NUMBER)
    assert (call.medium, call.reach, call.inbound, call.place) == (
        Medium.CALL,
        Reach.CONVERSATION,
        False,
        Place.MOBILE,
    )
    assert (answer.medium, answer.reach, answer.inbound) == (Medium.SMS, Reach.DELIVERED, True)
    assert facts(home).last_contact_at == call.at
    assert facts(home).account.terms.first_contact_at == text.at


def test_contacts_of_two_months_ago_are_no_longer_facts_but_the_last_and_the_first_are(home: House) -> None:
    home.account()
    home.deliver()
    at = home.clock.now()
    home.clock.advance(timedelta(days=63))
    known = facts(home)
    assert known.contacts == ()
    assert (known.last_contact_at, known.account.terms.first_contact_at) == (at, at)


def test_a_contact_in_the_future_is_refused(home: House) -> None:
    home.account()
    told = Told(home.clock.now() + timedelta(days=1), Medium.CALL, Reach.VOICEMAIL)
    with pytest.raises(Unfit, match="future"):
        record_contact(home.engine, "A-1", told, AGENT, home.clock.now())
    assert facts(home).contacts == ()


def test_facts_take_as_many_statements_for_many_as_for_one(home: House) -> None:
    ids = [home.account(f"A-{n}", phone=f"+1212555010{n}", email=f"a{n}@debtor.example") for n in range(9)]
    home.deliver()
    ran: list[str] = []
    event.listen(home.engine, "before_cursor_execute", lambda *given: ran.append(given[2]))
    counts = []
    with home.engine.connect() as connection:
        for some in (ids[:1], ids):
            ran.clear()
            load_facts(connection, [Subject(n, n, 0, 1) for n in some], home.clock.now(), history=False)
            counts.append(sum(one.startswith("SELECT") for one in ran))
    assert counts[0] == counts[1]


def test_documents_of_another_version_are_read_for_what_is_known_of_them(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        connection.execute(update(accounts).values(terms={"role": "debt_buyer", "colour": "red"}))
        connection.execute(update(debtors).values(preferences={"media_off": ["call"], "colour": "red"}))
        connection.execute(update(contact_points).values(standing={"place": "work", "colour": "red"}))
    known = facts(home)
    assert known.account.terms.role is CollectorRole.DEBT_BUYER
    assert known.debtor.preferences.media_off == {Medium.CALL}
    assert {point.standing.place for point in known.debtor.contact_points} == {Place.WORK}


def test_a_word_that_the_law_does_not_know_is_not_read_as_nothing(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        connection.execute(update(accounts).values(terms={"role": "collector"}))
    with pytest.raises(ValueError, match="collector"):
        facts(home)


def test_a_creditors_terms_hold_for_its_accounts_until_they_say_otherwise(home: House) -> None:
    home.account("A-1")
    home.account("A-2", phone="+12125550143")
    terms = Terms(CollectorRole.THIRD_PARTY, DebtKind.MEDICAL, licences=frozenset({"US-CA"}))
    register(home.engine, [replace(NORTHWIND, terms=terms)], {}, home.clock)
    with home.engine.begin() as connection:
        own = {"debt": "student", "licences": []}
        connection.execute(update(accounts).where(accounts.c.ref == "A-2").values(terms=own))
    first, second = facts(home, 1).account.terms, facts(home, 2).account.terms
    assert (first.role, first.debt, first.licences) == (CollectorRole.THIRD_PARTY, DebtKind.MEDICAL, {"US-CA"})
    assert (second.role, second.debt, second.licences) == (CollectorRole.THIRD_PARTY, DebtKind.STUDENT, frozenset())
