"""Debtors for the catalogue's examples: ready to be contacted by every rule but the one that an example is about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from outreach.domain.account import Account, ContactPoint, Creditor, Debtor, Facts
from outreach.domain.gate import Decision, Question
from outreach.domain.law import Law
from outreach.domain.message import Channel, PostalAddress
from outreach.domain.policy import Pack
from outreach.domain.standing import (
    Basis,
    CollectorRole,
    Consent,
    ConsentScope,
    Contact,
    Medium,
    Place,
    Purpose,
    Reach,
    Standing,
    Terms,
)
from outreach.domain.verdicts import gate
from outreach.policies import built_in
from tests.cast import owed

NORTHWIND = Creditor("northwind", "Northwind Sample", phone="+12125550100", email="help@northwind.example")
_CHANNELS = {Medium.AUTO_CALL: Channel.CALL, Medium.VOICEMAIL: Channel.CALL}


def utc(text: str) -> datetime:
    """An instant, written as the catalogue writes it: 2026-12-01T17:00Z."""
    return datetime.fromisoformat(text.removesuffix("Z")).replace(tzinfo=UTC)


T0 = "2026-12-01T17:00Z"
#: Consents to texts, e-mails and machines, given to the collector in November.
CONSENTS = tuple(Consent(scope, utc("2026-11-20T15:00Z")) for scope in (ConsentScope.SERVICING, ConsentScope.AUTO_CALL))
READY = Standing(
    place=Place.MOBILE, basis=Basis.CONSUMER_USED, last_inbound_at=utc("2026-11-25T15:00Z"), consents=CONSENTS
)


def point(medium: Medium, number: str = "+12125550142", **standing: Any) -> ContactPoint:
    """Where a medium reaches the debtor; `standing` are fields of Standing."""
    ready = replace(READY, **standing)
    if medium is Medium.EMAIL:
        return ContactPoint(2, Channel.EMAIL, "ada@sample.example", standing=ready)
    if medium is Medium.LETTER:
        home = PostalAddress("Ada Sample", "12 Sample Street", "", "New York", "NY", "10001", "US")
        return ContactPoint(3, Channel.LETTER, "12 Sample Street, New York, US", postal=home, standing=ready)
    return ContactPoint(1, Channel.SMS, number, standing=ready)


def owes(
    *contacts: Contact,
    region: str = "NY",
    postal_code: str = "",
    country: str = "US",
    zones: Iterable[str] = ("America/New_York",),
    role: CollectorRole = CollectorRole.THIRD_PARTY,
    terms: Terms | None = None,
    **more: Any,
) -> Facts:
    """Somebody who has owed 214.10 USD since November; `more` are fields of Facts or Debtor."""
    account = Account(1, "A-1", NORTHWIND, "USD", terms=replace(terms or Terms(), role=role))
    person = {name: more.pop(name) for name in ("preferences", "contact_points") if name in more}
    debtor = Debtor(1, "D-1", "Ada", "Sample", "", "en", tuple(zones), country, region, postal_code)
    return Facts(
        account, replace(debtor, **person), (owed("I-1", "2026-11-20", "214.10"),), contacts=tuple(contacts), **more
    )


def contact(at: str, medium: Medium = Medium.SMS, reach: Reach = Reach.ATTEMPTED, **more: Any) -> Contact:
    """One contact of the past."""
    return Contact(utc(at), medium, 1, reach, **more)


def calls(*instants: str, **more: Any) -> tuple[Contact, ...]:
    """Calls of the past."""
    return tuple(contact(at, Medium.CALL, **more) for at in instants)


@dataclass(frozen=True, slots=True)
class Example:
    """One example of the catalogue. `hits` is the rule that speaks when it is not allowed ("us-ma/MA-01")."""

    rule: str
    facts: Facts
    at: str
    allowed: bool
    until: str = ""
    medium: Medium = Medium.SMS
    purpose: Purpose = Purpose.REMINDER
    where: ContactPoint | None = None
    hits: str = ""

    @property
    def pack(self) -> str:
        """The pack of the example."""
        return self.rule.partition("/")[0]

    def asked(self, law: Law) -> Decision:
        """The gate's answer under a law."""
        where = self.where or point(self.medium)
        facts = self.facts
        if not facts.debtor.contact_points:
            facts = replace(facts, debtor=replace(facts.debtor, contact_points=(where,)))
        channel = _CHANNELS.get(self.medium) or Channel(self.medium.value)
        return gate(Question(facts, channel, where, None, utc(self.at), purpose=self.purpose, by=self.medium), law)

    def __str__(self) -> str:
        return f"{self.rule} {self.at} {self.medium.value} {'allowed' if self.allowed else 'refused'}"


def packs_of(pack: str) -> tuple[Pack, ...]:
    """All versions of one pack."""
    found = tuple(one for one in built_in() if one.id == pack)
    assert found, pack
    return found


def check(example: Example) -> None:
    """The example holds under its own pack alone; what that refuses, all packs together refuse, too."""
    decision = example.asked(Law(packs_of(example.pack)))
    spoke = {hit.rule for hit in decision.hits}
    if example.allowed:
        assert not spoke, spoke
        return
    assert (example.hits or example.rule) in spoke, spoke
    assert not example.until or decision.until == utc(example.until)
    assert example.asked(Law(built_in())).verdict.value != "clear"


def day(text: str) -> date:
    """A calendar day."""
    return date.fromisoformat(text)
