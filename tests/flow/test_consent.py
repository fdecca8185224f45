"""What debtors agreed to, its end by any means at once, and whose an address is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from outreach.domain.account import Facts, HoldReason, Quality
from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.domain.standing import Basis, CollectorRole, Consent, ConsentScope, DebtKind, Medium, Place, Reach, Terms
from outreach.flow.actions import Unknown, place_hold
from outreach.flow.consent_actions import (
    Statement,
    Unfit,
    mark_wrong_party,
    record_consent,
    revoke_consent,
    verify_address,
)
from outreach.flow.contacts import CallOutcome, Told, end_call, record_contact
from outreach.flow.deliver import deliver
from outreach.flow.enroll import register
from outreach.flow.receive import receive, unsubscribe
from outreach.flow.settle import settle
from outreach.store.facts import Subject, load_facts
from outreach.store.outbox import notices, tasks
from outreach.store.tables import accounts, contact_points, debtors
from tests.flow.house import NORTHWIND, House, campaign, house

NUMBER, MAIL = "+12125550142", "ada@debtor.example"
AGENT = "agent@lender.example"
SMS, EMAIL = Channel.SMS, Channel.EMAIL


def facts(home: House, account: int = 1) -> Facts:
    with home.engine.connect() as connection:
        return load_facts(connection, [Subject(1, account, 0, 1)], home.clock.now(), history=False)[1]


def consents(home: House, kind: Channel = SMS, account: int = 1) -> tuple[Consent, ...]:
    return facts(home, account).debtor.points(kind)[0].standing.consents


def holding(home: House, kind: Channel = SMS) -> list[ConsentScope]:
    return [one.scope for one in consents(home, kind) if one.revoked_at is None]


def agree(home: House, kind: Channel = SMS, scope: ConsentScope = ConsentScope.SERVICING, days_ago: int = 0) -> None:
    said = Statement(scope, home.clock.now() - timedelta(days=days_ago), "web form", "You may write to me.")
    record_consent(home.engine, "A-1", kind, "", said, AGENT, home.clock.now())


def says(home: House, text: str, *, sender: str = NUMBER, auto_reply: bool = False) -> None:
    """An answer comes in and is settled."""
    home.clock.advance(timedelta(seconds=1))
    channel = EMAIL if "@" in sender else SMS
    message = InboundMessage(f"{text} {home.clock.at}", channel, sender, "+12125550100", text, auto_reply=auto_reply)
    settle(home.app.desk, receive(home.engine, "twilio", Parsed(messages=(message,)), home.clock.now()))


def revoke(home: House, kind: Channel = SMS, address: str = "", scope: ConsentScope | None = None) -> None:
    revoke_consent(home.engine, "A-1", kind, address, "phone", AGENT, home.clock.now(), scope)


def opted_out(home: House, kind: Channel = SMS) -> bool:
    return facts(home).debtor.points(kind)[0].opted_out_at is not None


def test_a_consent_is_a_fact_with_its_wording_and_source(home: House) -> None:
    home.account()
    agree(home)
    (consent,) = consents(home)
    assert (consent.scope, consent.basis) == (ConsentScope.SERVICING, Basis.DIRECT_CONSENT)
    assert (consent.source, consent.wording) == ("web form", "You may write to me.")
    assert consent.holds(home.clock.now())
    assert consents(home, EMAIL) == ()


@pytest.mark.parametrize("missing", ["source", "wording"])
def test_a_consent_without_source_or_wording_is_refused(home: House, missing: str) -> None:
    home.account()
    words = {"source": "web form", "wording": "yes", missing: " "}
    said = Statement(ConsentScope.SERVICING, home.clock.now(), **words)
    with pytest.raises(Unfit, match=missing):
        record_consent(home.engine, "A-1", SMS, NUMBER, said, AGENT, home.clock.now())
    assert consents(home) == ()


def test_a_consent_for_an_address_that_is_not_the_debtors_is_refused(home: House) -> None:
    home.account()
    said = Statement(ConsentScope.SERVICING, home.clock.now(), "web form", "yes")
    with pytest.raises(Unknown):
        record_consent(home.engine, "A-1", SMS, "+12125550199", said, AGENT, home.clock.now())


def test_a_stop_revokes_every_consent_for_the_address(home: House) -> None:
    home.account()
    for scope in (ConsentScope.SERVICING, ConsentScope.AUTO_CALL):
        agree(home, scope=scope)
    agree(home, EMAIL)
    says(home, "STOP")
    assert holding(home) == []
    assert holding(home, EMAIL) == [ConsentScope.SERVICING]
    assert opted_out(home)


def test_a_start_after_a_stop_is_a_new_consent_and_lifts_no_hold(home: House) -> None:
    home.account()
    agree(home)
    place_hold(home.engine, "A-1", HoldReason.CEASE, AGENT, home.clock.now())
    says(home, "STOP")
    says(home, "START")
    old, new = consents(home)
    assert old.revoked_at is not None
    assert (new.source, new.wording, new.revoked_at) == ("reply", "START", None)
    assert not opted_out(home)
    assert [hold.active(home.clock.now()) for hold in facts(home).holds] == [True]


def test_an_unsubscribe_revokes_the_consent_to_e_mail(home: House) -> None:
    home.account(phone="")
    home.deliver()
    agree(home, EMAIL)
    with home.engine.connect() as connection:
        notice_id = connection.scalars(select(notices.c.id)).one()
    settle(home.app.desk, unsubscribe(home.engine, notice_id, home.clock.now()))
    assert holding(home, EMAIL) == []


def test_an_agents_revocation_stops_what_is_planned_and_what_is_decided(home: House) -> None:
    home.account(email="")
    agree(home)
    due = home.run()
    before = facts(home).version
    revoke(home)
    assert facts(home).version > before
    assert opted_out(home)
    assert holding(home) == []
    assert deliver(home.app.desk, due) == 0
    assert home.states() == {"reminder sms": "cancelled"}


def test_a_revocation_of_one_scope_leaves_the_address_in_use(home: House) -> None:
    home.account()
    agree(home)
    agree(home, scope=ConsentScope.PROMOTION)
    revoke(home, scope=ConsentScope.PROMOTION)
    assert holding(home) == [ConsentScope.SERVICING]
    assert not opted_out(home)


def test_a_revoked_consent_stays_revoked_when_it_is_recorded_again(home: House) -> None:
    home.account()
    agree(home, days_ago=3)
    revoke(home, scope=ConsentScope.SERVICING)
    with pytest.raises(Unfit, match="already"):
        agree(home, days_ago=3)
    assert holding(home) == []


def test_a_consent_from_before_a_stop_is_recorded_as_revoked(home: House) -> None:
    home.account()
    says(home, "STOP")
    agree(home, days_ago=30)
    assert holding(home) == []


def test_a_recorded_consent_lifts_no_opt_out(home: House) -> None:
    home.account()
    says(home, "STOP")
    home.clock.advance(timedelta(hours=1))
    agree(home)
    assert opted_out(home)


def test_a_wrong_party_is_shut_for_every_debtor_who_has_the_address(home: House) -> None:
    home.account("A-1", email="")
    home.account("A-2", email="")
    agree(home)
    due = home.run()
    mark_wrong_party(home.engine, "A-1", SMS, NUMBER, "the holder said so", AGENT, home.clock.now())
    for account in (1, 2):
        (point,) = facts(home, account).debtor.points(SMS)
        assert point.quality is Quality.WRONG_PARTY
        assert not point.usable
    assert holding(home) == []
    assert deliver(home.app.desk, due) == 0


def test_only_a_person_lifts_a_wrong_party_and_only_for_one_debtor(home: House) -> None:
    home.account("A-1")
    home.account("A-2", email="bo@debtor.example")
    mark_wrong_party(home.engine, "A-1", SMS, NUMBER, "the holder said so", AGENT, home.clock.now())
    says(home, "yes it is me")
    assert facts(home).debtor.points(SMS)[0].quality is Quality.WRONG_PARTY
    with pytest.raises(Unfit):
        verify_address(home.engine, "A-2", SMS, NUMBER, "", AGENT, home.clock.now())
    verify_address(home.engine, "A-2", SMS, NUMBER, "named the last four digits", AGENT, home.clock.now())
    assert facts(home, 2).debtor.points(SMS)[0].quality is Quality.VERIFIED
    assert facts(home, 1).debtor.points(SMS)[0].quality is Quality.WRONG_PARTY


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


def _called(home: House, outcome: CallOutcome) -> None:
    with home.engine.connect() as connection:
        task_id = connection.scalars(select(tasks.c.id).where(tasks.c.kind == "call")).one()
    end_call(home.engine, task_id, outcome, "", AGENT, home.clock.now())


@pytest.mark.parametrize(
    ("outcome", "reach"),
    [
        (CallOutcome.NO_ANSWER, Reach.ATTEMPTED),
        (CallOutcome.VOICEMAIL, Reach.VOICEMAIL),
        (CallOutcome.CONVERSATION, Reach.CONVERSATION),
        (CallOutcome.WRONG_NUMBER, Reach.ATTEMPTED),
    ],
)
def test_a_call_that_was_made_is_logged_and_ends_its_task(
    database_url: str, outcome: CallOutcome, reach: Reach
) -> None:
    step = Step("call", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.CALL,), task="Call about the debt")
    with house(database_url, campaign(step)) as home:
        home.account(email="")
        home.run()
        _called(home, outcome)
        known = facts(home)
        assert [(one.medium, one.reach, one.value) for one in known.contacts] == [(Medium.CALL, reach, NUMBER)]
        wrong = known.debtor.points(SMS)[0].quality is Quality.WRONG_PARTY
        assert wrong is (outcome is CallOutcome.WRONG_NUMBER)
        with pytest.raises(LookupError):
            _called(home, outcome)


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
