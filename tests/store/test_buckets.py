"""One rate for the whole house: threads and processes that race for the same bucket."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.pool import ThreadPool

import pytest
import redis

from outreach.domain.pacing import Bucket, Rate, take
from outreach.store.buckets import Buckets, LocalBuckets, RedisBuckets
from tests.cast import NOON

RATE = Rate(500)
ROUNDS = 5


def ask(buckets: Buckets) -> tuple[int, float]:
    """Ask again and again, waiting as told; how much was granted, and the time by which all of it may have left."""
    granted, left_at = 0, 0.0
    for _ in range(ROUNDS):
        grant = buckets.take("twilio", RATE, 100)
        granted += grant.count
        left_at = max(left_at, time.time() + grant.ready_in)
        time.sleep(grant.ready_in or grant.next_in)
    return granted, left_at


def ask_redis(url: str) -> tuple[int, float]:
    """The same in a process of its own."""
    return ask(RedisBuckets(url))


def check(raced: Callable[[], list[tuple[int, float]]]) -> None:
    began = time.time()
    results = raced()
    span = max(left_at for _, left_at in results) - began
    sent = sum(count for count, _ in results)
    assert RATE.burst <= sent <= RATE.burst + RATE.per_second * span + 1


def test_threads_of_a_process_share_its_bucket() -> None:
    buckets = LocalBuckets()
    with ThreadPool(3) as pool:
        check(lambda: pool.map(ask, [buckets] * 3))


def test_processes_share_a_bucket_through_redis(redis_url: str) -> None:
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        pool.map(ask_redis, [redis_url] * 3, chunksize=1)  # they have started and share nothing but the bucket
        redis.Redis.from_url(redis_url).flushdb()
        check(lambda: pool.map(ask_redis, [redis_url] * 3, chunksize=1))


@pytest.mark.parametrize("rate", [0.2, 1, 7.5, 30, 250])
@pytest.mark.parametrize("fill", [1.0, 0.4, 0.0, -0.3, -1.0])
@pytest.mark.parametrize("wanted", [1, 5, 300])
def test_redis_grants_what_the_pure_bucket_grants(redis_url: str, rate: float, fill: float, wanted: int) -> None:
    tokens = fill * Rate(rate).burst
    with redis.Redis.from_url(redis_url) as client:
        # Filled in the future: no time has passed since, however slow this test is.
        client.hset("outreach:bucket:twilio", mapping={"tokens": tokens, "at": time.time() + 3600})
    shared = RedisBuckets(redis_url)
    said = shared.take("twilio", Rate(rate), wanted)
    grant, _ = take(Rate(rate), Bucket(tokens, NOON), wanted, NOON)
    assert said.count == grant.count
    assert (said.ready_in, said.next_in) == pytest.approx((grant.ready_in, grant.next_in), abs=1e-5)
    shared.close()


def test_buckets_of_different_providers_do_not_share(redis_url: str) -> None:
    shared = RedisBuckets(redis_url)
    assert shared.take("twilio", Rate(1), 1).count == 1
    assert shared.take("sendgrid", Rate(1), 1).count == 1
    shared.close()


def test_a_bucket_that_is_full_again_is_forgotten_by_redis(redis_url: str) -> None:
    shared = RedisBuckets(redis_url)
    shared.take("twilio", Rate(100), 50)
    with redis.Redis.from_url(redis_url) as client:
        [key] = client.keys("outreach:bucket:*")
        assert 0 < client.pttl(key) <= 3000
    shared.close()


def test_while_redis_is_away_a_process_paces_itself() -> None:
    away = RedisBuckets("redis://127.0.0.1:1/0")
    assert away.take("twilio", Rate(2), 5).count == 2
    assert away.take("twilio", Rate(2), 5).count == 2
    assert away.take("twilio", Rate(2), 5).count == 0
    away.close()
