"""The courier on real Redis."""

from __future__ import annotations

import threading
from collections import Counter

import dramatiq

from outreach.workers.broker import PIPELINE, enqueue, make_broker, start_worker


def test_messages_enqueued_together_arrive_once_each(redis_url: str) -> None:
    broker, sent = make_broker(redis_url), 2 * PIPELINE + 1
    seen: Counter[int] = Counter()
    done = threading.Event()

    @dramatiq.actor(broker=broker, queue_name="sms")
    def take(ids: list[int]) -> None:
        seen.update(ids)
        if seen.total() >= sent:
            done.set()

    enqueue(broker, [take.message([number]) for number in range(sent)])
    worker = start_worker(broker, 2, {"sms"})
    try:
        assert done.wait(30)
        broker.join("sms", timeout=10_000)
    finally:
        worker.stop()
        broker.close()
    assert set(seen.values()) == {1}
    assert len(seen) == sent
