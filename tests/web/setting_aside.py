"""Things set aside with an error, for tests of what people do about them."""

from __future__ import annotations

from sqlalchemy import update

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.dead_letters import set_aside
from outreach.flow.receive import receive
from outreach.store import dead_letters
from outreach.store.dead_letters import Kind, NewDeadLetter
from outreach.store.outbox import inbox
from tests.flow.house import House

#: Something of a debtor's that the errors quote.
SECRET = "+12125550142"


def aside(home: House, kind: Kind, subject: object, account_id: int | None = None) -> int:
    """Set something aside; returns the dead letter's id."""
    new = NewDeadLetter(kind, str(subject), "ValueError in store.facts", "cards", f"ValueError: {SECRET}", account_id)
    with home.engine.begin() as connection:
        set_aside(connection, [new], home.clock.now())
        return dead_letters.find(connection, [kind], 1)[0].id


def event_aside(home: House, event_id: str = "e1") -> int:
    """Set an event aside that could not be settled; returns the dead letter's id."""
    event = DeliveryEvent(event_id, EventKind.UNSUBSCRIBED, "unsubscribe", address=SECRET)
    (inbox_id,) = receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())
    with home.engine.begin() as connection:
        connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(state="failed"))
    return aside(home, Kind.EVENT, inbox_id)
