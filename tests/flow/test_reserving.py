"""The last place under a cap is taken once, whoever asks for it at the same time."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from outreach.domain.campaign import Days
from outreach.domain.law import Law
from outreach.domain.policy import Cap, OnHit, When
from outreach.domain.standing import Medium
from outreach.flow import deliver as deliver_module
from outreach.flow.deliver import deliver
from outreach.flow.drafting import draft
from outreach.store.outbox import contents, notices
from outreach.store.tables import accounts
from tests.flow.house import House, another, campaign, house
from tests.law import HOURS_ONLY, pack

ONE_A_DAY = Cap(
    "day",
    "One message a day",
    ("a source",),
    When(frozenset({Medium.SMS, Medium.EMAIL})),
    on_hit=OnHit.DEFER,
    limit=1,
    days=1,
)
LAW = Law((HOURS_ONLY, pack(ONE_A_DAY)))


def two_accounts_of_one_debtor(home: House) -> list[str]:
    """Both are due; returns the ids of their notices."""
    home.account("A-1")
    home.account("A-2")
    with home.engine.begin() as connection:
        debtor = connection.scalars(select(accounts.c.debtor_id).where(accounts.c.ref == "A-1")).one()
        connection.execute(update(accounts).values(debtor_id=debtor))
    return home.run()


def sent(home: House) -> int:
    with home.engine.connect() as connection:
        return len(connection.execute(select(contents.c.notice_id)).all())


def test_two_accounts_of_one_debtor_in_one_batch_share_the_last_place(database_url: str) -> None:
    with house(database_url, law=LAW) as home:
        ids = two_accounts_of_one_debtor(home)
        assert len(ids) == 2
        deliver(home.app.desk, ids)
        assert sent(home) == 1
        deliver(home.app.desk, ids)
        assert sent(home) == 1
        with home.engine.connect() as connection:
            [waiting] = connection.execute(select(notices).where(notices.c.state == "planned")).all()
        assert waiting.reason == "One message a day"
        assert [hit["rule"] for hit in waiting.decision["hits"]] == ["sample/day"]
        assert waiting.decision["packs"] == ["house@1", "sample@1"]


def test_two_workers_who_both_saw_the_last_place_free_send_one_message(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both decide before either starts; each on the facts of before."""
    with house(database_url, law=LAW) as home, another(home) as other:
        ids = two_accounts_of_one_debtor(home)
        decided = threading.Barrier(2)

        def meet(*arguments: object) -> object:
            made = draft(*arguments)  # type: ignore[arg-type]
            decided.wait(20)
            return made

        monkeypatch.setattr(deliver_module, "draft", meet)
        workers = [
            threading.Thread(target=deliver, args=(desk, [id_]))
            for desk, id_ in zip((home.app.desk, other.desk), ids, strict=True)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        assert sent(home) == 1
        monkeypatch.setattr(deliver_module, "draft", draft)
        deliver(home.app.desk, ids)
        assert sent(home) == 1


def test_two_accounts_of_one_debtor_that_are_due_together_keep_the_campaigns_gap(database_url: str) -> None:
    with house(database_url, campaign(min_contact_gap=Days(3))) as home:
        ids = two_accounts_of_one_debtor(home)
        assert len(ids) == 2
        deliver(home.app.desk, ids)
        deliver(home.app.desk, ids)
        assert sent(home) == 1
        home.clock.advance(timedelta(days=3))
        deliver(home.app.desk, ids)
        assert sent(home) == 2
