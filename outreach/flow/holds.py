"""Holds: outreach on an account, or on all of its debtor's, stops, goes on, and every timeline tells why.

Each takes a connection and is part of its caller's transaction. The debtor's row is locked first, so that no message
that was decided before leaves afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import HoldReason
from outreach.domain.case_rules import RULES
from outreach.store import cases, debtors, enrolments, interventions, journal
from outreach.store.journal import Entry

#: Holds whose days do not age the debt: the debtor contests it, or the law stops the clock (dunning.md, Hold).
FREEZING = frozenset({HoldReason.VALIDATION_PERIOD, *(rule.hold for rule in RULES.values() if rule.freezes_dpd)})


@dataclass(frozen=True, slots=True)
class NewHold:
    """A hold to place from now on. Without an account it stops all of the debtor's.

    `ends_at` is aware UTC, None until released. `source` says by what or whom: "reply", "page", "import", or the
    e-mail address of a person of ours.
    """

    debtor_id: int
    account_id: int | None
    reason: HoldReason
    source: str
    note: str = ""
    ends_at: datetime | None = None


def place(connection: Connection, hold: NewHold, now: datetime, by: str = "") -> int:
    """Place a hold and return its id. `by` is the person of ours who does it, '' for the debtor or the machine."""
    debtors.lock(connection, [hold.debtor_id])
    hold_id = interventions.add_hold(
        connection,
        hold.debtor_id,
        hold.account_id,
        hold.reason,
        source=hold.source[:100],
        note=hold.note,
        starts_at=now,
        ends_at=hold.ends_at,
        freezes_dpd=hold.reason in FREEZING,
        created_at=now,
    )
    data = {"reason": hold.reason.value, "note": hold.note, "until": hold.ends_at.isoformat() if hold.ends_at else None}
    _changed(connection, hold.debtor_id, hold.account_id, "hold_placed", data, by, now)
    return hold_id


def release(
    connection: Connection,
    hold_id: int,
    debtor_id: int,
    now: datetime,
    by: str = "",
    recorded: Mapping[str, Any] | None = None,
) -> bool:
    """End a hold now, and the case that it belongs to; whether it was this debtor's and had not ended.

    `recorded`: what its end is told with. Whether a person may end it, flow/cases.py decides.
    """
    debtors.lock(connection, [debtor_id])
    ended = interventions.end_hold(connection, hold_id, debtor_id, now)
    if ended is None:
        return False
    reason, account_id = ended
    cases.end(connection, [hold_id], now, by)
    _changed(connection, debtor_id, account_id, "hold_released", {"reason": reason, **(recorded or {})}, by, now)
    return True


def _changed(
    connection: Connection,
    debtor_id: int,
    account_id: int | None,
    kind: str,
    data: Mapping[str, Any],
    by: str,
    now: datetime,
) -> None:
    debtors.touch(connection, [debtor_id])
    enrolments.look_now_at_debtors(connection, [debtor_id], now)
    everywhere = [id_ for id_, _ in journal.accounts_of(connection, [debtor_id])]
    concerned = everywhere if account_id is None else [account_id]
    journal.tell(connection, [Entry(id_, now, kind, dict(data), by) for id_ in concerned])
