"""What becomes of cases by themselves: their time to be looked at comes, their pause ends, a correction comes in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.case_rules import RULES
from outreach.flow import holds
from outreach.store import case_reviews, cases, journal
from outreach.store.case_reviews import CaseAtHand
from outreach.store.journal import Entry, NewTask

#: Cases that one sweep takes: the rest waits for the next.
LIMIT = 500


def review_cases(engine: Engine, now: datetime) -> int:
    """Give each case whose time has come to a person, once, and close those whose pause is over; returns how many.

    A pause is looked at a day before it ends, so the task is there before outreach goes on. No other hold ends by
    itself.
    """
    with engine.begin() as connection:
        due = case_reviews.take_due(connection, now, LIMIT)
        journal.add_tasks(connection, [_task(case, now) for case in due])
        _tell(connection, due, "case_review", now)
        lapsed = case_reviews.take_lapsed(connection, now, LIMIT)
        _tell(connection, lapsed, "hold_ended", now)
    return len(due) + len(lapsed)


def corrected(connection: Connection, account_ids: Collection[int], now: datetime) -> None:
    """The creditor corrected accounts: what was stopped by disputes that were upheld goes on.

    The caller holds the locks of the accounts' debtors.
    """
    for case in case_reviews.upheld(connection, sorted(account_ids)) if account_ids else ():
        cases.record(connection, case.id, "corrected", {"way": "corrected", "note": "import"})
        holds.release(connection, case.hold_id, case.debtor_id, now, recorded={"way": "corrected"})
        journal.close_tasks(connection, cases.open_tasks(connection, case.id, case.debtor_id), now)


def _task(case: CaseAtHand, now: datetime) -> NewTask:
    rule = RULES[case.kind]
    return NewTask(
        kind=rule.task,
        title=f"Look again: {rule.title[0].lower()}{rule.title[1:]}",
        dedupe=f"case:{case.id}/{case.review_at:%Y%m%dT%H%M}",
        created_at=now,
        account_id=case.account_id,
        debtor_id=case.debtor_id,
    )


def _tell(connection: Connection, some: Sequence[CaseAtHand], kind: str, now: datetime) -> None:
    everywhere: dict[int, list[int]] = defaultdict(list)
    for account_id, debtor_id in journal.accounts_of(connection, [one.debtor_id for one in some]) if some else ():
        everywhere[debtor_id].append(account_id)
    entries = [
        Entry(account_id, now, kind, {"case": case.kind.value, "reason": RULES[case.kind].hold.value})
        for case in some
        for account_id in ([case.concerns] if case.concerns is not None else everywhere[case.debtor_id])
    ]
    journal.tell(connection, entries)
