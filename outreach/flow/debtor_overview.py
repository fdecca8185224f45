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
from outreach.domain.money import Money
from outreach.domain.plan import PaymentPlan, PlanState
from outreach.domain.policy import Require
from outreach.domain.verdicts import on_content
from outreach.domain.wording import Text, missing
from outreach.flow.handoff import hand_off
from outreach.store import debtor_page, plans, promises
from outreach.store.debtor_page import Holder, PaymentLine, SaidLine
from outreach.store.facts import Subject, load_facts

#: The plans that a debtor sees.
_SHOWN = (PlanState.PROPOSED, PlanState.ACTIVE, PlanState.COMPLETED)


@dataclass(frozen=True, slots=True)
class Promised:
    """What the debtor promised, and by which day in the debtor's zone."""

    amount: Money
    due_on: date


@dataclass(frozen=True, slots=True)
class Overview:
    """What there is to see of an account. `notes` are keys of words; `legal` are texts that the law asks for.

    `dispute_until` is the last day of the validation period while it runs (12 CFR 1006.34), in the debtor's zone.
    """

    payments: tuple[PaymentLine, ...]
    promise: Promised | None
    plan: PaymentPlan | None
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
        promise_of(connection, account.id),
        plan_of(connection, account.id),
        tuple(one for one in offers(facts, now) if one is not Offer.PAY or hand_off(facts)),
        notes(facts, now),
        _legal(facts, law, now, language),
        _dispute_until(facts, now),
    )


def promise_of(connection: Connection, account_id: int) -> Promised | None:
    """The promise of an account that stands: of several parts the next."""
    made = promises.of_accounts(connection, [account_id]).get(account_id, [])
    following = min((one for one in made if one.is_open), key=lambda one: one.due_on, default=None)
    return Promised(Money(following.amount_minor, following.currency), following.due_on) if following else None


def plan_of(connection: Connection, account_id: int) -> PaymentPlan | None:
    """The plan of an account that runs, else the one that is proposed, the latest first."""
    known = [one for one in plans.of_accounts(connection, [account_id]) if one.state in _SHOWN]
    return max(known, key=lambda one: (one.state is not PlanState.PROPOSED, one.id), default=None)


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
