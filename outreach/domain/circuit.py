"""A circuit breaker for a provider, or for one sender at it: what fails for everybody is left alone for a while.

Closed, calls pass; after failures in a row it opens, and nobody calls before `until`. Then one message at a time is
the probe: its answer closes the circuit, its failure opens it for longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.domain.outcome import FAILOVER_SCOPES, reason_of, retry_after
from outreach.domain.sending import Outcome, OutcomeUnknown, Reason, Scope, SendError

#: Failures in a row that open a circuit. One failed call in ten at random makes such a row once in 100,000 messages;
#: a provider that is down makes it within the first batch.
THRESHOLD = 5
#: How long a circuit is open at first: a restart at the provider is over in seconds, and a probe costs one message.
FIRST_PAUSE = timedelta(seconds=5)
#: The pause doubles with each failed probe up to this: an outage of a day then leaves some 150 messages in doubt.
LONGEST_PAUSE = timedelta(minutes=10)

#: Reasons that come with the scope of the account or the sender but are about this one recipient's country or carrier.
_ABOUT_THE_ROUTE = frozenset({Reason.GEO, Reason.UNREACHABLE})


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What a circuit is for: a provider, or one sender at it. The sender "" stands for all of them."""

    provider: str
    sender: str = ""


class State(StrEnum):
    """Where a circuit is."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Sign(StrEnum):
    """What an outcome says of the way out: it works, it fails, or nothing."""

    WORKS = "works"
    FAILS = "fails"
    NOTHING = "nothing"


class Admission(StrEnum):
    """Whether a call may leave: yes, no, or only as the one probe."""

    YES = "yes"
    PROBE = "probe"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Circuit:
    """`until` is machine time: open, nobody calls before it; half open, the answer of the notice `probe` is waited for
    until then. `opened` counts the openings in a row, `failures` those in a row while closed."""

    key: Key
    state: State = State.CLOSED
    failures: int = 0
    opened: int = 0
    until: datetime | None = None
    reason: str = ""
    probe: str = ""

    def admits(self, now: datetime) -> Admission:
        """Whether a call may leave at the machine time `now`."""
        if self.state is State.CLOSED or self.until is None:
            return Admission.YES
        return Admission.PROBE if now >= self.until else Admission.NO

    def probed_by(self, notice_id: str, until: datetime) -> Circuit:
        """Half open: `notice_id` tries it, and its answer is waited for until then."""
        return replace(self, state=State.HALF_OPEN, probe=notice_id, until=until)

    def after(self, sign: Sign, error: SendError | None, notice_id: str, now: datetime) -> Circuit:
        """The circuit after what `notice_id`'s call said of it at the machine time `now`.

        Half open, only the probe decides. Open, only a longer wish to be left alone (Retry-After) counts: calls that
        were under way when it opened say nothing new.
        """
        if sign is Sign.NOTHING:
            return self
        if self.state is State.HALF_OPEN and notice_id == self.probe:
            return Circuit(self.key) if sign is Sign.WORKS else self._open(self.opened + 1, error, now)
        if sign is Sign.FAILS and error and (wait := retry_after(error)):
            is_longer = self.until is None or now + wait > self.until
            return self._open(max(1, self.opened), error, now) if is_longer else self
        if self.state is not State.CLOSED:
            return self
        if sign is Sign.WORKS:
            return replace(self, failures=0) if self.failures else self
        failed = replace(self, failures=self.failures + 1)
        return self._open(1, error, now) if failed.failures >= THRESHOLD else failed

    def _open(self, opened: int, error: SendError | None, now: datetime) -> Circuit:
        wish = retry_after(error) if error else timedelta(0)
        pause = wish or min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(opened - 1, 16))
        return Circuit(self.key, State.OPEN, 0, opened, now + pause, reason_of(error) if error else "")


def signs(outcome: Outcome, sender: str) -> Iterator[tuple[Key, Sign]]:
    """What an outcome says of its provider and of its sender there; `sender` is "" where all share one.

    A refusal that is about the recipient or the text is an answer: the way out works.
    """
    everyone, own = Key(outcome.provider), Key(outcome.provider, sender)
    sign = _sign(outcome.error)
    about_sender = outcome.error is not None and outcome.error.scope is Scope.SENDER
    if own == everyone:
        yield everyone, sign
        return
    yield everyone, Sign.WORKS if sign is Sign.FAILS and about_sender else sign
    yield own, Sign.NOTHING if sign is Sign.FAILS and not about_sender else sign


def _sign(error: SendError | None) -> Sign:
    if error is None:
        return Sign.WORKS
    if error.reason is Reason.EXPIRED:
        return Sign.NOTHING  # it was too late to call, so nobody was asked
    if isinstance(error, OutcomeUnknown):
        return Sign.FAILS
    fails = error.scope in FAILOVER_SCOPES and error.reason not in _ABOUT_THE_ROUTE
    return Sign.FAILS if fails else Sign.WORKS
