"""Admission: which of the drafts may leave now, and by which provider. The others wait, without having been a try.

A provider whose circuit is open is passed over for the next one of the channel; where there is none, the notice waits.
What a provider's rate leaves over waits, too. No transaction is open while a worker waits for tokens.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parseaddr
from math import ceil

from outreach.domain.circuit import Admission, Circuit, Key, State
from outreach.domain.message import Address, Channel
from outreach.domain.sending import NotSent, Outcome, Provider, Reason, Scope, SendRequest
from outreach.flow.desk import Desk
from outreach.flow.drafting import Draft
from outreach.store.deferring import Deferral

#: How long the others wait while one message probes: about as long as a call to a provider takes.
PROBE_WAIT = timedelta(seconds=2)
#: Seconds' worth of a rate that is with the workers at once: enough that they never wait for the dispatch.
HORIZON = 3.0
#: How long after its attempt was committed a call may begin. A worker that was stopped for longer (a suspended machine)
#: must not call any more: its notice is in doubt by then, and would be planned again once the provider is believed that
#: it has no such message (flow/reconcile.py, GRACE).
CALL_WITHIN = timedelta(minutes=2)
#: What is left of a notice's time when it is too late to call: the adapters refuse then.
_LAST_MOMENT = timedelta(seconds=1)


def admit(desk: Desk, drafts: Sequence[Draft]) -> tuple[list[Draft], list[Deferral]]:
    """The drafts that may leave now, each with the provider that takes it, and the others with what they wait for."""
    desk.traffic.look(desk.engine, desk.clock.machine())
    if desk.traffic.is_free:
        return _in_time(desk, drafts, [])
    routed: list[Draft] = []
    deferred: list[Deferral] = []
    for one in drafts:
        provider = _way_out(desk, one)
        if provider is None:
            deferred.append(_paused(desk, one))
        else:
            routed.append(replace(one, provider=provider))
    paced, ready_in = _paced(desk, routed, deferred)
    if ready_in:
        time.sleep(ready_in)
    return _in_time(desk, paced, deferred)


def outstanding(desk: Desk, channel: Channel, most: int) -> int:
    """How many notices of a channel may be with the workers at once: what its provider's rate takes in a moment, one
    where a circuit waits for its probe, none while all of its providers are paused."""
    route = desk.routes.get(channel, ())
    if not route:
        return most
    now = desk.clock.machine()
    desk.traffic.look(desk.engine, now)
    answers = {one.name: desk.traffic.blocking([Key(one.name)], now)[0] for one in route}
    for name, admission in answers.items():
        if admission is Admission.YES:
            rate = desk.traffic.rate(name)
            return most if rate is None else min(most, ceil(rate.per_second * HORIZON))
    return 1 if Admission.PROBE in answers.values() else 0


def held_back(
    desk: Desk, notice_id: str, provider: Provider, request: SendRequest, call_by: datetime
) -> Outcome | None:
    """The outcome of a call that must not be made any more: its provider was paused, or its worker stopped, while it
    waited for a thread."""
    now = desk.clock.machine()
    if now >= call_by:
        stopped = NotSent(Scope.PROVIDER, Reason.EXPIRED, detail="the worker was stopped before the call")
        return Outcome(request.attempt_id, provider.name, error=stopped)
    if desk.traffic.is_undisturbed:
        return None
    keys = _keys(provider, request.channel, request.sender, desk)
    circuit = desk.traffic.stops(keys, notice_id, now)
    if circuit is None or circuit.until is None:
        return None
    wait = max(0.0, (circuit.until - now).total_seconds())
    error = NotSent(Scope.PROVIDER, Reason.THROTTLED, retry_after=wait, detail="the provider is paused")
    return Outcome(request.attempt_id, provider.name, error=error)


def observe(desk: Desk, notice_id: str, request: SendRequest, outcome: Outcome) -> None:
    """Let the circuits learn from a call's outcome."""
    if outcome.error is None and desk.traffic.is_undisturbed:
        return
    sender_key = _sender_key(request.channel, request.sender, desk)
    desk.traffic.observe(outcome, sender_key, notice_id, desk.clock.machine())


def _way_out(desk: Desk, one: Draft) -> Provider | None:
    """The first provider that admits the notice, beginning with the one it was drafted for; it may be the probe."""
    for provider, keys in _candidates(desk, one):
        now = desk.clock.machine()
        admission, _ = desk.traffic.blocking(keys, now)
        if admission is Admission.PROBE:
            won = desk.traffic.probe(desk.engine, keys, one.notice.id, now, desk.lease_until())
            admission = Admission.YES if won else desk.traffic.blocking(keys, now)[0]
        if admission is Admission.YES:
            return provider
    return None


def _candidates(desk: Desk, one: Draft) -> Iterator[tuple[Provider, list[Key]]]:
    route = desk.routes[one.notice.channel]
    others = [other for other in route if other is not one.provider and other.name not in one.closed]
    for provider in (one.provider, *others):
        yield provider, _keys(provider, one.notice.channel, one.sender, desk)


def _keys(provider: Provider, channel: Channel, address: Address, desk: Desk) -> list[Key]:
    own = Key(provider.name, _sender_key(channel, address, desk))
    return [Key(provider.name)] if own == Key(provider.name) else [Key(provider.name), own]


def _sender_key(channel: Channel, address: Address, desk: Desk) -> str:
    """The sender as circuits know it: only e-mails have one a creditor, and only where the settings name none."""
    if channel is not Channel.EMAIL or desk.settings.sendgrid_from:
        return ""
    return parseaddr(str(address))[1]


def _paused(desk: Desk, one: Draft) -> Deferral:
    """Wait for the first of the circuits that stop the notice."""
    machine_now = desk.clock.machine()
    stopping = [
        circuit for _, keys in _candidates(desk, one) if (circuit := desk.traffic.blocking(keys, machine_now)[1])
    ]
    waits = [_wait(circuit, machine_now) for circuit in stopping]
    why = " and ".join(f"{circuit.key.provider} is paused: {circuit.reason}" for circuit in stopping)
    return Deferral(one.notice.id, why, desk.clock.now() + min(waits, default=PROBE_WAIT))


def _wait(circuit: Circuit, machine_now: datetime) -> timedelta:
    if circuit.state is State.HALF_OPEN or circuit.until is None:
        return PROBE_WAIT
    return max(timedelta(0), circuit.until - machine_now)


def _paced(desk: Desk, routed: Sequence[Draft], deferred: list[Deferral]) -> tuple[list[Draft], float]:
    """Those whose provider's rate takes them, and in how many seconds; the others are added to the deferred."""
    by_provider: defaultdict[str, list[Draft]] = defaultdict(list)
    for one in routed:
        by_provider[one.provider.name].append(one)
    paced: list[Draft] = []
    ready_in = 0.0
    now = desk.clock.now()
    for name, asking in by_provider.items():
        grant = desk.traffic.grant(name, len(asking))
        ready_in = max(ready_in, grant.ready_in)
        paced += asking[: grant.count]
        not_before = now + timedelta(seconds=grant.next_in)
        reason = f"waits for the rate of {name}"
        deferred += [Deferral(one.notice.id, reason, not_before, is_news=False) for one in asking[grant.count :]]
    return paced, ready_in


def _in_time(desk: Desk, drafts: Sequence[Draft], deferred: list[Deferral]) -> tuple[list[Draft], list[Deferral]]:
    """Give back those whose time has run out since the gate let them pass: it decides anew when it is over."""
    latest = desk.clock.now() + _LAST_MOMENT
    late = [one for one in drafts if one.decision.send_by is not None and one.decision.send_by < latest]
    if not late:
        return list(drafts), deferred
    reason = "its hours ended before it could leave"
    over = [Deferral(one.notice.id, reason, one.decision.send_by) for one in late if one.decision.send_by]
    late_ids = {one.notice.id for one in late}
    return [one for one in drafts if one.notice.id not in late_ids], [*deferred, *over]
