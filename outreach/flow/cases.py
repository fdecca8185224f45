"""Cases: what stops outreach until a person has dealt with it. The one way to open one, and the one way out.

Each takes a connection and is part of its caller's transaction, under the debtor's lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.case import (
    Authority,
    CaseKind,
    CaseRule,
    Record,
    Scope,
    Way,
    clock,
    way_out,
)
from outreach.domain.case_rules import OF_REASON, RULES
from outreach.domain.dispute import STATE_OF_WAY, DisputeReason, DisputeState, reason_of
from outreach.domain.message import SENT_CHANNELS
from outreach.domain.notice import NoticeState
from outreach.domain.validation import received_within
from outreach.flow import holds
from outreach.flow.holds import NewHold
from outreach.store import cases, debtors, disputes, enrolments, journal, notices
from outreach.store.cases import OpenCase
from outreach.store.disputes import Dispute
from outreach.store.journal import Entry, NewTask
from outreach.store.notice_rows import Move
from outreach.store.users import Role

#: How much of what a debtor said a hold's note and a timeline repeat.
LONGEST_NOTE = 1_000
#: Which role of the console speaks with which authority (docs/cases.md): who may take the task may end the case.
ROLE_OF = {Authority.AGENT: Role.AGENT, Authority.SUPERVISOR: Role.OPERATOR, Authority.LEGAL: Role.OPERATOR}


class NotAllowed(PermissionError):
    """Somebody else must do this, or it is done in another way; the message says who or how."""


class NoSuchHold(LookupError):
    """The debtor has no such hold, or it has ended."""


@dataclass(frozen=True, slots=True)
class Disputed:
    """What a dispute contests: `amount_minor` of the debt (None: all of it), and the refs of the items meant."""

    reason: DisputeReason
    amount_minor: int | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewCase:
    """What somebody told us that stops outreach.

    `account_id` is the account about which it was said, None where nobody knows; which accounts stop is the kind's
    (domain/case_rules.py), or all with `whole_debtor`. `source` says by what or whom: "reply", "page", "import", or
    the e-mail address of a person of ours. `text` is what was said, `at` when (aware UTC). `ends_at` is an end that
    was told us, such as that of a breathing space's notice.
    """

    kind: CaseKind
    debtor_id: int
    account_id: int | None
    source: str
    text: str
    at: datetime
    reply_id: int | None = None
    ends_at: datetime | None = None
    whole_debtor: bool = False
    disputed: Disputed | None = None


def open_case(connection: Connection, case: NewCase, now: datetime, by: str = "") -> int:
    """Place the hold, make the task, start the clock, tell the timelines; returns the hold's id.

    While a case of its kind is open that covers it, what is said now adds to that one: no second hold.
    """
    debtors.lock(connection, [case.debtor_id])
    known = _known(connection, case, now)
    if known is not None:
        _add_to(connection, known, case, now, by)
        return known.hold_id
    rule = RULES[case.kind]
    account_id = case.account_id or _first_account(connection, case.debtor_id)
    where = cases.whereabouts(connection, case.debtor_id)
    runs = clock(rule, min(case.at, now), now, where, case.ends_at)
    source, note = case.source[:100], case.text[:LONGEST_NOTE]
    hold = NewHold(case.debtor_id, _concerned(case), rule.hold, source, note, runs.ends_at)
    hold_id = holds.place(connection, hold, now, by)
    row = {
        "hold_id": hold_id,
        "debtor_id": case.debtor_id,
        "account_id": account_id,
        "kind": case.kind.value,
        "source": source,
        "text": case.text,
        "reply_id": case.reply_id,
        "opened_at": now,
        "review_at": runs.review_at,
        "ends_at": runs.ends_at,
    }
    case_id = cases.add(connection, row)
    if rule.disputes:
        _contest(connection, case, case_id, where.zones, now, by)
    _give(connection, case, account_id, f"case:{case_id}", now)
    if rule.cancels:
        _cancel_queued(connection, case.debtor_id, rule, now)
    return hold_id


def close_case(
    connection: Connection, hold_id: int, debtor_id: int, record: Record, role: Role, now: datetime, by: str
) -> None:
    """Let outreach go on: whoever does it has the role for it and recorded what the case's way out asks for.

    Holds that are no cases (manual ones, for instance) need no record. Raises NoSuchHold, NotAllowed, NotRecorded.
    """
    debtors.lock(connection, [debtor_id])
    reason = cases.reason_of_hold(connection, hold_id, debtor_id, now)
    if reason is None:
        raise NoSuchHold("This hold has ended already.")
    if agreement := cases.agreement_of_hold(connection, hold_id):
        raise NotAllowed(f"This hold stands for a {agreement}: cancel the {agreement} (outreach {agreement} cancel).")
    case = cases.of_hold(connection, hold_id, debtor_id, now)
    kind = case.kind if case else OF_REASON.get(reason)
    if kind is None:
        holds.release(connection, hold_id, debtor_id, now, by)
        return
    rule = RULES[kind]
    _check_role(rule, role)
    where = cases.whereabouts(connection, debtor_id)
    dispute = disputes.of_case(connection, case.id) if case else None
    record = _with_verification(record, dispute)
    way = way_out(rule, record, now, where.zones)
    told = _told(way, record)
    if case is not None:
        cases.record(connection, case.id, way.name, told)
    if dispute is not None and dispute.open:
        _decide(connection, dispute, STATE_OF_WAY[way.name], record, now, by)
    holds.release(connection, hold_id, debtor_id, now, by, told)
    if case is not None:
        journal.close_tasks(connection, cases.open_tasks(connection, case.id, debtor_id), now)


def decide(connection: Connection, dispute: Dispute, state: DisputeState, note: str, now: datetime, by: str) -> None:
    """Say how a dispute was decided; its hold stays. The caller holds the debtor's lock."""
    _decide(connection, dispute, state, Record(note=note), now, by)


def _known(connection: Connection, case: NewCase, now: datetime) -> OpenCase | None:
    concerned = _concerned(case)
    for one in cases.of_debtor(connection, case.debtor_id, now):
        if one.kind is case.kind and (one.covers_debtor or (concerned is not None and one.account_id == concerned)):
            return one
    return None


def _concerned(case: NewCase) -> int | None:
    """The account that stops; None for all of the debtor's."""
    return None if case.whole_debtor or RULES[case.kind].scope is Scope.DEBTOR else case.account_id


def _add_to(connection: Connection, known: OpenCase, case: NewCase, now: datetime, by: str) -> None:
    if case.reply_id is not None and case.reply_id == known.reply_id:
        return
    if case.ends_at is not None and case.ends_at != known.ends_at:
        runs = clock(RULES[known.kind], now, now, cases.whereabouts(connection, known.debtor_id), case.ends_at)
        cases.set_clock(connection, known.id, runs.review_at, runs.ends_at)
        debtors.touch(connection, [known.debtor_id])
        enrolments.look_now_at_debtors(connection, [known.debtor_id], now)
    data = {"case": known.kind.value, "note": case.text[:LONGEST_NOTE]}
    _tell(connection, known.debtor_id, known.concerns, "case_added", data, now, by)
    if not cases.attend(connection, [f"case:{known.id}"], case.reply_id):
        again = f"case:{known.id}:{case.reply_id or case.at.isoformat()}"
        _give(connection, case, case.account_id or known.account_id, again, now)


def _contest(
    connection: Connection, case: NewCase, case_id: int, zones: tuple[str, ...], now: datetime, by: str
) -> None:
    disputed = case.disputed or Disputed(reason_of(case.kind))
    account_id = _concerned(case)
    within = any(received_within(one, case.at, zones) for one in cases.terms(connection, case.debtor_id, account_id))
    row = {
        "case_id": case_id,
        "debtor_id": case.debtor_id,
        "account_id": account_id,
        "state": DisputeState.RAISED.value,
        "reason": disputed.reason.value,
        "source": case.source[:100],
        "text": case.text,
        "amount_minor": disputed.amount_minor,
        "items": list(disputed.items) or None,
        "received_at": case.at,
        "within_validation": within,
    }
    disputes.add(connection, row)
    data = {"contested": disputed.reason.value, "note": case.text[:LONGEST_NOTE], "within_validation": within}
    _tell(connection, case.debtor_id, account_id, "disputed", data, now, by)


def _decide(
    connection: Connection, dispute: Dispute, state: DisputeState, record: Record, now: datetime, by: str
) -> None:
    changes: dict[str, Any] = {"state": state.value, "resolved_at": now, "resolved_by": by, "note": record.note}
    if record.on is not None and dispute.verification_sent_on is None and state is DisputeState.REJECTED:
        changes |= {"verification_sent_on": record.on, "verification_how": record.how[:100]}
    disputes.change(connection, dispute.id, **changes)
    data = {"state": state.value, "contested": dispute.reason.value, "note": record.note}
    _tell(connection, dispute.debtor_id, dispute.account_id, "dispute_resolved", data, now, by)


def _with_verification(record: Record, dispute: Dispute | None) -> Record:
    """The record, with the verification that was recorded before."""
    if dispute is None or dispute.verification_sent_on is None:
        return record
    way = record.way or "verified"
    if way != "verified":
        return record
    return Record(
        way, record.on or dispute.verification_sent_on, record.how or dispute.verification_how, record.who, record.note
    )


def _check_role(rule: CaseRule, role: Role) -> None:
    needed = ROLE_OF[rule.authority]
    if not role.may(needed):
        raise NotAllowed(
            f"Only {rule.authority.value} may let outreach go on after {rule.kind.value.replace('_', ' ')}: "
            f"ask somebody with the role {needed.value}."
        )


def _told(way: Way, record: Record) -> dict[str, Any]:
    """What was recorded, as a timeline and the case keep it."""
    kept = {key: value for key, value in asdict(record).items() if value and key != "way"}
    return {**kept, "way": way.name, **({"on": record.on.isoformat()} if record.on else {})}


def _first_account(connection: Connection, debtor_id: int) -> int | None:
    """At which account a task is shown where nobody knows which one is meant."""
    return min((id_ for id_, _ in journal.accounts_of(connection, [debtor_id])), default=None)


def _give(connection: Connection, case: NewCase, account_id: int | None, cause: str, now: datetime) -> None:
    rule = RULES[case.kind]
    task = NewTask(
        kind=rule.task,
        title=rule.title,
        dedupe=cause,
        created_at=now,
        account_id=account_id,
        debtor_id=case.debtor_id,
        reply_id=case.reply_id,
    )
    journal.add_tasks(connection, [task])


def _cancel_queued(connection: Connection, debtor_id: int, rule: CaseRule, now: datetime) -> None:
    """Take back what was planned before: the hold would only put it off (RF-35)."""
    reason = f"on hold: {rule.hold.value.replace('_', ' ')}"
    queued = [one for channel in SENT_CHANNELS for one in notices.planned_for(connection, [debtor_id], channel)]
    moves = [Move(one.id, NoticeState.PLANNED, NoticeState.CANCELLED, reason, ended_at=now) for one in queued]
    notices.move(connection, moves, now)


def _tell(
    connection: Connection,
    debtor_id: int,
    account_id: int | None,
    kind: str,
    data: Mapping[str, Any],
    now: datetime,
    by: str,
) -> None:
    everywhere = [id_ for id_, _ in journal.accounts_of(connection, [debtor_id])]
    concerned = everywhere if account_id is None else [account_id]
    journal.tell(connection, [Entry(id_, now, kind, dict(data), by) for id_ in concerned])
