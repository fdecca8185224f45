"""Sweeps: what a lost broker message, a dead worker or a silent provider leaves behind is found again in seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.domain.notice import NoticeState
from outreach.flow import aftermath, setting_aside
from outreach.flow.admission import outstanding
from outreach.flow.desk import Desk
from outreach.flow.isolating import by_halves, each
from outreach.flow.window import Window
from outreach.store import notices, sweeping
from outreach.store.engine import reading
from outreach.store.notice_rows import Move

#: Rows that one sweep takes: the rest waits for the next, a second later.
LIMIT = 5_000
#: Notices of a channel that are, at most, with the broker and its workers at once: a backlog waits in the database, and
#: a broker that lost everything has little to be told again.
OUTSTANDING = {Channel.SMS: 4_000, Channel.EMAIL: 4_000, Channel.LETTER: 200}
#: How long what is outstanding is left to the workers before it is enqueued again (machine time).
PATIENCE = timedelta(seconds=10)
#: The same for questions to a provider, which may be slow.
ASKING_PATIENCE = timedelta(seconds=60)


def to_dispatch(desk: Desk, windows: Mapping[Channel, Window] | None = None) -> dict[Channel, list[str]]:
    """Ids of planned notices whose time has come, by channel, noted as outstanding. The caller enqueues them.

    `windows`: how many are outstanding at once; one who calls again and again keeps them from call to call.
    """
    now, machine_now = desk.clock.now(), desk.clock.machine()
    awake = [channel for channel in SENT_CHANNELS if not (windows and windows[channel].rests(machine_now))]
    most = {channel: windows[channel].size if windows else OUTSTANDING[channel] for channel in awake}
    most = {channel: outstanding(desk, channel, most[channel]) for channel in awake}
    with reading(desk.engine) as connection:
        due = {
            channel: sweeping.to_dispatch(connection, channel, now, most[channel]) for channel in awake if most[channel]
        }
    free: dict[Channel, list[str]] = {}
    for channel, found in due.items():
        free[channel], fresh = desk.outstanding.give(channel, found, machine_now, machine_now + PATIENCE)
        if windows:
            windows[channel].let_in(fresh, machine_now)
            windows[channel].looked(len(found), machine_now)
    return {channel: ids for channel, ids in free.items() if ids}


def set_strays_aside(desk: Desk) -> int:
    """Fail planned notices that no queue is for, because their channel is no word of ours; returns how many."""
    now = desk.clock.now()
    with reading(desk.engine) as connection:
        strays = sweeping.strays(connection, SENT_CHANNELS, now, LIMIT)
    _, poisoned = each(lambda stray: Channel(stray[1]), strays)
    if poisoned:
        with desk.engine.begin() as connection:
            claims = [Move(one.row[0], NoticeState.PLANNED, NoticeState.CLAIMED) for one in poisoned]
            notices.move(connection, claims, now)
            setting_aside.failed(connection, [one.of(one.row[0]) for one in poisoned], None, now)
    return len(poisoned)


def take_back_lost(desk: Desk) -> int:
    """Notices whose worker died: what it had claimed is planned again, what it was sending is uncertain."""
    now, machine_now = desk.clock.now(), desk.clock.machine()
    with desk.engine.begin() as connection:
        lost = [
            (id_, state)
            for state in (NoticeState.CLAIMED, NoticeState.SENDING)
            for id_ in sweeping.lost(connection, state, machine_now, LIMIT)
        ]
        taken_back, poisoned = by_halves(partial(_take_back, connection, desk, now), lost)
        claimed, sending = (
            [one.of(one.row[0]) for one in poisoned if one.row[1] is state]
            for state in (NoticeState.CLAIMED, NoticeState.SENDING)
        )
        setting_aside.failed(connection, claimed, None, now)
        setting_aside.in_doubt(connection, sending, NoticeState.SENDING, now, machine_now)
    return sum(taken_back)


def _take_back(connection: Connection, desk: Desk, now: datetime, lost: Sequence[tuple[str, NoticeState]]) -> int:
    reason = "its worker was lost"
    # With its old `not_before` what was claimed is the first in line again.
    new = {NoticeState.CLAIMED: NoticeState.PLANNED, NoticeState.SENDING: NoticeState.UNCERTAIN}
    moves = [Move(id_, state, new[state], reason) for id_, state in lost]
    with connection.begin_nested():
        known = notices.get(connection, [id_ for id_, _ in lost])
        return len(aftermath.apply(connection, desk, moves, known, now))


def to_settle(desk: Desk) -> list[int]:
    """Ids of inbox rows that nobody has settled in time. The caller enqueues them."""
    machine_now = desk.clock.machine()
    with desk.engine.begin() as connection:
        return sweeping.to_settle(connection, machine_now, machine_now + PATIENCE, LIMIT)


def to_reconcile(desk: Desk) -> list[str]:
    """Ids of uncertain notices about which it is time to ask. The caller enqueues them."""
    machine_now = desk.clock.machine()
    with desk.engine.begin() as connection:
        return sweeping.to_ask_about(connection, machine_now, machine_now + ASKING_PATIENCE, LIMIT)
