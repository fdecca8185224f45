"""Finds what is stuck: bounded, by an index, and safe to run on two machines at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, literal_column, or_, select, update

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState
from outreach.store.batch import as_is, values
from outreach.store.outbox import inbox, notices
from outreach.store.types import Instant


def _is(column: ColumnElement[Any], state: str) -> ColumnElement[bool]:
    """`column = 'state'`, the state written out: no database uses a partial index for a state that is a parameter."""
    return column == literal_column(f"'{state}'")


_PLANNED = _is(notices.c.state, NoticeState.PLANNED.value)


def to_dispatch(connection: Connection, channel: Channel, now: datetime, limit: int) -> dict[str, str | None]:
    """The first `limit` planned notices of a channel whose time has come, in order: id -> its last claim's token."""
    query = (
        select(notices.c.id, notices.c.claim_token)
        .where(_PLANNED, ~notices.c.needs_approval, notices.c.channel == channel.value, notices.c.not_before <= now)
        # By id, too: many have the same time, and a line whose order changed at each look would have no first.
        .order_by(notices.c.not_before, notices.c.id)
        .limit(limit)
    )
    return {row.id: row.claim_token for row in connection.execute(query).all()}


def strays(connection: Connection, known: Sequence[Channel], now: datetime, limit: int) -> list[tuple[str, str]]:
    """(id, channel's word) of planned notices whose time has come and whose channel is none of those `known`."""
    due = (_PLANNED, ~notices.c.needs_approval, notices.c.not_before <= now)
    unknown = notices.c.channel.not_in([channel.value for channel in known])
    return [
        (row.id, row.channel)
        for row in connection.execute(select(notices.c.id, notices.c.channel).where(*due, unknown).limit(limit))
    ]


def lost(connection: Connection, state: NoticeState, machine_now: datetime, limit: int) -> list[str]:
    """Ids of claimed or sending notices whose worker's lease has run out."""
    query = (
        select(notices.c.id)
        .where(_is(notices.c.state, state.value), notices.c.lease_until <= machine_now)
        .order_by(notices.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(connection.scalars(query))


def to_settle(connection: Connection, machine_now: datetime, look_until: datetime, limit: int) -> list[int]:
    """Ids of inbox rows that the broker has not brought to an actor in time, left alone until `look_until`."""
    overdue = (
        select(inbox.c.id)
        .where(_is(inbox.c.state, "received"), inbox.c.look_until <= machine_now)
        .order_by(inbox.c.look_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = update(inbox).where(inbox.c.id.in_(overdue)).values(look_until=look_until)
    return sorted(connection.scalars(statement.returning(inbox.c.id)))


def to_ask_about(connection: Connection, machine_now: datetime, until: datetime, limit: int) -> list[str]:
    """Ids of uncertain notices about which it is time to ask, the oldest first; none comes again before `until`."""
    due = (
        select(notices.c.id)
        .where(
            _is(notices.c.state, NoticeState.UNCERTAIN.value),
            or_(notices.c.lease_until.is_(None), notices.c.lease_until <= machine_now),
        )
        .order_by(notices.c.started_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = update(notices).where(notices.c.id.in_(due)).values(lease_until=until)
    return sorted(connection.scalars(statement.returning(notices.c.id)))


def ask_later(connection: Connection, times: Mapping[str, datetime]) -> None:
    """When (machine time) to ask about uncertain notices again."""
    if not times:
        return
    rows = [{"id": id_, "until": until} for id_, until in times.items()]
    v = values(connection, rows, {"id": String, "until": Instant()})
    connection.execute(
        update(notices)
        .where(notices.c.id == v.c.id, as_is(notices.c.state) == NoticeState.UNCERTAIN.value)
        .values(lease_until=v.c.until)
    )
