"""The statements of notices that run for every batch, built once for each database."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Integer, Select, String, bindparam, func, insert, literal, select, true, update

from outreach.domain.notice import NoticeState
from outreach.store.batch import as_is, insert_of, joined, one_of, prebuilt, rows_of
from outreach.store.notice_rows import Notice
from outreach.store.outbox import notice_events, notices
from outreach.store.types import Document, Instant, Key

#: Characters of a reason that are kept.
LONGEST_REASON = 200

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
    "not_before": Instant(),
    "service": Document,
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


@prebuilt
def plan(dialect: str) -> Any:
    """Insert new notices (v), planned; a position that is taken stays as it is."""
    source = rows_of(dialect, _NEW)
    picked = [source.c[name] for name in _NEW if name != "not_before"]
    due_at = func.coalesce(source.c.not_before, source.c.planned_at)
    return (
        insert_of(dialect, notices)
        .from_select(
            [*(name for name in _NEW if name != "not_before"), "state", "not_before"],
            select(*picked, literal(NoticeState.PLANNED.value), due_at).where(true()),
        )
        .on_conflict_do_nothing()
        .returning(notices.c.id)
    )


@prebuilt
def claim(dialect: str) -> Any:
    """Take those of `ids` that are planned and due at `now`, under `token` until `lease_until`."""
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
        )
        .returning(*columns())
    )


@prebuilt
def move(dialect: str) -> Any:
    """Make the moves (v; their `ids`) whose notice is still in `old`, and still under `token` where one is named."""
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


@prebuilt
def log(dialect: str) -> Any:
    """Append entries (v) to the notices' log."""
    source = rows_of(dialect, _EVENT)
    return insert(notice_events).from_select([*_EVENT], select(*(source.c[name] for name in _EVENT)))


@prebuilt
def by_id(dialect: str) -> Select[Any]:
    """Notices by `ids`, in their order."""
    return select(*columns()).where(one_of(dialect, notices.c.id)).order_by(notices.c.id)


@prebuilt
def locked(dialect: str) -> Select[Any]:
    """The same, locked for the transaction."""
    return select(*columns()).where(one_of(dialect, notices.c.id)).order_by(notices.c.id).with_for_update()


@prebuilt
def existing(dialect: str) -> Select[Any]:
    """Those of `ids` that are notices."""
    return select(notices.c.id).where(one_of(dialect, notices.c.id))


def columns() -> list[Any]:
    """What `read` reads."""
    return [notices.c[name] for name in Notice.__dataclass_fields__]
