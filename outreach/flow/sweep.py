"""Sweeps: what a lost broker message, a dead worker or a silent provider leaves behind is found again in seconds."""

from __future__ import annotations

from datetime import timedelta

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.flow import aftermath
from outreach.flow.desk import Desk
from outreach.store import notices, settling, sweeping
from outreach.store.engine import reading
from outreach.store.notice_rows import Move

#: Rows that one sweep takes: the rest waits for the next, a second later.
LIMIT = 5_000
#: How long a queued notice is left to its worker before it is enqueued again (machine time).
QUEUE_PATIENCE = timedelta(seconds=30)


def to_dispatch(desk: Desk) -> dict[Channel, list[str]]:
    """Ids of planned notices whose time has come, by channel, marked as queued. The caller enqueues them."""
    machine_now = desk.clock.machine()
    with desk.engine.begin() as connection:
        return sweeping.to_dispatch(connection, desk.clock.now(), machine_now, machine_now + QUEUE_PATIENCE, LIMIT)


def take_back_lost(desk: Desk) -> int:
    """Notices whose worker died: what it had claimed is planned again, what it was sending is uncertain."""
    now, machine_now = desk.clock.now(), desk.clock.machine()
    with desk.engine.begin() as connection:
        claimed = sweeping.lost(connection, NoticeState.CLAIMED, machine_now, LIMIT)
        sending = sweeping.lost(connection, NoticeState.SENDING, machine_now, LIMIT)
        known = notices.get(connection, [*claimed, *sending])
        reason = "its worker was lost"
        moves = [Move(id_, NoticeState.CLAIMED, NoticeState.PLANNED, reason, not_before=now) for id_ in claimed]
        moves += [Move(id_, NoticeState.SENDING, NoticeState.UNCERTAIN, reason) for id_ in sending]
        return len(aftermath.apply(connection, desk, moves, known, now))


def to_settle(desk: Desk) -> list[int]:
    """Ids of inbox rows that nobody has settled in time. The caller enqueues them."""
    with reading(desk.engine) as connection:
        return settling.overdue(connection, desk.clock.machine(), LIMIT)


def to_reconcile(desk: Desk) -> list[str]:
    """Ids of uncertain notices about which it is time to ask. The caller enqueues them."""
    with reading(desk.engine) as connection:
        return sweeping.to_ask_about(connection, desk.clock.machine(), LIMIT)
