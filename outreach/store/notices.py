"""Notices: planned once, claimed by compare-and-set, moved only along the table of moves, each move logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, String, bindparam, func, insert, literal, select, true, update

from outreach.domain.message import Channel
from outreach.domain.notice import NoticeState, may_move
from outreach.store.batch import among, as_is, insert_of, joined, one_of, prebuilt, rows_of
from outreach.store.notice_rows import Move, NewNotice, Notice
from outreach.store.outbox import notice_events, notices
from outreach.store.types import Document, Instant, Key

#: Characters of a reason that are kept.
LONGEST_REASON = 200


class IllegalMove(ValueError):
    """A program error: the table of moves does not allow it."""


_NEW = {
    "id": String,
    "enrolment_id": Key,
    "account_id": Key,
    "debtor_id": Key,
    "campaign": String,
    "version_id": Key,
    "item_id": Key,
    "step": String,
    "cycle": Integer,
    "position": Integer,
    "channel": String,
    "template": String,
    "needs_approval": notices.c.needs_approval.type,
    "stands_in_for": String,
    "planned_at": Instant(),
}
_KEPT = {
    "not_before": Instant(),
    "send_by": Instant(),
    "contact_point_id": Key,
    "provider": String,
    "provider_ref": String,
    "segments": Integer,
    "decision": Document,
    "started_at": Instant(),
    "ended_at": Instant(),
}
_EVENT: dict[str, Any] = {
    "notice_id": String,
    "at": Instant(),
    "what": String,
    "state": String,
    "attempt": Integer,
    "provider": String,
    "word": String,
    "reason": String,
    "code": String,
    "applied": notice_events.c.applied.type,
}
_MOVE = {
    "id": String,
    "old": String,
    "new": String,
    "reason": String,
    "token": String,
    "attempt": Integer,
    "lease_until": Instant(),
    **_KEPT,
}


def plan(connection: Connection, new: Sequence[NewNotice]) -> list[str]:
    """Insert planned notices; a position that is taken stays as it is. Returns the ids that were inserted."""
    if not new:
        return []
    inserted = list(connection.scalars(_plan(connection), {"v": new}))
    planned_at = {notice.id: notice.planned_at for notice in new}
    log(connection, [{"notice_id": id_, "at": planned_at[id_], "state": NoticeState.PLANNED} for id_ in inserted])
    return inserted


@prebuilt
def _plan(dialect: str) -> Any:
    source = rows_of(dialect, _NEW)
    picked = [source.c[name] for name in _NEW]
    return (
        insert_of(dialect, notices)
        .from_select(
            [*_NEW, "state", "not_before"],
            select(*picked, literal(NoticeState.PLANNED.value), source.c.planned_at).where(true()),
        )
        .on_conflict_do_nothing()
        .returning(notices.c.id)
    )


def claim(
    connection: Connection, ids: Sequence[str], token: str, now: datetime, lease_until: datetime
) -> Sequence[Row[Any]]:
    """Take the planned ones of `ids` whose time has come: compare-and-set under a fresh token and a lease.

    `now` is business time, `lease_until` machine time. What another worker holds is skipped, not waited for.
    The rows are for `read`: one that cannot be read must not keep the others from being claimed.
    """
    parameters = {"ids": ids, "token": token, "now": now, "lease_until": lease_until}
    return connection.execute(_claim(connection), parameters).all()


@prebuilt
def _claim(dialect: str) -> Any:
    is_planned = as_is(notices.c.state) == NoticeState.PLANNED.value
    is_due = notices.c.not_before <= bindparam("now", type_=Instant())
    free = (
        select(notices.c.id)
        .where(one_of(dialect, notices.c.id), is_planned, ~notices.c.needs_approval, is_due)
        .with_for_update(skip_locked=True)
    )
    return (
        update(notices)
        .where(notices.c.id.in_(free), is_planned)
        .values(
            state=NoticeState.CLAIMED.value,
            claim_token=bindparam("token"),
            lease_until=bindparam("lease_until", type_=Instant()),
            queued_until=None,
        )
        .returning(*_columns())
    )


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
    moved = set(connection.scalars(_move(connection), parameters))
    log(connection, [_event(one, at) for one in moves if one.id in moved])
    return moved


@prebuilt
def _move(dialect: str) -> Any:
    v = rows_of(dialect, _MOVE)
    kept = {name: func.coalesce(v.c[name], notices.c[name]) for name in _KEPT}
    return (
        update(notices)
        .where(
            joined(dialect, notices.c.id, v.c.id),
            notices.c.state == v.c.old,
            (v.c.token.is_(None)) | (notices.c.claim_token == v.c.token),
        )
        .values(
            state=v.c.new,
            reason=func.substr(v.c.reason, 1, LONGEST_REASON),
            lease_until=v.c.lease_until,
            attempts=func.coalesce(v.c.attempt, notices.c.attempts),
            **kept,
        )
        .returning(notices.c.id)
    )


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
    connection.execute(_log(connection), {"v": [blank | event for event in events]})


@prebuilt
def _log(dialect: str) -> Any:
    source = rows_of(dialect, _EVENT)
    return insert(notice_events).from_select([*_EVENT], select(*(source.c[name] for name in _EVENT)))


def get(connection: Connection, ids: Sequence[str], *, lock: bool = False) -> dict[str, Notice]:
    """Notices by id, locked in id order for this transaction when asked."""
    rows = connection.execute(_locked(connection) if lock else _by_id(connection), {"ids": ids})
    return {row.id: read(row) for row in rows}


@prebuilt
def _by_id(dialect: str) -> Select[Any]:
    return select(*_columns()).where(one_of(dialect, notices.c.id)).order_by(notices.c.id)


@prebuilt
def _locked(dialect: str) -> Select[Any]:
    return select(*_columns()).where(one_of(dialect, notices.c.id)).order_by(notices.c.id).with_for_update()


def existing(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that are notices of ours."""
    return set(connection.scalars(_existing(connection), {"ids": ids}))


@prebuilt
def _existing(dialect: str) -> Select[Any]:
    return select(notices.c.id).where(one_of(dialect, notices.c.id))


def ids_by_ref(connection: Connection, refs: Sequence[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Notice ids by (provider, the provider's own reference)."""
    query = select(notices.c.id, notices.c.provider, notices.c.provider_ref).where(
        among(connection, notices.c.provider_ref, [ref for _, ref in refs])
    )
    found = {(row.provider, row.provider_ref): row.id for row in connection.execute(query)}
    return {key: found[key] for key in refs if key in found}


def _columns() -> list[Any]:
    return [notices.c[name] for name in Notice.__dataclass_fields__]


def read(row: Row[Any]) -> Notice:
    """A notice from its row."""
    fields = row._asdict()
    fields["channel"], fields["state"] = Channel(row.channel), NoticeState(row.state)
    return Notice(**fields)


def planned_for(connection: Connection, debtor_ids: Sequence[int], channel: Channel) -> list[Notice]:
    """The planned notices of some debtors on one channel, locked for this transaction."""
    query = (
        select(*_columns())
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
        select(*_columns())
        .where(
            among(connection, notices.c.debtor_id, debtor_ids),
            notices.c.channel == channel,
            notices.c.started_at.is_not(None),
        )
        .order_by(notices.c.debtor_id, notices.c.started_at)
    )
    return {row.debtor_id: read(row) for row in connection.execute(query)}
