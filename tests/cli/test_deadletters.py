"""`outreach deadletters`: what was set aside is shown without debtors' data, and tried again without doing harm."""

from __future__ import annotations

import base64
import csv
import io
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from sqlalchemy import insert, select, update
from typer.testing import CliRunner, Result

from outreach.cli.main import cli
from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Parsed
from outreach.flow.dead_letters import replay, set_aside
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.store import dead_letters
from outreach.store.dead_letters import Kind, NewDeadLetter
from outreach.store.outbox import inbox, notices, tasks, timeline
from outreach.store.tables import accounts, enrolments
from outreach.workers.broker import make_broker, start_worker
from tests.flow.house import NOON, House, house

SECRET = "+12125550142"


@pytest.fixture
def home(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """A house whose database and providers the command works with."""
    with house(database_url) as built:
        yield configured(built, database_url, monkeypatch)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    """The same on SQLite alone, for what no database changes."""
    url = f"sqlite:///{tmp_path / 'house.db'}"
    with house(url) as built:
        yield configured(built, url, monkeypatch)


def configured(home: House, url: str, monkeypatch: pytest.MonkeyPatch) -> House:
    settings = home.app.settings
    values = {
        "DATABASE_URL": url,
        "TWILIO_ACCOUNT_SID": settings.twilio_account_sid,
        "TWILIO_AUTH_TOKEN": settings.twilio_auth_token.get_secret_value(),
        "TWILIO_FROM": settings.twilio_from,
        "PUBLIC_URL": "",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"OUTREACH_{name}", value)
    return home


def run(*arguments: object, answer: str = "") -> Result:
    return CliRunner().invoke(cli, ["deadletters", *map(str, arguments)], input=answer)


def listed(*arguments: object) -> list[dict[str, str]]:
    result = run("list", "--format", "json", *arguments)
    assert result.exit_code == 0, result.stderr
    rows: list[dict[str, str]] = json.loads(result.stdout)
    return rows


def aside(home: House, kind: Kind, subject: object, account_id: int | None = None, what: str = "cards") -> int:
    """Set something aside; returns the dead letter's id."""
    new = NewDeadLetter(kind, str(subject), "ValueError in store.facts", what, f"ValueError: {SECRET}", account_id)
    with home.engine.begin() as connection:
        set_aside(connection, [new], home.clock.now())
        found = dead_letters.find(connection, [kind], 1)
    return found[0].id


def event_aside(home: House, event_id: str = "e1", word: str = "delivered", state: str = "failed") -> tuple[int, int]:
    """An event about the only notice that was stored and then set aside: its inbox id and its dead letter's."""
    with home.engine.connect() as connection:
        notice_id = connection.scalars(select(notices.c.id)).first() or "0" * 32
    event = DeliveryEvent(event_id, EventKind(word), word, f"{notice_id}.1", address=SECRET)
    (inbox_id,) = receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now())
    with home.engine.begin() as connection:
        connection.execute(update(inbox).where(inbox.c.id == inbox_id).values(state=state, tries=6, error="bad"))
    kind = Kind.UNMATCHED if state == "unmatched" else Kind.EVENT
    return inbox_id, aside(home, kind, inbox_id, what=f"twilio {word}")


def garbled_aside(home: House, body: bytes, query: str = "") -> int:
    """A webhook of Twilio's that was kept unread and set aside; returns the dead letter's id."""
    payload = {
        "url": f"https://outreach.example/webhooks/twilio/status?{query}",
        "content_type": "application/x-www-form-urlencoded",
        "body_base64": base64.b64encode(body).decode(),
    }
    row = {"provider": "twilio", "event_id": "g", "kind": "raw", "state": "garbled", "payload": payload}
    with home.engine.begin() as connection:
        statement = insert(inbox).values(row | {"received_at": home.clock.now()}).returning(inbox.c.id)
        inbox_id = connection.scalars(statement).one()
    return aside(home, Kind.GARBLED, inbox_id, what="twilio raw")


def rows_of(home: House, table: Any) -> list[Any]:
    with home.engine.connect() as connection:
        return list(connection.execute(select(table)))


def test_an_empty_list_says_so_and_is_no_failure(small: House) -> None:
    result = run("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "No dead letters" in result.stderr
    assert listed() == []


def test_the_list_names_kind_error_and_account_but_not_what_was_said(small: House) -> None:
    account_id = small.account()
    number = aside(small, Kind.ACCOUNT, account_id, account_id)
    for output in ("table", "json", "csv"):
        result = run("list", "--format", output)
        assert result.exit_code == 0
        assert "A-1" in result.stdout
        assert SECRET not in result.stdout
    (row,) = listed()
    assert row == {
        "id": str(number),
        "kind": "account",
        "what": "cards",
        "account": "A-1",
        "error": "ValueError in store.facts",
        "since": small.clock.now().isoformat(),
    }
    (again,) = csv.DictReader(io.StringIO(run("list", "--format", "csv").stdout))
    assert again == row


def test_a_kind_can_be_chosen(small: House) -> None:
    event_aside(small)
    event_aside(small, "e2", state="unmatched")
    assert [row["kind"] for row in listed("--kind", "unmatched")] == ["unmatched"]
    assert len(listed("--kind", "unmatched", "--kind", "event")) == 2
    assert run("list", "--kind", "nonsense").exit_code == 2


def test_more_than_fit_are_counted(small: House) -> None:
    for number in range(3):
        event_aside(small, f"e{number}")
    assert "2 of 3 dead letters" in run("list", "--limit", 2).stderr


def test_show_prints_what_was_said_and_warns_that_it_is_a_debtors(small: House) -> None:
    _, number = event_aside(small)
    result = run("show", number)
    document = json.loads(result.stdout)
    assert document["webhook"]["payload"]["address"] == SECRET
    assert SECRET in document["detail"]
    assert "debtor's data" in result.stderr
    assert run("show", 999).exit_code == 1


def test_show_prints_a_garbled_body_as_text(small: House) -> None:
    number = garbled_aside(small, b"\xff MessageSid?")
    assert json.loads(run("show", number).stdout)["webhook"]["body"] == "\ufffd MessageSid?"


def test_a_replayed_event_is_settled_and_its_notice_moves(home: House) -> None:
    home.account()
    home.deliver()
    inbox_id, number = event_aside(home)
    result = run("replay", number, "--yes")
    assert result.exit_code == 0
    assert "replayed 1" in result.stderr
    (row,) = rows_of(home, inbox)
    assert (row.state, row.tries, row.error) == ("received", 0, "")
    assert settle(home.app.desk, [inbox_id]) == 1
    assert home.states() == {"reminder sms": "delivered"}
    assert listed() == []


def test_replaying_twice_changes_nothing_and_says_so(home: House) -> None:
    home.account()
    home.deliver()
    inbox_id, number = event_aside(home)
    run("replay", number, "--yes")
    settle(home.app.desk, [inbox_id])
    log = home.log()
    result = run("replay", number, "--yes")
    assert result.exit_code == 0
    assert "1 ended before: nothing to do" in result.stderr
    assert settle(home.app.desk, [inbox_id]) == 0
    assert home.log() == log


def test_an_event_that_was_applied_already_is_late_news(home: House) -> None:
    home.account()
    home.deliver()
    inbox_id, number = event_aside(home, word="sent")
    event = DeliveryEvent("later", EventKind.DELIVERED, "delivered", rows_of(home, notices)[0].id + ".1")
    settle(home.app.desk, receive(home.engine, "twilio", Parsed(events=(event,)), home.clock.now()))
    run("replay", number, "--yes")
    settle(home.app.desk, [inbox_id])
    assert home.states() == {"reminder sms": "delivered"}


def test_a_garbled_body_that_is_understood_by_now_becomes_events(home: House) -> None:
    home.account()
    home.deliver()
    notice_id = rows_of(home, notices)[0].id
    number = garbled_aside(home, b"MessageSid=SM1&MessageStatus=delivered", f"a={notice_id}.1")
    assert run("replay", number, "--yes").exit_code == 0
    fresh = [row.id for row in rows_of(home, inbox) if row.state == "received"]
    assert settle(home.app.desk, fresh) == 1
    assert [row.state for row in rows_of(home, inbox)] == ["settled", "settled"]
    assert home.states() == {"reminder sms": "delivered"}
    assert run("replay", number, "--yes").exit_code == 0
    assert len(rows_of(home, inbox)) == 2


def test_a_garbled_body_that_still_says_nothing_stays_and_exits_1(home: House) -> None:
    number = garbled_aside(home, b"nothing that we know")
    event_aside(home)
    result = run("replay", "--all", "--yes")
    assert result.exit_code == 1
    assert f"{number} was not replayed: it still cannot be read" in " ".join(result.stderr.split())
    assert "replayed 1" in result.stderr
    assert [row["id"] for row in listed()] == [str(number)]


def test_a_notice_that_never_left_is_planned_again_at_its_place(home: House) -> None:
    home.account(email="")
    (notice_id,) = home.run()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="failed", ended_at=home.clock.now()))
        connection.execute(update(enrolments).values(next_look_at=None))
    number = aside(home, Kind.NOTICE, notice_id, rows_of(home, accounts)[0].id)
    assert home.deliver() == 0
    assert run("replay", number, "--yes").exit_code == 0
    assert home.deliver() == 1
    assert sorted((row.step, row.position, row.state) for row in rows_of(home, notices)) == [
        ("reminder", 0, "failed"),
        ("reminder", 0, "sent"),
    ]


def test_a_replayed_notice_whose_step_was_taken_by_another_channel_is_not_sent(home: House) -> None:
    home.account()
    (notice_id,) = home.run()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="failed", ended_at=home.clock.now()))
        connection.execute(update(enrolments).values(next_look_at=home.clock.now()))
    number = aside(home, Kind.NOTICE, notice_id)
    assert home.deliver() == 1
    assert home.states() == {"reminder sms": "failed", "reminder email": "sent"}
    run("replay", number, "--yes")
    assert home.deliver() == 0
    assert len(rows_of(home, notices)) == 2


def test_a_notice_that_was_handed_over_is_not_planned_again_by_a_machine(home: House) -> None:
    home.account(email="")
    home.deliver()
    with home.engine.begin() as connection:
        connection.execute(update(notices).values(state="failed"))
    number = aside(home, Kind.NOTICE, rows_of(home, notices)[0].id)
    result = run("replay", number, "--yes")
    assert result.exit_code == 1
    assert "handed to a provider before" in " ".join(result.stderr.split())
    assert home.deliver() == 0
    assert run("dismiss", number, "--reason", "told by phone", "--yes").exit_code == 0


def test_an_enrolment_is_looked_at_again_and_its_task_is_done(home: House) -> None:
    account_id = home.account()
    home.run()
    (enrolment,) = rows_of(home, enrolments)
    number = aside(home, Kind.ENROLMENT, enrolment.id, account_id)
    assert [(task.kind, task.state) for task in rows_of(home, tasks)] == [("set_aside", "open")]
    run("replay", number, "--yes")
    assert [(task.kind, task.state) for task in rows_of(home, tasks)] == [("set_aside", "done")]
    assert rows_of(home, enrolments)[0].next_look_at is not None


def test_an_account_is_considered_for_entry_again(home: House) -> None:
    account_id = home.account()
    with home.engine.begin() as connection:
        connection.execute(update(accounts).values(changed_at=home.clock.now().replace(year=2020)))
    run("replay", aside(home, Kind.ACCOUNT, account_id), "--yes")
    assert rows_of(home, accounts)[0].changed_at.year > 2020


def test_who_replayed_or_dismissed_what_and_why_is_kept(small: House) -> None:
    account_id = small.account()
    one, two = aside(small, Kind.ACCOUNT, account_id, account_id), event_aside(small)[1]
    run("replay", one, "--yes")
    run("dismiss", two, "--reason", "a stray test", "--yes")
    ended = {row["id"]: row for row in listed("--ended")}
    assert (ended[str(one)]["outcome"], ended[str(two)]["outcome"]) == ("replayed", "dismissed")
    assert ended[str(two)]["note"] == "a stray test"
    assert "@" in ended[str(one)]["by"]
    assert [(row.kind, row.actor) for row in rows_of(small, timeline)] == [("error_replayed", ended[str(one)]["by"])]
    assert listed() == []


def test_a_dismissed_event_is_not_settled(small: House) -> None:
    inbox_id, number = event_aside(small)
    run("dismiss", number, "--reason", "not ours", "--yes")
    assert settle(small.app.desk, [inbox_id]) == 0
    assert run("replay", number, "--yes").exit_code == 0
    assert rows_of(small, inbox)[0].state == "failed"


def test_dismissing_needs_a_reason(small: House) -> None:
    _, number = event_aside(small)
    assert run("dismiss", number, "--yes").exit_code == 2
    assert run("dismiss", number, "--reason", " ", "--yes").exit_code == 2
    assert len(listed()) == 1


def test_it_asks_with_the_number_of_each_kind_and_no_is_no(small: House) -> None:
    event_aside(small, "e1")
    event_aside(small, "e2")
    event_aside(small, "e3", state="unmatched")
    result = run("replay", "--all", answer="n\n")
    assert "Replay 2 event, 1 unmatched?" in result.stderr
    assert result.exit_code == 1
    assert len(listed()) == 3
    assert run("replay", "--all", "--kind", "event", answer="y\n").exit_code == 0
    assert [row["kind"] for row in listed()] == ["unmatched"]


@pytest.mark.parametrize("arguments", [[], ["1", "--all"], ["1", "--kind", "event"], ["x"], ["broker:nowhere"]])
def test_what_is_not_clear_exits_2_and_does_nothing(small: House, arguments: list[str]) -> None:
    event_aside(small)
    assert run("replay", *arguments, "--yes").exit_code == 2
    assert len(listed()) == 1


def test_an_unknown_id_exits_1_and_the_others_are_replayed(small: House) -> None:
    _, number = event_aside(small)
    result = run("replay", number, 999, "--yes")
    assert result.exit_code == 1
    assert "no dead letter 999" in result.stderr
    assert listed() == []


@pytest.mark.parametrize("command", ["list", "show", "replay", "dismiss"])
def test_help_has_an_example(command: str) -> None:
    assert f"Example: outreach deadletters {command}" in " ".join(run(command, "--help").stdout.split())


def test_two_people_who_replay_one_event_replay_it_once(home: House) -> None:
    _, number = event_aside(home)
    app, results = home.app, []

    def replay_it() -> None:
        results.append(replay(app.engine, app.providers, [number], "ops@lender.example", NOON, NOON))

    people = [threading.Thread(target=replay_it) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(result.replayed for result in results) == [0, 1]


def test_what_the_broker_parked_is_shown_replayed_and_dropped(
    small: House, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTREACH_BROKER_URL", redis_url)
    park(redis_url, "a")
    (row,) = listed()
    assert (row["id"], row["kind"], row["what"]) == ("broker:sms", "broker", "1 messages")
    assert run("replay", "broker:sms", "--yes").exit_code == 0
    assert listed() == []
    broker = make_broker(redis_url)
    assert broker.client.llen("outreach:sms") == 1  # type: ignore[attr-defined]
    broker.client.flushdb()  # type: ignore[attr-defined]
    park(redis_url, "b")
    assert run("dismiss", "--all", "--kind", "broker", "--reason", "the sweep did it", "--yes").exit_code == 0
    assert listed() == []
    assert broker.client.llen("outreach:sms") == 0  # type: ignore[attr-defined]
    broker.close()


def test_a_broker_that_is_away_does_not_hide_the_others(small: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_BROKER_URL", "redis://127.0.0.1:1/0")
    event_aside(small)
    assert len(listed()) == 1
    assert "the broker does not answer" in run("list").stderr


def park(redis_url: str, word: str) -> None:
    """Have an actor of the queue `sms` raise, as the broker of a worker lives it."""
    broker, raised = make_broker(redis_url), threading.Event()

    def fail(_ids: list[str]) -> None:
        raised.set()
        raise ValueError(word)

    actor = dramatiq.actor(actor_name="deliver_sms", queue_name="sms", broker=broker)(fail)
    worker = start_worker(broker, 1, {"sms"})
    actor.send([word])
    assert raised.wait(10)
    worker.stop()
    broker.close()
