"""Messages that the broker parked because their actor raised. Sweeps have brought or will bring the same ids again,
so nothing hangs on them; they tell that something was wrong, and may be enqueued again or cleared.

Redis keeps them for seven days. RabbitMQ shows and moves its own; in one process there are none after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker


def parked(broker: dramatiq.Broker, queues: Iterable[str]) -> dict[str, int]:
    """How many messages are parked in each queue that has any. Raises redis.ConnectionError."""
    if not isinstance(broker, RedisBroker):
        return {}
    counts = {queue: int(broker.client.zcard(_key(broker, queue))) for queue in queues}
    return {queue: count for queue, count in counts.items() if count}


def enqueue_again(broker: dramatiq.Broker, queue: str) -> int:
    """Move what is parked back to its queue; returns how many. One that is interrupted may double a message."""
    if not isinstance(broker, RedisBroker):
        return 0
    broker.declare_queue(queue)
    messages: dict[Any, Any] = broker.client.hgetall(f"{_key(broker, queue)}.msgs")
    for key, body in messages.items():
        broker.enqueue(dramatiq.Message.decode(body))
        _forget(broker, queue, key)
    return len(messages)


def clear(broker: dramatiq.Broker, queue: str) -> int:
    """Drop what is parked; returns how many."""
    found = parked(broker, [queue]).get(queue, 0)
    if isinstance(broker, RedisBroker):
        broker.client.delete(_key(broker, queue), f"{_key(broker, queue)}.msgs")
    return found


def _forget(broker: RedisBroker, queue: str, key: bytes) -> None:
    with broker.client.pipeline(transaction=True) as pipeline:
        pipeline.zrem(_key(broker, queue), key)
        pipeline.hdel(f"{_key(broker, queue)}.msgs", key)
        pipeline.execute()


def _key(broker: RedisBroker, queue: str) -> str:
    return f"{broker.namespace}:{queue}.XQ"
