"""Call: the moment at which messages leave the house, many at a time, each once."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, SimpleQueue
from time import monotonic

from outreach.domain.sending import Outcome, OutcomeUnknown, Provider, Reason, Scope, SendError, SendRequest
from outreach.flow.admission import held_back, observe
from outreach.flow.desk import Desk
from outreach.store.notice_rows import Notice

log = logging.getLogger(__name__)

#: Seconds for which outcomes are gathered to be recorded in one transaction.
GATHER = 0.02


@dataclass(frozen=True, slots=True)
class Started:
    """A notice whose attempt is committed: the call may leave, until `call_by` (machine time)."""

    notice: Notice
    provider: Provider
    request: SendRequest
    call_by: datetime


def call_providers(desk: Desk, started: Sequence[Started]) -> Iterator[list[tuple[Started, Outcome]]]:
    """Call the providers concurrently and yield the outcomes in groups as they come in, the first after a moment."""
    calls = {desk.pool.submit(_call, desk, one): one for one in started}
    came: SimpleQueue[Future[Outcome]] = SimpleQueue()
    for call in calls:
        call.add_done_callback(came.put)
    left = len(calls)
    while left:
        group, until = [came.get()], monotonic() + GATHER
        with suppress(Empty):
            while len(group) < left:
                group.append(came.get(timeout=max(0.0, until - monotonic())))
        left -= len(group)
        yield [(calls[call], call.result()) for call in group]


def _call(desk: Desk, one: Started) -> Outcome:
    held = held_back(desk, one.notice.id, one.provider, one.request, one.call_by)
    if held is not None:
        return held
    outcome = _answer(one)
    observe(desk, one.notice.id, one.request, outcome)
    return outcome


def _answer(one: Started) -> Outcome:
    attempt_id, name = one.request.attempt_id, one.provider.name
    try:
        return Outcome(attempt_id, name, result=one.provider.send(one.request))
    except SendError as error:
        return Outcome(attempt_id, name, error=error)
    except Exception:
        # An adapter's own error says nothing about whether the call arrived, so it must not be made again.
        log.exception("provider %s broke its contract on attempt %s", name, attempt_id)
        return Outcome(attempt_id, name, error=OutcomeUnknown(Scope.PROVIDER, Reason.OTHER, detail="adapter error"))
