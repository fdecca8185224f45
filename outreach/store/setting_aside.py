"""What happens to rows that are set aside. Nothing of them is read that may be what cannot be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, String, select, update

from outreach.store.batch import among, values
from outreach.store.outbox import inbox, notices
from outreach.store.tables import enrolments
from outreach.store.types import Key


@dataclass(frozen=True, slots=True)
class About:
    """Whose a row is, and what it is in words that hold no debtor's data."""

    account_id: int
    enrolment_id: int
    what: str


def about_notices(connection: Connection, ids: Sequence[str]) -> dict[str, About]:
    """What notices are about, by id."""
    names = ("id", "account_id", "enrolment_id", "campaign", "step", "channel")
    query = select(*(notices.c[name] for name in names)).where(among(connection, notices.c.id, ids))
    return {
        row.id: About(row.account_id, row.enrolment_id, f"{row.campaign} {row.step} {row.channel}")
        for row in connection.execute(query)
    }


def about_inbox(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """What inbox rows are, by id: provider and kind."""
    query = select(inbox.c.id, inbox.c.provider, inbox.c.kind).where(among(connection, inbox.c.id, ids))
    return {row.id: f"{row.provider} {row.kind}" for row in connection.execute(query)}


def stand_still(connection: Connection, why: Mapping[int, str]) -> dict[int, About]:
    """Have enrolments not looked at until something happens to them, and return what they are about, by id."""
    rows = [{"id": id_, "why": f"set_aside: {word}"[:200]} for id_, word in why.items()]
    v = values(connection, rows, {"id": Key, "why": String})
    statement = (
        update(enrolments)
        .where(enrolments.c.id == v.c.id)
        .values(next_look_at=None, waits_for=v.c.why)
        .returning(enrolments.c.id, enrolments.c.account_id, enrolments.c.campaign)
    )
    return {row.id: About(row.account_id, row.id, row.campaign) for row in connection.execute(statement)}
