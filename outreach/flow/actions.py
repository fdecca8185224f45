"""What people do in the console, each as one transaction that leaves its trace in a log or a timeline.

Every function takes `by`, the e-mail address of who does it, and `now` (business time, aware UTC).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.account import HoldReason
from outreach.domain.case import CaseKind, Record
from outreach.domain.case_rules import OF_REASON
from outreach.domain.notice import NoticeState
from outreach.flow import cases, holds
from outreach.flow.cases import NewCase
from outreach.flow.holds import NewHold
from outreach.store import interventions, notices
from outreach.store.users import Role


class Unknown(LookupError):
    """There is no such thing, or it is no longer in a state in which this can be done."""


def approve_notice(engine: Engine, notice_id: str, by: str, now: datetime) -> None:
    """Let one notice go. Raises Unknown when it does not wait for approval."""
    with engine.begin() as connection:
        if not _log_approval(connection, interventions.approve(connection, by, notice_id=notice_id), now):
            raise Unknown("This message no longer waits for approval.")


def approve_campaign(engine: Engine, campaign: str, up_to: str, by: str, now: datetime) -> int:
    """Let all notices of a campaign go that wait for approval, up to the id that was seen; returns how many."""
    with engine.begin() as connection:
        approved = interventions.approve(connection, by, campaign=campaign, up_to=up_to)
        return _log_approval(connection, approved, now)


def place_hold(
    engine: Engine,
    account_ref: str,
    reason: HoldReason | CaseKind,
    by: str,
    now: datetime,
    *,
    note: str = "",
    ends_at: datetime | None = None,
    whole_debtor: bool = False,
) -> int:
    """Stop outreach on an account, or on all of its debtor's; returns the hold's id.

    What a case is about (domain/case.py) opens that case: it ends by its way out, and `ends_at` is when a person looks
    at it. Other holds end at `ends_at` (None: until released). Raises Unknown for an unknown account.
    """
    with engine.begin() as connection:
        account_id, debtor_id = _locked(connection, account_ref)
        kind = reason if isinstance(reason, CaseKind) else OF_REASON.get(reason)
        if kind is not None:
            case = NewCase(kind, debtor_id, account_id, by, note, now, ends_at=ends_at, whole_debtor=whole_debtor)
            return cases.open_case(connection, case, now, by)
        concerned = None if whole_debtor else account_id
        return holds.place(connection, NewHold(debtor_id, concerned, HoldReason(reason), by, note, ends_at), now, by)


def release_hold(
    engine: Engine, account_ref: str, hold_id: int, by: str, now: datetime, role: Role, record: Record | None = None
) -> None:
    """End a hold now. Raises Unknown when it has ended or is not this debtor's, cases.NotAllowed for somebody without
    the role for it, and case.NotRecorded when what its way out asks for was not recorded."""
    with engine.begin() as connection:
        _, debtor_id = _locked(connection, account_ref)
        try:
            cases.close_case(connection, hold_id, debtor_id, record or Record(), role, now, by)
        except cases.NoSuchHold as error:
            raise Unknown(str(error)) from error


def pause_campaign(engine: Engine, campaign: str, *, paused: bool) -> None:
    """Pause or resume a campaign. Raises Unknown."""
    with engine.begin() as connection:
        if not interventions.set_paused(connection, campaign, paused=paused):
            raise Unknown(f"There is no campaign {campaign}.")


def _log_approval(connection: Connection, ids: list[str], now: datetime) -> int:
    approved = {"at": now, "what": "approved", "state": NoticeState.PLANNED.value}
    notices.log(connection, [{"notice_id": id_, **approved} for id_ in ids])
    return len(ids)


def _locked(connection: Connection, account_ref: str) -> tuple[int, int]:
    found = interventions.debtor_of(connection, account_ref)
    if found is None:
        raise Unknown(f"There is no account {account_ref}.")
    return found
