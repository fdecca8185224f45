"""What follows from a move: another look at the account, a task for a person, a lesson about an address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from outreach.domain.account import Quality
from outreach.domain.campaign import Campaign
from outreach.domain.gate import Verdict
from outreach.domain.notice import UNREACHED, NoticeState
from outreach.domain.outcome import DEAD_ADDRESS
from outreach.domain.sending import Attempt, Outcome, Reason, Rejected
from outreach.domain.service import SERVICE
from outreach.flow import consent, legal_notices
from outreach.flow.desk import Desk
from outreach.store import debtors, enrolments, journal, notices
from outreach.store.journal import NewTask
from outreach.store.notice_rows import Move, Notice

#: Ends after which the campaign must decide anew.
_DECIDE_ANEW = UNREACHED | {NoticeState.CANCELLED}


def apply(
    connection: Connection, desk: Desk, moves: Sequence[Move], known: Mapping[str, Notice], now: datetime
) -> set[str]:
    """Make moves and what follows from them in the same transaction. Returns the ids that moved."""
    moved = notices.move(connection, moves, now)
    made = [move for move in moves if move.id in moved]
    ended = [known[move.id] for move in made if move.new in _DECIDE_ANEW]
    enrolments.look_now(connection, [notice.enrolment_id for notice in ended], now)
    unreached = [
        move
        for move in made
        if move.new in UNREACHED
        and known[move.id].campaign != SERVICE
        and _was_last_channel(desk.campaign(connection, known[move.id].version_id), known[move.id])
    ]
    # What a service message is about has its own task where it needs a person.
    routed = [move for move in made if _is_routed(move) and known[move.id].campaign != SERVICE]
    unreached = [move for move in unreached if not _is_routed(move)]
    uncertain = [move for move in made if move.new is NoticeState.UNCERTAIN]
    certain = [_doubt(known[move.id]) for move in made if move.old is NoticeState.UNCERTAIN]
    journal.close_tasks(connection, certain, now)
    work = [_unreached_task(move, known[move.id], now) for move in unreached]
    work += [_review_task(move, known[move.id], now) for move in routed]
    work += [_uncertain_task(move, known[move.id], now) for move in uncertain]
    journal.add_tasks(connection, work)
    legal_notices.follow(connection, desk, made, known, now)
    return moved


def learn(connection: Connection, outcomes: Sequence[tuple[Notice, Outcome]], now: datetime) -> None:
    """Keep what a refusal taught: a dead address, or an opt-out that the provider knew of before us."""
    refused = [
        (notice.contact_point_id, outcome.error.reason, outcome.provider)
        for notice, outcome in outcomes
        if isinstance(outcome.error, Rejected) and notice.contact_point_id is not None
    ]
    if not refused:
        return
    dead = [point for point, reason, _ in refused if reason in DEAD_ADDRESS]
    debtors.set_quality(connection, dead, Quality.UNDELIVERABLE)
    stopped = {point: provider for point, reason, provider in refused if reason is Reason.OPTED_OUT}
    for point, (kind, value) in debtors.addresses(connection, list(stopped)).items():
        consent.stop(connection, kind, value, now, stopped[point])


def _was_last_channel(campaign: Campaign, notice: Notice) -> bool:
    return notice.position >= len(campaign.steps[campaign.index(notice.step)].channels) - 1


def _unreached_task(move: Move, notice: Notice, now: datetime) -> NewTask:
    return NewTask(
        kind="undeliverable",
        title=f"No channel reached the debtor for step {notice.step}: {move.reason}"[:300],
        dedupe=f"undeliverable:{notice.id}",
        created_at=now,
        account_id=notice.account_id,
        debtor_id=notice.debtor_id,
        notice_id=notice.id,
    )


def _is_routed(move: Move) -> bool:
    return move.decision is not None and move.decision.get("verdict") == Verdict.ROUTE.value


def _review_task(move: Move, notice: Notice, now: datetime) -> NewTask:
    return NewTask(
        kind="review",
        title=f"Step {notice.step} needs a person: {move.reason}"[:300],
        dedupe=f"review:{notice.id}",
        created_at=now,
        account_id=notice.account_id,
        debtor_id=notice.debtor_id,
        notice_id=notice.id,
    )


def _doubt(notice: Notice) -> str:
    """The cause of an uncertain attempt's task: a later attempt of the notice may be in doubt, too."""
    return f"uncertain:{Attempt(notice.id, notice.attempts)}"


def _uncertain_task(move: Move, notice: Notice, now: datetime) -> NewTask:
    return NewTask(
        kind="uncertain",
        title=f"Nobody knows whether {notice.provider or 'the provider'} took the message: {move.reason}"[:300],
        dedupe=_doubt(notice),
        created_at=now,
        account_id=notice.account_id,
        debtor_id=notice.debtor_id,
        notice_id=notice.id,
    )
