"""What an endpoint is to be told next, and what became of it.

An endpoint has a cursor (`sent_to`) and rows only for the exceptions. So what is delivered costs no row, a receiver
that is away for a week costs none either, and one event that is refused holds up only the later ones of its account.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, literal, or_, select, true, update

from outreach.store.batch import among, insert_into
from outreach.store.outcome_tables import outcome_deliveries, outcomes, webhook_endpoints
from outreach.store.outcomes import OutcomeEvent, Selection, event_of, newest_id, reading_events
from outreach.store.rows import insert_rows
from outreach.store.types import Key
from outreach.store.webhook_endpoints import Endpoint, beyond_of, callable_at

D, E = outcome_deliveries.c, webhook_endpoints.c
WAITING, DEAD = "waiting", "dead"


@dataclass(frozen=True, slots=True)
class Due:
    """An event to deliver; `tries` are the failures before, `give_up_until` (machine time) is set since the first."""

    event: OutcomeEvent
    tries: int = 0
    give_up_until: datetime | None = None
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Batch:
    """`due` in the order in which they happened; `behind` are new ones whose account waits for an earlier one.

    `seen_to`: no event that the endpoint wants is beyond the new ones up to here; None while there may be.
    """

    due: list[Due] = field(default_factory=list)
    behind: list[OutcomeEvent] = field(default_factory=list)
    seen_to: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """An exception: when it is tried again (machine time; None: at once), or that it is dead."""

    outcome_id: int
    account_id: int
    state: str = WAITING
    tries: int = 0
    look_until: datetime | None = None
    give_up_until: datetime | None = None
    error: str = ""


def next_batch(connection: Connection, endpoint: Endpoint, machine_now: datetime, limit: int) -> Batch:
    """What to deliver now: exceptions whose time has come, then new events. Of an account never a later one before an
    earlier one."""
    newest = newest_id(connection)
    due = [
        Due(event_of(row), row.tries, row.give_up_until, is_new=False)
        for row in connection.execute(_waiting(endpoint, machine_now).limit(limit))
    ]
    new: list[OutcomeEvent] = []
    seen_to = None
    if (room := limit - len(due)) > 0:
        query = reading_events().where(beyond_of(endpoint), outcomes.c.id <= newest).order_by(outcomes.c.id)
        new = [event_of(row) for row in connection.execute(query.limit(room))]
        seen_to = newest if len(new) < room else None
    held = _held_up(connection, endpoint, [one.account_id for one in new])
    free = [Due(one) for one in new if one.account_id not in held]
    return Batch([*due, *free], [one for one in new if one.account_id in held], seen_to)


def _waiting(endpoint: Endpoint, machine_now: datetime) -> Select[Any]:
    query = reading_events().add_columns(D.tries, D.give_up_until)
    query = query.join(outcome_deliveries, D.outcome_id == outcomes.c.id)
    return query.where(D.endpoint_id == endpoint.id, _due(machine_now)).order_by(outcomes.c.id)


def _held_up(connection: Connection, endpoint: Endpoint, account_ids: Sequence[int]) -> Collection[int]:
    if not account_ids:
        return ()
    mine = and_(D.endpoint_id == endpoint.id, D.state == WAITING)
    query = select(D.account_id).where(mine, among(connection, D.account_id, sorted(set(account_ids))))
    return set(connection.scalars(query))


def record(connection: Connection, endpoint_id: int, delivered: Sequence[int], kept: Sequence[Kept]) -> None:
    """Delivered exceptions leave, others are kept as they are now."""
    gone = [*delivered, *(one.outcome_id for one in kept)]
    if gone:
        mine = and_(D.endpoint_id == endpoint_id, among(connection, D.outcome_id, gone))
        connection.execute(delete(outcome_deliveries).where(mine))
    insert_rows(connection, outcome_deliveries, [asdict(one) for one in kept], alike={"endpoint_id": endpoint_id})


def replayable(endpoint: Endpoint, selection: Selection) -> Select[Any]:
    """The events that a replay means: of those that the endpoint wants and was given; what is beyond comes anyway."""
    given = and_(outcomes.c.creditor_id == endpoint.creditor_id, outcomes.c.id <= endpoint.sent_to)
    wanted = outcomes.c.kind.in_(endpoint.kinds) if endpoint.kinds else true()
    return select(outcomes.c.id, outcomes.c.account_id).where(selection.condition(), given, wanted)


def count(connection: Connection, query: Select[Any]) -> int:
    """How many events a query means."""
    return connection.scalar(select(func.count()).select_from(query.subquery())) or 0


def replay(connection: Connection, endpoint: Endpoint, selection: Selection) -> int:
    """Have events delivered once more, in their order; returns how many. Dead ones among them live again."""
    query = replayable(endpoint, selection)
    found, meant = count(connection, query), query.subquery()
    # SQLite needs a WHERE between SELECT and ON CONFLICT.
    picked = select(literal(endpoint.id, Key), meant.c.id, meant.c.account_id).where(meant.c.id.is_not(None))
    statement = insert_into(connection, outcome_deliveries).from_select(
        ["endpoint_id", "outcome_id", "account_id"], picked
    )
    connection.execute(statement.on_conflict_do_update(index_elements=["endpoint_id", "outcome_id"], set_=_FRESH))
    return found


def revive(connection: Connection, endpoint_id: int) -> int:
    """Have dead events tried again; returns how many."""
    dead = update(outcome_deliveries).where(D.endpoint_id == endpoint_id, D.state == DEAD)
    return connection.execute(dead.values(**_FRESH)).rowcount


#: As if it had never been tried.
_FRESH: dict[str, Any] = {"state": WAITING, "tries": 0, "look_until": None, "give_up_until": None}


def with_work(connection: Connection, machine_now: datetime) -> list[int]:
    """Endpoints that may be called now, that no worker has, and that have something to be told."""
    newer = select(literal(1)).where(outcomes.c.creditor_id == E.creditor_id, outcomes.c.id > E.sent_to)
    waiting = select(literal(1)).where(D.endpoint_id == E.id, _due(machine_now))
    query = select(E.id).where(callable_at(machine_now), or_(newer.exists(), waiting.exists()))
    return list(connection.scalars(query.order_by(E.id)))


def leave_to_workers(connection: Connection, ids: Sequence[int], machine_now: datetime, until: datetime) -> list[int]:
    """Leave endpoints to the workers until `until`; those that may be enqueued, for nobody else did in between."""
    left = update(webhook_endpoints).where(E.id.in_(ids), callable_at(machine_now))
    return sorted(connection.scalars(left.values(lease_token="", lease_until=until).returning(E.id)))


def _due(machine_now: datetime) -> ColumnElement[bool]:
    """Exceptions whose time has come, and whose account waits for no earlier one."""
    earlier = outcome_deliveries.alias("earlier").c
    blocked = select(literal(1)).where(
        earlier.endpoint_id == D.endpoint_id,
        earlier.account_id == D.account_id,
        earlier.state == WAITING,
        earlier.outcome_id < D.outcome_id,
        earlier.look_until > machine_now,
    )
    return and_(D.state == WAITING, or_(D.look_until.is_(None), D.look_until <= machine_now), ~blocked.exists())
