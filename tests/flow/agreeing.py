"""What debtors and agents say, and the facts that follow from it."""

from __future__ import annotations

from datetime import timedelta

from outreach.domain.account import Facts
from outreach.domain.event import InboundMessage
from outreach.domain.message import Channel
from outreach.domain.sending import Parsed
from outreach.domain.standing import Consent, ConsentScope
from outreach.flow.consent_actions import Statement, record_consent, revoke_consent
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store.facts import Subject, load_facts
from tests.flow.house import House

NUMBER = "+12125550142"
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


def says(home: House, text: str, *, sender: str = NUMBER, auto_reply: bool = False, opt: str | None = None) -> None:
    """An answer comes in and is settled."""
    home.clock.advance(timedelta(seconds=1))
    channel = EMAIL if "@" in sender else SMS
    message = InboundMessage(
        f"{text} {home.clock.at}", channel, sender, "+12125550100", text, opt=opt, auto_reply=auto_reply
    )
    settle(home.app.desk, receive(home.engine, "twilio", Parsed(messages=(message,)), home.clock.now()))


def revoke(home: House, kind: Channel = SMS, address: str = "", scope: ConsentScope | None = None) -> None:
    revoke_consent(home.engine, "A-1", kind, address, "phone", AGENT, home.clock.now(), scope)


def opted_out(home: House, kind: Channel = SMS) -> bool:
    return facts(home).debtor.points(kind)[0].opted_out_at is not None
