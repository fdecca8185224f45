"""Who leads: one row, taken only when it is free, run out or our own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, or_

from outreach.store.batch import insert_into
from outreach.store.tables import leases


def hold(connection: Connection, name: str, holder: str, machine_now: datetime, until: datetime) -> bool:
    """Take or renew the lease `name`; False while another holds it. Times are the machine's."""
    statement = (
        insert_into(connection, leases)
        .values(name=name, holder=holder, expires_until=until)
        .on_conflict_do_update(
            index_elements=["name"],
            set_={"holder": holder, "expires_until": until},
            where=or_(leases.c.holder == holder, leases.c.expires_until <= machine_now),
        )
        .returning(leases.c.holder)
    )
    taken: str | None = connection.scalar(statement)
    return taken == holder


def drop(connection: Connection, name: str, holder: str) -> None:
    """Give the lease up, so that another need not wait for its end."""
    connection.execute(delete(leases).where(leases.c.name == name, leases.c.holder == holder))
