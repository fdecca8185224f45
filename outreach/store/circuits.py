"""The circuits that are not closed, shared by all processes; a circuit without a row is closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, select, update

from outreach.domain.circuit import Circuit, Key, State
from outreach.store.batch import insert_into
from outreach.store.tables import circuits


def read(connection: Connection) -> dict[Key, Circuit]:
    """All of them: a handful of rows at most, mostly none."""
    return {
        (key := Key(row.provider, row.sender)): Circuit(
            key, State(row.state), opened=row.opened, until=row.until, reason=row.reason, probe=row.probe
        )
        for row in connection.execute(select(circuits).order_by(circuits.c.provider, circuits.c.sender))
    }


def open_(connection: Connection, circuit: Circuit) -> None:
    """Open a circuit for everybody; a pause that ends later, and a probe under way, stay as they are."""
    row = _row(circuit)
    statement = insert_into(connection, circuits).values(row)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["provider", "sender"],
            set_=row,
            where=circuits.c.until < statement.excluded.until,
        )
    )


def probe(connection: Connection, wanted: Sequence[Circuit], machine_now: datetime) -> bool:
    """Take the probe of all of `wanted` (half open, as they shall be): False, and nothing is to be committed, when
    somebody else has one of them."""
    return all(
        connection.execute(
            update(circuits).where(*_is(one.key), circuits.c.until <= machine_now).values(_row(one))
        ).rowcount
        for one in sorted(wanted, key=lambda one: one.key)
    )


def settle(connection: Connection, circuit: Circuit, probe: str) -> None:
    """What the probe by the notice `probe` found: closed, or open again. Nothing when it is another's by now."""
    mine = (*_is(circuit.key), circuits.c.probe == probe)
    if circuit.state is State.CLOSED:
        connection.execute(delete(circuits).where(*mine))
    else:
        connection.execute(update(circuits).where(*mine).values(_row(circuit)))


def _is(key: Key) -> tuple[ColumnElement[bool], ...]:
    return circuits.c.provider == key.provider, circuits.c.sender == key.sender


def _row(circuit: Circuit) -> dict[str, object]:
    return {
        "provider": circuit.key.provider,
        "sender": circuit.key.sender,
        "state": circuit.state.value,
        "opened": circuit.opened,
        "until": circuit.until,
        "reason": circuit.reason[:200],
        "probe": circuit.probe,
    }
