"""Release: look at the enrolments whose time has come, and plan a notice or a task for each step that is due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from secrets import token_hex

from sqlalchemy import Connection

from outreach.domain.account import Facts
from outreach.domain.campaign import Action
from outreach.domain.enrolment import Enrolment, Look, look
from outreach.domain.message import Channel
from outreach.domain.next_step import Due
from outreach.flow import setting_aside
from outreach.flow.dead_letters import heal
from outreach.flow.desk import Desk
from outreach.flow.isolating import by_halves, by_id, each
from outreach.store import campaigns, dead_letters, enrolments, facts, journal, notices
from outreach.store.dead_letters import Kind
from outreach.store.engine import reading
from outreach.store.facts import Subject
from outreach.store.journal import NewTask
from outreach.store.notice_rows import NewNotice

#: Enrolments per transaction: few enough that a payment does not wait long for their rows.
BATCH = 1_000


@dataclass
class Released:
    """What one release did: enrolments looked at, notice ids planned by channel, tasks made."""

    looked_at: int = 0
    planned: dict[Channel, list[str]] = field(default_factory=dict)
    tasks: int = 0


def release(desk: Desk, campaign: str) -> Released:
    """Look at everything that is due a look in one campaign, in batches. Two releases at once share the work.

    The planned notices are not enqueued here: the dispatch sweep does that, so nothing is lost between the two.
    """
    released = Released()
    with reading(desk.engine) as connection:
        running = campaigns.running(connection, campaign)
        standing_still = dead_letters.waiting_for(connection, Kind.ENROLMENT)
    if running is None or running.paused:
        return released
    while True:
        with desk.engine.begin() as connection:
            looked_at = _release_batch(connection, desk, campaign, released, standing_still)
        released.looked_at += looked_at
        if looked_at < BATCH:
            return released


def _release_batch(
    connection: Connection, desk: Desk, campaign: str, released: Released, standing_still: Mapping[str, int]
) -> int:
    now = desk.clock.now()
    rows = enrolments.due_for_look(connection, campaign, now, BATCH)
    if not rows:
        return 0
    due, unreadable = each(enrolments.read, rows)
    read, beyond_reading = by_halves(partial(_read, connection, now), due)
    subjects = [pair for part in read for pair in part]
    looks, undecided = each(lambda pair: (_look(connection, desk, *pair, now), pair[1]), subjects)
    _, refused = by_halves(partial(_keep, connection, released, now), looks)
    poisoned = by_id(unreadable, beyond_reading, (one.of(one.row[0]) for one in undecided))
    poisoned += [one.of(one.row[0].enrolment.id) for one in refused]
    setting_aside.undecided(connection, poisoned, now)
    if standing_still:
        again = {one.row for one in poisoned}
        well = [str(one.enrolment.id) for one, _ in looks if one.enrolment.id not in again]
        heal(connection, [standing_still[id_] for id_ in well if id_ in standing_still], now)
    return len(rows)


def _read(connection: Connection, now: datetime, due: Sequence[Enrolment]) -> list[tuple[Enrolment, Facts]]:
    subjects = [Subject(one.id, one.account_id, one.item_id, one.cycle) for one in due]
    known = facts.load_facts(connection, subjects, now)
    return [(one, known[one.id]) for one in due]


def _look(connection: Connection, desk: Desk, one: Enrolment, known: Facts, now: datetime) -> Look:
    return look(one, known, desk.campaign(connection, one.version_id), now)


def _keep(connection: Connection, released: Released, now: datetime, looks: Sequence[tuple[Look, Facts]]) -> None:
    """Store what the looks lead to, all or nothing."""
    planned = [_notice(one, known, now) for one, known in looks if _is_message(one)]
    work = [_task(one, known, now) for one, known in looks if _is_work(one)]
    with connection.begin_nested():
        kept = _kept(planned, notices.plan(connection, planned))
        journal.add_tasks(connection, work)
        enrolments.record_looks(connection, [one for one, _ in looks])
    for notice in kept:
        released.planned.setdefault(notice.channel, []).append(notice.id)
    released.tasks += len(work)


def _kept(planned: Sequence[NewNotice], ids: Sequence[str]) -> list[NewNotice]:
    inserted = set(ids)
    return [notice for notice in planned if notice.id in inserted]


def _is_message(one: Look) -> bool:
    return isinstance(one.decision, Due) and one.decision.channel not in (None, Channel.CALL)


def _is_work(one: Look) -> bool:
    return isinstance(one.decision, Due) and not _is_message(one)


def _notice(one: Look, known: Facts, now: datetime) -> NewNotice:
    due, enrolment = one.decision, one.enrolment
    assert isinstance(due, Due)
    assert due.channel is not None
    return NewNotice(
        id=new_id(now),
        enrolment_id=enrolment.id,
        account_id=enrolment.account_id,
        debtor_id=known.debtor.id,
        campaign=enrolment.campaign,
        version_id=enrolment.version_id,
        item_id=enrolment.item_id,
        step=due.step.name,
        cycle=enrolment.cycle,
        position=due.position,
        channel=due.channel,
        template=due.step.template,
        needs_approval=due.step.approval,
        stands_in_for=_stood_in_for(due, known),
        planned_at=now,
    )


def _stood_in_for(due: Due, known: Facts) -> str | None:
    if not due.stands_in:
        return None
    tries = [past for past in known.history if past.step == due.step.name and past.notice_id]
    return max(tries, key=lambda past: past.position).notice_id if tries else None


def _task(one: Look, known: Facts, now: datetime) -> NewTask:
    due, enrolment = one.decision, one.enrolment
    assert isinstance(due, Due)
    handoff = due.step.action is Action.HANDOFF
    title = f"Hand over to {due.step.to}" if handoff else due.step.task
    place = f"{enrolment.id}:{due.step.name}:{enrolment.cycle}:{due.position}"
    return NewTask(
        kind="handoff" if handoff else "call",
        title=title,
        dedupe=f"step:{place}",
        created_at=now,
        account_id=enrolment.account_id,
        debtor_id=known.debtor.id,
        enrolment_id=enrolment.id,
        step=due.step.name,
        cycle=enrolment.cycle,
        position=due.position,
    )


def new_id(now: datetime) -> str:
    """A notice id: a UUIDv7 (RFC 9562) as 32 hex digits, so that ids made together lie together in the index."""
    stamp = int(now.timestamp() * 1000) & (1 << 48) - 1
    random = int(token_hex(10), 16)
    value = stamp << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return f"{value:032x}"
