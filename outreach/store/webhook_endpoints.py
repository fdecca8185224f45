"""Webhook endpoints: the receivers of outcome events, and how each of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, insert, literal, or_, select, update

from outreach.store.outcome_tables import outcome_deliveries, outcomes, webhook_endpoints
from outreach.store.outcomes import newest_id
from outreach.store.tables import creditors

#: The backlog is counted up to here.
MOST_COUNTED = 10_000
E = webhook_endpoints.c


class EndpointState(StrEnum):
    """How an endpoint stands. Only an active one is called; of the others nothing is lost."""

    ACTIVE = "active"
    #: by a person
    PAUSED = "paused"
    #: by the machine: it answered 410, or took nothing for days
    DISABLED = "disabled"
    #: it is not in the file any more
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """An endpoint as the file has it; no `kinds` means all, `secret` names the environment variable."""

    creditor_id: int
    name: str
    url: str
    kinds: tuple[str, ...]
    secret: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A row. `creditor` is its creditor's ref; instants named `*_until` are machine time."""

    id: int
    creditor_id: int
    creditor: str
    name: str
    url: str
    kinds: tuple[str, ...]
    secret: str
    state: EndpointState
    sent_to: int
    tries: int
    look_until: datetime | None
    give_up_until: datetime | None
    lease_token: str
    delivered: int
    last_success_at: datetime | None
    last_error_at: datetime | None
    last_error: str
    changed_at: datetime
    changed_by: str

    @property
    def title(self) -> str:
        """How people name it."""
        return f"{self.creditor}/{self.name}"


@dataclass(frozen=True, slots=True)
class Backlog:
    """What an endpoint has not got: events beyond `sent_to` (counted to MOST_COUNTED), and exceptions by state."""

    ahead: int
    waiting: int
    dead: int


def keep(connection: Connection, wanted: Sequence[Wanted], now: datetime) -> None:
    """Keep the endpoints as the files say now. A new one begins with the next event; one that is in no file is removed,
    and goes on where it was when it comes back."""
    rows = connection.execute(select(webhook_endpoints).with_for_update())
    known = {(row.creditor_id, row.name): row for row in rows}
    for one in wanted:
        row = known.pop((one.creditor_id, one.name), None)
        values = asdict(one) | {"kinds": list(one.kinds)}
        if row is None:
            begins = {"sent_to": newest_id(connection), "changed_at": now}
            connection.execute(insert(webhook_endpoints).values(**values, **begins))
            continue
        if row.state == EndpointState.REMOVED:
            values["state"] = EndpointState.ACTIVE.value
        if row.url != one.url:
            values |= _LOOK_NOW
        if any(getattr(row, name) != value for name, value in values.items()):
            connection.execute(update(webhook_endpoints).where(E.id == row.id).values(**values, changed_at=now))
    gone = [row.id for row in known.values() if row.state != EndpointState.REMOVED]
    if gone:
        removed = update(webhook_endpoints).where(E.id.in_(gone))
        connection.execute(removed.values(state=EndpointState.REMOVED.value, changed_at=now))


#: As if nothing had failed.
_LOOK_NOW: dict[str, Any] = {"tries": 0, "look_until": None, "give_up_until": None}


def everyone(connection: Connection) -> list[Endpoint]:
    """All endpoints by name, those left out that are in no file any more."""
    query = _reading().where(E.state != EndpointState.REMOVED.value).order_by(creditors.c.ref, E.name)
    return [_endpoint(row) for row in connection.execute(query)]


def get(connection: Connection, endpoint_id: int) -> Endpoint | None:
    """One of them."""
    row = connection.execute(_reading().where(E.id == endpoint_id)).first()
    return None if row is None else _endpoint(row)


def backlogs(connection: Connection, known: Sequence[Endpoint]) -> dict[int, Backlog]:
    """What endpoints have not got, by id."""
    counted = (outcome_deliveries.c.endpoint_id, outcome_deliveries.c.state, func.count())
    rows = connection.execute(select(*counted).group_by(*counted[:2])).all()
    held = {(row[0], row[1]): row[2] for row in rows}
    return {
        one.id: Backlog(_ahead(connection, one), held.get((one.id, "waiting"), 0), held.get((one.id, "dead"), 0))
        for one in known
    }


def _ahead(connection: Connection, one: Endpoint) -> int:
    beyond = select(literal(1)).where(beyond_of(one)).limit(MOST_COUNTED).subquery()
    return connection.scalar(select(func.count()).select_from(beyond)) or 0


def beyond_of(one: Endpoint) -> ColumnElement[bool]:
    """The events that an endpoint wants and was not given yet, as a condition on `outcomes`."""
    mine = and_(outcomes.c.creditor_id == one.creditor_id, outcomes.c.id > one.sent_to)
    return and_(mine, outcomes.c.kind.in_(one.kinds)) if one.kinds else mine


def callable_at(machine_now: datetime) -> ColumnElement[bool]:
    """The endpoints that may be called at `machine_now` and that no worker has."""
    return and_(_awake(machine_now), or_(E.lease_until.is_(None), E.lease_until <= machine_now))


def _awake(machine_now: datetime) -> ColumnElement[bool]:
    return and_(E.state == EndpointState.ACTIVE.value, or_(E.look_until.is_(None), E.look_until <= machine_now))


def claim(
    connection: Connection, endpoint_id: int, token: str, machine_now: datetime, until: datetime
) -> Endpoint | None:
    """Take an endpoint that no other worker has, or keep the own one; None when it cannot be had.

    What is only left to the workers (no token) may be taken by any of them.
    """
    free = or_(E.lease_token.in_(["", token]), E.lease_until.is_(None), E.lease_until <= machine_now)
    taken = update(webhook_endpoints).where(E.id == endpoint_id, _awake(machine_now), free)
    done = connection.execute(taken.values(lease_token=token, lease_until=until))
    return get(connection, endpoint_id) if done.rowcount else None


def change(connection: Connection, endpoint_id: int, token: str, values: Mapping[str, Any]) -> bool:
    """Change what a worker holds by its token; False when another has it by now: nothing may be recorded then."""
    held = update(webhook_endpoints).where(E.id == endpoint_id, E.lease_token == token)
    return bool(connection.execute(held.values(**values)).rowcount)


def set_state(
    connection: Connection, endpoint_id: int, old: Sequence[EndpointState], new: EndpointState, now: datetime, by: str
) -> bool:
    """Pause or resume; whether it was in one of the states `old`. An endpoint that is resumed is called at once, and
    whoever has it now records nothing more."""
    values: dict[str, Any] = {"state": new.value, "changed_at": now, "changed_by": by}
    if new is EndpointState.ACTIVE:
        values |= _LOOK_NOW | {"lease_token": "", "lease_until": None}
        fresh = update(outcome_deliveries).where(outcome_deliveries.c.endpoint_id == endpoint_id)
        connection.execute(fresh.where(outcome_deliveries.c.state == "waiting").values(**_LOOK_NOW))
    moved = update(webhook_endpoints).where(E.id == endpoint_id, E.state.in_([state.value for state in old]))
    return bool(connection.execute(moved.values(**values)).rowcount)


def _reading() -> Select[Any]:
    columns = [
        creditors.c.ref.label("creditor") if name == "creditor" else E[name] for name in Endpoint.__dataclass_fields__
    ]
    return select(*columns).join(creditors, creditors.c.id == E.creditor_id)


def _endpoint(row: Any) -> Endpoint:
    values = row._asdict()
    return Endpoint(**values | {"kinds": tuple(values["kinds"]), "state": EndpointState(values["state"])})


def gauges(connection: Connection) -> Iterator[tuple[str, str, Sequence[str], list[Any]]]:
    """What /metrics tells of endpoints, as store/overview.py has it."""
    known = everyone(connection)
    held = backlogs(connection, known)
    states = [(one.creditor, one.name, one.state.value, 1) for one in known]
    yield "outreach_webhooks", "Webhook endpoints by state", ("creditor", "endpoint", "state"), states
    backlog = [(one.creditor, one.name, held[one.id].ahead + held[one.id].waiting) for one in known]
    help_text = f"Outcome events that wait for an endpoint, those it was not called about up to {MOST_COUNTED}"
    yield "outreach_webhook_backlog", help_text, ("creditor", "endpoint"), backlog
    dead = [(one.creditor, one.name, held[one.id].dead) for one in known]
    yield "outreach_webhook_dead", "Outcome events that an endpoint refused for days", ("creditor", "endpoint"), dead
    delivered = [(one.creditor, one.name, one.delivered) for one in known]
    yield "outreach_webhook_delivered", "Outcome events that an endpoint took", ("creditor", "endpoint"), delivered
