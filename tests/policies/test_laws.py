"""What holds of all packs together, for anybody at any time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outreach.domain.account import ContactPoint, Facts
from outreach.domain.gate import Decision, Question, Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.standing import CollectorRole, Consent, ConsentScope, DebtKind, Purpose, Standing, Terms
from outreach.domain.verdicts import gate
from outreach.policies import built_in
from tests.cast import (
    CHICAGO,
    EMAIL,
    HONOLULU,
    LONDON,
    LOS_ANGELES,
    NEW_YORK,
    NORTHWIND,
    PHONE,
    SHANGHAI,
    account,
    debtor,
    facts,
)
from tests.domain.strategies import questions

ALL = Law(built_in())
PACKS = {pack.name: pack for pack in built_in()}
SEVERITY = list(Verdict)
#: Where a debtor lives: country, region, postal code, zone.
HOMES = {
    "Brooklyn": ("US", "NY", "11201", NEW_YORK),
    "Boston": ("US", "MA", "02110", NEW_YORK),
    "Chicago": ("US", "IL", "60601", CHICAGO),
    "Seattle": ("US", "WA", "98101", LOS_ANGELES),
    "Honolulu": ("US", "HI", "96801", HONOLULU),
    "London": ("GB", "", "SW1A 1AA", LONDON),
    "Berlin": ("DE", "", "10115", "Europe/Berlin"),
    "Shanghai": ("CN", "上海", "200000", SHANGHAI),
    "Mumbai": ("IN", "MH", "400001", "Asia/Kolkata"),
    "Sydney": ("AU", "NSW", "2000", "Australia/Sydney"),
    "Toronto": ("CA", "ON", "M5H 2N2", "America/Toronto"),
    "Montreal": ("CA", "QC", "H2Y 1C6", "America/Toronto"),
}


def milder(one: Decision, other: Decision) -> bool:
    """Whether `one` lets a message out that `other` does not, or earlier."""
    if one.verdict is other.verdict is Verdict.DEFER:
        assert one.until is not None
        assert other.until is not None
        return one.until < other.until
    return SEVERITY.index(one.verdict) < SEVERITY.index(other.verdict)


def living_in(home: str, *, role: CollectorRole = CollectorRole.FIRST_PARTY, now: datetime) -> Facts:
    """Somebody who agreed the day before to be written to there."""
    country, region, postal_code, zone = HOMES[home]
    agreed = Standing(consents=(Consent(ConsentScope.SERVICING, now - timedelta(days=1)),))
    points: tuple[ContactPoint, ...] = (replace(PHONE, standing=agreed), replace(EMAIL, standing=agreed))
    if country != "US":
        points = points[1:]
    who = replace(debtor(zone, points=points, country=country, region=region), postal_code=postal_code)
    creditor = replace(NORTHWIND, email="help@northwind.example")
    return facts(debtor=who, account=replace(account(), creditor=creditor, terms=Terms(role=role)))


@settings(max_examples=60)
@given(
    question=questions(),
    home=st.sampled_from(sorted(HOMES)),
    role=st.sampled_from(CollectorRole),
    debt=st.sampled_from(DebtKind),
    purpose=st.sampled_from(Purpose),
    some=st.sets(st.sampled_from(sorted(PACKS))),
    more=st.sampled_from(sorted(PACKS)),
)
def test_one_more_pack_never_makes_the_gate_milder(
    question: Question,
    home: str,
    role: CollectorRole,
    debt: DebtKind,
    purpose: Purpose,
    some: set[str],
    more: str,
) -> None:
    country, region, postal_code, _ = HOMES[home]
    who = question.facts
    asked = replace(
        question,
        purpose=purpose,
        facts=replace(
            who,
            account=replace(who.account, terms=Terms(role=role, debt=debt)),
            debtor=replace(who.debtor, country=country, region=region, postal_code=postal_code),
        ),
    )
    fewer = [PACKS[name] for name in sorted(some - {more})]
    assert not milder(gate(asked, Law((*fewer, PACKS[more]))), gate(asked, Law(fewer)))


@pytest.mark.long
@pytest.mark.parametrize("role", [CollectorRole.FIRST_PARTY, CollectorRole.THIRD_PARTY])
@pytest.mark.parametrize("home", sorted(HOMES))
def test_nobody_is_written_to_at_night_on_any_date_of_two_years(home: str, role: CollectorRole) -> None:
    """Not before seven nor from ten in the evening anywhere, whatever a place allows, and where one ends earlier, no
    later than that; the days on which clocks change are among them."""
    zone = ZoneInfo(HOMES[home][3])
    for offset in range(730):
        day = date(2026, 12, 1) + timedelta(days=offset)
        for clock in (time(2, 30), time(6, 59), time(22, 0)):
            now = datetime.combine(day, clock, zone).astimezone(UTC)
            who = living_in(home, role=role, now=now)
            for channel in (Channel.SMS, Channel.EMAIL):
                point = next(iter(who.debtor.points(channel)), None)
                assert gate(Question(who, channel, point, None, now), ALL).verdict is not Verdict.CLEAR, (day, clock)


@pytest.mark.parametrize("home", sorted(HOMES))
def test_at_noon_on_a_tuesday_a_debtor_who_agreed_may_be_written_to_by_his_own_creditor(home: str) -> None:
    """The packs stop what is unlawful, and not everything: a law that let nothing out would pass every other test."""
    now = datetime.combine(date(2026, 12, 1), time(12), ZoneInfo(HOMES[home][3])).astimezone(UTC)
    who = living_in(home, now=now)
    who = replace(
        who, account=replace(who.account, creditor=replace(who.account.creditor, email="help@sample.example"))
    )
    decision = gate(Question(who, Channel.EMAIL, who.debtor.points(Channel.EMAIL)[0], None, now), ALL)
    assert decision.verdict is Verdict.CLEAR, decision.hits
    assert decision.packs


def test_of_whom_no_country_is_known_a_person_decides() -> None:
    now = datetime(2026, 12, 1, 17, tzinfo=UTC)
    known = facts(debtor=replace(debtor(NEW_YORK, points=(EMAIL,), country="", region=""), postal_code=""))
    decision = gate(Question(known, Channel.EMAIL, EMAIL, None, now), ALL)
    assert decision.verdict is Verdict.ROUTE
    assert decision.reason == "Nobody knows in which country the debtor is"
