"""Who works on which task: the order of the queues, one holder at a time, and no call when none is allowed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import event, select, update

from outreach.domain.account import HoldReason
from outreach.domain.disposition import Disposition
from outreach.domain.task import ASSIGNED, LEASE, Queue
from outreach.flow.actions import Unknown, place_hold
from outreach.flow.cases import NotAllowed
from outreach.flow.consent_actions import Unfit
from outreach.flow.tasks import Worker, assign, claim, put_off, release, withdraw_moot
from outreach.store import tasks as store
from outreach.store import users
from outreach.store.journal import NewTask, add_tasks
from outreach.store.outbox import tasks
from outreach.store.tables import accounts, debtors, items
from outreach.store.tasks import Wanted
from outreach.store.users import Role
from tests.flow.house import NOON, House
from tests.flow.working import ANN, BEN, CHIEF, at, finish, make, many, row, take, told

MIDNIGHT = NOON.replace(hour=5)


def order(home: House, **wanted: object) -> list[str]:
    with home.engine.connect() as connection:
        found = store.find(connection, Wanted(**wanted), home.clock.now(), home.clock.machine())  # type: ignore[arg-type]
    return [task.kind for task in found]


def test_a_thousand_tasks_take_one_statement(home: House) -> None:
    ran: list[str] = []
    event.listen(home.engine, "before_cursor_execute", lambda *given: ran.append(given[2]))
    many(home, 1_000)
    assert len([one for one in ran if "tasks" in one]) == 1
    with home.engine.connect() as connection:
        assert store.counts(connection, home.clock.now())["replies"].open == 1_000


def test_a_task_gets_queue_priority_due_time_and_language_from_its_kind_and_its_debtor(home: House) -> None:
    home.account(language="es-US")
    call, unknown = row(home, make(home)), row(home, make(home, "unknown_sender", account=None))
    assert (call.queue, call.priority, call.language) == ("calls", 3, "es")
    assert call.due_at == home.clock.now() + timedelta(days=2)
    assert call.debtor_id is not None
    assert (unknown.queue, unknown.language, unknown.debtor_id) == ("replies", "", None)


def test_one_cause_is_one_task(home: House) -> None:
    assert make(home, "reply", account=None, dedupe="x") == make(home, "dispute", account=None, dedupe="x")


def test_the_most_urgent_comes_first_and_of_these_what_is_due_first(home: House) -> None:
    home.account()
    for kind in ("undeliverable", "reply", "hardship"):
        make(home, kind)
    home.clock.advance(timedelta(hours=1))
    for kind in ("vulnerable", "dispute", "reply"):
        make(home, kind, title="later")
    expected = ["vulnerable", "hardship", "dispute", "reply", "reply", "undeliverable"]
    assert order(home) == expected
    assert [claimed.task.kind for _ in range(6) if (claimed := take(home))] == expected
    assert take(home) is None


def test_a_queue_a_language_and_what_is_overdue_may_be_chosen(home: House) -> None:
    home.account("A-1", language="es")
    home.account("A-2", phone="+12125550143", language="en")
    make(home, "dispute")
    make(home, "reply", account="A-2")
    assert order(home, queues=("disputes",)) == ["dispute"]
    assert order(home, language="en") == ["reply"]
    assert order(home, overdue=True) == []
    home.clock.advance(timedelta(days=2))
    assert order(home, overdue=True) == ["reply"]
    with home.engine.connect() as connection:
        counts = store.counts(connection, home.clock.now())
        assert store.languages(connection) == ["en", "es"]
    assert {queue: (count.open, count.overdue) for queue, count in counts.items()} == {
        "disputes": (1, 0),
        "replies": (1, 1),
    }


def test_pages_follow_each_other_without_a_gap(home: House) -> None:
    many(home, 7)
    seen: list[int] = []
    place = None
    with home.engine.connect() as connection:
        while page := store.find(connection, Wanted(after=place), home.clock.now(), home.clock.machine(), 3):
            seen += [task.id for task in page]
            place = (page[-1].priority.value, page[-1].due_at, page[-1].id)
    assert len(seen) == len(set(seen)) == 7


def test_agents_who_race_never_hold_one_task(home: House) -> None:
    many(home, 40)
    agents = [Worker(f"agent{n}@lender.example", Role.AGENT) for n in range(4)]

    def work(agent: Worker) -> list[int]:
        held = []
        while claimed := take(home, agent):
            held.append(claimed.task.id)
        return held

    with ThreadPoolExecutor(len(agents)) as pool:
        held = list(pool.map(work, agents))
    taken = Counter(task_id for ids in held for task_id in ids)
    assert len(taken) == 40
    assert set(taken.values()) == {1}
    for agent, ids in zip(agents, held, strict=True):
        assert {row(home, task_id).claimed_by for task_id in ids} <= {agent.name}


def test_of_agents_who_race_for_one_task_one_gets_it(home: House) -> None:
    task_id = make(home, "reply", account=None)

    def grab(number: int) -> bool:
        agent = Worker(f"agent{number}@lender.example", Role.AGENT)
        try:
            claim(home.engine, home.app.desk.law, task_id, agent, at(home))
        except Unknown:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(grab, range(4))) == 1


def test_a_task_whose_holder_went_away_is_free_again_after_the_lease(home: House) -> None:
    task_id = make(home, "reply", account=None)
    assert take(home) is not None
    home.clock.advance(LEASE - timedelta(seconds=1))
    assert take(home, BEN) is None
    with pytest.raises(Unknown, match=r"ann@lender\.example has this task until"):
        claim(home.engine, home.app.desk.law, task_id, BEN, at(home))
    home.clock.advance(timedelta(seconds=1))
    taken = take(home, BEN)
    assert taken is not None and taken.task.claimed_by == BEN.name  # noqa: PT018
    with pytest.raises(Unknown):
        finish(home, task_id, Disposition.DONE, ANN)
    finish(home, task_id, Disposition.DONE, BEN)


def test_whoever_keeps_working_keeps_the_task(home: House) -> None:
    task_id = make(home, "reply", account=None)
    for _ in range(3):
        claim(home.engine, home.app.desk.law, task_id, ANN, at(home))
        home.clock.advance(LEASE - timedelta(minutes=1))
    assert take(home, BEN) is None


def test_a_task_that_is_put_back_is_the_next_ones(home: House) -> None:
    home.account()
    task_id = make(home, "reply")
    take(home)
    with pytest.raises(Unknown):
        release(home.engine, task_id, BEN, at(home))
    release(home.engine, task_id, ANN, at(home))
    claimed = take(home, BEN)
    assert claimed is not None and claimed.task.id == task_id  # noqa: PT018
    assert [(one.kind, one.actor) for kind in ("task_claimed", "task_released") for one in told(home, kind)] == [
        ("task_claimed", ANN.name),
        ("task_claimed", BEN.name),
        ("task_released", ANN.name),
    ]


def test_operators_give_tasks_to_those_who_may_work_them(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        for name, role in (("ben", Role.AGENT), ("eve", Role.VIEWER)):
            users.add(connection, f"{name}@lender.example", "x", role, home.clock.now())
    mine, legal = make(home, "reply"), make(home, "attorney")
    take(home)
    assign(home.engine, mine, BEN.name, CHIEF, at(home))
    assert row(home, mine).claimed_by == BEN.name
    assert row(home, mine).claimed_until == home.clock.machine() + ASSIGNED
    with pytest.raises(Unfit, match="may not work the queue legal"):
        assign(home.engine, legal, BEN.name, CHIEF, at(home))
    with pytest.raises(Unfit, match="viewer"):
        assign(home.engine, mine, "eve@lender.example", CHIEF, at(home))
    with pytest.raises(Unknown, match="No user"):
        assign(home.engine, mine, "nobody@lender.example", CHIEF, at(home))
    assert [(one.data["to"], one.actor) for one in told(home, "task_assigned")] == [(BEN.name, CHIEF.name)]


def test_agents_neither_get_nor_take_what_is_for_operators(home: House) -> None:
    home.account()
    task_id = make(home, "attorney")
    assert take(home) is None
    with pytest.raises(NotAllowed):
        take(home, queues=(Queue.LEGAL.value,))
    with pytest.raises(NotAllowed):
        claim(home.engine, home.app.desk.law, task_id, ANN, at(home))
    with pytest.raises(NotAllowed):
        finish(home, task_id, Disposition.DONE)
    assert take(home, CHIEF) is not None


def test_a_task_that_is_put_off_rests_until_its_time(home: House) -> None:
    home.account()
    task_id = make(home, "reply")
    later = home.clock.now() + timedelta(hours=20)
    put_off(home.engine, task_id, later, "waits for the branch", ANN, at(home))
    assert take(home) is None
    for moment in (home.clock.now(), home.clock.now() + timedelta(days=91)):
        with pytest.raises(Unfit):
            put_off(home.engine, task_id, moment, "", ANN, at(home))
    home.clock.advance(timedelta(hours=20))
    assert take(home) is not None
    assert told(home, "task_put_off")[0].data["note"] == "waits for the branch"


def test_a_call_is_not_handed_out_in_the_night_but_in_the_morning(home: House) -> None:
    home.account()
    home.clock.at = MIDNIGHT
    task_id = make(home)
    assert take(home) is None
    resting = row(home, task_id)
    assert resting.not_before > home.clock.now()
    assert resting.claimed_by == ""
    home.clock.at = resting.not_before
    claimed = take(home)
    assert claimed is not None
    assert claimed.answer is not None and claimed.answer.verdict == "clear"  # noqa: PT018


def test_calls_that_must_wait_do_not_hide_what_may_be_done_now(home: House) -> None:
    home.account("A-1", zones=("Pacific/Honolulu",))
    home.account("A-2", phone="+12125550143")
    home.clock.at = NOON
    for n in range(60):
        make(home, title=f"call {n}")
    home.clock.advance(timedelta(seconds=1))
    last = make(home, account="A-2")
    claimed = take(home)
    assert claimed is not None and claimed.task.id == last  # noqa: PT018


def test_a_call_that_is_taken_by_its_number_says_until_when_it_may_not_be_made(home: House) -> None:
    home.account()
    home.clock.at = MIDNIGHT
    claimed = claim(home.engine, home.app.desk.law, make(home), ANN, at(home))
    assert claimed.answer is not None
    assert (claimed.answer.verdict, claimed.task.claimed_by) == ("defer", ANN.name)
    assert claimed.answer.until is not None and claimed.answer.until > home.clock.now()  # noqa: PT018


@pytest.mark.parametrize("why", ["paid", "no calls wanted"])
def test_a_call_whose_reason_is_gone_closes_by_itself_and_is_not_handed_out(home: House, why: str) -> None:
    home.account()
    task_id = make(home)
    with home.engine.begin() as connection:
        if why == "paid":
            connection.execute(update(items).values(open_minor=0))
            connection.execute(update(accounts).values(balance_minor=0))
        else:
            connection.execute(update(debtors).values(preferences={"media_off": ["call"]}))
    assert take(home) is None
    closed = row(home, task_id)
    assert (closed.state, closed.disposition, closed.closed_by) == ("done", "withdrawn", "")
    assert closed.note
    assert [one.data["note"] for one in told(home, "task_withdrawn")] == [closed.note]


def test_a_hold_puts_its_calls_off(home: House) -> None:
    home.account()
    task_id = make(home)
    ends_at = home.clock.now() + timedelta(days=5)
    place_hold(home.engine, "A-1", HoldReason.PROMISE, CHIEF.name, home.clock.now(), ends_at=ends_at)
    assert take(home) is None
    assert row(home, task_id).not_before >= ends_at


def test_what_nobody_works_on_is_withdrawn_once_it_is_paid(home: House) -> None:
    home.account("A-1")
    home.account("A-2", phone="+12125550143")
    with home.engine.begin() as connection:
        made = [
            NewTask(kind, "x", f"{kind}:{n}:{ref}", home.clock.now(), account_id=id_)
            for id_, ref in connection.execute(select(accounts.c.id, accounts.c.ref)).all()
            for kind in ("call", "promise_broken", "dispute")
            for n in range(300)
        ]
        add_tasks(connection, made)
        connection.execute(update(accounts).where(accounts.c.ref == "A-1").values(balance_minor=0))
        held = connection.scalar(select(tasks.c.id).where(tasks.c.dedupe == "call:0:A-1"))
    claim(home.engine, home.app.desk.law, held, ANN, at(home))
    assert withdraw_moot(home.engine, home.clock) == 599
    assert withdraw_moot(home.engine, home.clock) == 0
    assert row(home, held).state == "open"
    with home.engine.connect() as connection:
        left = connection.execute(select(tasks.c.kind, accounts.c.ref).where(tasks.c.state == "open").join(accounts))
        assert Counter(tuple(one) for one in left) == {
            ("call", "A-1"): 1,
            ("dispute", "A-1"): 300,
            **{(kind, "A-2"): 300 for kind in ("call", "promise_broken", "dispute")},
        }


def test_the_lists_are_read_by_an_index(home: House) -> None:
    many(home, 3_000)
    with home.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE tasks")
        plans: list[str] = []

        def explain(_c: object, cursor: object, statement: str, parameters: object, *_more: object) -> None:
            if statement.startswith("SELECT"):
                prefix = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
                cursor.execute(prefix + statement, parameters)  # type: ignore[attr-defined]
                plans.append(" ".join(str(part) for part in cursor.fetchall()))  # type: ignore[attr-defined]

        event.listen(home.engine, "before_cursor_execute", explain)
        moments = (home.clock.now(), home.clock.machine())
        store.find(connection, Wanted(), *moments)
        store.find(connection, Wanted(queues=("replies",), after=(3, home.clock.now(), 7)), *moments)
        store.find_free(connection, Wanted(queues=("replies", "calls")), *moments, 5)
        event.remove(home.engine, "before_cursor_execute", explain)
    assert len(plans) == 3
    for plan in plans:
        assert "ix_tasks_open" in plan
        assert "Seq Scan on tasks" not in plan
        assert "TEMP B-TREE" not in plan
