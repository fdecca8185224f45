"""The pooled transport under many threads, and the times that vendors name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from outreach.domain.sending import NotSent, OutcomeUnknown
from outreach.providers.failures import retry_after
from outreach.providers.http import Transport
from tests.providers.vendor_server import Answer, Silence, VendorServer


def test_many_threads_share_no_more_connections_than_the_pool_holds(server: VendorServer) -> None:
    transport = Transport(timeout=5, pool_size=3)
    server.will(*[Answer(200, b"{}")] * 40)
    with ThreadPoolExecutor(8) as threads:
        replies = list(threads.map(lambda _: transport.request("GET", server.url, headers={}), range(40)))
    assert {reply.status for reply in replies} == {200}
    assert len({asked.client_port for asked in server.asked}) <= 3


def test_a_call_that_finds_no_free_connection_is_not_sent(server: VendorServer) -> None:
    transport = Transport(timeout=0.3, pool_size=1)
    server.will(Silence(), Silence())

    def outcome() -> type[Exception] | None:
        try:
            transport.request("POST", server.url, headers={}, body=b"x")
        except (NotSent, OutcomeUnknown) as error:
            return type(error)
        return None

    with ThreadPoolExecutor(4) as threads:
        outcomes = [future.result() for future in [threads.submit(outcome) for _ in range(2)]]
    assert outcomes.count(OutcomeUnknown) == len(server.asked)
    assert None not in outcomes


@pytest.mark.parametrize("url", ["", "no url", "ftp://vendor.example", "http://", "http://127.0.0.1:port"])
def test_a_base_url_that_is_none_is_not_sent(url: str) -> None:
    with pytest.raises(NotSent):
        Transport(timeout=1, pool_size=1).request("GET", url, headers={})


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "-7"}, 0.0),
        ({"Retry-After": "Tue, 10 Mar 2026 15:01:00 GMT"}, 60.0),
        ({"Retry-After": "Tue, 10 Mar 2026 14:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({"X-RateLimit-Reset": "1773154830"}, 30.0),
        ({"RateLimit-Reset": "5"}, 5.0),
        ({}, None),
    ],
)
def test_a_vendor_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, datetime(2026, 3, 10, 15, 0, tzinfo=UTC)) == seconds
