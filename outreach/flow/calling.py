"""Call: the moment at which messages leave the house, many at a time, each once."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic

from outreach.domain.sending import Outcome, OutcomeUnknown, Provider, Reason, Scope, SendError, SendRequest, SendResult
from outreach.flow.admission import held_back, observe
from outreach.flow.desk import Desk
from outreach.providers.exchanges import Ended, Exchanges
from outreach.providers.http import Transport, Wanted, end
from outreach.providers.sendgrid_email import SendgridEmail
from outreach.providers.twilio_sms import TwilioSms
from outreach.store.notice_rows import Notice

log = logging.getLogger(__name__)

#: Seconds for which outcomes are gathered to be recorded in one transaction.
GATHER = 0.05
#: Seconds between two looks at what does not wake who waits, and at anything at all.
LOOK, LONGEST_LOOK = 0.005, 1.0
#: Adapters whose calls are coroutines over our transport.
_BY_COROUTINE = (TwilioSms, SendgridEmail)


@dataclass(frozen=True, slots=True)
class Started:
    """A notice whose attempt is committed: the call may leave, until `call_by` (machine time)."""

    notice: Notice
    provider: Provider
    request: SendRequest
    call_by: datetime


def call_providers(desk: Desk, started: Sequence[Started]) -> Iterator[list[tuple[Started, Outcome]]]:
    """Call the providers concurrently and yield the outcomes in groups as they come in, the first after a moment."""
    calls, left = _Calls(desk, started), len(started)
    try:
        while left:
            group = calls.wait(LONGEST_LOOK)
            until = monotonic() + GATHER
            while 0 < len(group) < left and (rest := until - monotonic()) > 0:
                group += calls.wait(rest)
            left -= len(group)
            if group:
                yield group
    finally:
        calls.abandon()


class _Calls:
    """Calls under way: those that go over a kept connection from this thread, all at once, and the others (a connection
    is to be opened, an adapter has no coroutine) from the threads of the pool."""

    def __init__(self, desk: Desk, started: Sequence[Started]) -> None:
        self._desk = desk
        self._waiting = deque(started)
        self._exchanges: Exchanges[Started, SendResult] = Exchanges()
        self._placed: dict[str, Transport] = {}
        self._in_threads = 0
        self._came: SimpleQueue[tuple[Started, Outcome | Future[Outcome]]] = SimpleQueue()

    def wait(self, timeout: float) -> list[tuple[Started, Outcome]]:
        """Outcomes as soon as there are any, for at most `timeout` seconds."""
        self._begin()
        if len(self._exchanges) and self._came.empty():
            # What the threads bring, and places that others give back, do not wake it.
            alone = not self._in_threads and not self._waiting
            for ended in self._exchanges.wait(timeout if alone else min(timeout, LOOK)):
                self._came.put((ended.key, self._outcome(ended)))
            return self._drain(0.0)
        return self._drain(min(timeout, LOOK) if self._waiting else timeout)

    def abandon(self) -> None:
        """Let go of what is left when nobody asks any more."""
        self._exchanges.close()
        for transport in self._placed.values():
            transport.leave()

    def _begin(self) -> None:
        """Begin as many calls as there are places for."""
        while self._waiting:
            provider = self._waiting[0].provider
            if isinstance(provider, _BY_COROUTINE):
                if not provider.transport.enter():
                    return
                self._begin_here(self._waiting.popleft(), provider)
            else:
                one = self._waiting.popleft()
                self._submit(one, partial(_call, self._desk, one, one.provider.send))

    def _begin_here(self, one: Started, provider: TwilioSms | SendgridEmail) -> None:
        self._placed[one.notice.id] = provider.transport
        held = held_back(self._desk, one.notice.id, provider, one.request, one.call_by)
        if held is not None:
            self._leave(one)
            self._came.put((one, held))
            return
        call = provider.call(one.request)
        began = self._exchanges.begin(one, call)
        if isinstance(began, Wanted):
            # Begun anew in a thread, for which it may have to wait: what held good until now is asked again then.
            call.close()
            self._submit(one, partial(_call_placed, self._desk, one, self._placed.pop(one.notice.id)))
        elif began is not None:
            self._came.put((one, self._outcome(began)))

    def _submit(self, one: Started, call: Callable[[], Outcome]) -> None:
        self._in_threads += 1
        self._desk.pool.submit(call).add_done_callback(lambda done: self._came.put((one, done)))

    def _outcome(self, ended: Ended[Started, SendResult]) -> Outcome:
        self._leave(ended.key)
        return _seen(self._desk, ended.key, _told(ended.key, ended.result, ended.error))

    def _leave(self, one: Started) -> None:
        self._placed.pop(one.notice.id).leave()

    def _drain(self, timeout: float) -> list[tuple[Started, Outcome]]:
        came: list[tuple[Started, Outcome | Future[Outcome]]] = []
        with suppress(Empty):
            came.append(self._came.get(timeout=timeout) if timeout else self._came.get_nowait())
            while True:
                came.append(self._came.get_nowait())
        return [(one, what.result() if isinstance(what, Future) else what) for one, what in came]


def _call(desk: Desk, one: Started, send: Callable[[SendRequest], SendResult]) -> Outcome:
    """A whole call in a thread of the pool."""
    held = held_back(desk, one.notice.id, one.provider, one.request, one.call_by)
    if held is not None:
        return held
    try:
        outcome = _told(one, send(one.request), None)
    except Exception as error:  # noqa: BLE001 (it is told)
        outcome = _told(one, None, error)
    return _seen(desk, one, outcome)


def _call_placed(desk: Desk, one: Started, transport: Transport) -> Outcome:
    """The same for a call that has a place and needs a connection."""
    provider = one.provider
    assert isinstance(provider, _BY_COROUTINE)
    try:
        return _call(desk, one, lambda request: end(provider.call(request), transport.exchange))
    finally:
        transport.leave()


def _seen(desk: Desk, one: Started, outcome: Outcome) -> Outcome:
    observe(desk, one.notice.id, one.request, outcome)
    return outcome


def _told(one: Started, result: SendResult | None, error: Exception | None) -> Outcome:
    attempt_id, name = one.request.attempt_id, one.provider.name
    if error is not None and not isinstance(error, SendError):
        # An adapter's own error says nothing about whether the call arrived, so it must not be made again.
        log.error("provider %s broke its contract on attempt %s", name, attempt_id, exc_info=error)
        error = OutcomeUnknown(Scope.PROVIDER, Reason.OTHER, detail="adapter error")
    return Outcome(attempt_id, name, result=result, error=error)
