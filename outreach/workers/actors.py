"""The actors: thin wrappers around flows. A message carries a batch of ids and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import dramatiq

from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.flow.deliver import deliver
from outreach.flow.desk import Desk
from outreach.flow.outcome_delivery import Deliveries
from outreach.flow.reconcile import reconcile
from outreach.flow.settle import settle
from outreach.store.batch import in_batches
from outreach.workers.broker import enqueue
from outreach.workers.outcomes import Couriers
from outreach.workers.troubles import BROKER_AWAY, Patience, Trouble

#: Queue names beside one a channel.
SETTLE, RECONCILE, OUTCOMES = "settle", "reconcile", "outcomes"
QUEUES = (*(channel.value for channel in SENT_CHANNELS), SETTLE, RECONCILE, OUTCOMES)
#: Groups of concurrent calls in one message: claiming and reading facts for four at once costs a quarter.
CLAIM_GROUPS = 4
#: Inbox rows in one message.
SETTLE_BATCH = 200
#: What came back goes before what leaves (the lower the sooner): it may stop what is about to leave.
FIRST, LATER = 0, 10
#: Letters in one message: they are printed one after another, all within one lease.
LETTER_BATCH = 4


@dataclass(frozen=True)
class Actors:
    """The declared actors and the size of a batch for each queue.

    While the broker is away, what is sent is dropped: the sweeps find it again.
    """

    deliver: dict[Channel, dramatiq.Actor[..., None]]
    settle: dramatiq.Actor[..., None]
    reconcile: dramatiq.Actor[..., None]
    outcomes: dramatiq.Actor[..., None]
    batch: int
    trouble: Trouble = field(default_factory=lambda: Trouble("the broker"))

    def send_notices(self, channel: Channel, ids: Sequence[str]) -> int:
        """Enqueue notices of one channel in batches; returns the number of messages."""
        return self._send(self.deliver[channel], ids, LETTER_BATCH if channel is Channel.LETTER else self.batch)

    def send_settle(self, ids: Sequence[int]) -> int:
        """Enqueue inbox rows."""
        return self._send(self.settle, ids, SETTLE_BATCH)

    def send_reconcile(self, ids: Sequence[str]) -> int:
        """Enqueue uncertain notices."""
        return self._send(self.reconcile, ids, self.batch)

    def send_outcomes(self, endpoint_ids: Sequence[int]) -> int:
        """Enqueue endpoints that wait to be told something, each by itself: any worker may take it."""
        return self._send(self.outcomes, endpoint_ids, 1)

    def _send(self, actor: dramatiq.Actor[..., None], ids: Sequence[str] | Sequence[int], size: int) -> int:
        messages = [actor.message(list(batch)) for batch in in_batches(ids, size)]
        if not messages:
            return 0
        try:
            enqueue(actor.broker, messages)
        except BROKER_AWAY as error:
            self.trouble.noticed(error)
            return 0
        self.trouble.over()
        return len(messages)


def declare(broker: dramatiq.Broker, desk: Desk) -> Actors:
    """Declare the actors on a broker; they work at `desk`."""
    patience, couriers = Patience(), Couriers(Deliveries(desk.engine, desk.clock, desk.settings))
    broker.add_middleware(patience)
    broker.add_middleware(couriers)

    def actor(
        name: str, queue: str, flow: Callable[[Desk, list[str]], int], priority: int = LATER
    ) -> dramatiq.Actor[..., None]:
        def run(ids: list[str]) -> None:
            patience.work(flow, desk, ids)

        return dramatiq.actor(actor_name=name, queue_name=queue, priority=priority, broker=broker)(run)

    return Actors(
        deliver={channel: actor(f"deliver_{channel}", channel.value, deliver) for channel in SENT_CHANNELS},
        settle=actor("settle", SETTLE, settle, FIRST),  # type: ignore[arg-type]
        reconcile=actor("reconcile", RECONCILE, reconcile),
        outcomes=dramatiq.actor(actor_name="outcomes", queue_name=OUTCOMES, priority=LATER, broker=broker)(
            couriers.hand_over
        ),
        batch=CLAIM_GROUPS * desk.settings.send_concurrency,
    )
