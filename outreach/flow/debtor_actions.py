"""What a debtor does on the page, each as one transaction. Who it is was proved before (flow/debtor_page.py).

`now` is business time (aware UTC). Everything else is done by those who do it for replies and people, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Connection, Engine

from outreach.domain.account import Facts
from outreach.domain.attachment import Attachment
from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.case import CaseKind
from outreach.domain.dispute import DisputeReason
from outreach.domain.means import MeansStatement
from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import Schedule
from outreach.domain.preference import PreferenceChange
from outreach.domain.promise import Objection, PromisePart, PromiseSource
from outreach.flow import cases, consent, disputes, plan_means, plans, preferences, promises
from outreach.flow.cases import NewCase
from outreach.flow.debtor_overview import Promised, promise_of
from outreach.flow.debtor_page import SOURCE
from outreach.flow.disputes import NewDispute
from outreach.flow.plans import NewPlan
from outreach.flow.promises import NewPromise, NotTaken
from outreach.store import attachments, debtors, journal
from outreach.store.debtor_page import Holder
from outreach.store.journal import Entry, NewTask

#: The source of what comes from the page, as holds, cases and plans name it.
PAGE = "page"
_LONGEST_TITLE = 300
#: Bytes of all files of a debtor: nobody fills the database.
MOST_OF_DEBTOR = 50 * 1024 * 1024


class TooMuch(Exception):
    """The debtor's files would take more room than is kept for them."""


class Document(StrEnum):
    """What a debtor may ask for."""

    STATEMENT = "statement"
    INVOICE = "invoice"
    CONTRACT = "contract"
    PAYMENTS = "payments"
    ORIGINAL = "original"


class Stop(StrEnum):
    """What a debtor may stop."""

    SMS = "sms"
    EMAIL = "email"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Agreed:
    """What became of a plan that a debtor chose. `waits`: a person of ours has to agree to it."""

    waits: bool


def went_to_pay(engine: Engine, facts: Facts, now: datetime) -> None:
    """Tell that the debtor went on to the payment page; that is no payment."""
    with engine.begin() as connection:
        journal.tell(connection, [Entry(facts.account.id, now, "payment_page_opened")])


def promise(engine: Engine, holder: Holder, facts: Facts, amount: Money, due_on: date, now: datetime) -> bool:
    """Keep a promise, or, where only a person may take it, ask one; whether it is kept.

    Raises promises.NotTaken for what nobody may take.
    """
    reached = holder.channel in (Channel.SMS, Channel.EMAIL)
    new = NewPromise(
        facts.account.id,
        facts.debtor.id,
        [PromisePart(amount.minor, due_on)],
        PromiseSource.PAGE,
        channel=holder.channel if reached else None,
        address=holder.address if reached else "",
    )
    try:
        with engine.begin() as connection:
            debtors.lock(connection, [facts.debtor.id])
            # A form that was sent twice is one promise.
            if promise_of(connection, facts.account.id) != Promised(amount, due_on):
                promises.make(connection, new, now)
    except NotTaken as refused:
        if not refused.objection.for_a_person or refused.objection is Objection.TOO_FAR:
            raise
        with engine.begin() as connection:
            _ask_person(connection, facts, f"Would pay {amount} by {due_on.isoformat()}: {refused}", now)
        return False
    return True


def cannot_pay(engine: Engine, facts: Facts, means: MeansStatement, now: datetime) -> None:
    """The debtor's means leave nothing to pay with: a person looks at it."""
    with engine.begin() as connection:
        plan_means.cannot_pay(connection, facts.account.id, means, PAGE, now)


def choose_plan(
    engine: Engine, facts: Facts, schedule: Schedule, means: MeansStatement, wording: str, now: datetime
) -> Agreed:
    """Agree to a plan within the limits of self-service, or ask a person for it.

    Raises consent_actions.Unfit when it does not fit the account any more.
    """
    authority = Authority.SELF_SERVICE
    new = NewPlan(facts.account.id, facts.debtor.id, schedule, authority, PAGE, wording, means)
    with engine.begin() as connection:
        proposed = plans.propose(connection, new, now)
        if not proposed.waits:
            plans.accept(connection, proposed.plan_id, authority, now, wording=wording)
        return Agreed(proposed.waits)


def accept_offer(engine: Engine, plan_id: int, wording: str, now: datetime) -> None:
    """Agree to a plan that was offered. Raises actions.Unknown or consent_actions.Unfit when it is no longer open."""
    with engine.begin() as connection:
        plans.accept(connection, plan_id, Authority.SELF_SERVICE, now, wording=wording)


def dispute(
    engine: Engine, facts: Facts, reason: DisputeReason, text: str, files: Sequence[Attachment], now: datetime
) -> None:
    """Contest the account, with what shows it. What was promised before does not bind who contests.

    Raises TooMuch, and contests nothing, when there is no room for the files.
    """
    account_id, debtor_id = facts.account.id, facts.debtor.id
    new = NewDispute(account_id, debtor_id, reason, PAGE, text, now)
    with engine.begin() as connection:
        debtors.lock(connection, [debtor_id])
        size = sum(len(file.body) for file in files)
        if size and attachments.total_size(connection, debtor_id) + size > MOST_OF_DEBTOR:
            raise TooMuch
        dispute_id = disputes.raise_dispute(connection, new, now)
        attachments.keep(connection, debtor_id, account_id, dispute_id, files, now)
        received = [Entry(account_id, now, "attachment_received", {"name": file.name}) for file in files]
        journal.tell(connection, received)


def ask_for_documents(engine: Engine, facts: Facts, wanted: Sequence[Document], text: str, now: datetime) -> None:
    """Have a person send documents; once a day for the same ones. Who asks for the original creditor has the right to
    hear it before anything else comes (12 CFR 1006.38(c))."""
    what = ", ".join([*(one.value for one in wanted if one is not Document.ORIGINAL), *([text] if text else [])])
    account_id, debtor_id = facts.account.id, facts.debtor.id
    with engine.begin() as connection:
        debtors.lock(connection, [debtor_id])
        if Document.ORIGINAL in wanted:
            asked = NewCase(CaseKind.ORIGINAL_CREDITOR, debtor_id, account_id, PAGE, text, now)
            cases.open_case(connection, asked, now)
        if not what:
            return
        digest = hashlib.sha256(what.encode()).hexdigest()[:16]
        cause = f"documents:{account_id}:{now.date().isoformat()}:{digest}"
        title = f"The debtor asks for documents: {what}"[:_LONGEST_TITLE]
        journal.add_tasks(connection, [NewTask("documents", title, cause, now, account_id, debtor_id)])
        journal.tell(connection, [Entry(account_id, now, "documents_requested", {"what": what})])


def prefer(engine: Engine, facts: Facts, wished: PreferenceChange, now: datetime) -> bool:
    """Keep how and when the debtor likes to be contacted; whether that changes anything."""
    with engine.begin() as connection:
        return preferences.change(connection, facts.debtor.id, wished, PAGE, now)


def stop(engine: Engine, facts: Facts, what: Stop, now: datetime) -> None:
    """Stop a kind of message at every address of the debtor, or all outreach (12 CFR 1006.6(c)(1))."""
    with engine.begin() as connection:
        if what is Stop.ALL:
            debtor_id, account_id = facts.debtor.id, facts.account.id
            cases.open_case(connection, NewCase(CaseKind.CEASE, debtor_id, account_id, PAGE, "", now), now)
            return
        channel = Channel(what.value)
        for address in stoppable(facts, channel):
            debtors.lock_address(connection, channel, address)
            consent.stop(connection, channel, address, now, SOURCE)


def stoppable(facts: Facts, channel: Channel) -> list[str]:
    """The debtor's addresses of a channel that messages still go to."""
    return sorted(point.value for point in facts.debtor.points(channel) if point.opted_out_at is None)


def latest_day(facts: Facts, now: datetime) -> date:
    """The latest of the days that it may be where the debtor is."""
    return max(local_date(now, zone) for zone in facts.debtor.zones or ANYWHERE)


def _ask_person(connection: Connection, facts: Facts, text: str, now: datetime) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    cause = f"page:{facts.account.id}:{now.date().isoformat()}:{digest}"
    task = NewTask("human", text[:_LONGEST_TITLE], cause, now, facts.account.id, facts.debtor.id)
    journal.add_tasks(connection, [task])
