"""What people do in the console, each as one transaction that leaves its trace in a log or a timeline.

Every function takes `by`, the e-mail address of who does it, and `now` (business time, aware UTC).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine

from outreach.domain.account import HoldReason
from outreach.domain.notice import NoticeState
from outreach.store import debtors, enrolments, interventions, journal, notices
from outreach.store.journal import Entry

#: Holds whose days do not age the debt: the debtor contests it, or the law stops the clock (dunning.md, Hold).
FREEZING = frozenset({HoldReason.DISPUTE, HoldReason.BANKRUPTCY, HoldReason.VALIDATION_PERIOD})


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
    reason: HoldReason,
    by: str,
    now: datetime,
    *,
    note: str = "",
    ends_at: datetime | None = None,
    whole_debtor: bool = False,
) -> None:
    """Stop outreach on an account, or on all of its debtor's, until `ends_at` (None: until released).

    Raises Unknown for an unknown account.
    """
    with engine.begin() as connection:
        account_id, debtor_id = _locked(connection, account_ref)
        interventions.add_hold(
            connection,
            debtor_id,
            None if whole_debtor else account_id,
            reason,
            source=by,
            note=note,
            starts_at=now,
            ends_at=ends_at,
            freezes_dpd=reason in FREEZING,
            created_at=now,
        )
        data = {"reason": reason.value, "note": note, "until": ends_at.isoformat() if ends_at else None}
        _changed(connection, debtor_id, None if whole_debtor else account_id, "hold_placed", data, by, now)


def release_hold(engine: Engine, account_ref: str, hold_id: int, by: str, now: datetime) -> None:
    """End a hold now. Raises Unknown when it has ended or is not this debtor's."""
    with engine.begin() as connection:
        _, debtor_id = _locked(connection, account_ref)
        ended = interventions.end_hold(connection, hold_id, debtor_id, now)
        if ended is None:
            raise Unknown("This hold has ended already.")
        reason, account_id = ended
        _changed(connection, debtor_id, account_id, "hold_released", {"reason": reason}, by, now)


def pause_campaign(engine: Engine, campaign: str, *, paused: bool) -> None:
    """Pause or resume a campaign. Raises Unknown."""
    with engine.begin() as connection:
        if not interventions.set_paused(connection, campaign, paused=paused):
            raise Unknown(f"There is no campaign {campaign}.")


def close_task(engine: Engine, task_id: int, by: str, now: datetime) -> None:
    """Mark a task as done. Raises Unknown when it is not open."""
    with engine.begin() as connection:
        closed = interventions.close_task(connection, task_id, now)
        if closed is None:
            raise Unknown("This task is closed already.")
        title, account_id = closed
        if account_id is not None:
            journal.tell(connection, [Entry(account_id, now, "task_closed", {"title": title}, by)])


def _log_approval(connection: Connection, ids: list[str], now: datetime) -> int:
    approved = {"at": now, "what": "approved", "state": NoticeState.PLANNED.value}
    notices.log(connection, [{"notice_id": id_, **approved} for id_ in ids])
    return len(ids)


def _locked(connection: Connection, account_ref: str) -> tuple[int, int]:
    found = interventions.debtor_of(connection, account_ref)
    if found is None:
        raise Unknown(f"There is no account {account_ref}.")
    return found


def _changed(
    connection: Connection,
    debtor_id: int,
    account_id: int | None,
    kind: str,
    data: dict[str, str | None],
    by: str,
    now: datetime,
) -> None:
    debtors.touch(connection, [debtor_id])
    enrolments.look_now_at_debtors(connection, [debtor_id], now)
    everywhere = [id_ for id_, _ in journal.accounts_of(connection, [debtor_id])]
    concerned = everywhere if account_id is None else [account_id]
    journal.tell(connection, [Entry(id_, now, kind, dict(data), by) for id_ in concerned])
