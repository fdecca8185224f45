"""What a debtor's page shows of the accounts of who was found to be the debtor. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from outreach.domain.account import Facts
from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.debtor_page import Offer, notes, offers
from outreach.domain.gate import Question
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Require
from outreach.domain.verdicts import on_content
from outreach.domain.wording import Text, missing
from outreach.store import debtor_page
from outreach.store.debtor_page import Holder, PaymentLine, SaidLine
from outreach.store.facts import Subject, load_facts


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to see of an account. `notes` are keys of words; `legal` are texts that the law asks for.

    `dispute_until` is the last day of the validation period while it runs (12 CFR 1006.34), in the debtor's zone.
    """

    payments: tuple[PaymentLine, ...]
    offers: tuple[Offer, ...]
    notes: tuple[str, ...]
    legal: tuple[str, ...]
    dispute_until: date | None


def accounts_of(connection: Connection, holder: Holder, now: datetime) -> tuple[Facts, ...]:
    """All accounts of the debtor with the creditor of the link, in the order in which they came."""
    subjects = [Subject(id_, id_, 0, 1) for id_ in debtor_page.account_ids(connection, holder.debtor_id)]
    facts = load_facts(connection, subjects, now, history=False)
    return tuple(facts[one.account_id] for one in subjects if one.account_id in facts)


def overview(connection: Connection, facts: Facts, law: Law, now: datetime, language: str) -> Overview:
    """One account as the debtor sees it, in a language of the page."""
    account = facts.account
    return Overview(
        tuple(debtor_page.payments_of(connection, account.id, account.currency)),
        offers(facts, now),
        notes(facts, now),
        _legal(facts, law, now, language),
        _dispute_until(facts, now),
    )


def history(connection: Connection, facts: Facts) -> list[SaidLine]:
    """The messages about an account, the latest first."""
    said = debtor_page.said_to(connection, facts.debtor.id)
    return [line for line in said if line.account_id == facts.account.id]


def _legal(facts: Facts, law: Law, now: datetime, language: str) -> tuple[str, ...]:
    """What a letter about the account would have to say: a page is read at leisure, as a letter is.

    A text that there is none of in the language is left out: here it explains, and the messages themselves are held
    back without it.
    """
    rules = on_content(Question(facts, Channel.LETTER, None, None, now), law)
    required = [one.rule for one in rules.texts() if isinstance(one.rule, Require)]
    return tuple(dict.fromkeys(words for _, words in missing(required, Text("", "", language)) if words))


def _dispute_until(facts: Facts, now: datetime) -> date | None:
    validation = facts.account.terms.validation
    last = validation.ends_on if validation else None
    today = min(local_date(now, zone) for zone in facts.debtor.zones or ANYWHERE)
    return last if last is not None and today <= last else None
