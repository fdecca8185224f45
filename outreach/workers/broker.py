"""The courier: Redis (or RabbitMQ) in production, in process by default. It may lose and double what it carries."""

from __future__ import annotations

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Callbacks, Middleware, Retries, ShutdownNotifications, TimeLimit

from outreach.settings import SettingsError

#: A dead worker's messages are free after so long (ms); the calls to providers must be shorter by far.
HEARTBEAT_MS = 15_000
#: How often, in a million commands, the broker looks for dead workers. The default of 0.1 % takes minutes.
MAINTENANCE_CHANCE = 100_000
#: No batch takes longer than this (ms).
TIME_LIMIT_MS = 120_000
#: How long a stopping worker may finish what it has begun (ms).
GRACE_MS = 25_000


def make_broker(url: str) -> dramatiq.Broker:
    """A broker for `OUTREACH_BROKER_URL`; an empty URL means this process. Raises SettingsError.

    Messages are never retried by the broker: retries are rows, found again by sweeps.
    """
    middleware: list[Middleware] = [
        TimeLimit(time_limit=TIME_LIMIT_MS),
        ShutdownNotifications(),
        Callbacks(),
        Retries(max_retries=0),
    ]
    if not url:
        return StubBroker(middleware=middleware)
    if url.startswith(("redis://", "rediss://", "unix://")):
        return RedisBroker(  # type: ignore[no-untyped-call]
            url=url,
            middleware=middleware,
            namespace="outreach",
            heartbeat_timeout=HEARTBEAT_MS,
            maintenance_chance=MAINTENANCE_CHANCE,
        )
    if url.startswith("amqp"):
        from dramatiq.brokers.rabbitmq import RabbitmqBroker  # noqa: PLC0415 (pika is installed only where it is used)

        return RabbitmqBroker(url=url, middleware=middleware)
    raise SettingsError(
        f"OUTREACH_BROKER_URL={url.rsplit('@', maxsplit=1)[-1]}: use redis://, rediss:// or amqp://, or leave it empty"
    )


def start_worker(broker: dramatiq.Broker, threads: int, queues: set[str]) -> dramatiq.Worker:
    """A started worker in this process: one a process, so that a killed one takes no other down."""
    running = dramatiq.Worker(broker, queues=queues, worker_threads=threads, worker_timeout=100)
    running.start()
    return running
