"""How work on a task ends: what was said takes effect, the call counts, and the task closes or comes back."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from outreach.domain.account import Quality
from outreach.domain.campaign import Days, Step, Trigger, TriggerKind
from outreach.domain.disposition import MOST_ATTEMPTS, RULES, Disposition
from outreach.domain.dispute import DisputeReason
from outreach.domain.gate import Verdict
from outreach.domain.law import Law
from outreach.domain.message import Channel
from outreach.domain.policy import Cap, CapScope, Counts, OnHit, When
from outreach.domain.standing import Medium, Reach
from outreach.flow.actions import Unknown
from outreach.flow.calls import call_answer
from outreach.flow.consent_actions import Unfit
from outreach.store.outbox import tasks
from outreach.store.tables import contact_points, holds, items
from tests.flow.agreeing import NUMBER, SMS, facts
from tests.flow.house import House, campaign, house
from tests.flow.working import ANN, BEN, CHIEF, finish, make, row, take, told
from tests.law import HOURS_ONLY, pack

#: 12 CFR 1006.14(b)(2)(i)(B): after a conversation no call about the debt for seven days.
_QUIET_WEEK = Cap(
    "conversation",
    "Spoken to in the last seven days",
    ("12 CFR 1006.14(b)(2)(i)(B)",),
    when=When(media=frozenset({Medium.CALL})),
    on_hit=OnHit.DEFER,
    scope=CapScope.ACCOUNT,
    counts=Counts.CONVERSATIONS,
    limit=1,
    days=7,
)
STRICT = Law((HOURS_ONLY, pack(_QUIET_WEEK)))

CLOSES_AT_ONCE = sorted(
    one
    for one, rule in RULES.items()
    if rule.reach is not None and rule.again is None and one is not Disposition.CALLBACK
)
COMES_BACK = sorted(one for one, rule in RULES.items() if rule.again is not None)
TOMORROW = timedelta(days=1)


def details(home: House, disposition: Disposition) -> dict[str, object]:
    if disposition is Disposition.PTP:
        return {"pay_on": (home.clock.now() + timedelta(days=3)).date()}
    return {"call_at": home.clock.now() + TOMORROW} if disposition is Disposition.CALLBACK else {}


def held_for(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return sorted(connection.scalars(select(holds.c.reason)))


@pytest.mark.parametrize("disposition", CLOSES_AT_ONCE)
def test_a_call_that_settled_it_is_logged_and_closes_its_task(home: House, disposition: Disposition) -> None:
    home.account()
    task_id = make(home)
    take(home)
    assert finish(home, task_id, disposition, note=" at work ", **details(home, disposition)) is None
    closed = row(home, task_id)
    assert (closed.state, closed.disposition, closed.note) == ("done", disposition.value, "at work")
    assert (closed.closed_by, closed.claimed_by, closed.attempts) == (ANN.name, "", 1)
    calls = [one for one in facts(home).contacts if one.medium is Medium.CALL]
    assert [(one.reach, one.value, one.inbound) for one in calls] == [(RULES[disposition].reach, NUMBER, False)]
    entry = told(home, "task_closed")[0]
    assert (entry.data["disposition"], entry.data["note"], entry.actor) == (disposition.value, "at work", ANN.name)
    with pytest.raises(Unknown, match="closed already"):
        finish(home, task_id, Disposition.REFUSED)


@pytest.mark.parametrize("disposition", COMES_BACK)
def test_a_call_that_reached_nobody_comes_back_a_few_times(home: House, disposition: Disposition) -> None:
    home.account()
    task_id = make(home)
    for attempt in range(1, MOST_ATTEMPTS):
        assert take(home) is not None
        again_at = finish(home, task_id, disposition)
        assert again_at is not None and again_at > home.clock.now()  # noqa: PT018
        resting = row(home, task_id)
        assert (resting.state, resting.attempts, resting.claimed_by) == ("open", attempt, "")
        assert resting.not_before == again_at
        assert take(home) is None
        home.clock.at = again_at
    assert take(home, BEN) is not None
    assert finish(home, task_id, disposition, BEN) is None
    assert row(home, task_id).state == "done"
    assert len(facts(home).contacts) == MOST_ATTEMPTS


def test_a_call_is_not_tried_again_before_the_hours_in_which_it_may_be_made(home: House) -> None:
    home.account()
    home.clock.advance(timedelta(hours=8))
    again_at = finish(home, make(home), Disposition.NO_ANSWER)
    assert again_at is not None
    assert again_at - home.clock.now() > timedelta(hours=12)
    home.clock.at = again_at
    with home.engine.connect() as connection:
        assert call_answer(connection, home.app.desk.law, 1, again_at).verdict is Verdict.CLEAR


def test_who_asked_to_be_called_is_called_then(home: House) -> None:
    home.account()
    task_id = make(home)
    with pytest.raises(Unfit, match="when the debtor asked"):
        finish(home, task_id, Disposition.CALLBACK)
    with pytest.raises(Unfit):
        finish(home, task_id, Disposition.CALLBACK, call_at=home.clock.now())
    wished_for = home.clock.now() + timedelta(hours=2)
    assert finish(home, task_id, Disposition.CALLBACK, call_at=wished_for) == wished_for
    assert take(home) is None
    home.clock.at = wished_for
    assert take(home) is not None


def test_a_conversation_counts_and_no_call_comes_back_before_the_law_allows_it(database_url: str) -> None:
    with house(database_url, law=STRICT) as home:
        home.account()
        wished_for = home.clock.now() + timedelta(hours=2)
        again_at = finish(home, make(home), Disposition.CALLBACK, call_at=wished_for)
        assert again_at is not None and again_at - home.clock.now() > timedelta(days=6)  # noqa: PT018
        other = make(home, title="another")
        assert take(home) is None
        assert row(home, other).not_before == again_at
        assert finish(home, other, Disposition.REFUSED, CHIEF) is None
        assert len(facts(home).contacts) == 2


def test_a_call_that_may_never_be_made_again_closes(home: House) -> None:
    home.account()
    task_id = make(home)
    with home.engine.begin() as connection:
        connection.execute(update(items).values(open_minor=0))
    assert finish(home, task_id, Disposition.NO_ANSWER) is None
    assert row(home, task_id).state == "done"


def test_a_wrong_number_is_shut_for_everybody_who_has_it(home: House) -> None:
    home.account("A-1")
    home.account("A-2")
    finish(home, make(home), Disposition.WRONG_PARTY)
    for account in (1, 2):
        assert facts(home, account).debtor.points(SMS)[0].quality is Quality.WRONG_PARTY


def test_of_several_numbers_the_one_that_was_called_is_named(home: House) -> None:
    home.account()
    with home.engine.begin() as connection:
        debtor_id = connection.scalar(select(contact_points.c.debtor_id).limit(1))
        more = {"debtor_id": debtor_id, "kind": Channel.SMS, "value": "+12125550199", "created_at": home.clock.now()}
        connection.execute(contact_points.insert().values(more))
    task_id = make(home)
    with pytest.raises(Unknown, match="several"):
        finish(home, task_id, Disposition.REFUSED)
    assert row(home, task_id).state == "open"
    finish(home, task_id, Disposition.REFUSED, number="+12125550199")
    assert [one.value for one in facts(home).contacts] == ["+12125550199"]


@pytest.mark.parametrize(
    ("disposition", "reason", "kind"),
    [
        (Disposition.HARDSHIP, "hardship", "hardship"),
        (Disposition.VULNERABLE, "vulnerable", "vulnerable"),
        (Disposition.ATTORNEY, "attorney", "attorney"),
        (Disposition.BANKRUPTCY, "bankruptcy", "bankruptcy"),
        (Disposition.DECEASED, "deceased", "deceased"),
        (Disposition.CEASE, "cease", "cease"),
        (Disposition.COMPLAINT, "complaint", "complaint"),
        (Disposition.PAYMENT_SENT, "dispute", "dispute"),
        (Disposition.DISPUTE, "dispute", "dispute"),
    ],
)
def test_what_the_debtor_said_stops_outreach_and_goes_to_whom_it_concerns(
    home: House, disposition: Disposition, reason: str, kind: str
) -> None:
    home.account()
    finish(home, make(home), disposition, note="said so", reason=DisputeReason.AMOUNT_WRONG)
    assert held_for(home) == [reason]
    with home.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.kind).where(tasks.c.state == "open")).all() == [kind]
    assert home.deliver() == 0


def test_a_promise_pauses_the_campaign_and_one_that_cannot_be_taken_leaves_all_as_it_was(home: House) -> None:
    home.account()
    task_id = make(home)
    pays_on = (home.clock.now() + timedelta(days=3)).date()
    for wrong, why in (
        ({"pay_on": None}, "Write the day"),
        ({"pay_on": pays_on, "pay": Decimal("9999")}, "more than"),
        ({"pay_on": pays_on, "pay": Decimal("1.234")}, "decimal places"),
        ({"pay_on": pays_on - timedelta(days=30)}, "past"),
    ):
        with pytest.raises(Unfit, match=why):
            finish(home, task_id, Disposition.PTP, **wrong)
    assert row(home, task_id).state == "open"
    assert facts(home).contacts == ()
    finish(home, task_id, Disposition.PTP, pay_on=pays_on, pay=Decimal("50"), note="on pay day")
    assert held_for(home) == ["promise"]
    assert home.deliver() == 0
    promised = told(home, "promised")[0]
    assert promised.actor == ANN.name
    assert promised.data["amount_minor"] == 5_000


def test_an_invoice_that_did_not_arrive_is_a_task_to_send_it(home: House) -> None:
    home.account()
    finish(home, make(home), Disposition.INVOICE_NOT_RECEIVED)
    with home.engine.connect() as connection:
        assert connection.scalars(select(tasks.c.kind).where(tasks.c.state == "open")).all() == ["documents"]


def test_a_task_is_done_without_a_call_and_a_call_is_not(home: House) -> None:
    home.account()
    call, reply = make(home), make(home, "reply")
    with pytest.raises(Unfit, match="does not end with done"):
        finish(home, call, Disposition.DONE)
    finish(home, call, Disposition.NOT_NEEDED, note="paid in the shop")
    finish(home, reply, Disposition.DONE)
    assert facts(home).contacts == ()
    assert [(one.data["title"], one.data["disposition"]) for one in told(home, "task_closed")] == [
        ("Work on a call", "not_needed"),
        ("Work on a reply", "done"),
    ]


def test_a_task_of_nobody_is_done_and_leads_to_no_call(home: House) -> None:
    task_id = make(home, "unknown_sender", account=None)
    with pytest.raises(Unfit):
        finish(home, task_id, Disposition.REFUSED)
    finish(home, task_id, Disposition.DONE, note="found out")
    assert row(home, task_id).note == "found out"


def test_an_answer_may_lead_to_a_call(home: House) -> None:
    home.account()
    finish(home, make(home, "human"), Disposition.REFUSED)
    assert [one.reach for one in facts(home).contacts] == [Reach.CONVERSATION]


def test_what_another_agent_has_is_left_to_them(home: House) -> None:
    home.account()
    task_id = make(home)
    take(home)
    with pytest.raises(Unknown, match="ann@lender"):
        finish(home, task_id, Disposition.HARDSHIP, BEN)
    assert held_for(home) == []
    assert facts(home).contacts == ()


def test_a_campaign_goes_on_after_its_call(database_url: str) -> None:
    call = Step("call", Trigger(TriggerKind.AFTER_DUE, Days(3)), (Channel.CALL,), task="Call about the debt")
    with house(database_url, campaign(call)) as home:
        home.account()
        home.run()
        claimed = take(home)
        assert claimed is not None
        assert (claimed.task.queue, claimed.task.title) == ("calls", "Call about the debt")
        finish(home, claimed.task.id, Disposition.RPC)
        home.run()
        assert take(home) is None
