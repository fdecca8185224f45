"""Set aside a row that cannot be worked on, so that it is seen, can be replayed, and stops nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection

from outreach.domain.notice import NoticeState
from outreach.flow.dead_letters import set_aside
from outreach.flow.desk import Desk
from outreach.flow.isolating import Poisoned
from outreach.rendering.errors import TemplateError
from outreach.store import enrolments, notices, replaying, setting_aside, settling
from outreach.store.dead_letters import Kind, NewDeadLetter, storable
from outreach.store.notice_rows import Move
from outreach.store.setting_aside import About
from outreach.store.settling import InboxRow

#: When to ask again about a notice in doubt about which asking, or recording the answer, fails (machine time).
ASK_AGAIN = timedelta(days=1)


def fail(desk: Desk, poisoned: Sequence[Poisoned[str]], token: str) -> None:
    """`failed` in a transaction of its own."""
    if poisoned:
        with desk.engine.begin() as connection:
            failed(connection, poisoned, token, desk.clock.now())


def leave_in_doubt(desk: Desk, poisoned: Sequence[Poisoned[str]]) -> None:
    """`in_doubt` in a transaction of its own, for notices being sent: the provider may have taken the message."""
    if poisoned:
        with desk.engine.begin() as connection:
            in_doubt(connection, poisoned, NoticeState.SENDING, desk.clock.now(), desk.clock.machine())


def failed(connection: Connection, poisoned: Sequence[Poisoned[str]], token: str | None, now: datetime) -> None:
    """Fail claimed notices (by id) that never left the house, by our own fault; their next channels stand in.

    With a `token` only those that it has claimed.
    """
    if not poisoned:
        return
    moves = [_move(one, NoticeState.CLAIMED, NoticeState.FAILED, token, ended_at=now) for one in poisoned]
    moved = notices.move(connection, moves, now)
    about = setting_aside.about_notices(connection, sorted(moved))
    enrolments.look_now(connection, [one.enrolment_id for one in about.values()], now)
    set_aside(connection, _letters(poisoned, about), now)


def in_doubt(
    connection: Connection, poisoned: Sequence[Poisoned[str]], old: NoticeState, now: datetime, machine_now: datetime
) -> None:
    """Keep notices (by id) in doubt that are `old`, sending or uncertain, and of which no outcome can be recorded."""
    if not poisoned:
        return
    if old is not NoticeState.UNCERTAIN:
        notices.move(connection, [_move(one, old, NoticeState.UNCERTAIN, None) for one in poisoned], now)
    uncertain = replaying.ask_again(connection, [one.row for one in poisoned], machine_now + ASK_AGAIN)
    set_aside(connection, _letters(poisoned, setting_aside.about_notices(connection, sorted(uncertain))), now)


def undecided(connection: Connection, poisoned: Sequence[Poisoned[int]], now: datetime) -> None:
    """Let enrolments (by id) stand still of which nothing can be decided, until something happens to them."""
    if not poisoned:
        return
    about = setting_aside.stand_still(connection, {one.row: one.word for one in poisoned})
    letters = [_letter(Kind.ENROLMENT, one, about[one.row]) for one in poisoned if one.row in about]
    set_aside(connection, letters, now)


def not_considered(connection: Connection, campaign: str, poisoned: Sequence[Poisoned[int]], now: datetime) -> None:
    """Keep accounts (by id) for a person that cannot be considered for a campaign."""
    letters = [
        NewDeadLetter(Kind.ACCOUNT, str(one.row), one.word, f"entry into {campaign}", one.detail, one.row)
        for one in poisoned
    ]
    set_aside(connection, letters, now)


def unsettled(connection: Connection, poisoned: Sequence[Poisoned[int]], now: datetime) -> None:
    """Keep inbox rows (by id) for a person that cannot be settled."""
    if not poisoned:
        return
    failed_now = settling.fail(connection, {one.row: one.word for one in poisoned})
    about = setting_aside.about_inbox(connection, sorted(failed_now))
    letters = [
        NewDeadLetter(Kind.EVENT, str(one.row), one.word, about[one.row], one.detail)
        for one in poisoned
        if one.row in about
    ]
    set_aside(connection, letters, now)


def unmatched(connection: Connection, rows: Sequence[InboxRow], why: str, now: datetime) -> None:
    """Keep events for a person that are about no notice of ours."""
    letters = [NewDeadLetter(Kind.UNMATCHED, str(row.id), why, f"{row.provider} {row.kind}") for row in rows]
    set_aside(connection, letters, now)


def _move(
    one: Poisoned[str], old: NoticeState, new: NoticeState, token: str | None, ended_at: datetime | None = None
) -> Move:
    return Move(one.row, old, new, storable(_reason(one)), token=token, ended_at=ended_at)


def _letters(poisoned: Sequence[Poisoned[str]], about: Mapping[str, About]) -> list[NewDeadLetter]:
    return [_letter(Kind.NOTICE, one, about[one.row]) for one in poisoned if one.row in about]


def _letter(kind: Kind, one: Poisoned[str] | Poisoned[int], about: About) -> NewDeadLetter:
    # A template's error says all that there is to know, and may come a hundred thousand times.
    detail = "" if isinstance(one.error, TemplateError) else one.detail
    return NewDeadLetter(kind, str(one.row), _reason(one), about.what, detail, about.account_id)


def _reason(one: Poisoned[str] | Poisoned[int]) -> str:
    return f"template: {one.error}" if isinstance(one.error, TemplateError) else one.word
