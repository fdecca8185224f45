"""The catalogue's federal examples and the house's: what may go at the instants given, and what may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from outreach.domain.account import Facts, HoldReason, Quality
from outreach.domain.campaign import SendWindow
from outreach.domain.gate import Question, Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.standing import (
    Basis,
    CollectorRole,
    Consent,
    ConsentScope,
    Medium,
    Place,
    Preferences,
    Purpose,
    Reach,
    Terms,
    Validation,
)
from outreach.domain.verdicts import barred
from tests.cast import CHICAGO, LOS_ANGELES, NEW_YORK, hold
from tests.policies.debtors import NORTHWIND, T0, Example, calls, check, contact, day, owes, packs_of, point, utc

SMS, EMAIL, LETTER, CALL, AUTO = Medium.SMS, Medium.EMAIL, Medium.LETTER, Medium.CALL, Medium.AUTO_CALL
FIRST_PARTY = CollectorRole.FIRST_PARTY
ADA = owes()
WEST = owes(region="CA", zones=[LOS_ANGELES])
EVE = owes(zones=[NEW_YORK, LOS_ANGELES])
FROM_NOON = SendWindow(frozenset(range(1, 8)), time(12), time.max, holidays=True)
SEVEN_CALLS = calls(
    "2026-12-01T15:00Z", "2026-12-02T15:00Z", "2026-12-02T19:00Z", "2026-12-03T15:00Z", "2026-12-03T19:00Z",
    "2026-12-04T15:00Z", "2026-12-04T19:00Z",
)  # fmt: skip
SPOKEN = contact("2026-12-01T20:00Z", CALL, Reach.CONVERSATION)
WRONG = replace(point(SMS), quality=Quality.WRONG_PARTY)
NOTICED = point(EMAIL, basis=Basis.CREDITOR_NOTICE, consents=(), notice_sent_on=day("2026-11-02"),
                notice_deadline=day("2026-12-07"))  # fmt: skip
LONG_NOTICED = replace(NOTICED.standing, notice_sent_on=day("2026-10-01"), notice_deadline=day("2026-11-10"))
ANSWERED_IN_OCTOBER = point(SMS, last_inbound_at=utc("2026-10-01T15:00Z"), consents=())


def held(reason: HoldReason, since: str, until: datetime | None = None) -> Facts:
    return owes(holds=hold(reason, utc(since), until))


def first_contacted(at: str, validation: Validation | None = None) -> Facts:
    return owes(terms=Terms(first_contact_at=utc(at), validation=validation))


REGULATION_F = [
    Example("us-federal/RF-01", WEST, "2026-12-01T16:05Z", True),
    Example("us-federal/RF-01", WEST, "2026-12-01T15:59:59Z", False, "2026-12-01T16:00Z"),
    Example("us-federal/RF-01", WEST, "2026-12-02T04:54Z", True),
    Example("us-federal/RF-01", WEST, "2026-12-02T05:00Z", False, "2026-12-02T16:00Z"),
    Example("us-federal/RF-01", ADA, "2026-12-01T08:00Z", True, medium=LETTER),
    Example("us-federal/RF-01", ADA, "2026-12-01T08:00Z", False, "2026-12-01T13:00Z"),
    # RF-02: every place where the debtor may be
    Example("us-federal/RF-01", EVE, "2026-12-01T16:05Z", True),
    Example("us-federal/RF-01", EVE, "2026-12-01T14:00Z", False, "2026-12-01T16:00Z"),
    Example("us-federal/RF-01", EVE, "2026-12-02T02:00Z", False, "2026-12-02T16:00Z"),
    # Section 10: clocks change on 14 March 2027; an area code with two zones; Vancouver as the pinned tzdata has it
    Example("us-federal/RF-01", ADA, "2027-03-14T12:05Z", True, medium=EMAIL),
    Example("us-federal/RF-01", ADA, "2027-03-14T11:59Z", False, "2027-03-14T12:00Z", medium=EMAIL),
    Example("us-federal/RF-01", owes(zones=[NEW_YORK, CHICAGO]), "2026-12-01T14:05Z", True),
    Example("us-federal/RF-01", owes(zones=[NEW_YORK, CHICAGO]), "2026-12-01T13:30Z", False, "2026-12-01T14:00Z"),
    Example("us-federal/RF-03", owes(preferences=Preferences(hours=(FROM_NOON,))), "2026-12-01T18:00Z", True),
    Example("us-federal/RF-03", owes(preferences=Preferences(hours=(FROM_NOON,))), "2026-12-01T15:00Z", False,
            "2026-12-01T17:00Z", hits="house/preferred-hours"),
    Example("us-federal/RF-04", ADA, T0, True, medium=CALL),
    Example("us-federal/RF-04", ADA, T0, False, medium=CALL, where=point(CALL, place=Place.WORK, consents=())),
    Example("us-federal/RF-04", owes(preferences=Preferences(places_off=frozenset({Place.WORK}))), T0, False,
            medium=CALL, where=point(CALL, place=Place.WORK), hits="us-federal/RF-14"),
    Example("us-federal/RF-05", ADA, "2026-12-01T15:05Z", True),
    Example("us-federal/RF-05", held(HoldReason.ATTORNEY, "2026-12-01T15:00Z"), "2026-12-01T15:05Z", False),
    Example("us-federal/RF-06", held(HoldReason.CEASE, "2026-12-01T18:00Z"), "2026-12-10T17:00Z", True,
            medium=LETTER, purpose=Purpose.LEGAL_NOTICE),
    Example("us-federal/RF-06", held(HoldReason.CEASE, "2026-12-01T18:00Z"), "2026-12-02T18:00Z", False, medium=LETTER),
    Example("us-federal/RF-06-e", held(HoldReason.CEASE, "2026-12-01T18:00Z"), "2026-12-02T18:00Z", False),
    Example("us-federal/RF-07", ADA, T0, True, medium=EMAIL, where=replace(point(EMAIL), quality=Quality.VERIFIED)),
    Example("us-federal/RF-07", ADA, T0, False, where=WRONG),
    Example("us-federal/RF-08", ADA, "2026-12-08T17:00Z", True, medium=EMAIL, where=NOTICED),
    Example("us-federal/RF-08", ADA, "2026-12-07T17:00Z", False, medium=EMAIL, where=NOTICED),
    Example("us-federal/RF-09", ADA, "2026-11-30T17:00Z", True, where=ANSWERED_IN_OCTOBER),
    Example("us-federal/RF-09", ADA, "2026-12-01T17:00Z", False, where=ANSWERED_IN_OCTOBER),
    # RF-10: another number of the debtor's, and the one that somebody else answered from
    Example("us-federal/RF-07", ADA, T0, True, where=replace(point(SMS, "+12125550143"), quality=Quality.VERIFIED)),
    Example("us-federal/RF-07", ADA, "2026-11-30T18:00Z", False, where=WRONG),
    Example("us-federal/RF-12", owes(*SEVEN_CALLS), "2026-12-08T15:00Z", True, medium=CALL),
    Example("us-federal/RF-12", owes(*SEVEN_CALLS), "2026-12-07T15:00Z", False, "2026-12-08T13:00Z", medium=CALL),
    # RF-12x: what the debtor asked for does not count
    Example("us-federal/RF-12", owes(*SEVEN_CALLS[:6], replace(SEVEN_CALLS[6], excluded=True)), "2026-12-05T15:00Z",
            True, medium=CALL),
    Example("us-federal/RF-13", owes(SPOKEN), "2026-12-08T15:00Z", True, medium=CALL),
    Example("us-federal/RF-13", owes(SPOKEN), "2026-12-07T15:00Z", False, "2026-12-08T13:00Z", medium=CALL),
    Example("us-federal/RF-13", owes(replace(SPOKEN, inbound=True)), "2026-12-07T15:00Z", False, medium=CALL),
    Example("us-federal/RF-14", owes(preferences=Preferences(media_off=frozenset({SMS}))), T0, True, medium=LETTER),
    Example("us-federal/RF-14", owes(preferences=Preferences(media_off=frozenset({SMS}))), T0, False),
    Example("us-federal/RF-19", ADA, T0, True, medium=EMAIL, where=replace(NOTICED, standing=LONG_NOTICED)),
    Example("us-federal/RF-19", ADA, T0, False, medium=EMAIL,
            where=replace(NOTICED, standing=replace(LONG_NOTICED, employer_provided=True))),
    Example("us-federal/RF-23", first_contacted("2026-12-01T17:00Z"), "2026-12-04T17:00Z", True, medium=LETTER,
            purpose=Purpose.VALIDATION),
    Example("us-federal/RF-23", first_contacted("2026-12-01T17:00Z"), "2026-12-07T17:00Z", False),
    Example("us-federal/RF-23", first_contacted("2026-12-01T17:00Z"), "2026-12-07T17:00Z", False, medium=LETTER),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z"), "2027-01-20T17:00Z", True,
            medium=LETTER, purpose=Purpose.DISPUTE_RESPONSE),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z"), "2027-01-15T17:00Z", False,
            medium=EMAIL),
    # RF-27b, RF-28 and RF-29: a late dispute, a question for the first creditor, a dispute that a person found settled
    Example("us-federal/RF-27-e", held(HoldReason.DISPUTE, "2027-02-27T17:00Z"), "2027-03-01T17:00Z", False),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z"), "2027-01-18T17:00Z", True,
            medium=LETTER, purpose=Purpose.DISPUTE_RESPONSE),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z"), "2027-01-16T17:00Z", False,
            medium=LETTER),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z", utc("2027-01-24T17:00Z")),
            "2027-01-25T17:00Z", True, medium=LETTER),
    Example("us-federal/RF-27", held(HoldReason.DISPUTE, "2027-01-14T17:00Z"), "2027-01-20T17:00Z", False,
            medium=LETTER),
    Example("us-federal/RF-30", ADA, T0, True, medium=EMAIL, purpose=Purpose.VALIDATION),
    Example("us-federal/RF-30", first_contacted("2026-12-01T17:00Z"), "2026-12-05T17:00Z", False, medium=EMAIL,
            purpose=Purpose.VALIDATION),
    # RF-31: a notice that came back was not given
    Example("us-federal/RF-23", first_contacted("2026-12-01T17:00Z", Validation(utc("2026-12-21T17:00Z"))),
            "2026-12-22T17:00Z", True, medium=LETTER),
    Example("us-federal/RF-23",
            first_contacted("2026-12-01T17:00Z", Validation(utc("2026-12-01T17:00Z"), undeliverable=True)),
            "2026-12-12T17:00Z", False, medium=LETTER),
    Example("us-federal/RF-33", held(HoldReason.DECEASED, "2026-11-30T17:00Z"), T0, False),
    Example("us-debtors/RF-34", ADA, T0, True),
    Example("us-debtors/RF-34", held(HoldReason.MILITARY, "2026-11-30T17:00Z"), T0, False),
    Example("us-debtors/RF-35", held(HoldReason.BANKRUPTCY, "2026-06-01T17:00Z", utc("2026-10-01T17:00Z")), T0, True),
    Example("us-debtors/RF-35", held(HoldReason.BANKRUPTCY, "2026-12-01T17:59Z"), "2026-12-01T18:00Z", False),
]  # fmt: skip

STOPPED = replace(point(SMS), opted_out_at=utc("2026-11-24T20:00Z"))
CHECKED = point(SMS, checked_at=utc("2026-11-20T15:00Z"), reassigned=False)
SOMEBODY_ELSES = point(SMS, checked_at=utc("2026-11-20T15:00Z"), reassigned=True)
SIGNED = (Consent(ConsentScope.SERVICING, utc("2026-06-01T15:00Z"), Basis.UNKNOWN, "loan", "account servicing texts"),)
TEXTED_TWICE = (contact("2026-12-01T17:00Z"), contact("2026-12-02T17:00Z"))
MACHINE_CALLS = tuple(contact(f"2026-12-{day_:02}T17:00Z", AUTO) for day_ in (1, 8, 15))
NO_MAILBOX = replace(ADA, account=replace(ADA.account, creditor=replace(NORTHWIND, phone="", email="")))

TEXTS_CALLS_AND_MAILS = [
    Example("house/RF-15-week", owes(*TEXTED_TWICE), "2026-12-03T17:00Z", True),
    Example("house/RF-15-day", owes(TEXTED_TWICE[0]), "2026-12-01T22:00Z", False, "2026-12-02T05:00Z"),
    Example("house/RF-15-week", owes(*TEXTED_TWICE, contact("2026-12-03T17:00Z", EMAIL)), "2026-12-04T17:00Z", False,
            "2026-12-08T05:00Z"),
    Example("house/RF-15-month",
            owes(*(contact(f"2026-11-{day_:02}T17:00Z") for day_ in (4, 7, 10, 13, 16, 19, 22, 25))), T0, False,
            "2026-12-04T05:00Z"),
    Example("house-hours/HOURS", ADA, "2026-12-01T13:05Z", True),
    Example("house-hours/HOURS", ADA, "2026-12-01T12:59Z", False, "2026-12-01T13:00Z"),
    Example("us-tcpa-fcc/TC-01", ADA, "2026-12-01T13:05Z", True),
    Example("us-tcpa-fcc/TC-01", ADA, "2026-12-02T02:00Z", False, "2026-12-02T13:00Z"),
    Example("us-tcpa-fcc/TC-02", ADA, T0, True, where=point(SMS, consents=SIGNED)),
    Example("us-tcpa-fcc/TC-02", ADA, T0, False, where=point(SMS, consents=())),
    # TC-03, TC-04 and TC-07: whoever stopped a number is not texted there, on any account; a letter may go
    Example("us-tcpa-fcc/TC-03", ADA, "2026-11-24T20:01Z", False, where=STOPPED, hits="house/opt-out"),
    Example("us-tcpa-fcc/TC-07", ADA, T0, True, medium=LETTER),
    Example("us-tcpa-fcc/TC-07", ADA, T0, False, where=STOPPED, hits="house/opt-out"),
    Example("us-tcpa-fcc/TC-08", ADA, T0, True),
    Example("us-tcpa-fcc/TC-08", NO_MAILBOX, T0, False),
    Example("us-tcpa-fcc/TC-09", ADA, T0, True, where=CHECKED),
    Example("us-tcpa-fcc/TC-09", ADA, T0, False, where=SOMEBODY_ELSES),
    Example("us-tcpa-fcc/TC-10", ADA, T0, True, medium=CALL, where=point(CALL, consents=())),
    Example("us-tcpa-fcc/TC-10", ADA, T0, False, medium=AUTO, where=point(AUTO, consents=())),
    Example("us-tcpa-fcc/TC-11", owes(*MACHINE_CALLS), "2026-12-31T17:00Z", True, medium=AUTO),
    Example("us-tcpa-fcc/TC-11", owes(*MACHINE_CALLS), "2026-12-20T17:00Z", False, "2026-12-31T13:00Z", medium=AUTO),
    # TC-15: START brings the number back, not the debtor who wants no contact
    Example("us-tcpa-fcc/TC-15", held(HoldReason.CEASE, "2026-11-30T17:00Z"), T0, False, hits="house/hold"),
    Example("us-tcpa-fcc/TC-20", ADA, T0, True),
    Example("us-tcpa-fcc/TC-20", ADA, T0, False, purpose=Purpose.PROMOTION),
    Example("us-email/EM-01", ADA, T0, True, medium=EMAIL),
    Example("us-email/EM-01", ADA, T0, False, medium=EMAIL, purpose=Purpose.PROMOTION),
    Example("us-email/EM-02", ADA, T0, True, medium=EMAIL),
    Example("us-email/EM-02", NO_MAILBOX, T0, False, medium=EMAIL),
    # EM-05 and EM-08: one click stopped it; the mailbox is gone
    Example("us-email/EM-05", ADA, "2026-12-01T18:00Z", False, medium=EMAIL, hits="house/opt-out",
            where=replace(point(EMAIL), opted_out_at=utc("2026-12-01T10:00Z"))),
    Example("us-email/EM-08", ADA, T0, True, medium=EMAIL),
    Example("us-email/EM-08", ADA, T0, False, medium=EMAIL, hits="house/contact-point",
            where=replace(point(EMAIL), quality=Quality.UNDELIVERABLE)),
]  # fmt: skip


@pytest.mark.parametrize("example", REGULATION_F, ids=str)
def test_an_example_of_regulation_f_is_decided_as_the_catalogue_says(example: Example) -> None:
    check(example)


@pytest.mark.parametrize("example", TEXTS_CALLS_AND_MAILS, ids=str)
def test_an_example_of_the_rules_on_texts_calls_and_mails_is_decided_as_the_catalogue_says(example: Example) -> None:
    check(example)


@pytest.mark.parametrize(("role", "closed"), [(FIRST_PARTY, set()), (CollectorRole.THIRD_PARTY, {"twilio"})])
def test_a_third_partys_texts_go_by_another_provider_than_twilio(role: CollectorRole, closed: set[str]) -> None:
    law = Law(packs_of("provider-twilio"))
    question = Question(owes(role=role), Channel.SMS, point(SMS), None, utc(T0))
    assert set(barred(question, law)) == closed


@pytest.mark.parametrize(
    ("local", "clear"), [("08:04:59", False), ("08:05:00", True), ("20:54:59", True), ("20:55:00", False)]
)
def test_five_minutes_of_the_houses_hours_are_kept_free_at_each_end(local: str, clear: bool) -> None:
    house = Law((*packs_of("house"), *packs_of("house-hours")))
    now = utc(f"2026-12-01T{local}") + timedelta(hours=8)
    decision = Example("house/GUARD", WEST, now.replace(tzinfo=None).isoformat(), clear).asked(house)
    assert (decision.verdict is Verdict.CLEAR) is clear
    assert clear or "house/guard" in {hit.rule for hit in decision.hits}


def test_australians_canadians_and_chinese_have_their_own_hours_unless_somebody_elses_touch_them() -> None:
    law, at = Law(packs_of("house-hours")), utc("2026-12-01T13:30Z")
    shanghai = owes(country="CN", region="", zones=["Asia/Shanghai"], contact_points=(point(SMS, "+8613800000000"),))
    american = owes(country="CN", region="", zones=["Asia/Shanghai"], contact_points=(point(SMS),))
    asked = [law.rules_for(who, SMS, Purpose.REMINDER, at).packs for who in (shanghai, american)]
    assert asked == [(), ("house-hours@1",)]
