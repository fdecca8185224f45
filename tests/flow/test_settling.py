"""What comes back: signed callbacks over real sockets, debtors' answers, and news that is late, doubled or garbage."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.receive import receive
from outreach.flow.settle import MAX_TRIES, settle
from outreach.flow.spool import read_report
from outreach.providers.print_spool import PrintSpool
from outreach.store.outbox import inbox, notices, replies, tasks, timeline
from outreach.store.tables import contact_points
from tests.flow.house import House, house


@pytest.fixture
def street(database_url: str) -> Iterator[House]:
    """A house whose webhooks are served."""
    with house(database_url, web=True) as built:
        yield built


def notice_id(home: House) -> str:
    with home.engine.connect() as connection:
        return connection.scalars(select(notices.c.id)).one()


def news(home: House, *kinds: EventKind, attempt: int = 1, permanent: bool | None = None) -> list[int]:
    """Events of Twilio about the only notice, stored and settled one after the other."""
    ids = []
    for number, kind in enumerate(kinds):
        event = DeliveryEvent(
            f"{kind}-{number}-{attempt}", kind, kind.value, f"{notice_id(home)}.{attempt}", permanent=permanent
        )
        ids += receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())
        settle(home.app.desk, ids)
    return ids


def answer(home: House, number: str, body: str) -> None:
    """Type an answer on the sandbox's phone."""
    done = httpx.post(f"{home.sandbox_url}/phones/{number}", data={"body": body}, headers={"origin": home.sandbox_url})
    assert done.status_code == 303


def opted_out(home: House) -> bool:
    with home.engine.connect() as connection:
        return bool(connection.scalars(select(contact_points).where(contact_points.c.opted_out_at.is_not(None))).all())


def test_a_text_goes_from_planned_to_delivered(street: House) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})


def test_an_email_goes_from_planned_to_delivered(street: House) -> None:
    street.account(phone="")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder email": "delivered"})


def test_an_undelivered_text_is_followed_by_an_email(street: House) -> None:
    street.account(phone="+12125550191")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "undelivered"})
    street.deliver()
    street.wait(lambda: street.states().get("reminder email") == "delivered")


def test_stop_opts_the_number_out_on_every_account_and_cancels_what_is_queued(street: House) -> None:
    street.account("A-1")
    street.account("A-2", email="ben@debtor.example")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    with street.engine.begin() as connection:
        queued = dict(connection.execute(select(notices).limit(1)).mappings().one())
        again = {"id": "f" * 32, "step": "second", "state": "planned", "attempts": 0, "contact_point_id": None}
        connection.execute(insert(notices).values(queued | again))
    answer(street, "+12125550142", "STOP")
    street.wait(lambda: opted_out(street))
    assert street.states()["second sms"] == "cancelled"
    with street.engine.connect() as connection:
        assert (
            len(connection.scalars(select(contact_points.c.opted_out_at).where(contact_points.c.kind == "sms")).all())
            == 2
        )
        kinds = connection.scalars(select(timeline.c.kind)).all()
    assert sorted(kinds).count("opted_out") == 2


@pytest.mark.parametrize("word", ["Stop.", "s t o p", "ALTO", "退订", "UNSUBSCRIBE"])
def test_stop_is_understood_in_every_language(street: House, word: str) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    answer(street, "+12125550142", word)
    street.wait(lambda: opted_out(street))


def test_another_answer_makes_a_task_and_shows_on_the_timeline(street: House) -> None:
    street.account()
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    answer(street, "+12125550142", "I paid yesterday")

    def told() -> bool:
        with street.engine.connect() as connection:
            return connection.scalars(select(tasks.c.kind)).all() == ["dispute"]

    street.wait(told)
    assert not opted_out(street)
    with street.engine.connect() as connection:
        assert connection.scalars(select(replies.c.text)).one() == "I paid yesterday"
        assert "reply" in connection.scalars(select(timeline.c.kind)).all()


def test_the_unsubscribe_link_asks_by_get_and_stops_by_post(street: House) -> None:
    street.account(phone="")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder email": "delivered"})
    with street.engine.connect() as connection:
        body = connection.execute(select(notices.c.id)).one()
    from outreach.flow.links import unsubscribe_url  # noqa: PLC0415

    url = unsubscribe_url(street.public_url, "k" * 40, body.id)
    page = httpx.get(url)
    assert page.status_code == 200
    assert "owe" not in page.text
    assert not opted_out(street)
    assert httpx.post(url, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    street.wait(lambda: opted_out(street))


def test_doubled_events_are_applied_once(home: House) -> None:
    home.account()
    home.deliver()
    news(home, EventKind.DELIVERED)
    news(home, EventKind.DELIVERED)
    assert home.states() == {"reminder sms": "delivered"}
    assert [entry for entry in home.log() if entry[1] == "delivered"] == [("move", "delivered", True)]


def test_events_out_of_order_never_move_a_notice_back(home: House) -> None:
    home.account()
    home.deliver()
    news(home, EventKind.DELIVERED, EventKind.SENT, EventKind.QUEUED)
    assert home.states() == {"reminder sms": "delivered"}
    assert ("event", "delivered", False) in home.log()


def test_an_event_that_comes_before_our_own_record_finds_its_notice(home: House) -> None:
    home.account()
    home.deliver()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="sending", provider_ref=None))
    news(home, EventKind.DELIVERED)
    assert home.states() == {"reminder sms": "delivered"}


@pytest.mark.parametrize("attempts", [1, 2])
@pytest.mark.parametrize(("kind", "state"), [(EventKind.QUEUED, "sent"), (EventKind.DELIVERED, "delivered")])
def test_news_that_a_lost_attempt_arrived_ends_the_notice_and_nothing_is_sent_again(
    home: House, attempts: int, kind: EventKind, state: str
) -> None:
    """The first attempt was thought lost and planned again; then it turns out to have arrived."""
    home.account()
    home.deliver()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="planned", attempts=attempts))
    news(home, kind, attempt=1)
    assert home.states() == {"reminder sms": state}
    home.clock.advance(timedelta(days=1))
    assert home.deliver() == 0


def test_a_dead_number_is_never_texted_again(home: House) -> None:
    home.account()
    home.deliver()
    news(home, EventKind.UNDELIVERED, permanent=True)
    with home.engine.connect() as connection:
        query = select(contact_points.c.quality).where(contact_points.c.kind == "sms")
        assert connection.scalar(query) == "undeliverable"


def test_an_event_about_nothing_of_ours_is_kept_and_set_aside_in_the_end(home: House) -> None:
    event = DeliveryEvent("e1", EventKind.DELIVERED, "delivered", "0" * 32 + ".1", ref="SM404")
    ids = receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())
    for _ in range(MAX_TRIES):
        settle(home.app.desk, ids)
        home.clock.advance(timedelta(minutes=30))
    with home.engine.connect() as connection:
        assert connection.scalars(select(inbox.c.state)).all() == ["unmatched"]


def test_garbage_in_the_inbox_is_set_aside_and_stops_nothing(home: House) -> None:
    home.account()
    home.deliver()
    now = home.clock.now()
    with home.engine.begin() as connection:
        garbage = {"provider": "twilio", "event_id": "g", "kind": "status", "payload": {"kind": 7}, "received_at": now}
        bad = connection.scalars(insert(inbox).returning(inbox.c.id), [garbage]).one()
    event = DeliveryEvent("e1", EventKind.DELIVERED, "delivered", f"{notice_id(home)}.1")
    good = receive(home.engine, "twilio", Parsed(events=(event,)), now)
    settle(home.app.desk, [bad, *good])
    assert home.states() == {"reminder sms": "delivered"}
    with home.engine.connect() as connection:
        assert sorted(connection.scalars(select(inbox.c.state)).all()) == ["failed", "settled"]


def test_an_address_that_two_debtors_share_is_nobodys_until_a_person_decides(street: House) -> None:
    street.account("A-1")
    street.account("A-2")
    street.deliver()
    street.wait(lambda: street.states() == {"reminder sms": "delivered"})
    answer(street, "+12125550142", "Who is this?")

    def asked() -> bool:
        with street.engine.connect() as connection:
            return connection.scalars(select(tasks.c.kind)).all() == ["unknown_sender"]

    street.wait(asked)


def test_the_print_houses_report_is_read_back_once(tmp_path: Path) -> None:
    with house(f"sqlite:///{tmp_path / 'spool.db'}") as home:
        home.account()
        home.deliver()
        returned = tmp_path / "report.csv"
        returned.write_text(f"attempt_id,status,at,reason\n{notice_id(home)}.1,returned,2026-12-03,moved away\nx,,,\n")
        spool, bad = PrintSpool(tmp_path / "spool", home.clock.now), []
        assert read_report(home.app.desk, spool, returned, lambda line, why: bad.append((line, why))) == 1
        assert read_report(home.app.desk, spool, returned, lambda line, why: None) == 0
        assert home.states() == {"reminder sms": "undelivered"}
        assert [line for line, _ in bad] == [3]


@pytest.mark.parametrize("failure", [OperationalError, InterfaceError, PoolTimeout])
def test_a_database_that_goes_away_sets_no_event_aside(
    home: House, monkeypatch: pytest.MonkeyPatch, failure: type[Exception]
) -> None:
    home.account()
    home.deliver()
    event = DeliveryEvent("e1", EventKind.DELIVERED, "delivered", f"{notice_id(home)}.1")
    ids = receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())

    def away(*_args: object) -> None:
        raise failure("", None, Exception()) if failure is not PoolTimeout else PoolTimeout()

    with monkeypatch.context() as patched:
        patched.setattr("outreach.flow.settle.delivery_news.apply", away)
        with pytest.raises(failure):
            settle(home.app.desk, ids)
    assert settle(home.app.desk, ids) == 1
    assert home.states() == {"reminder sms": "delivered"}
