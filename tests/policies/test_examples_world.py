"""The catalogue's examples of the rules outside the United States: what may go and what may not, where and when."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from outreach.domain.account import ContactPoint, Facts, HoldReason, Quality
from outreach.domain.gate import Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Status
from outreach.domain.retention import Record, may_erase
from outreach.domain.standing import CollectorRole, DebtKind, Medium, Place, Purpose, Reach, Terms
from outreach.domain.wording import Text, lint, missing
from outreach.domain.zones import candidate_zones
from outreach.policies import built_in
from tests.cast import hold
from tests.policies.debtors import READY, T0, Example, calls, check, contact, day, owes, packs_of, utc

SMS, EMAIL, LETTER, CALL, AUTO = Medium.SMS, Medium.EMAIL, Medium.LETTER, Medium.CALL, Medium.AUTO_CALL
#: When it is about noon there: in Shanghai it is ten.
T0C, T0I, T0A = "2026-12-01T02:00Z", "2026-12-01T06:30Z", "2026-12-01T01:00Z"


def phone(number: str, **standing: Any) -> ContactPoint:
    return ContactPoint(1, Channel.SMS, number, Quality.VERIFIED, standing=replace(READY, **standing))


def wrong(point: ContactPoint) -> ContactPoint:
    return replace(point, quality=Quality.WRONG_PARTY)


MAILBOX = ContactPoint(2, Channel.EMAIL, "ada@sample.example", Quality.VERIFIED, standing=READY)
POST = ContactPoint(3, Channel.LETTER, "1 Sample Street", Quality.VERIFIED, standing=READY)
IN_LONDON, IN_BERLIN, IN_SHANGHAI = phone("+442079460018"), phone("+493023125000"), phone("+8613800138091")
IN_SYDNEY, IN_TORONTO, IN_MONTREAL = phone("+61491570156"), phone("+14165550123"), phone("+15145550123")
IN_WINNIPEG = phone("+12045550123")


def british(**more: Any) -> Facts:
    return owes(country="GB", region="", zones=["Europe/London"], **more)


def german(**more: Any) -> Facts:
    return owes(country="DE", region="", zones=["Europe/Berlin"], **more)


def chinese(*contacts: Any, **more: Any) -> Facts:
    return owes(*contacts, country="CN", region="", zones=["Asia/Shanghai"], **more)


def indian(**more: Any) -> Facts:
    return owes(country="IN", region="", zones=["Asia/Kolkata"], **more)


def australian(*contacts: Any, zones: tuple[str, ...] = ("Australia/Sydney",), **more: Any) -> Facts:
    return owes(*contacts, country="AU", region="NSW", zones=zones, **more)


def canadian(*contacts: Any, region: str, zone: str = "America/Toronto", **more: Any) -> Facts:
    noticed = Terms(notices={"written": utc("2026-11-20T15:00Z")})
    return owes(*contacts, country="CA", region=region, zones=[zone], **{"terms": noticed, **more})


def held(reason: HoldReason, since: str, until: datetime | None = None) -> dict[str, Any]:
    return {"holds": hold(reason, utc(since), until)}


REVIEWED = utc("2027-01-03T17:00Z")
PLAN = british(**held(HoldReason.PLAN, "2026-12-01T09:00Z", REVIEWED))
BREATHING = british(**held(HoldReason.BREATHING_SPACE, "2026-12-01T00:00Z", utc("2027-01-31T00:00Z")))
DISPUTED = british(**held(HoldReason.DISPUTE, "2026-11-30T09:00Z"))
VULNERABLE = british(**held(HoldReason.VULNERABLE, "2026-11-30T09:00Z"))

UNITED_KINGDOM = [
    Example("uk/UK-01", british(), "2026-12-01T09:00Z", True, where=IN_LONDON),
    Example("uk/UK-01", british(), "2026-12-02T21:30Z", False, "2026-12-03T08:00Z", where=IN_LONDON),
    Example("uk/UK-01", british(), "2026-12-05T17:00Z", False, "2026-12-07T08:00Z", where=IN_LONDON),
    Example("uk/UK-01-holidays", british(), "2026-12-28T12:00Z", False, "2026-12-29T08:00Z", where=IN_LONDON),
    Example("uk/UK-02", british(), T0, True, where=IN_LONDON),
    Example("uk/UK-02", british(), T0, False, where=wrong(IN_LONDON)),
    Example("uk/UK-04", PLAN, "2027-01-04T10:00Z", True, where=IN_LONDON),
    Example("uk/UK-04", PLAN, "2026-12-15T10:00Z", False, where=IN_LONDON),
    Example("uk/UK-05", DISPUTED, T0, True, medium=LETTER, where=POST, purpose=Purpose.DISPUTE_RESPONSE),
    Example("uk/UK-05", DISPUTED, T0, False, where=IN_LONDON),
    Example("uk/UK-06", BREATHING, "2027-02-01T10:00Z", True, where=IN_LONDON),
    Example("uk/UK-06", BREATHING, "2026-12-20T10:00Z", False, where=IN_LONDON),
    Example("uk/UK-06", BREATHING, "2026-12-21T10:00Z", False, "2027-02-01T08:00Z", medium=CALL, where=IN_LONDON),
    Example("uk/UK-07", VULNERABLE, T0, False, where=IN_LONDON),
    Example("uk/UK-08", british(terms=Terms(sol_expires_on=day("2029-01-01"))), T0, True, where=IN_LONDON),
    Example("uk/UK-08", british(terms=Terms(sol_expires_on=day("2025-01-01"))), T0, False, where=IN_LONDON),
    Example("uk/UK-09", british(), T0, True, where=IN_LONDON),
    Example("uk/UK-09", british(), T0, False, where=IN_LONDON, purpose=Purpose.PROMOTION),
    Example("uk/UK-10", british(), T0, True, medium=CALL, where=IN_LONDON),
    Example("uk/UK-10", british(), T0, False, medium=AUTO, where=IN_LONDON),
]

OBJECTED = german(**held(HoldReason.OBJECTION, "2026-11-30T09:00Z"))
SOLD = german(role=CollectorRole.DEBT_BUYER, terms=Terms(notices={"transfer": utc("2026-12-01T09:00Z")}))

EUROPEAN_UNION = [
    Example("eu/EU-02", OBJECTED, T0, False, where=IN_BERLIN),
    Example("eu/EU-04", SOLD, "2026-12-05T12:00Z", True, where=IN_BERLIN),
    Example("eu/EU-04", SOLD, "2026-11-30T12:00Z", False, where=IN_BERLIN),
    Example("eu/EU-04", german(role=CollectorRole.DEBT_BUYER), T0, False, where=IN_BERLIN),
    Example("eu/EU-04", german(role=CollectorRole.DEBT_BUYER), T0, True, medium=LETTER, where=POST,
            purpose=Purpose.LEGAL_NOTICE),
    Example("eu/EU-04", german(role=CollectorRole.FIRST_PARTY), T0, True, where=IN_BERLIN),
]  # fmt: skip

SPOKEN = calls(
    "2026-12-01T01:00Z", "2026-12-01T03:00Z", "2026-12-01T06:00Z",
    reach=Reach.CONVERSATION, value=IN_SHANGHAI.value,
)  # fmt: skip
DIALLED = calls(
    *(f"2026-12-01T0{hour}:{minute}Z" for hour in (0, 1) for minute in ("10", "20", "30")), value=IN_SHANGHAI.value
)

CHINA = [
    *(
        one
        for rule in ("cn-standard/CN-01", "cn-banks/CN-01")
        for one in (
            Example(rule, chinese(), "2026-12-01T13:54Z", True, where=IN_SHANGHAI),
            Example(rule, chinese(), "2026-12-01T14:00Z", False, "2026-12-02T00:00Z", where=IN_SHANGHAI),
            # CN-17: the convention of 2018 asks for the same
            Example(rule, chinese(), T0C, True, where=IN_SHANGHAI),
            Example(rule, chinese(), "2026-12-01T14:00Z", False, medium=CALL, where=IN_SHANGHAI),
        )
    ),
    Example("cn-standard/CN-02", chinese(*SPOKEN[:2]), "2026-12-01T06:00Z", True, medium=CALL, where=IN_SHANGHAI),
    Example("cn-standard/CN-02", chinese(*SPOKEN), "2026-12-01T08:00Z", False, "2026-12-02T00:00Z", medium=CALL,
            where=IN_SHANGHAI),
    Example("cn-banks/CN-03", chinese(*DIALLED[:5]), T0C, True, medium=CALL, where=IN_SHANGHAI),
    Example("cn-banks/CN-03", chinese(*DIALLED), "2026-12-01T08:00Z", False, "2026-12-02T00:00Z", medium=CALL,
            where=IN_SHANGHAI),
    Example("cn-standard/CN-05", chinese(), T0C, True, where=IN_SHANGHAI),
    Example("cn-standard/CN-05", chinese(), T0C, False, where=wrong(IN_SHANGHAI)),
    Example("cn-banks/CN-06", chinese(), T0C, False, where=wrong(IN_SHANGHAI)),
    Example("cn-banks/CN-12", chinese(**held(HoldReason.DISPUTE, T0C, utc("2026-12-03T02:00Z"))), "2026-12-04T02:00Z",
            True, where=IN_SHANGHAI),
    Example("cn-banks/CN-12", chinese(**held(HoldReason.DISPUTE, T0C)), "2026-12-02T02:00Z", False, where=IN_SHANGHAI),
    Example("cn-standard/CN-16", chinese(), "2027-02-04T02:00Z", True, where=IN_SHANGHAI),
    Example("cn-standard/CN-16", chinese(), "2027-02-05T02:00Z", False, "2027-02-09T00:00Z", where=IN_SHANGHAI),
    Example("cn-standard/CN-16", chinese(), "2027-04-05T02:00Z", False, "2027-04-06T00:00Z", where=IN_SHANGHAI),
]  # fmt: skip

SMALL_LOAN = indian(terms=Terms(debt=DebtKind.MICROFINANCE))

INDIA = [
    Example("in/IN-01", indian(), "2026-12-01T02:35Z", True, medium=EMAIL, where=MAILBOX),
    Example("in/IN-01", indian(), "2026-12-01T13:30Z", False, "2026-12-02T02:30Z", medium=EMAIL, where=MAILBOX),
    Example("in/IN-02", SMALL_LOAN, "2026-12-01T03:35Z", True, medium=EMAIL, where=MAILBOX),
    Example("in/IN-02", SMALL_LOAN, "2026-12-01T03:00Z", False, "2026-12-01T03:30Z", medium=EMAIL, where=MAILBOX),
    Example("in/IN-03", indian(), T0I, True, medium=EMAIL, where=MAILBOX),
    Example("in/IN-03", indian(), T0I, False, medium=EMAIL, where=wrong(MAILBOX)),
    Example("in/IN-03-bereavement", indian(**held(HoldReason.BEREAVEMENT, "2026-11-30T06:30Z")), T0I, False,
            medium=EMAIL, where=MAILBOX),
    Example("in/IN-03-festivals", indian(), "2027-01-26T06:30Z", False, "2027-01-27T02:30Z", medium=EMAIL,
            where=MAILBOX),
]  # fmt: skip

WEEK = calls("2026-11-26T01:00Z", "2026-11-28T01:00Z", "2026-11-30T01:00Z", reach=Reach.CONVERSATION)
MONTH = calls(*(f"2026-11-{day_:02}T01:00Z" for day_ in (3, 6, 9, 12, 15, 18, 21, 24)), reach=Reach.CONVERSATION)
SOMEWHERE = candidate_zones(IN_SYDNEY.value, "AU", "", "")

AUSTRALIA = [
    Example("au/AU-01", australian(), "2026-12-03T20:35Z", True, medium=CALL, where=IN_SYDNEY),
    Example("au/AU-01", australian(), "2026-12-04T21:30Z", False, "2026-12-04T22:00Z", medium=CALL, where=IN_SYDNEY),
    Example("au/AU-01-holidays", australian(), "2027-01-26T01:00Z", False, "2027-01-26T20:30Z", where=IN_SYDNEY),
    Example("au/AU-01-work", australian(), "2026-12-03T22:05Z", True, where=phone("+61491570156", place=Place.WORK)),
    Example("au/AU-01-work", australian(), "2026-12-03T20:35Z", False, "2026-12-03T22:00Z",
            where=phone("+61491570156", place=Place.WORK)),
    Example("au/AU-02", australian(*MONTH[:6], *WEEK[:2]), T0A, True, medium=CALL, where=IN_SYDNEY),
    Example("au/AU-02", australian(*WEEK), T0A, False, "2026-12-02T20:30Z", medium=CALL, where=IN_SYDNEY),
    Example("au/AU-02-month", australian(*MONTH, *WEEK[:2]), T0A, False, medium=CALL, where=IN_SYDNEY),
    # AU-03: a number does not tell the state
    Example("au/AU-01", australian(), T0A, True, where=IN_SYDNEY),
    Example("au/AU-01", australian(zones=SOMEWHERE), "2026-12-01T20:35Z", False, where=IN_SYDNEY),
]  # fmt: skip

NOTICED = Terms(notices={"written": utc("2026-12-01T15:00Z")})
THRICE = [contact(f"2026-12-0{day_}T15:00Z", medium) for day_, medium in ((1, CALL), (3, EMAIL), (4, SMS))]
TALKED = [replace(one, reach=Reach.CONVERSATION if one.medium is CALL else one.reach) for one in THRICE]

CANADA = [
    Example("ca-on/CAN-ON1", canadian(region="ON", terms=NOTICED), "2026-12-08T15:00Z", True, where=IN_TORONTO),
    Example("ca-on/CAN-ON1", canadian(region="ON", terms=NOTICED), "2026-12-05T15:00Z", False, "2026-12-08T12:00Z",
            where=IN_TORONTO),
    Example("ca-on/CAN-ON1", canadian(region="ON", terms=Terms()), T0, False, where=IN_TORONTO),
    Example("ca-on/CAN-ON1", canadian(region="ON", terms=Terms()), T0, True, medium=EMAIL, where=MAILBOX,
            purpose=Purpose.LEGAL_NOTICE),
    Example("ca-on/CAN-ON2", canadian(region="ON"), "2026-12-06T18:05Z", True, where=IN_TORONTO),
    Example("ca-on/CAN-ON2", canadian(region="ON"), "2026-12-06T22:00Z", False, "2026-12-07T12:00Z", where=IN_TORONTO),
    Example("ca-on/CAN-ON2-holidays", canadian(region="ON"), "2027-02-15T17:00Z", False, where=IN_TORONTO),
    Example("ca-on/CAN-ON3", canadian(*TALKED, region="ON"), "2026-12-08T15:00Z", True, where=IN_TORONTO),
    Example("ca-on/CAN-ON3", canadian(*TALKED, region="ON"), "2026-12-07T15:00Z", False, "2026-12-08T12:00Z",
            where=IN_TORONTO),
    Example("ca-qc/CAN-QC1", canadian(region="QC"), "2026-12-02T00:50Z", True, where=IN_MONTREAL),
    Example("ca-qc/CAN-QC1", canadian(region="QC"), "2026-12-02T01:00Z", False, "2026-12-02T13:00Z", where=IN_MONTREAL),
    Example("ca-qc/CAN-QC1", canadian(region="QC"), "2026-12-06T17:00Z", False, "2026-12-07T13:00Z", where=IN_MONTREAL),
    Example("ca-qc/CAN-QC1-holidays", canadian(region="QC"), "2027-03-29T15:00Z", False, where=IN_MONTREAL),
    Example("ca-qc/CAN-QC1-holidays", canadian(region="QC"), "2027-06-24T15:00Z", False, where=IN_MONTREAL),
    Example("ca-default/CAN-00", canadian(region="MB", zone="America/Winnipeg"), "2026-12-01T18:00Z", True,
            where=IN_WINNIPEG),
    Example("ca-default/CAN-00", canadian(region="MB", zone="America/Winnipeg"), "2026-12-06T18:00Z", False,
            "2026-12-07T13:00Z", where=IN_WINNIPEG),
    # A number or a postal code tells the province as well as the address does; without either the country's hours count
    Example("ca-qc/CAN-QC1", canadian(region="", postal_code="H2Y 1C6"), "2026-12-06T17:00Z", False, medium=EMAIL,
            where=MAILBOX),
    Example("ca-qc/CAN-QC1", canadian(region="ON"), "2026-12-06T18:05Z", False, where=IN_MONTREAL),
    Example("ca-qc/CAN-QC1", canadian(region="Québec"), "2026-12-06T17:00Z", False, medium=EMAIL, where=MAILBOX),
    Example("ca-federal/CAN-00-hours", canadian(region=""), "2026-12-06T17:00Z", False, medium=EMAIL, where=MAILBOX),
]  # fmt: skip


@pytest.mark.parametrize("example", [*UNITED_KINGDOM, *EUROPEAN_UNION, *CHINA, *INDIA, *AUSTRALIA, *CANADA], ids=str)
def test_an_example_of_another_country_is_decided_as_the_catalogue_says(example: Example) -> None:
    check(example)


@pytest.mark.parametrize(
    ("rule", "facts", "point"),
    [("uk/UK-07", VULNERABLE, IN_LONDON), ("eu/EU-02", OBJECTED, IN_BERLIN)],
    ids=["a signpost to a vulnerable debtor", "the answer to an objection"],
)
def test_an_answer_that_the_pack_lets_pass_waits_for_a_person_as_long_as_the_hold_stands(
    rule: str, facts: Facts, point: ContactPoint
) -> None:
    example = Example(rule, facts, T0, True, where=point, purpose=Purpose.REPLY)
    decision = example.asked(Law(packs_of(example.pack)))
    assert [hit.rule for hit in decision.hits] == ["house/hold"]


@pytest.mark.parametrize(
    ("facts", "point"),
    [
        (british(), IN_LONDON),
        (chinese(), IN_SHANGHAI),
        (australian(), IN_SYDNEY),
        (canadian(region="ON"), IN_TORONTO),
        (canadian(region="QC"), IN_MONTREAL),
    ],
    ids=["GB", "CN", "AU", "CA-ON", "CA-QC"],
)
def test_who_writes_at_night_is_answered_at_night(facts: Facts, point: ContactPoint) -> None:
    law, midnight = Law(built_in()), f"{T0[:11]}{'16' if point in (IN_SHANGHAI, IN_SYDNEY) else '03'}:30Z"
    asked, told = (
        Example("house/GUARD", facts, midnight, True, where=point, purpose=purpose).asked(law).verdict
        for purpose in (Purpose.REPLY, Purpose.REMINDER)
    )
    assert (asked, told) == (Verdict.CLEAR, Verdict.DEFER)


def test_a_draft_is_not_applied_until_the_house_says_so() -> None:
    """CN-04: seven days between contacts about one product, which the final standard may lack."""
    facts = chinese(contact("2026-12-01T02:00Z"))
    early, late = (
        Example("cn-interval/CN-04", facts, at, allowed, where=IN_SHANGHAI)
        for at, allowed in (("2026-12-05T02:00Z", False), ("2026-12-08T02:00Z", True))
    )
    draft = packs_of("cn-interval")
    assert early.asked(Law(draft)).verdict is Verdict.CLEAR
    law = Law([replace(pack, status=Status.UNVERIFIED) for pack in draft])
    assert [hit.rule for hit in early.asked(law).hits] == ["cn-interval/CN-04"]
    assert late.asked(law).verdict is Verdict.CLEAR


ANSWER_ROUTE = "如对欠款有异议，请联系我们。您有权了解欠款的构成，并有义务还款。"


@pytest.mark.parametrize(
    ("rule", "medium", "good", "bad"),
    [
        ("uk/UK-02-occupier", LETTER, "Dear Ada Sample, please call us.", "To the occupier: please call us."),
        ("uk/UK-03", SMS, "Northwind: your payment is late.", "We missed you, collect your parcel at the depot."),
        ("uk/UK-03", EMAIL, "This is about your account.", "An urgent personal matter awaits you."),
        ("uk/UK-09-offers", SMS, "You are in arrears with Northwind.", "In arrears? Ask for our loan offer!"),
        ("eu/EU-01", SMS, "Ref 345, call 0800 555 0123", "Dear Ada Sample, you owe Northwind EUR 214.10"),
        ("eu/EU-01", SMS, "Hi Ada, EUR 214.10 is open.", "Guten Tag Frau Ada Sample, offen sind 214,10 EUR."),
        ("cn-banks/CN-07", SMS, "【某消金】您的账单已逾期", "法院执行科通知"),
        ("cn-banks/CN-07-name", SMS, "【某消金】您的账单已逾期", "您的账单已逾期"),
        ("cn-standard/CN-08", SMS, "【某消金】您的账单已逾期3天", "再不还就上失信黑名单坐牢"),
        ("cn-standard/CN-08", SMS, "【某消金】您的賬單已逾期3天", "不還試試，通知你單位"),
        ("cn-banks/CN-08", SMS, "【某消金】请按时还款", "可以借新还旧"),
        ("cn-standard/CN-13", SMS, "【某消金】尾号1234的卡", "身份证110105199001011234"),
        ("cn-standard/CN-13", SMS, "【某消金】客服13800138091", "卡号6222 0212 3456 7890"),
    ],
)
def test_words_that_a_pack_forbids_are_found_and_plain_ones_pass(
    rule: str, medium: Medium, good: str, bad: str
) -> None:
    assert rule not in broken(rule, medium, good)
    assert rule in broken(rule, medium, bad)


@pytest.mark.parametrize(
    ("rule", "medium", "good", "bad"),
    [
        ("cn-banks/CN-11-dispute", LETTER, ANSWER_ROUTE, "您欠款214.10元。"),
        ("cn-banks/CN-11-rights", LETTER, ANSWER_ROUTE, "您欠款214.10元。"),
        ("cn-banks/CN-07-exit", SMS, "【某消金】您的账单已逾期，退订回TD", "【某消金】您的账单已逾期"),
    ],
)
def test_a_text_that_a_pack_requires_is_added_where_it_is_missing(
    rule: str, medium: Medium, good: str, bad: str
) -> None:
    assert rule not in lacking(rule, medium, good)
    added = lacking(rule, medium, bad)[rule]
    assert rule not in lacking(rule, medium, f"{bad} {added}")


def test_a_recording_of_a_chinese_call_is_kept_five_years() -> None:
    """CN-10: the longest of what the standard, the rules on credit cards and those on consumer finance ask."""
    packs = [*packs_of("cn-standard"), *packs_of("cn-banks")]
    rules = Law(packs).retentions(day("2026-12-01"))
    recorded = day("2026-12-01")
    assert may_erase(Record.RECORDING, recorded, rules, (), utc("2031-12-02T02:00Z")).may_erase
    assert not may_erase(Record.RECORDING, recorded, rules, (), utc("2028-06-01T02:00Z")).may_erase


@pytest.mark.parametrize("pack", [one for one in built_in() if not one.id.startswith(("us-", "house", "provider"))])
def test_a_rule_that_nobody_checked_lets_nothing_pass(pack: Any) -> None:
    assert not [rule.id for rule in pack.rules if rule.status is Status.UNVERIFIED and rule.except_purposes]


FACTS = {"uk": british(), "eu": german(), "cn-standard": chinese(), "cn-banks": chinese()}


def broken(rule: str, medium: Medium, body: str) -> set[str]:
    """The rules of a pack about words that a text breaks."""
    pack = rule.partition("/")[0]
    spoken = Law(packs_of(pack)).rules_for(FACTS[pack], medium, Purpose.REMINDER, utc(T0)).lints()
    hits = lint([one.rule for one in spoken], Text("", body, "zh" if pack.startswith("cn") else "en"), frozenset())
    return {one.name for one in spoken if one.rule in [hit for hit, _ in hits]}


def lacking(rule: str, medium: Medium, body: str) -> dict[str, str]:
    """The texts that a pack requires and a message lacks, by rule."""
    pack = rule.partition("/")[0]
    spoken = Law(packs_of(pack)).rules_for(FACTS[pack], medium, Purpose.REMINDER, utc(T0)).texts()
    found = missing([one.rule for one in spoken], Text("", body, "zh"))
    return {one.name: words for one in spoken for asked, words in found if asked is one.rule}
