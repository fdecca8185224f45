"""Cases: each kind of them stops outreach, makes its task, starts its clock, and ends only by its way out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from outreach.domain.account import HoldReason
from outreach.domain.case import Authority, CaseKind, CaseRule, Needed, NotRecorded, Record, Way
from outreach.domain.case_rules import RULES
from outreach.domain.service import STEPS
from outreach.domain.task import RULES as TASK_RULES
from outreach.flow.case_review import review_cases
from outreach.flow.cases import ROLE_OF, NewCase, NoSuchHold, NotAllowed, close_case, open_case
from outreach.flow.holds import NewHold, place
from outreach.store import cases
from outreach.store.case_tables import cases as case_table
from outreach.store.outbox import inbox, notices, replies, tasks, timeline
from outreach.store.tables import holds
from outreach.store.users import Role
from tests.flow.house import House

AGENT = "agent@lender.example"
DAY = timedelta(days=1)
#: What satisfies every way out at once.
EVERYTHING = {"on": date(2026, 11, 30), "how": "letter", "who": "Ann Lee, +1 212 555 0123", "note": "agreed"}


def opens(home: House, kind: CaseKind, text: str = "as it was said", account_id: int | None = 1, **changes: Any) -> int:
    case = NewCase(kind, 1, account_id, "reply", text, home.clock.now())
    with home.engine.begin() as connection:
        return open_case(connection, replace(case, **changes), home.clock.now())


def one_each(home: House) -> dict[CaseKind, int]:
    """A debtor with one account, both of the same id, for each kind of case."""
    kinds = enumerate(CaseKind, start=1)
    return {kind: home.account(f"A-{n}", phone=f"+121255501{n:02}", email="") for n, kind in kinds}


def closes(home: House, hold_id: int, role: Role = Role.ADMIN, debtor_id: int = 1, **record: Any) -> None:
    with home.engine.begin() as connection:
        close_case(connection, hold_id, debtor_id, Record(**record), role, home.clock.now(), AGENT)


def told(home: House, account_id: int = 1) -> list[str]:
    with home.engine.connect() as connection:
        query = select(timeline.c.kind).where(timeline.c.account_id == account_id).order_by(timeline.c.id)
        return list(connection.scalars(query))


def open_tasks(home: House) -> list[Any]:
    with home.engine.connect() as connection:
        return list(connection.execute(select(tasks).where(tasks.c.ended_at.is_(None)).order_by(tasks.c.id)))


def held(home: House) -> list[Any]:
    with home.engine.connect() as connection:
        return list(connection.execute(select(holds).order_by(holds.c.id)))


def test_whatever_a_case_is_about_nothing_leaves_and_a_person_has_its_task(home: House) -> None:
    debtor_of = one_each(home)
    assert len(home.run()) == len(CaseKind)
    for kind, id_ in debtor_of.items():
        opens(home, kind, account_id=id_, debtor_id=id_)
    assert home.deliver() == 0
    with home.engine.connect() as connection:
        states = dict(connection.execute(select(notices.c.account_id, notices.c.state)).all())
    found = {task.account_id: task.kind for task in open_tasks(home)}
    placed = {hold.debtor_id: (hold.reason, hold.freezes_dpd) for hold in held(home)}
    for kind, id_ in debtor_of.items():
        rule = RULES[kind]
        assert (states[id_], found[id_]) == ("cancelled" if rule.cancels else "planned", rule.task)
        assert placed[id_] == (rule.hold, rule.freezes_dpd)
        assert told(home, id_)[-1] == ("disputed" if rule.disputes else "hold_placed")


def test_no_case_ends_by_time_alone_but_a_pause(home: House) -> None:
    debtor_of = one_each(home)
    for kind, id_ in debtor_of.items():
        opens(home, kind, account_id=id_, debtor_id=id_)
    home.clock.advance(60 * DAY)
    review_cases(home.engine, home.clock.now())
    assert home.deliver() == 1
    with home.engine.connect() as connection:
        assert connection.scalars(select(notices.c.account_id)).all() == [debtor_of[CaseKind.HARDSHIP]]


def test_a_case_ends_only_by_whom_it_may_and_with_what_its_way_out_asks_for(home: House) -> None:
    debtor_of = one_each(home)
    for kind, id_ in debtor_of.items():
        for way in RULES[kind].ways:
            ends_by(home, id_, RULES[kind], way)
    assert open_tasks(home) == []
    assert home.deliver() == len(CaseKind)


def ends_by(home: House, debtor_id: int, rule: CaseRule, way: Way) -> None:
    hold_id = opens(home, rule.kind, f"for {way.name}", account_id=debtor_id, debtor_id=debtor_id)
    if rule.authority is not Authority.AGENT:
        with pytest.raises(NotAllowed, match="operator"):
            closes(home, hold_id, Role.AGENT, debtor_id, way=way.name, **EVERYTHING)
    for needed in way.needs:
        partly = {name: value for name, value in EVERYTHING.items() if name != needed.value}
        with pytest.raises(NotRecorded, match="Write"):
            closes(home, hold_id, debtor_id=debtor_id, way=way.name, **partly)
    with pytest.raises(NotRecorded, match="none of its ends"):
        closes(home, hold_id, debtor_id=debtor_id, way="because", **EVERYTHING)
    closes(home, hold_id, ROLE_OF[rule.authority], debtor_id, way=way.name, **EVERYTHING)
    assert told(home, debtor_id)[-1] == "hold_released"
    with pytest.raises(NoSuchHold):
        closes(home, hold_id, debtor_id=debtor_id, way=way.name, **EVERYTHING)


def test_what_was_recorded_is_told_with_the_release(home: House) -> None:
    home.account()
    closes(home, opens(home, CaseKind.ATTORNEY), way="not_represented", how="the attorney wrote so")
    with home.engine.connect() as connection:
        entry = connection.execute(select(timeline).order_by(timeline.c.id.desc())).first()
        case = connection.execute(select(case_table)).one()
    assert entry is not None
    assert (entry.actor, entry.data["way"], entry.data["how"]) == (AGENT, "not_represented", "the attorney wrote so")
    assert (case.way, case.closed_by, case.record["how"]) == ("not_represented", AGENT, "the attorney wrote so")


def test_a_day_that_lies_ahead_cannot_be_recorded(home: House) -> None:
    home.account()
    hold_id = opens(home, CaseKind.CEASE)
    with pytest.raises(NotRecorded, match="future"):
        closes(home, hold_id, way="asked_again", on=date(2026, 12, 2), how="letter")


def test_a_hold_by_hand_needs_no_record(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        hold_id = place(connection, NewHold(1, 1, HoldReason.MANUAL, AGENT), home.clock.now(), AGENT)
    assert home.deliver() == 0
    closes(home, hold_id, Role.AGENT)
    assert home.deliver() == 1


def test_a_hold_that_nobody_opened_a_case_for_ends_by_the_same_rules(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        hold_id = place(connection, NewHold(1, None, HoldReason.BANKRUPTCY, "import"), home.clock.now())
    with pytest.raises(NotAllowed):
        closes(home, hold_id, Role.AGENT, way="dismissed", **EVERYTHING)
    with pytest.raises(NotRecorded):
        closes(home, hold_id, way="dismissed")
    closes(home, hold_id, way="dismissed", **EVERYTHING)
    assert home.deliver() == 1


def test_one_account_in_dispute_leaves_the_debtors_others_alone(home: House) -> None:
    home.account()
    opens(home, CaseKind.DISPUTE)
    opens(home, CaseKind.VULNERABLE)
    assert [hold.account_id for hold in held(home)] == [1, None]


def test_what_is_said_again_adds_to_the_open_case(home: House) -> None:
    home.account()
    first = opens(home, CaseKind.HARDSHIP, "I lost my job")
    again = answer(home)
    assert opens(home, CaseKind.HARDSHIP, "and now the flat", reply_id=again) == first
    assert len(held(home)) == 1
    (task,) = open_tasks(home)
    assert task.reply_id == again
    assert told(home).count("case_added") == 1


def test_what_is_said_after_the_task_was_done_is_a_task_again(home: House) -> None:
    home.account()
    opens(home, CaseKind.COMPLAINT)
    with home.engine.begin() as connection:
        connection.execute(update(tasks).values(state="done", ended_at=home.clock.now()))
    opens(home, CaseKind.COMPLAINT, "I still wait", reply_id=answer(home))
    assert [task.kind for task in open_tasks(home)] == ["complaint"]


def test_the_same_answer_twice_is_one(home: House) -> None:
    home.account()
    said = answer(home)
    assert opens(home, CaseKind.CEASE, reply_id=said) == opens(home, CaseKind.CEASE, reply_id=said)
    assert told(home).count("case_added") == 0


def test_where_nobody_knows_which_account_is_meant_all_of_them_stop(home: House) -> None:
    home.account()
    opens(home, CaseKind.DISPUTE, account_id=None)
    assert held(home)[0].account_id is None
    assert open_tasks(home)[0].account_id == 1


def test_a_pause_is_given_to_a_person_before_outreach_goes_on(home: House) -> None:
    home.account()
    opens(home, CaseKind.HARDSHIP)
    ends_at = held(home)[0].ends_at
    assert ends_at == datetime(2026, 12, 9, 5, 0, tzinfo=UTC)
    home.clock.at = ends_at - DAY - timedelta(seconds=1)
    assert review_cases(home.engine, home.clock.now()) == 0
    home.clock.at = ends_at - DAY
    assert (review_cases(home.engine, home.clock.now()), review_cases(home.engine, home.clock.now())) == (1, 0)
    assert home.deliver() == 0
    assert [task.kind for task in open_tasks(home)] == ["hardship", "hardship"]
    home.clock.at = ends_at
    assert (review_cases(home.engine, home.clock.now()), review_cases(home.engine, home.clock.now())) == (1, 0)
    assert told(home)[-1] == "hold_ended"


def test_a_breathing_space_lasts_as_the_notice_says_and_then_until_a_person_looked(home: House) -> None:
    home.account()
    ends_at = datetime(2027, 1, 30, tzinfo=UTC)
    hold_id = opens(home, CaseKind.BREATHING_SPACE)
    assert opens(home, CaseKind.BREATHING_SPACE, "the notice", ends_at=ends_at) == hold_id
    with home.engine.connect() as connection:
        (case,) = cases.of_debtor(connection, 1, home.clock.now())
    assert case.review_at == ends_at
    home.clock.at = ends_at
    assert review_cases(home.engine, home.clock.now()) == 1
    assert home.deliver() == 0
    home.clock.at = datetime(2027, 2, 1, 16, 0, tzinfo=UTC)
    closes(home, hold_id, way="ended", on=date(2027, 1, 30), how="official notice")
    assert home.deliver() == 1


def test_every_rule_has_its_source_its_task_and_an_answer_that_exists() -> None:
    assert set(RULES) == set(CaseKind)
    for rule in RULES.values():
        assert rule.source
        assert rule.task in TASK_RULES
        assert not rule.reply_step or rule.reply_step in STEPS
        assert not rule.reply_step or rule.hold in STEPS[rule.reply_step].through
        assert all(way.ask and set(way.needs) <= set(Needed) for way in rule.ways)


def answer(home: House) -> int:
    """An answer of the debtor's, kept."""
    now = home.clock.now()
    with home.engine.begin() as connection:
        count = len(connection.execute(select(inbox.c.id)).all())
        row = {"provider": "twilio", "event_id": f"{count}", "kind": "inbound", "payload": {}, "received_at": now}
        kept = connection.scalars(insert(inbox).returning(inbox.c.id), [row]).one()
        said = {"channel": "sms", "sender": "+12125550142", "text": "as it was said", "intent": "none", "at": now}
        return connection.scalars(
            insert(replies).returning(replies.c.id), [{"inbox_id": kept, "debtor_id": 1, "account_id": 1, **said}]
        ).one()
