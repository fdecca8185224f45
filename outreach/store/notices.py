"""Notices: planned once, claimed by compare-and-set, moved only along the table of moves, each move logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState, may_move
from outreach.store import notice_statements as statements
from outreach.store.batch import among
from outreach.store.notice_rows import Move, NewNotice, Notice
from outreach.store.notice_statements import LONGEST_REASON
from outreach.store.outbox import notices

#: Where they stand in the rows that `read` reads.
_CHANNEL, _STATE = (list(Notice.__dataclass_fields__).index(name) for name in ("channel", "state"))


class IllegalMove(ValueError):
    """A program error: the table of moves does not allow it."""


def plan(connection: Connection, new: Sequence[NewNotice]) -> list[str]:
    """Insert planned notices; a position that is taken stays as it is. Returns the ids that were inserted."""
    if not new:
        return []
    inserted = list(connection.scalars(statements.plan(connection), {"v": new}))
    planned_at = {notice.id: notice.planned_at for notice in new}
    log(connection, [{"notice_id": id_, "at": planned_at[id_], "state": NoticeState.PLANNED} for id_ in inserted])
    return inserted


def claim(
    connection: Connection, ids: Sequence[str], token: str, now: datetime, lease_until: datetime
) -> Sequence[Row[Any]]:
    """Take the planned ones of `ids` whose time has come: compare-and-set under a fresh token and a lease.

    `now` is business time, `lease_until` machine time. What another worker holds is skipped, not waited for.
    The rows are for `read`: one that cannot be read must not keep the others from being claimed.
    """
    parameters = {"ids": ids, "token": token, "now": now, "lease_until": lease_until}
    return connection.execute(statements.claim(connection), parameters).all()


def move(connection: Connection, moves: Sequence[Move], at: datetime) -> set[str]:
    """Make the moves whose notice is still in `old` (and still ours), log them, and return the ids that moved.

    Raises IllegalMove before anything is written.
    """
    if not moves:
        return set()
    for one in moves:
        if not may_move(one.old, one.new):
            raise IllegalMove(f"{one.old} -> {one.new}")
    parameters = {"v": moves, "ids": [one.id for one in moves]}
    moved = set(connection.scalars(statements.move(connection), parameters))
    log(connection, [_event(one, at) for one in moves if one.id in moved])
    return moved


def _event(one: Move, at: datetime) -> dict[str, Any]:
    return {
        "notice_id": one.id,
        "at": at,
        "state": one.new,
        "attempt": one.attempt or 0,
        "provider": one.provider or "",
        "reason": one.reason[:LONGEST_REASON],
        "word": one.word,
        "code": one.code[:60],
    }


def log(connection: Connection, events: Sequence[dict[str, Any]]) -> None:
    """Append to the notices' log: moves, and (with `what` and `applied`) events that moved nothing."""
    if not events:
        return
    blank = {"what": "move", "attempt": 0, "provider": "", "word": "", "reason": "", "code": "", "applied": True}
    connection.execute(statements.log(connection), {"v": [blank | event for event in events]})


def get(connection: Connection, ids: Sequence[str], *, lock: bool = False) -> dict[str, Notice]:
    """Notices by id, locked in id order for this transaction when asked."""
    rows = connection.execute(statements.locked(connection) if lock else statements.by_id(connection), {"ids": ids})
    return {row.id: read(row) for row in rows.all()}


def existing(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that are notices of ours."""
    return set(connection.scalars(statements.existing(connection), {"ids": ids}))


def ids_by_ref(connection: Connection, refs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Notice ids by (provider, the provider's own reference)."""
    query = select(notices.c.id, notices.c.provider, notices.c.provider_ref).where(
        among(connection, notices.c.provider_ref, [ref for _, ref in refs])
    )
    found = {(row.provider, row.provider_ref): row.id for row in connection.execute(query)}
    return {key: found[key] for key in refs if key in found}


def read(row: Row[Any]) -> Notice:
    """A notice from its row."""
    fields = list(row)
    fields[_CHANNEL], fields[_STATE] = Channel(row.channel), NoticeState(row.state)
    return Notice(*fields)


def planned_for(connection: Connection, debtor_ids: Sequence[int], channel: Channel) -> list[Notice]:
    """The planned notices of some debtors on one channel, locked for this transaction."""
    query = (
        select(*statements.columns())
        .where(
            among(connection, notices.c.debtor_id, debtor_ids),
            notices.c.state == NoticeState.PLANNED,
            notices.c.channel == channel,
        )
        .order_by(notices.c.id)
        .with_for_update()
    )
    return [read(row) for row in connection.execute(query)]


def latest_to(connection: Connection, debtor_ids: Sequence[int], channel: Channel) -> dict[int, Notice]:
    """The notice that each debtor got last on a channel."""
    query = (
        select(*statements.columns())
        .where(
            among(connection, notices.c.debtor_id, debtor_ids),
            notices.c.channel == channel,
            notices.c.started_at.is_not(None),
        )
        .order_by(notices.c.debtor_id, notices.c.started_at)
    )
    return {row.debtor_id: read(row) for row in connection.execute(query)}
