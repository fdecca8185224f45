"""Deliver: from planned to sent, for a batch of notices. The straight line of the house.

    claim -> facts, gate, render (drafting) -> admit (admission) -> start sending (commit)
    -> call the providers (calling) -> record

No transaction is open while a template renders, the PDF engine works or a provider is called. Whatever dies where,
a row says how far it got: `claimed` never left the house, `sending` may have.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection

from outreach.domain.notice import NoticeState, may_move
from outreach.domain.outcome import After, after_send
from outreach.domain.sending import Attempt, Outcome, SendRequest
from outreach.flow import aftermath, setting_aside
from outreach.flow.admission import CALL_WITHIN, admit
from outreach.flow.calling import Started, call_providers
from outreach.flow.desk import Desk
from outreach.flow.drafting import Draft, draft
from outreach.flow.isolating import by_halves, by_id, each
from outreach.flow.message import recipient, reply_to
from outreach.store import contents, debtors, notices
from outreach.store.contact_facts import contacted_at
from outreach.store.contents import Sent
from outreach.store.deferring import Deferral, defer
from outreach.store.notice_rows import Move, Notice


def deliver(desk: Desk, ids: Sequence[str]) -> int:
    """Deliver those of `ids` that are planned and due; returns how many calls to providers were made."""
    token = token_hex(16)
    with desk.engine.begin() as connection:
        rows = notices.claim(connection, ids, token, desk.clock.now(), desk.lease_until())
    if not rows:
        return 0
    claimed, unreadable = each(notices.read, rows)
    drafts, turned_back, undrafted = draft(desk, claimed)
    owned = [replace(move, token=token) for move in turned_back]
    _, stuck = by_halves(partial(_turn_back, desk, {one.id: one for one in claimed}), owned)
    setting_aside.fail(desk, by_id(unreadable, undrafted, stuck), token)
    return _in_groups(desk, drafts, token)


def _in_groups(desk: Desk, drafts: Sequence[Draft], token: str) -> int:
    """Dispatch group by group. What is left when half of the lease is over goes back: a slow provider keeps neither the
    claims beyond their lease nor a worker that is to stop."""
    begun, calls, size = desk.clock.machine(), 0, desk.settings.send_concurrency
    until = begun + (desk.lease_until() - begun) / 2
    for first in range(0, len(drafts), size):
        if first and desk.clock.machine() >= until:
            now = desk.clock.now()
            left = [Deferral(one.notice.id, "its provider is slow", now, is_news=False) for one in drafts[first:]]
            _commit(desk, token, left)
            break
        calls += _dispatch(desk, drafts[first : first + size], token)
    return calls


def _dispatch(desk: Desk, drafts: Sequence[Draft], token: str) -> int:
    """Start, send and record as many as are sent at once: what a killed worker leaves in doubt is not more."""
    going, waiting = admit(desk, drafts)
    admitted: list[Draft | Deferral] = [*going, *waiting]
    parts, poisoned = by_halves(partial(_commit, desk, token), admitted)
    setting_aside.fail(desk, [one.of(_id(one.row)) for one in poisoned], token)
    started = [one for part in parts for one in part]
    for outcomes in call_providers(desk, started):
        _, unrecorded = by_halves(partial(_record, desk, token), outcomes)
        setting_aside.leave_in_doubt(desk, [one.of(one.row[0].notice.id) for one in unrecorded])
    return len(started)


def _turn_back(desk: Desk, known: Mapping[str, Notice], moves: Sequence[Move]) -> None:
    with desk.engine.begin() as connection:
        aftermath.apply(connection, desk, moves, known, desk.clock.now())


def _commit(desk: Desk, token: str, admitted: Sequence[Draft | Deferral]) -> list[Started]:
    drafts = [one for one in admitted if isinstance(one, Draft)]
    with desk.engine.begin() as connection:
        started = _start(connection, desk, drafts, token)
        deferred = [one for one in admitted if isinstance(one, Deferral)]
        defer(connection, deferred, token, desk.clock.now())
    return started


def _id(one: Draft | Deferral) -> str:
    return one.notice.id if isinstance(one, Draft) else one.notice_id


def _start(connection: Connection, desk: Desk, drafts: Sequence[Draft], token: str) -> list[Started]:
    """Commit the attempts. A notice whose debtor's facts changed since they were read is planned again, not sent."""
    now = desk.clock.now()
    fresh, stale = _still_true(connection, drafts)
    notices.move(connection, [_again(one.notice, token, now) for one in stale], now)
    moved = notices.move(connection, [_sending(desk, one, token, now) for one in fresh], now)
    started = [_started(desk, one, now) for one in fresh if one.notice.id in moved]
    contents.keep(connection, [_sent(one) for one in started])
    return started


def _still_true(connection: Connection, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Lock the debtors, and part those on whom the decision still stands from those whose facts changed since.

    A contact changes them, too: the last place under a cap is reserved by starting, so of two workers, accounts or
    campaigns that saw it free the second decides anew. Of one debtor no two start together, for the same reason.
    """
    ids = sorted({one.facts.debtor.id for one in drafts})
    versions = debtors.lock(connection, ids)
    contacted, _ = contacted_at(connection, ids)
    fresh: dict[int, Draft] = {}
    stale: list[Draft] = []
    for one in drafts:
        who = one.facts.debtor.id
        is_true = versions[who] == one.facts.version and contacted.get(who) == one.facts.last_contact_at
        if is_true and who not in fresh:
            fresh[who] = one
        else:
            stale.append(one)
    return list(fresh.values()), stale


def _again(notice: Notice, token: str, now: datetime) -> Move:
    reason = "the debtor's facts changed"
    return Move(notice.id, NoticeState.CLAIMED, NoticeState.PLANNED, reason, token=token, not_before=now)


def _sending(desk: Desk, one: Draft, token: str, now: datetime) -> Move:
    return Move(
        one.notice.id,
        NoticeState.CLAIMED,
        NoticeState.SENDING,
        token=token,
        attempt=one.notice.attempts + 1,
        send_by=one.decision.send_by,
        lease_until=desk.lease_until(),
        contact_point_id=one.point.id,
        provider=one.provider.name,
        decision=one.document,
        started_at=now,
    )


def _started(desk: Desk, one: Draft, now: datetime) -> Started:
    notice = replace(one.notice, attempts=one.notice.attempts + 1, contact_point_id=one.point.id)
    creditor = one.facts.account.creditor
    request = SendRequest(
        attempt_id=str(Attempt(notice.id, notice.attempts)),
        channel=notice.channel,
        to=recipient(notice.channel, one.point),
        content=one.content,
        sender=one.sender,
        started_at=now,
        not_after=one.decision.send_by,
        reply_to=reply_to(notice.channel, notice, creditor, desk.settings),
    )
    return Started(notice, one.provider, request, desk.clock.machine() + CALL_WITHIN)


def _sent(one: Started) -> Sent:
    request = one.request
    return Sent(one.notice.id, one.notice.attempts, request.to, request.sender, request.content)


def _record(desk: Desk, token: str, outcomes: Sequence[tuple[Started, Outcome]]) -> None:
    """Record what became of the calls. One whose lease ran out meanwhile is uncertain by now, or even planned again
    because the provider had not got it yet: it is certain again unless another attempt has begun."""
    now = desk.clock.now()
    known = {one.notice.id: one.notice for one, _ in outcomes}
    moves = [_move(desk, one, outcome, token, now) for one, outcome in outcomes]
    with desk.engine.begin() as connection:
        written = desk.traffic.save(connection)
        aftermath.learn(connection, [(one.notice, outcome) for one, outcome in outcomes], now)
        for state in (NoticeState.SENDING, NoticeState.UNCERTAIN, NoticeState.PLANNED):
            possible = [replace(move, old=state) for move in moves if may_move(state, move.new)]
            moved = aftermath.apply(connection, desk, possible, known, now)
            moves = [move for move in moves if move.id not in moved]
        notices.log(connection, [_late(move, now) for move in moves])
    desk.traffic.saved(written)


def _late(move: Move, now: datetime) -> dict[str, Any]:
    """A result that moves nothing any more is kept in the log: it may be that the message left."""
    return {
        "notice_id": move.id,
        "at": now,
        "what": "result",
        "state": move.new.value,
        "provider": move.provider,
        "reason": move.reason,
        "code": move.code,
        "applied": False,
    }


def _move(desk: Desk, one: Started, outcome: Outcome, token: str, now: datetime) -> Move:
    others = len(desk.routes[one.notice.channel]) - 1
    after: After = after_send(outcome, one.notice.attempts, others, now)
    return Move(
        one.notice.id,
        NoticeState.SENDING,
        after.state,
        after.reason,
        token=token,
        not_before=after.not_before,
        provider=one.provider.name,
        provider_ref=outcome.result.ref if outcome.result else None,
        segments=outcome.result.segments if outcome.result else None,
        ended_at=now if after.state is NoticeState.FAILED else None,
        code=(outcome.error.code or "") if outcome.error else "",
    )
