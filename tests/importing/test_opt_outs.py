"""A STOP outlives the debtor it came from."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, insert, select, update

from outreach.flow.importing import import_accounts
from outreach.store.outbox import inbox, replies
from outreach.store.tables import contact_points
from tests.importing.files import NOW, ROW, write


def opted_out(engine: Engine) -> list[bool]:
    with engine.connect() as connection:
        query = (
            select(contact_points.c.opted_out_at).where(contact_points.c.kind == "sms").order_by(contact_points.c.id)
        )
        return [at is not None for at in connection.scalars(query)]


def test_a_number_that_stopped_stays_stopped_for_whoever_has_it_next(engine: Engine, tmp_path: Path) -> None:
    import_accounts(engine, write(tmp_path, ROW), NOW)
    with engine.begin() as connection:
        connection.execute(update(contact_points).where(contact_points.c.kind == "sms").values(opted_out_at=NOW))
    import_accounts(engine, write(tmp_path, ROW.replace("A-1", "A-2").replace("D-1", "D-2")), NOW)
    assert opted_out(engine) == [True, True]


def test_a_stop_from_a_number_that_was_nobodys_counts_when_it_becomes_somebodys(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        row = {"provider": "twilio", "event_id": "1", "kind": "inbound", "payload": {}, "received_at": NOW}
        inbox_id = connection.scalars(insert(inbox).returning(inbox.c.id), [row]).one()
        said = {
            "channel": "sms",
            "sender": "+12125550142",
            "text": "STOP",
            "intent": "opt_out_channel",
            "opt": "stop",
            "at": NOW,
        }
        connection.execute(insert(replies).values(inbox_id=inbox_id, **said))
    import_accounts(engine, write(tmp_path, ROW), NOW)
    assert opted_out(engine) == [True]
