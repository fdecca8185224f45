"""Disputes: raised by a debtor, reviewed and decided by people. Each is a case (flow/cases.py) with more to say.

Each takes a connection and is part of its caller's transaction, under the debtor's lock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from outreach.domain.calendar import ANYWHERE, local_date
from outreach.domain.case import NotRecorded, Record
from outreach.domain.dispute import DisputeReason, DisputeState, kind_of
from outreach.flow import cases, promises
from outreach.flow.cases import Disputed, NewCase
from outreach.store import cases as case_store
from outreach.store import debtors, journal
from outreach.store import disputes as store
from outreach.store.disputes import Dispute
from outreach.store.journal import Entry
from outreach.store.users import Role


class NoSuchDispute(LookupError):
    """There is no such dispute, or it was decided already."""


@dataclass(frozen=True, slots=True)
class NewDispute:
    """What a debtor contests. `account_id` None: all of their accounts, where nobody knows which one is meant.

    `source` says by what or whom: "reply", "page", or the e-mail address of a person of ours. `text` is what was said,
    `at` when (aware UTC). `amount_minor` is how much is contested, in minor units of the account's currency, None for
    all; `items` are the refs of the items that are meant.
    """

    account_id: int | None
    debtor_id: int
    reason: DisputeReason
    source: str
    text: str
    at: datetime
    amount_minor: int | None = None
    items: tuple[str, ...] = ()
    reply_id: int | None = None


def raise_dispute(connection: Connection, dispute: NewDispute, now: datetime, by: str = "") -> int:
    """Stop outreach, make the task and stamp whether it came within the validation period; returns the dispute's id.

    While such a dispute is open, what is said now adds to it. What was promised before does not bind who contests.
    """
    case = NewCase(
        kind_of(dispute.reason),
        dispute.debtor_id,
        dispute.account_id,
        dispute.source,
        dispute.text,
        dispute.at,
        dispute.reply_id,
        disputed=Disputed(dispute.reason, dispute.amount_minor, dispute.items),
    )
    hold_id = cases.open_case(connection, case, now, by)
    if dispute.account_id is not None:
        why = "the debtor disputes the debt"
        promises.cancel_open(connection, dispute.account_id, dispute.debtor_id, why, now, by)
    opened = case_store.of_hold(connection, hold_id, dispute.debtor_id, now)
    raised = store.of_case(connection, opened.id) if opened else None
    assert raised is not None, "a case that contests a debt has its dispute"
    return raised.id


def start_review(connection: Connection, dispute_id: int, now: datetime, by: str) -> None:
    """Somebody looks into it. Raises NoSuchDispute."""
    dispute = _locked(connection, dispute_id)
    if dispute.state is DisputeState.RAISED:
        store.change(connection, dispute.id, state=DisputeState.UNDER_REVIEW.value)
        _tell(connection, dispute, "dispute_reviewed", {"contested": dispute.reason.value}, now, by)


def record_verification_sent(
    connection: Connection, dispute_id: int, sent_on: date, how: str, now: datetime, by: str
) -> None:
    """The verification, or a copy of a judgment, was sent (12 CFR 1006.38(d)(2)): only after it may outreach go on.

    `sent_on` is a calendar day in the debtor's zone. Raises NoSuchDispute, NotRecorded.
    """
    dispute = _locked(connection, dispute_id)
    zones = case_store.whereabouts(connection, dispute.debtor_id).zones or ANYWHERE
    if not how.strip():
        raise NotRecorded("Write how the verification was sent, such as: letter.")
    if sent_on > max(local_date(now, zone) for zone in zones):
        raise NotRecorded(f"{sent_on:%Y-%m-%d} lies in the future: write the day on which the verification was sent.")
    store.change(
        connection,
        dispute.id,
        state=DisputeState.UNDER_REVIEW.value,
        verification_sent_on=sent_on,
        verification_how=how.strip()[:100],
    )
    data = {"sent_on": sent_on.isoformat(), "how": how.strip()[:100]}
    _tell(connection, dispute, "verification_sent", data, now, by)


def resolve(
    connection: Connection, dispute_id: int, state: DisputeState, note: str, role: Role, now: datetime, by: str
) -> None:
    """Decide a dispute. Raises NoSuchDispute, NotRecorded, cases.NotAllowed.

    Rejected ends the hold, but only once the verification was sent; so does withdrawn. Upheld does not: the hold stays
    until the creditor's correction comes in, or a person releases it.
    """
    dispute = _locked(connection, dispute_id)
    if state is DisputeState.UPHELD:
        if not note.strip():
            raise NotRecorded("Write what the creditor has to correct.")
        cases.decide(connection, dispute, state, note.strip(), now, by)
        return
    if state is DisputeState.REJECTED:
        if dispute.verification_sent_on is None:
            raise NotRecorded("The verification was not sent yet. Write how and when it was sent.")
        record = Record("verified", dispute.verification_sent_on, dispute.verification_how, note=note.strip())
    elif state is DisputeState.WITHDRAWN:
        record = Record("withdrawn", how=note.strip(), note=note.strip())
    else:
        raise NotRecorded("A dispute is upheld, rejected or withdrawn.")
    cases.close_case(connection, dispute.hold_id, dispute.debtor_id, record, role, now, by)


def _locked(connection: Connection, dispute_id: int) -> Dispute:
    """An open dispute, read under its debtor's lock."""
    seen = store.get(connection, dispute_id)
    if seen is None:
        raise NoSuchDispute("There is no such dispute.")
    debtors.lock(connection, [seen.debtor_id])
    dispute = store.get(connection, dispute_id)
    if dispute is None or not dispute.open:
        raise NoSuchDispute("This dispute was decided already.")
    return dispute


def _tell(connection: Connection, dispute: Dispute, kind: str, data: dict[str, str], now: datetime, by: str) -> None:
    everywhere = [id_ for id_, _ in journal.accounts_of(connection, [dispute.debtor_id])]
    concerned = everywhere if dispute.account_id is None else [dispute.account_id]
    journal.tell(connection, [Entry(id_, now, kind, dict(data), by) for id_ in concerned])
