"""What debtors say changes the account at once, and what a machine should not decide goes to a person."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from outreach.domain.account import HoldReason, Quality
from outreach.domain.standing import Medium, Place
from outreach.flow.deliver import deliver
from outreach.flow.sweep import to_dispatch
from outreach.store.case_tables import cases
from outreach.store.outbox import contents, inbox, replies, tasks, timeline
from outreach.store.promise_tables import promises
from outreach.store.tables import contact_points, holds
from tests.flow.agreeing import EMAIL, NUMBER, SMS, facts, opted_out, says
from tests.flow.house import House

OTHER = "+12125550177"


def answers(home: House, text: str, **more: object) -> None:
    """The debtor was written to, and answers."""
    home.account()
    home.deliver()
    says(home, text, **more)  # type: ignore[arg-type]


def held(home: House) -> list[HoldReason]:
    return sorted(hold.reason for hold in facts(home).holds if hold.active(home.clock.now()))


def work(home: House) -> list[str]:
    with home.engine.connect() as connection:
        return list(connection.scalars(select(tasks.c.kind).where(tasks.c.state == "open").order_by(tasks.c.id)))


def promised(home: House) -> list[tuple[int, date, str]]:
    query = select(promises.c.amount_minor, promises.c.due_on, promises.c.state).order_by(promises.c.id)
    with home.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def acknowledged(home: House) -> list[str]:
    """The service messages that go back, once they went."""
    deliver(home.app.desk, [id_ for ids in to_dispatch(home.app.desk).values() for id_ in ids])
    return sorted(step for step in home.states() if not step.startswith("reminder"))


STOPS_OUTREACH = [
    ("I have an attorney", HoldReason.ATTORNEY, "attorney"),
    ("Tengo un abogado", HoldReason.ATTORNEY, "attorney"),
    ("I filed chapter 7 bankruptcy", HoldReason.BANKRUPTCY, "bankruptcy"),
    ("My mother passed away last month, she is deceased", HoldReason.DECEASED, "deceased"),
    ("I want to kill myself", HoldReason.VULNERABLE, "vulnerable"),
    ("this is harassment, I am filing a complaint with the CFPB", HoldReason.COMPLAINT, "complaint"),
    ("StepChange is dealing with this", HoldReason.PLAN, "hardship"),
]


@pytest.mark.parametrize(("text", "reason", "kind"), STOPS_OUTREACH)
def test_what_the_law_protects_stops_all_outreach_at_once_and_gets_no_answer_by_machine(
    home: House, text: str, reason: HoldReason, kind: str
) -> None:
    answers(home, text)
    assert reason in held(home)
    assert kind in work(home)
    assert acknowledged(home) == []


ACKNOWLEDGED = [
    ("This is not my debt, I dispute it", HoldReason.DISPUTE, "dispute", "dispute_received sms"),
    ("I already paid this last week", HoldReason.DISPUTE, "dispute", "paid_received sms"),
    ("Someone stole my identity and opened this account", HoldReason.DISPUTE, "identity_theft", ""),
    ("I lost my job and cannot pay", HoldReason.HARDSHIP, "hardship", "hardship_received sms"),
]


@pytest.mark.parametrize(("text", "reason", "kind", "step"), ACKNOWLEDGED)
def test_a_dispute_or_a_hardship_pauses_the_account_and_is_acknowledged_once(
    home: House, text: str, reason: HoldReason, kind: str, step: str
) -> None:
    answers(home, text)
    says(home, text + ".")
    assert reason in held(home)
    assert kind in work(home)
    assert acknowledged(home) == [step or "identity_theft_received sms"]


def test_every_stop_word_is_executed_whatever_else_the_answer_says(home: House) -> None:
    answers(home, "STOP. Talk to my lawyer.")
    assert opted_out(home)
    assert HoldReason.ATTORNEY in held(home)
    assert acknowledged(home) == []


def test_a_stop_in_plain_words_is_confirmed_once(home: House) -> None:
    answers(home, "please stop texting me")
    says(home, "please stop texting me!!")
    assert opted_out(home)
    assert acknowledged(home) == ["opt_out_confirmed sms"]
    assert work(home) == []


def test_a_stop_that_the_provider_confirms_is_not_confirmed_twice(home: House) -> None:
    answers(home, "STOP", opt="stop")
    assert opted_out(home)
    assert acknowledged(home) == []


def test_who_ceases_all_contact_is_stopped_at_every_address(home: House) -> None:
    answers(home, "Do not contact me again in any way")
    assert opted_out(home, SMS)
    assert opted_out(home, EMAIL)
    assert HoldReason.CEASE in held(home)
    assert acknowledged(home) == []


def test_a_wrong_number_is_shut_for_every_debtor_who_has_it_and_told_of_nothing(home: House) -> None:
    home.account("A-2")
    answers(home, "wrong number")
    with home.engine.connect() as connection:
        point = contact_points.c
        qualities = connection.scalars(select(point.quality).where(point.value == NUMBER, point.kind == SMS)).all()
    assert set(qualities) == {Quality.WRONG_PARTY}
    assert acknowledged(home) == []


def test_a_promise_is_kept_on_the_account_and_pauses_its_reminders(home: House) -> None:
    answers(home, "I will pay $50 on Friday")
    assert promised(home) == [(5_000, date(2026, 12, 4), "open")]
    assert held(home) == [HoldReason.PROMISE]
    assert acknowledged(home) == ["promise_confirmed sms"]
    assert work(home) == []


def test_a_promise_that_is_not_clear_is_asked_back_and_completed_by_the_answer(home: House) -> None:
    answers(home, "I can pay $50 soon")
    assert promised(home) == []
    assert acknowledged(home) == ["promise_question sms"]
    says(home, "Friday")
    assert promised(home) == [(5_000, date(2026, 12, 4), "open")]
    assert work(home) == []


def test_what_is_still_not_clear_after_one_question_goes_to_a_person(home: House) -> None:
    answers(home, "I will pay soon")
    says(home, "I will pay when I can")
    assert promised(home) == []
    assert work(home) == ["reply"]
    assert acknowledged(home) == ["promise_question sms"]


def test_a_dispute_comes_before_a_promise_in_the_same_answer(home: House) -> None:
    answers(home, "This is not my debt but I will pay $50 on Friday")
    assert promised(home) == []
    assert HoldReason.DISPUTE in held(home)


def test_who_asks_for_a_person_gets_one(home: House) -> None:
    answers(home, "Can I talk to a real person please")
    assert work(home) == ["human"]
    assert acknowledged(home) == ["human sms"]


def test_help_is_answered_by_machine(home: House) -> None:
    answers(home, "HELP")
    assert acknowledged(home) == ["help sms"]
    assert work(home) == []


def test_who_asks_for_spanish_is_written_to_in_spanish(home: House) -> None:
    answers(home, "español por favor")
    assert facts(home).debtor.language == "es"
    acknowledged(home)
    with home.engine.connect() as connection:
        assert any("en español" in body for body in connection.scalars(select(contents.c.body)))


def test_who_wants_no_calls_is_not_called(home: House) -> None:
    answers(home, "text is fine but no phone calls")
    assert Medium.CALL in facts(home).debtor.preferences.media_off
    assert Medium.SMS not in facts(home).debtor.preferences.media_off
    assert acknowledged(home) == ["preference_noted sms"]


def test_hours_that_are_inconvenient_are_kept(home: House) -> None:
    answers(home, "only text me after 6pm")
    (hours,) = facts(home).debtor.preferences.hours
    assert hours.opens.hour == 18


def test_no_contact_at_work_is_kept_and_a_person_finds_out_which_address_is_meant(home: House) -> None:
    answers(home, "don't contact me at work")
    assert facts(home).debtor.preferences.places_off == {Place.WORK}
    assert work(home) == ["reply"]


def test_what_nobody_understands_goes_to_a_person(home: House) -> None:
    answers(home, "the purple elephant dances at midnight")
    assert work(home) == ["reply"]
    assert acknowledged(home) == []


def test_an_answer_by_a_machine_changes_nothing(home: House) -> None:
    answers(home, "I am out of the office until Monday", auto_reply=True)
    assert (work(home), held(home), acknowledged(home)) == ([], [], [])


def test_an_answer_from_an_address_that_several_share_stops_outreach_to_each_and_tells_none_what_was_said(
    home: House,
) -> None:
    home.account("A-2")
    answers(home, "I have an attorney, her name is Jane Roe")
    with home.engine.connect() as connection:
        stopped = connection.scalars(select(holds.c.debtor_id).where(holds.c.reason == "attorney")).all()
        told = [str(data) for data in connection.scalars(select(timeline.c.data))]
        said = connection.scalars(select(cases.c.text)).all()
    assert len(set(stopped)) == 2
    assert not any("Jane Roe" in text for text in [*told, *said])
    assert "unknown_sender" in work(home)
    assert acknowledged(home) == []


def test_an_answer_from_nobody_we_know_goes_to_a_person(home: House) -> None:
    answers(home, "I will pay on Friday", sender=OTHER)
    assert work(home) == ["unknown_sender"]
    assert promised(home) == []


def test_the_same_answer_delivered_twice_acts_once(home: House) -> None:
    answers(home, "This is not my debt")
    says(home, "This is not my debt")
    with home.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(holds)) == 1
        assert connection.scalar(select(func.count()).select_from(replies)) == 2


def test_a_conversation_of_several_turns_leaves_the_account_as_it_was_left_last(home: House) -> None:
    answers(home, "who is this?")
    says(home, "ok I can pay half on Friday")
    assert [state for _, _, state in promised(home)] == ["open"]
    home.clock.advance(timedelta(hours=1))
    says(home, "actually make it the 15th")
    says(home, "STOP")
    assert opted_out(home)
    says(home, "START")
    assert not opted_out(home)
    assert HoldReason.PROMISE in held(home)


WEIRD = [
    *("", " ", "\x00stop", "\u202eSTOP", "\n\n\n", "{{ 7*7 }}", "<script>", "';--"),
    *("🙏" * 500, "a" * 100_000, "停" * 2_000),
]


def test_whatever_is_written_is_kept_and_settled(home: House) -> None:
    home.account()
    home.deliver()
    for text in WEIRD:
        says(home, text)
    with home.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(replies)) == len(WEIRD)
        assert set(connection.scalars(select(inbox.c.state))) == {"settled"}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=8))
def test_no_answer_is_lost_whatever_it_says(home: House, texts: list[str]) -> None:
    before = count_of(home)
    for text in texts:
        says(home, text)
    assert count_of(home) == before + len(texts)


def count_of(home: House) -> int:
    with home.engine.connect() as connection:
        kept: int = connection.scalar(select(func.count()).select_from(replies)) or 0
    return kept
