"""The catalogue's examples of states and cities: what may go and what may not, at the instants given."""

from __future__ import annotations

from dataclasses import replace

import pytest

from outreach.domain.account import Facts, HoldReason, Quality
from outreach.domain.law import Law
from outreach.domain.standing import (
    Basis,
    CollectorRole,
    Consent,
    ConsentScope,
    Contact,
    DebtKind,
    Medium,
    Place,
    Preferences,
    Purpose,
    Reach,
    Terms,
)
from outreach.policies import built_in
from tests.cast import LOS_ANGELES, hold
from tests.policies.debtors import T0, Example, calls, check, contact, owes, packs_of, point, utc

SMS, EMAIL, LETTER, CALL = Medium.SMS, Medium.EMAIL, Medium.LETTER, Medium.CALL
AT_WORK = point(CALL, place=Place.WORK)
DIRECT = (Consent(ConsentScope.SERVICING, utc("2026-10-01T15:00Z")),)
THE_CREDITORS = (Consent(ConsentScope.SERVICING, utc("2026-10-01T15:00Z"), Basis.CREDITOR_NOTICE),)


def boston(*contacts: Contact, **more: object) -> Facts:
    return owes(*contacts, region="MA", **more)


def brooklyn(*contacts: Contact, **more: object) -> Facts:
    return owes(*contacts, postal_code="11201", **more)


def washington(*contacts: Contact) -> Facts:
    return owes(*contacts, region="DC")


def seattle(*contacts: Contact) -> Facts:
    return owes(*contacts, region="WA", zones=[LOS_ANGELES])


def los_angeles(*contacts: Contact) -> Facts:
    return owes(*contacts, region="CA", zones=[LOS_ANGELES])


def reno(noticed: str) -> Facts:
    terms = Terms(debt=DebtKind.MEDICAL, notices={"medical": utc(noticed)})
    return owes(region="NV", zones=[LOS_ANGELES], terms=terms)


def texts(*days: int) -> tuple[Contact, ...]:
    return tuple(contact(f"2026-12-{day:02}T17:00Z") for day in days)


def at_work(*days: int) -> tuple[Contact, ...]:
    return calls(*(f"2026-12-{day:02}T17:00Z" for day in days), place=Place.WORK)


TEXT_AND_CALL = (contact("2026-12-01T17:00Z"), *calls("2026-12-03T17:00Z"))
NOT_AT_WORK = Preferences(places_off=frozenset({Place.WORK}))
AUGUST = (contact("2026-08-15T16:00Z"), contact("2026-08-18T16:00Z"))
JUST_CONTACTED = Terms(first_contact_at=utc("2026-12-01T17:00Z"))
DC_CALLS = calls(*(f"2026-12-{day:02}T16:00Z" for day in (1, 2, 3, 4)))
THREE_WAYS = (contact("2026-12-01T18:00Z"), contact("2026-12-02T18:00Z", LETTER), contact("2026-12-03T18:00Z", CALL))
CALLS_OF_TODAY = calls("2026-12-01T17:00Z", "2026-12-01T18:00Z", "2026-12-01T19:00Z")
CALLS_OF_A_WEEK = calls(*(f"2026-11-{day}T{hour}:00Z" for day in (26, 27, 28, 29, 30) for hour in range(14, 20)))
HAS_A_LAWYER = owes(region="WV", holds=hold(HoldReason.ATTORNEY, utc("2026-12-01T15:00Z")))
CALLED_TODAY = calls("2026-12-01T18:00Z", "2026-12-01T19:00Z")

STATES = [
    Example("us-ma/MA-01", boston(*TEXT_AND_CALL), "2026-12-08T15:00Z", True),
    Example("us-ma/MA-01", boston(*TEXT_AND_CALL), "2026-12-07T15:00Z", False, "2026-12-08T05:00Z"),
    Example("us-ma/MA-01", boston(*TEXT_AND_CALL, role=CollectorRole.FIRST_PARTY), "2026-12-07T15:00Z", False),
    Example("us-ma/MA-02", boston(*at_work(2, 10)), "2027-01-01T17:00Z", True, medium=CALL, where=AT_WORK),
    Example("us-ma/MA-02", boston(*at_work(2, 10)), "2026-12-20T17:00Z", False, "2027-01-01T05:00Z", medium=CALL,
            where=AT_WORK),
    Example("us-ma/MA-03", boston(preferences=NOT_AT_WORK), "2026-12-02T17:00Z", True, medium=CALL),
    Example("us-ma/MA-03", boston(preferences=NOT_AT_WORK), "2026-12-04T17:00Z", False, medium=CALL, where=AT_WORK),
    Example("us-nyc/NYC-00", brooklyn(AUGUST[0]), "2026-08-18T16:00Z", True),
    Example("us-nyc/NYC-00", brooklyn(*AUGUST), "2026-08-20T16:00Z", False, "2026-08-22T04:00Z"),
    Example("us-nyc/NYC-01", brooklyn(*texts(1, 2, 3)), "2026-12-08T16:00Z", True),
    Example("us-nyc/NYC-01", brooklyn(*texts(1, 2, 3)), "2026-12-07T16:00Z", False, "2026-12-08T05:00Z"),
    Example("us-nyc/NYC-01", brooklyn(*texts(1, 2, 3)), "2026-12-07T16:00Z", False, medium=LETTER),
    Example("us-nyc/NYC-02", brooklyn(), T0, True, medium=EMAIL, where=point(EMAIL, consents=DIRECT)),
    Example("us-nyc/NYC-02", brooklyn(), T0, False, medium=EMAIL, where=point(EMAIL, consents=THE_CREDITORS)),
    Example("us-nyc/NYC-02", brooklyn(), T0, True, purpose=Purpose.CONSENT_REQUEST, where=point(SMS, consents=())),
    Example("us-nyc/NYC-02-ask", brooklyn(*texts(1)), "2026-12-20T17:00Z", False, purpose=Purpose.CONSENT_REQUEST,
            where=point(SMS, consents=())),
    Example("us-nyc/NYC-03", brooklyn(terms=JUST_CONTACTED), "2026-12-04T17:00Z", True, medium=LETTER,
            purpose=Purpose.VALIDATION),
    Example("us-nyc/NYC-03-post", brooklyn(terms=JUST_CONTACTED), "2026-12-04T17:00Z", False, medium=EMAIL,
            purpose=Purpose.VALIDATION),
    Example("us-nyc/NYC-03", brooklyn(terms=JUST_CONTACTED), "2026-12-07T17:00Z", False),
    Example("us-ny/NYS-01", owes(), T0, True, medium=EMAIL),
    Example("us-ny/NYS-01", owes(), T0, False, medium=EMAIL, where=point(EMAIL, consents=())),
    Example("us-ny/NYS-01-notice", owes(terms=JUST_CONTACTED), "2026-12-07T17:00Z", False),
    Example("us-ny-proposed/NYS-02", owes(*texts(1, 2, 3)), "2026-12-04T17:00Z", True),
    # CA-04: a commercial debt is protected, too
    Example("us-ca/CA-05-day", los_angeles(*calls("2026-11-28T18:00Z", "2026-11-29T18:00Z")), T0, True, medium=CALL),
    Example("us-ca/CA-05-day", los_angeles(*CALLS_OF_TODAY), "2026-12-01T20:00Z", False, "2026-12-02T08:00Z",
            medium=CALL),
    Example("us-ca/CA-05-day",
            owes(*CALLS_OF_TODAY, region="CA", zones=[LOS_ANGELES], terms=Terms(debt=DebtKind.COMMERCIAL)),
            "2026-12-01T20:00Z", False, medium=CALL),
    Example("us-dc/DC-01", washington(*DC_CALLS), "2026-12-08T16:00Z", True, medium=CALL),
    Example("us-dc/DC-01", washington(*DC_CALLS), "2026-12-07T16:00Z", False, "2026-12-08T05:00Z", medium=CALL),
    Example("us-dc/DC-02", washington(*texts(1, 2, 3, 4)), "2026-12-05T17:00Z", True),
    Example("us-dc/DC-02", washington(), T0, False, where=point(SMS, consents=())),
    Example("us-dc/DC-02-cap", washington(*texts(1, 2, 3, 4, 5)), "2026-12-06T17:00Z", False, "2026-12-08T05:00Z"),
    Example("us-dc/DC-03", washington(*texts(1)), "2026-12-08T17:00Z", True, purpose=Purpose.CONSENT_REQUEST,
            where=point(SMS, consents=())),
    Example("us-dc/DC-03", washington(*texts(1)), "2026-12-06T17:00Z", False, "2026-12-08T05:00Z",
            purpose=Purpose.CONSENT_REQUEST, where=point(SMS, consents=())),
    Example("us-dc/DC-04", washington(), T0, True),
    Example("us-dc/DC-04", washington(), T0, False, where=replace(point(SMS), quality=Quality.WRONG_PARTY)),
    Example("us-wa/WA-01", seattle(*THREE_WAYS), "2026-12-08T17:00Z", True),
    Example("us-wa/WA-01", seattle(*THREE_WAYS), "2026-12-07T17:00Z", False, "2026-12-08T15:30Z"),
    Example("us-wa/WA-02", seattle(*at_work(1)), "2026-12-08T18:00Z", True, medium=CALL, where=AT_WORK),
    Example("us-wa/WA-02", seattle(*at_work(1)), "2026-12-04T18:00Z", False, "2026-12-08T15:30Z", medium=CALL,
            where=AT_WORK),
    Example("us-wa/WA-03", seattle(), "2026-12-01T16:05Z", True),
    Example("us-wa/WA-03", seattle(), "2026-12-01T15:20Z", False, "2026-12-01T15:30Z"),
    Example("us-wa/WA-04", seattle(CALLED_TODAY[0]), "2026-12-01T20:00Z", True),
    Example("us-wa/WA-04", seattle(*CALLED_TODAY), "2026-12-01T23:00Z", False, "2026-12-02T15:30Z"),
    Example("us-fl/FL-01", owes(region="FL", role=CollectorRole.FIRST_PARTY), "2026-12-02T03:00Z", True, medium=EMAIL),
    Example("us-fl/FL-01", owes(region="FL", role=CollectorRole.FIRST_PARTY), "2026-12-02T03:00Z", False,
            "2026-12-02T13:00Z"),
    Example("us-wv/WV-01", owes(*CALLS_OF_A_WEEK[:6], region="WV"), T0, True, medium=CALL),
    Example("us-wv/WV-01", owes(*CALLS_OF_A_WEEK, region="WV"), T0, False, "2026-12-03T13:00Z", medium=CALL),
    Example("us-wv/WV-01-spoken",
            owes(*(replace(one, reach=Reach.CONVERSATION) for one in CALLS_OF_A_WEEK[:10]), region="WV"), T0, False,
            medium=CALL),
    Example("us-wv/WV-02", HAS_A_LAWYER, T0, False),
    Example("us-or/OR-01", owes(region="OR"), T0, True, medium=CALL),
    Example("us-or/OR-01", owes(*at_work(1), region="OR"), "2026-12-03T17:00Z", False, medium=CALL, where=AT_WORK),
    Example("us-nh/NH-01", owes(region="NH"), T0, True, medium=CALL),
    Example("us-nh/NH-01-work", owes(*at_work(2), region="NH"), "2026-12-20T17:00Z", False, medium=CALL, where=AT_WORK),
    Example("us-nv/NV-01", reno("2026-10-02T17:00Z"), "2026-12-02T18:00Z", True),
    Example("us-nv/NV-01", reno("2026-10-02T17:00Z"), "2026-11-30T18:00Z", False, "2026-12-02T08:00Z"),
    Example("us-pr/PR-01", owes(country="PR", region="", zones=["America/Puerto_Rico"]), "2026-12-01T21:59Z", True),
    Example("us-pr/PR-01", owes(country="PR", region="", zones=["America/Puerto_Rico"]), "2026-12-01T22:00Z", False,
            "2026-12-02T12:00Z"),
]  # fmt: skip


@pytest.mark.parametrize("example", STATES, ids=str)
def test_an_example_of_a_state_is_decided_as_the_catalogue_says(example: Example) -> None:
    check(example)


@pytest.mark.parametrize("number", ["+12125550142", "+19175550142"])
def test_a_number_from_the_city_brings_the_citys_rules_wherever_the_debtor_lives(number: str) -> None:
    moved = owes(region="TX", contact_points=(point(SMS, number),))
    rules = Law(built_in()).rules_for(moved, SMS, Purpose.REMINDER, utc(T0))
    assert {"us-nyc@2026.2", "us-ny@1", "us-tx@1"} <= set(rules.packs)


@pytest.mark.parametrize(
    ("at", "version"), [("2026-08-31T23:59Z", "us-nyc@2024.1"), ("2026-09-01T00:00Z", "us-nyc@2026.2")]
)
def test_the_citys_rules_change_on_the_first_of_september_2026(at: str, version: str) -> None:
    rules = Law(built_in()).rules_for(brooklyn(), SMS, Purpose.REMINDER, utc(at))
    assert [name for name in rules.packs if name.startswith("us-nyc@")] == [version]


def test_what_is_only_proposed_is_never_asked() -> None:
    rules = Law(packs_of("us-ny-proposed")).rules_for(owes(), SMS, Purpose.REMINDER, utc(T0))
    assert rules.packs == ()


@pytest.mark.parametrize("state", ["CO", "IL", "NC", "NJ", "PA", "MD", "CT", "MN", "ME"])
def test_where_no_number_is_in_hand_the_federal_one_holds_for_everybody(state: str) -> None:
    week = calls(*(f"2026-12-{day:02}T17:00Z" for day in (1, 2, 3, 4, 5, 6, 7)))
    rule = f"us-{state.lower()}/{state}-01"
    who = owes(*week[:6], region=state, role=CollectorRole.FIRST_PARTY)
    check(Example(rule, who, "2026-12-07T20:00Z", True, medium=CALL))
    check(Example(rule, replace(who, contacts=week), "2026-12-07T20:00Z", False, medium=CALL))
