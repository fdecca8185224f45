"""What a replay changes in the rows behind dead letters: each statement leaves alone what has moved on since."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from outreach.domain.notice import NoticeState
from outreach.store.batch import among
from outreach.store.outbox import inbox, notices
from outreach.store.tables import accounts


def events_again(connection: Connection, inbox_ids: Sequence[int], machine_now: datetime) -> list[int]:
    """Have set-aside events settled anew, and return their ids; one that was settled since stays as it is."""
    anew = {"state": "received", "tries": 0, "error": "", "settled_at": None, "look_until": machine_now}
    statement = (
        update(inbox)
        .where(among(connection, inbox.c.id, inbox_ids), inbox.c.state.in_(["failed", "unmatched"]))
        .values(anew)
        .returning(inbox.c.id)
    )
    return list(connection.scalars(statement))


def webhook_read(connection: Connection, inbox_id: int, now: datetime) -> None:
    """A body that could not be read before was read; what it said is in rows of its own."""
    connection.execute(
        update(inbox).where(inbox.c.id == inbox_id, inbox.c.state == "garbled").values(state="settled", settled_at=now)
    )


def free_places(connection: Connection, notice_ids: Sequence[str], now: datetime) -> dict[str, int]:
    """Let the places of failed notices be planned again, of those that never left the house.

    Returns their enrolments by notice id. The notices stay failed: that is an end, and what happened.
    """
    statement = (
        update(notices)
        .where(
            among(connection, notices.c.id, notice_ids),
            notices.c.state == NoticeState.FAILED.value,
            notices.c.attempts == 0,
            notices.c.replayed_at.is_(None),
        )
        .values(replayed_at=now)
        .returning(notices.c.id, notices.c.enrolment_id)
    )
    return {row.id: row.enrolment_id for row in connection.execute(statement)}


def ask_again(connection: Connection, notice_ids: Sequence[str], at: datetime) -> set[str]:
    """Have the provider asked about uncertain notices at `at` (machine time); returns the ids of the uncertain."""
    statement = (
        update(notices)
        .where(among(connection, notices.c.id, notice_ids), notices.c.state == NoticeState.UNCERTAIN.value)
        .values(lease_until=at)
        .returning(notices.c.id)
    )
    return set(connection.scalars(statement))


def failed_abroad(connection: Connection, notice_ids: Sequence[str]) -> set[str]:
    """Those of `notice_ids` that failed after an attempt was handed to a provider."""
    query = select(notices.c.id).where(
        among(connection, notices.c.id, notice_ids),
        notices.c.state == NoticeState.FAILED.value,
        notices.c.attempts > 0,
    )
    return set(connection.scalars(query))


def consider_again(connection: Connection, account_ids: Sequence[int], now: datetime) -> None:
    """Have accounts considered for entry into campaigns when these run next."""
    connection.execute(update(accounts).where(among(connection, accounts.c.id, account_ids)).values(changed_at=now))
