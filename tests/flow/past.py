"""An account with a whole past: every table that knows a debtor has a row of it, full of marked words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, MetaData, insert, select, update

from outreach.domain.account import HoldReason
from outreach.domain.law import Law
from outreach.flow import holds as holding
from outreach.flow.holds import NewHold
from outreach.policies.loader import load_packs
from outreach.store.case_tables import cases, disputes
from outreach.store.outbox import contents, dead_letters, inbox, notices, replies, tasks, timeline
from outreach.store.page_tables import attachments
from outreach.store.plan_tables import means_statements, payment_plans
from outreach.store.promise_tables import promises
from outreach.store.standing_tables import consents, contacts
from outreach.store.tables import accounts, contact_points, debtors, enrolments, holds, payments
from tests.flow.house import House

#: The packs that are shipped: three years after the last activity, five for consents, ten for opt-outs.
LAW = Law(load_packs().all())
#: What only the debtor's data says, in any writing.
MARKS = ("Zebulon", "Markerson", "5550142", "zebulon@debtor", "Lane 12", "10118", "secretword", "1980-02-30")
ADDRESS = {
    "name": "Zebulon Markerson",
    "line1": "Lane 12",
    "line2": "",
    "city": "New York",
    "region": "NY",
    "postal_code": "10118",
    "country": "US",
}
PHONE, EMAIL = "+12125550142", "zebulon@debtor.example"


def years(count: float) -> timedelta:
    return timedelta(days=365.25 * count)


def lived(home: House, ref: str = "A-1") -> int:
    """An account that was written to, answered, called and more; sealed is nothing yet. Returns its id."""
    due_on = (home.clock.now() - timedelta(days=11)).date()
    account = home.account(ref, phone=PHONE, email=EMAIL, due_on=due_on, consented=True)
    with home.engine.begin() as connection:
        debtor = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.id == account)).one()
        named = {"first_name": "Zebulon", "last_name": "Markerson", "postal_code": "10118"}
        named |= {"preferences": {"secretword": 1}}
        connection.execute(update(debtors).where(debtors.c.id == debtor).values(named))
        extra = {"tags": ["secretword"], "extra": {"x_nickname": "secretword"}}
        connection.execute(update(accounts).where(accounts.c.id == account).values(extra))
        lane = {"kind": "letter", "value": "Zebulon Markerson, Lane 12", "postal": ADDRESS}
        connection.execute(insert(contact_points).values(debtor_id=debtor, created_at=home.clock.now(), **lane))
    assert home.deliver() == 1
    now = home.clock.now()
    hold(home.engine, ref, HoldReason.HARDSHIP, now, note="secretword")
    hold(home.engine, ref, HoldReason.MANUAL, now, note="secretword", whole_debtor=True)
    with home.engine.begin() as connection:
        _answered(connection, account, debtor, ref, now)
        _worked_on(connection, account, debtor, ref, now)
    return account


def _answered(connection: Connection, account: int, debtor: int, ref: str, now: datetime) -> None:
    notice = connection.scalars(select(notices.c.id).where(notices.c.account_id == account)).one()
    said = {"payload": {"From": PHONE, "Body": "secretword"}, "received_at": now, "error": "secretword"}
    hooks = [
        {"event_id": f"{ref} {EMAIL}", "kind": "inbound", "state": "settled", "notice_id": None, **said},
        {"event_id": f"{ref} status", "kind": "status", "state": "settled", "notice_id": notice, **said},
    ]
    first = connection.scalars(insert(inbox).values(provider="twilio", **hooks[0]).returning(inbox.c.id)).one()
    connection.execute(insert(inbox).values(provider="twilio", **hooks[1]))
    answer = {"channel": "sms", "sender": PHONE, "subject": "Zebulon", "text": "secretword", "intent": "unknown"}
    connection.execute(insert(replies).values(inbox_id=first, debtor_id=debtor, account_id=account, at=now, **answer))
    letter = {"recipient": ADDRESS, "sender": {}, "body": "<p>Zebulon</p>", "text": "secretword", "sha256": "0" * 64}
    letter |= {"subject": "Zebulon", "headers": {"To": EMAIL}, "pdf": b"%PDF secretword", "pages": 1}
    connection.execute(insert(contents).values(notice_id=notice, attempt=2, **letter))
    broken = {"kind": "notice", "subject": notice, "error": "rendering", "detail": "secretword", "note": "secretword"}
    connection.execute(insert(dead_letters).values(set_aside_at=now, **broken))


def _worked_on(connection: Connection, account: int, debtor: int, ref: str, now: datetime) -> None:
    who = {"source": "file", "recorded_by": "import", "recorded_at": now}
    mine = {"debtor_id": debtor, "account_id": account}
    call = {"at": now, "medium": "call", "reach": "conversation", "value": PHONE}
    connection.execute(insert(contacts).values(**mine, **call, **who))
    paid = {"ref": "P-1", "kind": "payment", "paid_at": now, "amount_minor": 1, "allocations": []}
    connection.execute(insert(payments).values(account_id=account, recorded_at=now, **paid))
    task = {"kind": "reply", "title": "Zebulon: secretword", "note": "secretword", "created_at": now, "due_at": now}
    connection.execute(insert(tasks).values(dedupe=f"sample:{ref}", **mine, **task))
    told = {"at": now, "kind": "reply", "data": {"text": "secretword"}}
    connection.execute(insert(timeline).values(account_id=account, **told))
    hold = connection.scalars(select(holds.c.id).where(holds.c.account_id == account)).first()
    case = {"hold_id": hold, "kind": "hardship", "source": "page", "text": "secretword", "record": {"a": "secretword"}}
    kept = insert(cases).values(**mine, **case, opened_at=now, review_at=now).returning(cases.c.id)
    contested = {"case_id": connection.scalars(kept).one(), "state": "open", "reason": "amount", "source": "page"}
    contested |= {"text": "secretword", "items": ["secretword"], "note": "secretword", "verification_how": "secretword"}
    contested |= {"received_at": now, "within_validation": False}
    dispute = connection.scalars(insert(disputes).values(**mine, **contested).returning(disputes.c.id)).one()
    file = {"name": "Zebulon.pdf", "media_type": "application/pdf", "size": 1, "sha256": "0" * 64, "received_at": now}
    connection.execute(insert(attachments).values(dispute_id=dispute, body=b"secretword", **mine, **file))
    _promised(connection, mine, now)


def _promised(connection: Connection, mine: dict[str, int], now: datetime) -> None:
    due = {"due_on": now.date(), "grace_days": 1, "tolerance_minor": 0, "amount_minor": 1, "state": "kept"}
    said = {"source": "reply", "words": "secretword", "ended_why": "secretword", "made_at": now}
    connection.execute(insert(promises).values(**mine, **due, **said))
    means = {"statement": {"income": "secretword"}, "source": "page", "recorded_at": now}
    connection.execute(insert(means_statements).values(**mine, **means))
    plan = {"state": "declined", "total_minor": 1, "source": "page", "needs": "agent", "because": ["secretword"]}
    plan |= {"wording": "secretword", "ended_why": "secretword", "proposed_at": now, "expires_at": now}
    connection.execute(insert(payment_plans).values(**mine, **plan))
    born = update(debtors).where(debtors.c.id == mine["debtor_id"])
    connection.execute(born.values(date_of_birth="1980-02-30"))


def hold(
    engine: Engine, ref: str, reason: HoldReason, at: datetime, note: str = "", *, whole_debtor: bool = False
) -> tuple[int, int]:
    """Place a hold on an account, or on all of its debtor's; returns (hold id, debtor id) for `release`."""
    with engine.begin() as connection:
        account = connection.execute(select(accounts).where(accounts.c.ref == ref)).one()
        new = NewHold(account.debtor_id, None if whole_debtor else account.id, reason, "agent@lender.example", note)
        return holding.place(connection, new, at), account.debtor_id


def release(engine: Engine, placed: tuple[int, int], at: datetime) -> None:
    """End a hold."""
    with engine.begin() as connection:
        assert holding.release(connection, *placed, at)


def stop(engine: Engine, at: datetime) -> None:
    """The debtor's number said STOP."""
    with engine.begin() as connection:
        stopped = {"opted_out_at": at, "opt_out_source": "reply"}
        connection.execute(update(contact_points).where(contact_points.c.value == PHONE).values(stopped))
        connection.execute(update(consents).where(consents.c.value == PHONE).values(revoked_at=at, revoked_how="reply"))


def found(engine: Engine, marks: Sequence[str] = MARKS) -> dict[str, set[str]]:
    """In which columns of which table of the whole database the marks are found, whatever the code knows of them."""
    known = MetaData()
    known.reflect(engine)
    places: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for table in known.sorted_tables:
            for row in connection.execute(select(table)).mappings():
                for name, value in row.items():
                    if any(mark.lower() in _text(value) for mark in marks):
                        places.setdefault(table.name, set()).add(name)
    return places


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("latin-1").lower()
    return (value if isinstance(value, str) else orjson.dumps(value, default=str).decode()).lower()


def enrolled(engine: Engine) -> int:
    """How many enrolments still act."""
    with engine.connect() as connection:
        return len(connection.execute(select(enrolments.c.id).where(enrolments.c.state == "active")).all())
