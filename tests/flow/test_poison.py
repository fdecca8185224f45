"""One row that cannot be worked on, really corrupt in the database: it is set aside, all others go out, and after the
repair it is replayed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text, update

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Finding, Found, Parsed, SendRequest, SendResult
from outreach.flow.dead_letters import replay
from outreach.flow.deliver import deliver
from outreach.flow.desk import Desk, Versions
from outreach.flow.enroll import enroll, register
from outreach.flow.receive import receive
from outreach.flow.reconcile import reconcile
from outreach.flow.release import release
from outreach.flow.settle import settle
from outreach.flow.sweep import set_strays_aside, take_back_lost, to_dispatch
from outreach.providers.twilio_sms import TwilioSms
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.store import dead_letters
from outreach.store.dead_letters import DeadLetter, Kind
from outreach.store.outbox import inbox, notices, tasks
from outreach.store.tables import accounts, campaign_versions, enrolments
from tests.flow.house import NORTHWIND, House, campaign, house

#: Accounts of a test; the poison one is in the middle.
REFS = [f"A-{number}" for number in range(7)]
GUILTY = "A-3"


@pytest.fixture
def crowd(home: House) -> House:
    """A house with some accounts, each with a phone of its own and no other way to be reached."""
    for number, ref in enumerate(REFS):
        home.account(ref, phone=f"+1212555{110 + number:04d}", email="")
    return home


def corrupt(home: House, statement: str, ref: str = GUILTY, **values: object) -> None:
    """Run an UPDATE with :debtor and :account of the guilty account, past all checks."""
    with home.engine.begin() as connection:
        row = connection.execute(select(accounts.c.id, accounts.c.debtor_id).where(accounts.c.ref == ref)).one()
        known = {"account": row.id, "debtor": row.debtor_id}
        wanted = {name: value for name, value in known.items() if f":{name}" in statement}
        connection.execute(text(statement), wanted | values)


def states(home: House) -> dict[str, list[str]]:
    """The states of each account's notices, in the order in which they were planned."""
    found: dict[str, list[str]] = {ref: [] for ref in REFS}
    with home.engine.connect() as connection:
        query = select(accounts.c.ref, notices.c.state).join(notices, notices.c.account_id == accounts.c.id)
        for row in connection.execute(query.order_by(notices.c.id)):
            found[row.ref].append(row.state)
    return found


def letters(home: House) -> list[DeadLetter]:
    with home.engine.connect() as connection:
        return sorted(dead_letters.find(connection, [], 100), key=lambda one: one.id)


def replay_all(home: House) -> None:
    numbers = [one.id for one in letters(home)]
    now = home.clock.now()
    result = replay(home.engine, home.app.providers, numbers, "ops@lender.example", now, home.clock.machine())
    assert (result.replayed, result.refused) == (len(numbers), {})


def later(home: House) -> None:
    home.clock.advance(timedelta(minutes=5))


def only_the_guilty_one_waits(home: House, word: str = "sent") -> None:
    assert states(home) == {ref: [] if ref == GUILTY else [word] for ref in REFS}


#: How an account's facts can be beyond reading: what corrupts them, and what repairs them.
UNREADABLE = {
    "zones of the wrong shape": (
        "UPDATE debtors SET zones = '7' WHERE id = :debtor",
        "UPDATE debtors SET zones = '[\"America/New_York\"]' WHERE id = :debtor",
    ),
    "an unknown zone": (
        "UPDATE debtors SET zones = '[\"Mars/Olympus\"]' WHERE id = :debtor",
        "UPDATE debtors SET zones = '[\"America/New_York\"]' WHERE id = :debtor",
    ),
    "an unknown kind of contact point": (
        "UPDATE contact_points SET kind = 'pigeon' WHERE debtor_id = :debtor",
        "UPDATE contact_points SET kind = 'sms' WHERE debtor_id = :debtor",
    ),
    "an unknown quality": (
        "UPDATE contact_points SET quality = 'shiny' WHERE debtor_id = :debtor",
        "UPDATE contact_points SET quality = 'unverified' WHERE debtor_id = :debtor",
    ),
    "tags of the wrong shape": (
        "UPDATE accounts SET tags = '7' WHERE id = :account",
        "UPDATE accounts SET tags = '[]' WHERE id = :account",
    ),
}


#: Each corruption with an account of its own; the first and the last account are whole.
BEYOND_READING = dict(zip(REFS[1:-1], UNREADABLE, strict=True))


def corrupt_all(home: House) -> None:
    for ref, what in BEYOND_READING.items():
        corrupt(home, UNREADABLE[what][0], ref)


def repair_all(home: House) -> None:
    for ref, what in BEYOND_READING.items():
        corrupt(home, UNREADABLE[what][1], ref)


def test_accounts_beyond_reading_stand_still_and_no_other_does(crowd: House) -> None:
    enroll(crowd.engine, crowd.campaign, crowd.clock)
    corrupt_all(crowd)
    assert crowd.deliver() == 2
    assert states(crowd) == {ref: [] if ref in BEYOND_READING else ["sent"] for ref in REFS}
    found = letters(crowd)
    assert {one.account_ref for one in found} == set(BEYOND_READING)
    assert {(one.kind, one.what) for one in found} == {(Kind.ENROLMENT, "cards")}
    with crowd.engine.connect() as connection:
        aside = enrolments.c.id.in_([int(one.subject) for one in found])
        rows = connection.execute(select(enrolments).where(aside)).all()
        work = connection.execute(select(tasks.c.kind, tasks.c.state)).all()
    assert {row.next_look_at for row in rows} == {None}
    assert {row.waits_for for row in rows} == {f"set_aside: {one.error}" for one in found}
    assert work == [("set_aside", "open")] * len(BEYOND_READING)
    repair_all(crowd)
    replay_all(crowd)
    assert crowd.deliver() == len(BEYOND_READING)
    assert states(crowd) == {ref: ["sent"] for ref in REFS}
    assert letters(crowd) == []


def test_notices_whose_facts_are_beyond_reading_fail_alone(crowd: House) -> None:
    ids = crowd.run()
    corrupt_all(crowd)
    assert deliver(crowd.app.desk, ids) == 2
    assert states(crowd) == {ref: ["failed" if ref in BEYOND_READING else "sent"] for ref in REFS}
    found = letters(crowd)
    assert {one.account_ref for one in found} == set(BEYOND_READING)
    assert {(one.kind, one.what) for one in found} == {(Kind.NOTICE, "cards reminder sms")}
    repair_all(crowd)
    later(crowd)
    replay_all(crowd)
    assert crowd.deliver() == len(BEYOND_READING)
    assert states(crowd) == {ref: ["failed", "sent"] if ref in BEYOND_READING else ["sent"] for ref in REFS}


def test_invalid_json_stops_nobody_else(tmp_path: Path) -> None:
    """PostgreSQL refuses such a document; SQLite keeps what it is given."""
    with house(f"sqlite:///{tmp_path / 'house.db'}") as home:
        for number, ref in enumerate(REFS):
            home.account(ref, phone=f"+1212555{110 + number:04d}", email="")
        corrupt(home, "UPDATE debtors SET zones = '[not json' WHERE id = :debtor")
        assert home.deliver() == len(REFS) - 1
        only_the_guilty_one_waits(home)
        assert [one.error.split()[0] for one in letters(home)] == ["JSONDecodeError"]


def test_an_account_beyond_reading_does_not_keep_others_from_entering(crowd: House) -> None:
    corrupt(crowd, "UPDATE accounts SET tags = '7' WHERE id = :account")
    assert crowd.deliver() == len(REFS) - 1
    only_the_guilty_one_waits(crowd)
    (letter,) = letters(crowd)
    assert (letter.kind, letter.account_ref) == (Kind.ACCOUNT, GUILTY)
    crowd.deliver()
    assert len(letters(crowd)) == 1
    corrupt(crowd, "UPDATE accounts SET tags = '[]' WHERE id = :account")
    later(crowd)
    replay_all(crowd)
    assert crowd.deliver() == 1


def test_an_account_that_an_import_repaired_no_longer_waits_for_a_person(crowd: House) -> None:
    corrupt(crowd, "UPDATE accounts SET tags = '7' WHERE id = :account")
    crowd.deliver()
    corrupt(crowd, "UPDATE accounts SET tags = '[]', changed_at = :now WHERE id = :account", now=stamp(crowd))
    assert crowd.deliver() == 1
    assert letters(crowd) == []


def test_an_enrolment_in_an_unknown_state_stands_still_alone(crowd: House) -> None:
    enroll(crowd.engine, crowd.campaign, crowd.clock)
    corrupt(crowd, "UPDATE enrolments SET state = 'asleep' WHERE account_id = :account")
    assert crowd.deliver() == len(REFS) - 1
    only_the_guilty_one_waits(crowd)
    corrupt(crowd, "UPDATE enrolments SET state = 'active' WHERE account_id = :account")
    replay_all(crowd)
    assert crowd.deliver() == 1


def test_a_notice_in_an_unknown_state_keeps_only_its_own_account_waiting(crowd: House) -> None:
    crowd.run()
    corrupt(crowd, "UPDATE notices SET state = 'lost' WHERE account_id = :account")
    crowd.clock.advance(timedelta(days=2))
    assert crowd.deliver() == len(REFS) - 1
    assert [(one.kind, one.account_ref) for one in letters(crowd)] == [(Kind.ENROLMENT, GUILTY)]


def test_a_notice_on_an_unknown_channel_is_seen_and_its_place_is_taken_by_another(crowd: House) -> None:
    crowd.run()
    corrupt(crowd, "UPDATE notices SET channel = 'pigeon' WHERE account_id = :account")
    later(crowd)
    ids = [id_ for part in to_dispatch(crowd.app.desk).values() for id_ in part]
    assert deliver(crowd.app.desk, ids) == len(REFS) - 1
    assert set_strays_aside(crowd.app.desk) == 1
    assert set_strays_aside(crowd.app.desk) == 0
    (letter,) = letters(crowd)
    assert (letter.kind, letter.account_ref, letter.error.split()[0]) == (Kind.NOTICE, GUILTY, "ValueError")
    replay_all(crowd)
    assert crowd.deliver() == 1
    assert states(crowd)[GUILTY] == ["failed", "sent"]


def test_a_claimed_batch_with_an_unknown_channel_in_it_is_delivered_without_that_one(crowd: House) -> None:
    ids = crowd.run()
    corrupt(crowd, "UPDATE notices SET channel = 'pigeon' WHERE account_id = :account")
    assert deliver(crowd.app.desk, ids) == len(REFS) - 1
    assert states(crowd) == {ref: ["failed"] if ref == GUILTY else ["sent"] for ref in REFS}
    assert [one.kind for one in letters(crowd)] == [Kind.NOTICE]


def test_a_currency_that_does_not_exist_fails_its_notice_alone(crowd: House) -> None:
    ids = crowd.run()
    corrupt(crowd, "UPDATE accounts SET currency = 'ZZZ' WHERE id = :account")
    assert deliver(crowd.app.desk, ids) == len(REFS) - 1
    assert states(crowd)[GUILTY] == ["failed"]
    (letter,) = letters(crowd)
    assert letter.account_ref == GUILTY
    corrupt(crowd, "UPDATE accounts SET currency = 'USD' WHERE id = :account")
    later(crowd)
    replay_all(crowd)
    assert crowd.deliver() == 1


def test_a_version_that_no_longer_parses_stops_only_its_own_accounts(crowd: House) -> None:
    """Three accounts entered with a version whose body is garbage by now; the others have another."""
    with crowd.engine.begin() as connection:
        connection.execute(update(accounts).where(accounts.c.ref.in_(REFS[3:])).values(balance_minor=0))
    enroll(crowd.engine, crowd.campaign, crowd.clock)
    register(crowd.engine, [NORTHWIND], {"cards": campaign(version="2" * 64)}, crowd.clock)
    with crowd.engine.begin() as connection:
        connection.execute(update(accounts).values(balance_minor=12_345))
        bad = campaign_versions.c.version == "1" * 64
        body = connection.scalar(select(campaign_versions.c.body).where(bad))
        connection.execute(update(campaign_versions).where(bad).values(body='{"half": '))
    desk = forgetful(crowd)
    enroll(crowd.engine, crowd.campaign, crowd.clock)
    release(desk, "cards")
    assert deliver(desk, [id_ for part in to_dispatch(desk).values() for id_ in part]) == len(REFS) - 3
    assert sorted(one.account_ref or "" for one in letters(crowd)) == REFS[:3]
    with crowd.engine.begin() as connection:
        connection.execute(update(campaign_versions).where(bad).values(body=body))
    replay_all(crowd)
    assert crowd.deliver() == 3


def test_a_version_that_no_longer_parses_fails_only_its_own_notices(crowd: House) -> None:
    crowd.run()
    with crowd.engine.begin() as connection:
        row = connection.execute(select(campaign_versions)).mappings().one()
        other = {**row, "id": row["id"] + 1, "version": "2" * 64, "body": "[]"}
        connection.execute(insert(campaign_versions).values(other))
    corrupt(crowd, "UPDATE notices SET version_id = :version WHERE account_id = :account", version=row["id"] + 1)
    with crowd.engine.connect() as connection:
        ids = list(connection.scalars(select(notices.c.id)))
    assert deliver(forgetful(crowd), ids) == len(REFS) - 1
    assert states(crowd) == {ref: ["failed"] if ref == GUILTY else ["sent"] for ref in REFS}
    assert [(one.kind, one.account_ref) for one in letters(crowd)] == [(Kind.NOTICE, GUILTY)]


@pytest.mark.parametrize("character", ["\\u0000", "\\ud800"])
def test_a_text_that_cannot_be_kept_fails_alone_and_its_neighbours_are_sent(
    database_url: str, tmp_path: Path, character: str
) -> None:
    """PostgreSQL keeps no NUL, no database half a character; SQLite alone keeps a NUL, and so the text may leave."""
    (tmp_path / "odd").mkdir()
    odd = "{{ creditor.name }}: {{ account.ref }}{% if account.ref == 'A-3' %}{{ 'ODD' }}{% endif %}"
    (tmp_path / "odd" / "sms.en.txt").write_text(odd.replace("ODD", character))
    with house(database_url) as home, other_templates(home, tmp_path) as desk:
        for number, ref in enumerate(REFS):
            home.account(ref, phone=f"+1212555{110 + number:04d}", email="")
        ids = home.run()
        with home.engine.begin() as connection:
            connection.execute(update(notices).values(template="odd"))
        refused = not (character == "\\u0000" and home.engine.dialect.name == "sqlite")
        assert deliver(desk, ids) == len(REFS) - refused
        assert states(home) == {ref: ["failed"] if ref == GUILTY and refused else ["sent"] for ref in REFS}
        assert [(one.kind, one.account_ref) for one in letters(home)] == [(Kind.NOTICE, GUILTY)] * refused


def test_a_template_that_is_gone_is_named_and_its_notices_are_replayed_once_it_is_back(crowd: House) -> None:
    crowd.run()
    corrupt(crowd, "UPDATE notices SET template = 'gone' WHERE account_id = :account")
    with crowd.engine.connect() as connection:
        ids = list(connection.scalars(select(notices.c.id)))
    assert deliver(crowd.app.desk, ids) == len(REFS) - 1
    (letter,) = letters(crowd)
    assert letter.error.startswith("template: gone/")
    later(crowd)
    replay_all(crowd)
    assert crowd.deliver() == 1


def test_an_answer_that_cannot_be_recorded_leaves_its_notice_in_doubt_alone(
    crowd: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A provider's reference with a NUL in it: PostgreSQL and the JSON of a batch refuse it."""
    call = TwilioSms.call

    async def strange(self: TwilioSms, request: SendRequest) -> SendResult:
        result = await call(self, request)
        return replace(result, ref="SM\x00" * 100) if str(request.to).endswith("0113") else result

    monkeypatch.setattr(TwilioSms, "call", strange)
    assert crowd.deliver() == len(REFS)
    if crowd.engine.dialect.name == "sqlite":
        return
    assert states(crowd) == {ref: ["uncertain"] if ref == GUILTY else ["sent"] for ref in REFS}
    assert [(one.kind, one.account_ref) for one in letters(crowd)] == [(Kind.NOTICE, GUILTY)]


def test_what_cannot_be_asked_about_stays_in_doubt_alone(crowd: House, monkeypatch: pytest.MonkeyPatch) -> None:
    crowd.deliver()
    with crowd.engine.begin() as connection:
        connection.execute(update(notices).values(state="uncertain"))
        ids = list(connection.scalars(select(notices.c.id)))
    corrupt(
        crowd,
        "UPDATE contents SET recipient = '7' WHERE notice_id IN (SELECT id FROM notices WHERE account_id = :account)",
    )
    monkeypatch.setattr(TwilioSms, "find", lambda self, request: Finding(Found.YES, ref="SM1"))
    assert reconcile(crowd.app.desk, ids) == len(REFS) - 1
    assert states(crowd) == {ref: ["uncertain"] if ref == GUILTY else ["sent"] for ref in REFS}
    (letter,) = letters(crowd)
    assert (letter.kind, letter.account_ref) == (Kind.NOTICE, GUILTY)
    corrupt(
        crowd,
        'UPDATE contents SET recipient = \'{"value": "+12125550113"}\''
        " WHERE notice_id IN (SELECT id FROM notices WHERE account_id = :account)",
    )
    replay_all(crowd)
    assert reconcile(crowd.app.desk, ids) == 1
    assert states(crowd)[GUILTY] == ["sent"]


@pytest.mark.parametrize(("held", "becomes"), [("claimed", "failed"), ("sending", "uncertain")])
def test_what_a_dead_worker_held_is_taken_back_without_the_poison(crowd: House, held: str, becomes: str) -> None:
    crowd.run()
    with crowd.engine.begin() as connection:
        stale = crowd.clock.now() - timedelta(minutes=5)
        connection.execute(update(notices).values(state=held, lease_until=stale, started_at=stale))
    corrupt(crowd, "UPDATE notices SET channel = 'pigeon' WHERE account_id = :account")
    assert take_back_lost(crowd.app.desk) == len(REFS) - 1
    good = {"claimed": "planned", "sending": "uncertain"}[held]
    assert states(crowd) == {ref: [becomes] if ref == GUILTY else [good] for ref in REFS}
    assert [(one.kind, one.account_ref) for one in letters(crowd)] == [(Kind.NOTICE, GUILTY)]
    assert take_back_lost(crowd.app.desk) == 0


def test_garbage_in_the_inbox_is_a_dead_letter_and_is_settled_after_the_repair(crowd: House) -> None:
    crowd.deliver()
    now = crowd.clock.now()
    with crowd.engine.connect() as connection:
        ids = list(connection.scalars(select(notices.c.id).order_by(notices.c.id)))
    events = [DeliveryEvent(f"e-{id_}", EventKind.DELIVERED, "delivered", f"{id_}.1") for id_ in ids]
    received = receive(crowd.engine, "twilio", Parsed(events=tuple(events)), now)
    with crowd.engine.begin() as connection:
        guilty = inbox.c.id == received[3]
        payload = connection.scalar(select(inbox.c.payload).where(guilty))
        connection.execute(update(inbox).where(guilty).values(payload={"kind": 7}))
    settle(crowd.app.desk, received)
    assert sorted(state for one in states(crowd).values() for state in one) == ["delivered"] * 6 + ["sent"]
    (letter,) = letters(crowd)
    assert (letter.kind, letter.subject, letter.what) == (Kind.EVENT, str(received[3]), "twilio status")
    with crowd.engine.begin() as connection:
        connection.execute(update(inbox).where(guilty).values(payload=payload))
    replay_all(crowd)
    settle(crowd.app.desk, received)
    assert {state for one in states(crowd).values() for state in one} == {"delivered"}
    assert letters(crowd) == []


def test_an_event_about_a_notice_beyond_reading_is_set_aside_alone(crowd: House) -> None:
    crowd.deliver()
    corrupt(crowd, "UPDATE notices SET channel = 'pigeon' WHERE account_id = :account")
    with crowd.engine.connect() as connection:
        ids = list(connection.scalars(select(notices.c.id)))
    events = [DeliveryEvent(f"e-{id_}", EventKind.DELIVERED, "delivered", f"{id_}.1") for id_ in ids]
    received = receive(crowd.engine, "twilio", Parsed(events=tuple(events)), crowd.clock.now())
    settle(crowd.app.desk, received)
    assert states(crowd) == {ref: ["sent"] if ref == GUILTY else ["delivered"] for ref in REFS}
    assert [one.kind for one in letters(crowd)] == [Kind.EVENT]
    corrupt(crowd, "UPDATE notices SET channel = 'sms' WHERE account_id = :account")
    replay_all(crowd)
    settle(crowd.app.desk, received)
    assert states(crowd)[GUILTY] == ["delivered"]


def test_an_event_that_is_nobodys_becomes_a_dead_letter_in_the_end(crowd: House) -> None:
    event = DeliveryEvent("e1", EventKind.DELIVERED, "delivered", ref="SM404")
    received = receive(crowd.engine, "twilio", Parsed(events=(event,)), crowd.clock.now())
    for _ in range(6):
        assert letters(crowd) == []
        settle(crowd.app.desk, received)
        crowd.clock.advance(timedelta(minutes=30))
    assert [(one.kind, one.error) for one in letters(crowd)] == [(Kind.UNMATCHED, "no notice of ours")]


def test_what_went_well_before_anybody_came_no_longer_waits_for_a_person(crowd: House) -> None:
    bad, good = UNREADABLE["zones of the wrong shape"]
    enroll(crowd.engine, crowd.campaign, crowd.clock)
    corrupt(crowd, bad)
    crowd.deliver()
    assert len(letters(crowd)) == 1
    corrupt(crowd, good)
    corrupt(crowd, "UPDATE enrolments SET next_look_at = :now WHERE account_id = :account", now=stamp(crowd))
    assert crowd.deliver() == 1
    assert letters(crowd) == []
    with crowd.engine.connect() as connection:
        assert connection.scalar(select(dead_letters.dead_letters.c.outcome)) == "healed"
        assert connection.scalar(select(tasks.c.state)) == "done"


def stamp(home: House) -> object:
    """The clock's instant as raw SQL wants it."""
    at = home.clock.now()
    return at.strftime("%Y-%m-%d %H:%M:%S.%f") if home.engine.dialect.name == "sqlite" else at


def forgetful(home: House) -> Desk:
    """The house's desk as a new process would have it: it has read no campaign yet."""
    return replace(home.app.desk, versions=Versions())


@contextmanager
def other_templates(home: House, folder: Path) -> Iterator[Desk]:
    """The house's desk with templates of its own."""
    renderer = Renderer(folder, LetterPrinter())
    yield replace(home.app.desk, renderer=renderer)
    renderer.close()
