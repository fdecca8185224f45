"""The courier: Redis (or RabbitMQ) in production, in process by default. It may lose and double what it carries."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import dramatiq
import redis
from dramatiq.brokers.redis import RedisBroker
from dramatiq.brokers.stub import StubBroker
from dramatiq.middleware import Callbacks, Middleware, Retries, ShutdownNotifications, TimeLimit
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from outreach.settings import SettingsError
from outreach.store.batch import in_batches

log = logging.getLogger(__name__)

#: A dead worker's messages are free after so long (ms); the calls to providers must be shorter by far. Nothing waits
#: for it: what they were about is dispatched again from the database before.
HEARTBEAT_MS = 15_000
#: How often, in a million commands, the broker looks for dead workers. The default of 0.1 % takes minutes.
MAINTENANCE_CHANCE = 100_000
#: No batch takes longer than this (ms).
TIME_LIMIT_MS = 120_000
#: How long a stopping worker may finish what it has begun (ms).
GRACE_MS = 25_000
#: The longest pause between two looks of an idle consumer (ms): there are ten, and each look costs a call.
IDLE_MS = 250
#: Messages in one transaction of Redis: larger ones gain nothing.
PIPELINE = 500


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
            client=_redis(url),
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


def _redis(url: str) -> redis.Redis:
    # One quick second try, for a connection that a restart has cut; whoever finds Redis away goes on without it.
    return redis.Redis.from_url(
        url,
        retry=Retry(ConstantBackoff(0.1), 1),
        socket_connect_timeout=2,
        socket_timeout=10,
        socket_keepalive=True,
        health_check_interval=15,
    )


def enqueue(broker: dramatiq.Broker, messages: Sequence[dramatiq.Message[Any]]) -> None:
    """Hand messages to the broker, many at once where it is Redis: a send of its own costs each five times as much."""
    if not isinstance(broker, RedisBroker):
        for message in messages:
            broker.enqueue(message)
        return
    for batch in in_batches(messages, PIPELINE):
        with broker.client.pipeline(transaction=True) as pipeline:
            for message in batch:
                _push(pipeline, broker.namespace, message)
            pipeline.execute()


def _push(pipeline: redis.client.Pipeline, namespace: str, message: dramatiq.Message[Any]) -> None:
    """Dramatiq's documented wire format ("Enqueueing messages from other languages", Redis)."""
    key = str(uuid4())
    body = message.copy(options={"redis_message_id": key}).encode()
    pipeline.hset(f"{namespace}:{message.queue_name}.msgs", key, body)
    pipeline.rpush(f"{namespace}:{message.queue_name}", key)


def start_worker(broker: dramatiq.Broker, threads: int, queues: set[str]) -> dramatiq.Worker:
    """A started worker in this process: one a process, so that a killed one takes no other down."""
    running = dramatiq.Worker(broker, queues=queues, worker_threads=threads, worker_timeout=IDLE_MS)
    # What a killed worker had fetched waits for the next dispatch: no more than keeps the threads busy.
    running.queue_prefetch = 2 * threads
    running.start()
    return running


def stop_worker(broker: dramatiq.Broker, running: dramatiq.Worker) -> None:
    """Let the worker finish what it has begun, within GRACE_MS, and give back what it only fetched."""
    try:
        running.stop(timeout=GRACE_MS)
        broker.close()
    except redis.ConnectionError:
        log.warning("the broker is away: what this worker had fetched is dispatched again from the database")
