"""Reconcile: what became of attempts whose outcome nobody knows. The provider is asked; nothing is sent blindly."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from outreach.domain.event import EventKind
from outreach.domain.notice import STATE_OF_EVENT, NoticeState
from outreach.domain.sending import Attempt, Finding, Found, Provider, SendError, SendRequest
from outreach.flow import aftermath, setting_aside
from outreach.flow.desk import Desk
from outreach.flow.isolating import by_halves
from outreach.store import contents, notices, sweeping
from outreach.store.contents import Sent
from outreach.store.engine import reading
from outreach.store.notice_rows import Move, Notice

log = logging.getLogger(__name__)

#: A provider that lists no such message is believed only after this time (machine time): lists lag behind.
GRACE = timedelta(minutes=10)
#: The first wait between two questions; it grows with the age of the attempt.
FIRST_WAIT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class _Doubt:
    """A notice in doubt, with all that is needed to ask about it. `age`: of its attempt when the provider is asked,
    however long the answer takes (machine time)."""

    notice: Notice
    age: timedelta
    provider: Provider
    request: SendRequest


@dataclass(frozen=True, slots=True)
class _Answer:
    """A notice that was uncertain when it was read, and what is known of it now; no move while nothing is."""

    notice: Notice
    move: Move | None


def reconcile(desk: Desk, ids: Sequence[str]) -> int:
    """Ask about those of `ids` that are uncertain; returns how many are certain now.

    One that cannot be read, or whose answer cannot be recorded, is set aside and stays uncertain.
    """
    read, unreadable = by_halves(partial(_read, desk), ids)
    uncertain = [pair for part in read for pair in part]
    doubts = [doubt for notice, said in uncertain if (doubt := _doubt(desk, notice, said)) is not None]
    now = desk.clock.now()
    moves = {
        move.id: move
        for doubt, finding in zip(doubts, desk.pool.map(_ask, doubts), strict=True)
        if (move := _move(doubt, finding, now)) is not None
    }
    answers = [_Answer(notice, moves.get(notice.id)) for notice, _ in uncertain]
    recorded, refused = by_halves(partial(_record, desk), answers)
    poisoned = [*unreadable, *(one.of(one.row.notice.id) for one in refused)]
    if poisoned:
        with desk.engine.begin() as connection:
            setting_aside.in_doubt(connection, poisoned, NoticeState.UNCERTAIN, now, desk.clock.machine())
    return sum(recorded)


def _read(desk: Desk, ids: Sequence[str]) -> list[tuple[Notice, Sent | None]]:
    with reading(desk.engine) as connection:
        known = notices.get(connection, ids)
        uncertain = [one for one in known.values() if one.state is NoticeState.UNCERTAIN]
        said = contents.said(connection, [one.id for one in uncertain])
    return [(one, said.get(one.id)) for one in uncertain]


def _record(desk: Desk, answers: Sequence[_Answer]) -> int:
    moves = [one.move for one in answers if one.move is not None]
    still = {one.notice.id: _next_question(desk, one.notice) for one in answers if one.move is None}
    with desk.engine.begin() as connection:
        known = {one.notice.id: one.notice for one in answers}
        moved = aftermath.apply(connection, desk, moves, known, desk.clock.now())
        sweeping.ask_later(connection, still)
    return len(moved)


def _doubt(desk: Desk, notice: Notice, said: Sent | None) -> _Doubt | None:
    route = desk.routes.get(notice.channel, ())
    provider = next((one for one in route if one.name == notice.provider), None)
    if provider is None or said is None or notice.started_at is None:
        return None
    request = SendRequest(
        attempt_id=str(Attempt(notice.id, notice.attempts)),
        channel=notice.channel,
        to=said.recipient,
        content=said.content,
        sender=said.sender,
        started_at=notice.started_at,
        not_after=notice.send_by,
    )
    return _Doubt(notice, _age(desk, notice), provider, request)


def _ask(doubt: _Doubt) -> Finding:
    try:
        return doubt.provider.find(doubt.request)
    except SendError:
        return Finding(Found.CANNOT_TELL)
    except Exception:
        log.exception("provider %s cannot be asked about %s", doubt.provider.name, doubt.request.attempt_id)
        return Finding(Found.CANNOT_TELL)


def _move(doubt: _Doubt, finding: Finding, now: datetime) -> Move | None:
    """The answer is about one attempt: with the token of its claim it moves nothing once there is another."""
    notice = doubt.notice
    if finding.found is Found.YES:
        state = STATE_OF_EVENT.get(finding.kind or EventKind.ACCEPTED, NoticeState.SENT)
        why, token = "found at the provider", notice.claim_token
        return Move(notice.id, NoticeState.UNCERTAIN, state, why, token=token, provider_ref=finding.ref)
    if finding.found is Found.NO and doubt.age >= GRACE:
        why, token = "the provider has no such message", notice.claim_token
        return Move(notice.id, NoticeState.UNCERTAIN, NoticeState.PLANNED, why, token=token, not_before=now)
    return None


def _age(desk: Desk, notice: Notice) -> timedelta:
    """The machine time since the attempt: a provider's list is no faster where a demonstration's days are."""
    machine_now = desk.clock.machine()
    return machine_now - (desk.clock.machine_at(notice.started_at) if notice.started_at else machine_now)


def _next_question(desk: Desk, notice: Notice) -> datetime:
    return desk.clock.machine() + max(FIRST_WAIT, _age(desk, notice) / 2)
