"""What the answers to a batch make of its endpoint and its events: pure, as it is the part that must be right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from outreach.domain.webhook import GIVE_UP_AFTER, MOST_FAILURES, Verdict, wait
from outreach.flow.webhook_calls import Answer
from outreach.store.outcome_deliveries import DEAD, Batch, Due, Kept
from outreach.store.webhook_endpoints import Endpoint, EndpointState


@dataclass(frozen=True, slots=True)
class Result:
    """An event that was called about, and the answer."""

    due: Due
    answer: Answer


@dataclass(slots=True)
class After:
    """What is to be recorded: changes of the endpoint's row, events that were taken, exceptions as they are now.

    `error` is that of the last failure, '' when there was none; `disabled` why the endpoint is not called any more.
    """

    values: dict[str, Any] = field(default_factory=dict)
    taken: list[Due] = field(default_factory=list)
    kept: list[Kept] = field(default_factory=list)
    error: str = ""
    down: bool = False
    disabled: str = ""

    @property
    def left(self) -> list[int]:
        """The ids of exceptions that were taken."""
        return [one.event.id for one in self.taken if not one.is_new]


def after(endpoint: Endpoint, batch: Batch, results: Sequence[Result], machine_now: datetime, chance: float) -> After:
    """What came of a batch. `chance` (0 to below 1) spreads what is tried again.

    Nothing is lost: an event is taken, or has a row, or lies beyond the cursor.
    """
    failed = [one for one in results if one.answer.verdict is not Verdict.TAKEN]
    came = After(taken=[one.due for one in results if one.answer.verdict is Verdict.TAKEN])
    came.error = failed[-1].answer.error if failed else ""
    came.values = _standing(endpoint, came, failed, machine_now, chance)
    counts = not came.down or endpoint.give_up_until is None
    came.kept = [_kept(one, machine_now, chance, counts=counts) for one in failed]
    sent_to = _sent_to(endpoint, batch, results)
    called = {one.due.event.id for one in results}
    left = [one.event for one in batch.due if one.is_new and one.event.id not in called]
    came.kept += [Kept(one.id, one.account_id) for one in (*left, *batch.behind) if one.id <= sent_to]
    came.values["sent_to"] = sent_to
    return came


def _sent_to(endpoint: Endpoint, batch: Batch, results: Sequence[Result]) -> int:
    """As far as every new event was called about, or has a row from now on."""
    new = [one.event.id for one in batch.due if one.is_new]
    called = [one.due.event.id for one in results if one.due.is_new]
    if len(called) < len(new):
        return max([endpoint.sent_to, *called])
    whole = [*new, *(one.id for one in batch.behind)]
    return max([endpoint.sent_to, *whole]) if batch.seen_to is None else max(endpoint.sent_to, batch.seen_to)


def _standing(
    endpoint: Endpoint, came: After, failed: Sequence[Result], machine_now: datetime, chance: float
) -> dict[str, Any]:
    """Whether the endpoint is left alone: a failure of its own, or so many events that failed for the first time that
    it can hardly be the events."""
    if any(one.answer.verdict is Verdict.GONE for one in failed):
        came.disabled = came.error
    troubled = any(one.answer.verdict is Verdict.ENDPOINT for one in failed)
    if came.taken and not troubled:
        return {"tries": 0, "look_until": None, "give_up_until": None}
    first_time = sum(1 for one in failed if one.due.tries == 0)
    down = endpoint.give_up_until is not None
    before = 0 if came.taken else endpoint.tries
    tries = before + (1 if troubled or (failed and down) else first_time)
    came.down = bool(failed) and (troubled or down or tries >= MOST_FAILURES)
    if not came.down:
        return {"tries": tries}
    give_up = (None if came.taken else endpoint.give_up_until) or machine_now + GIVE_UP_AFTER
    if machine_now >= give_up and not came.disabled:
        came.disabled = f"it took nothing for {GIVE_UP_AFTER.days} days: {came.error}"
    wished = max((one.answer.retry_after or 0.0 for one in failed), default=0.0)
    failures = tries if troubled or down else tries - MOST_FAILURES + 1
    return {
        "tries": tries,
        "look_until": machine_now + wait(failures, chance, wished),
        "give_up_until": give_up,
    }


def disabled_values(now: datetime) -> dict[str, Any]:
    """The changes of an endpoint's row that disable it."""
    return {"state": EndpointState.DISABLED.value, "changed_at": now, "changed_by": ""}


def _kept(one: Result, machine_now: datetime, chance: float, *, counts: bool) -> Kept:
    """A failed event: tried again at its own time where it failed by itself, else whenever its endpoint is called."""
    due, error = one.due, one.answer.error[:200]
    if one.answer.verdict is not Verdict.EVENT or not counts:
        return Kept(due.event.id, due.event.account_id, tries=due.tries, give_up_until=due.give_up_until, error=error)
    give_up = due.give_up_until or machine_now + GIVE_UP_AFTER
    tries = due.tries + 1
    if machine_now >= give_up:
        return Kept(due.event.id, due.event.account_id, DEAD, tries, error=error)
    look = machine_now + wait(tries, chance, one.answer.retry_after)
    return Kept(due.event.id, due.event.account_id, tries=tries, look_until=look, give_up_until=give_up, error=error)
