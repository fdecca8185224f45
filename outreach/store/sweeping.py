"""Finds what is stuck: bounded, by an index, and safe to run on two machines at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, String, or_, select, update

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.store.batch import values
from outreach.store.outbox import notices
from outreach.store.types import Instant


def to_dispatch(
    connection: Connection, now: datetime, machine_now: datetime, queued_until: datetime, limit: int
) -> dict[Channel, list[str]]:
    """Mark planned notices whose time has come as queued and return their ids by channel, the oldest first.

    One that is queued already is left to its worker until `queued_until` has passed (machine time).
    """
    free = (
        select(notices.c.id)
        .where(
            notices.c.state == NoticeState.PLANNED,
            ~notices.c.needs_approval,
            notices.c.not_before <= now,
            or_(notices.c.queued_until.is_(None), notices.c.queued_until <= machine_now),
        )
        .order_by(notices.c.not_before)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(notices)
        .where(notices.c.id.in_(free))
        .values(queued_until=queued_until)
        .returning(notices.c.id, notices.c.channel)
    )
    found: dict[Channel, list[str]] = {}
    for row in connection.execute(statement):
        found.setdefault(Channel(row.channel), []).append(row.id)
    return {channel: sorted(ids) for channel, ids in found.items()}


def lost(connection: Connection, state: NoticeState, machine_now: datetime, limit: int) -> list[str]:
    """Ids of claimed or sending notices whose worker's lease has run out."""
    query = (
        select(notices.c.id)
        .where(
            notices.c.state.in_([NoticeState.CLAIMED.value, NoticeState.SENDING.value]),
            notices.c.state == state,
            notices.c.lease_until <= machine_now,
        )
        .order_by(notices.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(connection.scalars(query))


def to_ask_about(connection: Connection, machine_now: datetime, limit: int) -> list[str]:
    """Ids of uncertain notices about which it is time to ask the provider, the oldest first."""
    query = (
        select(notices.c.id)
        .where(
            notices.c.state == NoticeState.UNCERTAIN,
            or_(notices.c.lease_until.is_(None), notices.c.lease_until <= machine_now),
        )
        .order_by(notices.c.started_at)
        .limit(limit)
    )
    return list(connection.scalars(query))


def ask_later(connection: Connection, times: Mapping[str, datetime]) -> None:
    """When (machine time) to ask about uncertain notices again."""
    if not times:
        return
    rows = [{"id": id_, "until": until} for id_, until in times.items()]
    v = values(connection, rows, {"id": String, "until": Instant()})
    connection.execute(
        update(notices)
        .where(notices.c.id == v.c.id, notices.c.state == NoticeState.UNCERTAIN)
        .values(lease_until=v.c.until)
    )
