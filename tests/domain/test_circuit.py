"""What fails for everybody is left alone for a while; what fails for one debtor or one text is not held against it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.circuit import (
    FIRST_PAUSE,
    LONGEST_PAUSE,
    THRESHOLD,
    Admission,
    Circuit,
    Key,
    Sign,
    State,
    signs,
)
from outreach.domain.outcome import LONGEST_RETRY_AFTER
from outreach.domain.sending import NotSent, Outcome, OutcomeUnknown, Reason, Rejected, Scope, SendError, SendResult
from tests.cast import NOON

TWILIO = Key("twilio")
SECOND = timedelta(seconds=1)

taken = Outcome("a.1", "twilio", result=SendResult("SM1"))


def failed(error: SendError) -> Outcome:
    return Outcome("a.1", "twilio", error=error)


DOWN = OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN)
NO_LOGIN = Rejected(Scope.ACCOUNT, Reason.AUTH, code="20003")
BAD_SENDER = Rejected(Scope.SENDER, Reason.NOT_REGISTERED)
THROTTLED = NotSent(Scope.PROVIDER, Reason.THROTTLED, retry_after=30)


def hear(circuit: Circuit, *outcomes: Outcome, at: datetime = NOON, notice: str = "n") -> Circuit:
    """The circuit of all of Twilio after some outcomes."""
    for outcome in outcomes:
        sign = dict(signs(outcome, ""))[TWILIO]
        circuit = circuit.after(sign, outcome.error, notice, at)
    return circuit


def opened(error: SendError = DOWN) -> Circuit:
    circuit = hear(Circuit(TWILIO), *[failed(error)] * THRESHOLD)
    assert circuit.state is State.OPEN
    return circuit


def probing(circuit: Circuit) -> Circuit:
    assert circuit.until is not None
    return circuit.probed_by("probe", circuit.until + 11 * SECOND)


@pytest.mark.parametrize("error", [DOWN, NO_LOGIN, NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN)])
def test_failures_in_a_row_open_the_circuit(error: SendError) -> None:
    almost = hear(Circuit(TWILIO), *[failed(error)] * (THRESHOLD - 1))
    assert almost.admits(NOON) is Admission.YES
    assert hear(almost, failed(error)).admits(NOON) is Admission.NO


def test_a_success_between_failures_begins_the_count_anew() -> None:
    outcomes = [*[failed(DOWN)] * (THRESHOLD - 1), taken] * 5
    assert hear(Circuit(TWILIO), *outcomes) == Circuit(TWILIO)


@given(st.sampled_from([Scope.RECIPIENT, Scope.CONTENT]), st.sampled_from(Reason), st.sampled_from([NotSent, Rejected]))
def test_refusals_of_a_recipient_or_a_text_never_count(scope: Scope, reason: Reason, kind: type[SendError]) -> None:
    assert hear(Circuit(TWILIO), *[failed(kind(scope, reason))] * 50) == Circuit(TWILIO)


@pytest.mark.parametrize(
    "error", [Rejected(Scope.ACCOUNT, Reason.GEO), Rejected(Scope.SENDER, Reason.UNREACHABLE)], ids=["geo", "carrier"]
)
def test_a_country_that_is_not_served_is_not_held_against_the_others(error: SendError) -> None:
    assert hear(Circuit(TWILIO), *[failed(error)] * 50) == Circuit(TWILIO)


def test_a_call_that_was_never_made_says_nothing() -> None:
    expired = failed(NotSent(Scope.RECIPIENT, Reason.EXPIRED))
    assert hear(probing(opened()), expired, notice="probe") == probing(opened())
    assert hear(Circuit(TWILIO), failed(DOWN), expired).failures == 1


def test_a_wish_to_be_left_alone_is_followed_at_once_and_to_the_second() -> None:
    circuit = hear(Circuit(TWILIO), failed(THROTTLED))
    assert circuit.admits(NOON + timedelta(seconds=29.9)) is Admission.NO
    assert circuit.admits(NOON + 30 * SECOND) is Admission.PROBE


@given(st.floats(0, 1e300))
def test_no_wish_to_be_left_alone_is_believed_for_longer_than_a_day(seconds: float) -> None:
    circuit = hear(Circuit(TWILIO), failed(NotSent(Scope.PROVIDER, Reason.THROTTLED, retry_after=seconds)))
    assert (circuit.until or NOON) <= NOON + LONGEST_RETRY_AFTER


def test_what_was_under_way_when_it_opened_changes_nothing_but_a_longer_wish() -> None:
    circuit = opened()
    assert hear(circuit, taken, failed(DOWN), failed(NO_LOGIN)) == circuit
    assert hear(circuit, failed(THROTTLED)).until == NOON + 30 * SECOND


def test_only_the_probe_decides_while_half_open() -> None:
    circuit = probing(opened())
    later = NOON + 8 * SECOND
    assert hear(circuit, taken, failed(DOWN), at=later, notice="another") == circuit
    assert hear(circuit, taken, at=later, notice="probe") == Circuit(TWILIO)
    assert hear(circuit, failed(DOWN), at=later, notice="probe").state is State.OPEN


def test_a_probe_that_the_provider_answers_closes_it_whatever_the_answer_is() -> None:
    refused = failed(Rejected(Scope.RECIPIENT, Reason.INVALID_ADDRESS))
    assert hear(probing(opened()), refused, notice="probe") == Circuit(TWILIO)


def test_nobody_else_calls_while_a_probe_is_under_way_and_another_may_when_it_is_lost() -> None:
    circuit = probing(opened())
    assert circuit.until is not None
    assert circuit.admits(circuit.until - SECOND) is Admission.NO
    assert circuit.admits(circuit.until) is Admission.PROBE


def test_the_pause_grows_with_each_failed_probe_up_to_its_limit() -> None:
    circuit, now, pauses = opened(), NOON, []
    for _ in range(20):
        assert circuit.until is not None
        pauses.append(circuit.until - now)
        now = circuit.until
        circuit = hear(probing(circuit), failed(DOWN), at=now, notice="probe")
    assert pauses[0] == FIRST_PAUSE
    assert pauses == sorted(pauses)
    assert pauses[-1] == LONGEST_PAUSE


def test_a_senders_failure_leaves_the_other_senders_alone() -> None:
    said = dict(signs(failed(BAD_SENDER), "a@lender.example"))
    assert said == {TWILIO: Sign.WORKS, Key("twilio", "a@lender.example"): Sign.FAILS}


def test_an_accounts_failure_is_everybodys_and_says_nothing_of_the_sender() -> None:
    said = dict(signs(failed(NO_LOGIN), "a@lender.example"))
    assert said == {TWILIO: Sign.FAILS, Key("twilio", "a@lender.example"): Sign.NOTHING}


def test_where_all_share_one_sender_its_failure_is_the_providers() -> None:
    assert dict(signs(failed(BAD_SENDER), "")) == {TWILIO: Sign.FAILS}


errors = st.builds(
    lambda kind, scope, reason, wait: kind(scope, reason, retry_after=wait),
    st.sampled_from([NotSent, Rejected, OutcomeUnknown]),
    st.sampled_from(Scope),
    st.sampled_from(Reason),
    st.none() | st.floats(0, 100),
)
outcomes = st.just(taken) | errors.map(failed)


@given(st.lists(st.tuples(outcomes, st.floats(0, 60), st.booleans()), max_size=80))
def test_a_circuit_that_is_not_closed_admits_one_probe_at_a_time_and_always_again(
    steps: list[tuple[Outcome, float, bool]],
) -> None:
    circuit, now = Circuit(TWILIO), NOON
    for outcome, passed, by_probe in steps:
        now += timedelta(seconds=passed)
        if circuit.admits(now) is Admission.PROBE:
            circuit = circuit.probed_by("probe", now + 11 * SECOND)
            assert circuit.admits(now) is Admission.NO
        circuit = hear(circuit, outcome, at=now, notice="probe" if by_probe else "another")
        assert (circuit.state is State.CLOSED) == (circuit.until is None)
        assert circuit.failures < THRESHOLD
        if circuit.until is not None:
            assert circuit.admits(circuit.until) is Admission.PROBE
            assert circuit.until <= now + LONGEST_PAUSE
