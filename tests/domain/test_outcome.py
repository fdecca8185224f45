"""What a send's outcome makes of its notice, for any error that an adapter may raise."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from outreach.domain.notice import NoticeState, may_move
from outreach.domain.outcome import FAILOVER_SCOPES, LONGEST_RETRY_AFTER, MAX_ATTEMPTS, After, after_send
from outreach.domain.sending import NotSent, Outcome, OutcomeUnknown, Reason, Rejected, Scope, SendError, SendResult
from tests.cast import NOON

waits = st.none() | st.floats(allow_nan=False, allow_infinity=False)
attempts = st.integers(1, MAX_ATTEMPTS)
others = st.integers(0, 2)


def errors(*kinds: type[SendError], scopes: st.SearchStrategy[Scope]) -> st.SearchStrategy[SendError]:
    return st.builds(
        lambda kind, scope, reason, wait: kind(scope, reason, retry_after=wait),
        st.sampled_from(kinds),
        scopes,
        st.sampled_from(Reason),
        waits,
    )


every_scope = st.sampled_from(Scope)


def after(error: SendError | None, tries: int, more: int) -> After:
    result = SendResult("ref") if error is None else None
    return after_send(Outcome("a.1", "twilio", result=result, error=error), tries, more, NOON)


@given(errors(NotSent, Rejected, OutcomeUnknown, scopes=every_scope) | st.none(), attempts, others)
def test_every_outcome_is_a_legal_move_and_a_retry_has_a_time(error: SendError | None, tries: int, more: int) -> None:
    made = after(error, tries, more)
    assert may_move(NoticeState.SENDING, made.state)
    assert (made.not_before is not None) == (made.state is NoticeState.PLANNED)
    assert made.not_before is None or NOON <= made.not_before <= NOON + LONGEST_RETRY_AFTER


@given(errors(OutcomeUnknown, scopes=every_scope), attempts, others)
def test_an_unknown_outcome_is_never_tried_again(error: SendError, tries: int, more: int) -> None:
    assert after(error, tries, more).state is NoticeState.UNCERTAIN


@given(errors(Rejected, scopes=st.sampled_from([Scope.RECIPIENT, Scope.CONTENT])), attempts, others)
def test_a_refused_recipient_or_text_is_never_tried_again(error: SendError, tries: int, more: int) -> None:
    assert after(error, tries, more).state is NoticeState.FAILED


@given(errors(NotSent, Rejected, scopes=st.sampled_from(sorted(FAILOVER_SCOPES))), st.integers(1, 2))
def test_the_next_provider_is_tried_at_once(error: SendError, more: int) -> None:
    assert after(error, more, more).not_before == NOON
    assert after(error, more + 1, more) != after(error, more, more)


@given(errors(NotSent, scopes=every_scope), others)
def test_nothing_is_tried_for_ever(error: SendError, more: int) -> None:
    assert after(error, MAX_ATTEMPTS, more).state is NoticeState.FAILED


def test_waits_grow() -> None:
    down = NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN)
    waits = [(after(down, tries, 0).not_before or NOON) - NOON for tries in range(1, MAX_ATTEMPTS)]
    assert waits == sorted(waits)
    assert timedelta(hours=1) < sum(waits, timedelta()) < timedelta(days=2)
