"""Delivery events, applied to their notices through the table of moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from outreach.domain.account import Quality
from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.message import Channel
from outreach.domain.notice import UNREACHED, WAITING, NoticeState, settle_event
from outreach.domain.sending import Attempt
from outreach.flow import aftermath, consent
from outreach.flow.desk import Desk
from outreach.store import debtors, notices
from outreach.store.notice_rows import Move, Notice
from outreach.store.settling import InboxRow

#: Side news that takes an address off our list: the spam button and the unsubscribe link mean stop.
_STOPS = frozenset({EventKind.COMPLAINED, EventKind.UNSUBSCRIBED})


@dataclass
class _Progress:
    """A notice while the events of a batch are applied to it one after the other."""

    notice: Notice
    state: NoticeState
    last: DeliveryEvent | None = None
    #: Log entries of events; the one that made the last move is not among them, for the move logs it.
    logged: list[dict[str, Any]] = field(default_factory=list)
    moved_by: dict[str, Any] | None = None


def apply(connection: Connection, desk: Desk, news: Sequence[tuple[InboxRow, DeliveryEvent, str]]) -> None:
    """Move the notices that the events are about, log every event, and keep what they teach of an address."""
    now = desk.clock.now()
    known = notices.get(connection, [notice_id for _, _, notice_id in news], lock=True)
    progress = {id_: _Progress(notice, notice.state) for id_, notice in known.items()}
    for row, event, notice_id in news:
        _advance(progress[notice_id], row, event, now)
    moves = [_move(one, now) for one in progress.values() if one.state is not one.notice.state]
    aftermath.apply(connection, desk, moves, known, now)
    notices.log(connection, [entry for one in progress.values() for entry in one.logged])
    _learn(connection, [(known[notice_id], event) for _, event, notice_id in news], now)


def apply_unmatched(connection: Connection, desk: Desk, provider: str, event: DeliveryEvent) -> None:
    """An unsubscribe that names an address but no message of ours counts all the same."""
    if event.kind in _STOPS and event.address:
        consent.stop(connection, Channel.EMAIL, event.address.casefold(), desk.clock.now(), provider)


def _advance(one: _Progress, row: InboxRow, event: DeliveryEvent, now: datetime) -> None:
    attempt = Attempt.parse(event.attempt_id or "")
    number = attempt.number if attempt else one.notice.attempts
    last = one.notice.attempts
    given_up = 0 < number < last or (0 < number == last and one.state in WAITING)
    new = settle_event(one.state, event.kind, given_up=given_up)
    if new is not None:
        one.state, one.last = new, event
    entry: dict[str, Any] = {
        "notice_id": one.notice.id,
        "at": event.occurred_at or now,
        "what": "event",
        "state": one.state,
        "attempt": number,
        "provider": row.provider,
        "word": event.word[:60],
        "reason": event.reason or "",
        "code": (event.code or "")[:60],
        "applied": new is not None,
    }
    displaced = one.moved_by if new is not None else entry
    if displaced is not None:
        one.logged.append(displaced)
    if new is not None:
        one.moved_by = entry


def _move(one: _Progress, now: datetime) -> Move:
    event = one.last
    assert event is not None
    return Move(
        one.notice.id,
        one.notice.state,
        one.state,
        (event.reason or "").replace("_", " "),
        provider_ref=event.ref,
        ended_at=now if one.state in UNREACHED or one.state is NoticeState.DELIVERED else None,
        word=event.word[:60],
        code=event.code or "",
    )


def _learn(connection: Connection, news: Sequence[tuple[Notice, DeliveryEvent]], now: datetime) -> None:
    """A permanent failure kills a contact point; a stop opts it out, and what is queued for it is cancelled."""
    dead = [
        notice.contact_point_id
        for notice, event in news
        if event.permanent
        and notice.contact_point_id is not None
        and settle_event(NoticeState.SENT, event.kind) in UNREACHED
    ]
    debtors.set_quality(connection, dead, Quality.UNDELIVERABLE)
    stops = [notice.contact_point_id for notice, event in news if event.kind in _STOPS and notice.contact_point_id]
    for kind, address in debtors.addresses(connection, stops).values():
        consent.stop(connection, kind, address, now, "unsubscribe")
