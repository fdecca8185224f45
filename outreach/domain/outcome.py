"""What a send's outcome makes of its notice: the one place that says what may be tried again, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from outreach.domain.notice import NoticeState
from outreach.domain.sending import NotSent, Outcome, OutcomeUnknown, Reason, Rejected, Scope, SendError

#: Calls for one notice after which a person must look; with growing waits this spans about a day.
MAX_ATTEMPTS = 10
#: The wait after the first call that surely did not arrive; it doubles with each further one.
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(hours=4)
#: The same where the provider itself said when: one that says "at once" must not use up all attempts in a second.
SHORTEST_WAIT = timedelta(seconds=1)
#: A provider's own wish to be left alone is believed up to this long; no provider's limit lasts longer than a day.
LONGEST_RETRY_AFTER = timedelta(days=1)

#: Failures that are not about this debtor or this text, so another provider may take the message.
FAILOVER_SCOPES = frozenset({Scope.SENDER, Scope.ACCOUNT, Scope.PROVIDER})
#: Refusals that say that a contact point is dead for good.
DEAD_ADDRESS = frozenset({Reason.INVALID_ADDRESS, Reason.NOT_MOBILE})


@dataclass(frozen=True, slots=True)
class After:
    """The notice's next state; `not_before` (aware UTC) when it is planned again."""

    state: NoticeState
    reason: str
    not_before: datetime | None = None


def after_send(outcome: Outcome, attempts: int, other_providers: int, now: datetime) -> After:
    """What becomes of a notice after its `attempts`-th call. `other_providers`: how many more serve the channel."""
    error = outcome.error
    if error is None:
        return After(NoticeState.SENT, "")
    if isinstance(error, OutcomeUnknown):
        return After(NoticeState.UNCERTAIN, reason_of(error))
    if isinstance(error, Rejected) and error.scope not in FAILOVER_SCOPES:
        return After(NoticeState.FAILED, reason_of(error))
    if attempts >= MAX_ATTEMPTS:
        return After(NoticeState.FAILED, f"given up after {attempts} attempts: {reason_of(error)}")
    wait = _wait(error, attempts, other_providers)
    return After(NoticeState.PLANNED, reason_of(error), now + wait)


def _wait(error: SendError, attempts: int, other_providers: int) -> timedelta:
    if error.scope in FAILOVER_SCOPES and attempts <= other_providers:
        return timedelta(0)
    doublings = int(2 ** (attempts - 1))
    if isinstance(error, NotSent) and error.retry_after is not None:
        return max(retry_after(error), SHORTEST_WAIT * doublings)
    return min(LONGEST_WAIT, FIRST_WAIT * doublings)


def retry_after(error: SendError) -> timedelta:
    """How long the provider wishes to be left alone; zero when it does not say."""
    seconds = error.retry_after or 0.0
    return timedelta(seconds=min(max(seconds, 0.0), LONGEST_RETRY_AFTER.total_seconds()))


def reason_of(error: SendError) -> str:
    """The failure in words for a timeline: what and about what, with the vendor's code."""
    code = f" ({error.code})" if error.code else ""
    return f"{error.reason.value.replace('_', ' ')}, {error.scope.value}{code}"
