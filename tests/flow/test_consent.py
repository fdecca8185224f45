"""What debtors agreed to, its end by any means at once, and whose an address is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from outreach.domain.account import HoldReason, Quality
from outreach.domain.standing import Basis, ConsentScope
from outreach.flow import deliver as deliver_module
from outreach.flow.actions import Unknown, place_hold
from outreach.flow.consent_actions import (
    Statement,
    Unfit,
    mark_wrong_party,
    record_consent,
    verify_address,
)
from outreach.flow.deliver import deliver
from outreach.flow.receive import unsubscribe
from outreach.flow.settle import settle
from outreach.store.outbox import notices
from tests.flow.agreeing import AGENT, EMAIL, NUMBER, SMS, agree, consents, facts, holding, opted_out, revoke, says
from tests.flow.house import House


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


def _wrong(home: House) -> None:
    mark_wrong_party(home.engine, "A-1", SMS, NUMBER, "the holder said so", AGENT, home.clock.now())


@pytest.mark.parametrize("ends", [revoke, _wrong, lambda home: revoke(home, scope=ConsentScope.SERVICING)])
def test_a_message_that_was_cleared_before_the_debtors_word_does_not_start(
    home: House, monkeypatch: pytest.MonkeyPatch, ends: Callable[[House], None]
) -> None:
    """The word commits after the gate has cleared the notice, before the attempt is committed."""
    home.account(email="")
    agree(home)
    due = home.run()
    draft = deliver_module.draft

    def word_after_drafting(*given: object) -> object:
        made = draft(*given)  # type: ignore[arg-type]
        ends(home)
        return made

    monkeypatch.setattr(deliver_module, "draft", word_after_drafting)
    assert deliver(home.app.desk, due) == 0


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
