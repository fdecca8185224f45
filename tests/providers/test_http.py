"""The pooled transport under many threads, and the times that vendors name."""

from __future__ import annotations

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Thread

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
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "nan"}, None),
        ({"X-RateLimit-Reset": "1773154830"}, 30.0),
        ({"RateLimit-Reset": "5"}, 5.0),
        ({}, None),
    ],
)
def test_a_vendor_says_how_long_to_wait(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, datetime(2026, 3, 10, 15, 0, tzinfo=UTC)) == seconds


class _Wire:
    """A server that answers each connection with raw bytes and counts what was asked."""

    def __init__(self, *answers: bytes, closes: bool = False) -> None:
        self._answers, self._closes = list(answers), closes
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/x"
        self.connections = self.asked = 0
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        while self._answers:
            peer, _ = self._listener.accept()
            self.connections += 1
            with peer:
                while self._answers and peer.recv(65_536):
                    self.asked += 1
                    peer.sendall(self._answers.pop(0))
                    if self._closes:
                        break

    def __enter__(self) -> _Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.join(5)
        self._listener.close()


_OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def test_an_announcement_is_not_taken_for_the_answer() -> None:
    with _Wire(b"HTTP/1.1 100 Continue\r\n\r\n" + _OK) as wire:
        assert Transport(timeout=2, pool_size=1).request("POST", wire.url, headers={}, body=b"x").status == 200


def test_a_chunked_answer_is_read_whole() -> None:
    answer = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    with _Wire(answer) as wire:
        assert Transport(timeout=2, pool_size=1).request("GET", wire.url, headers={}).json() == {}


def test_an_answer_without_a_length_ends_with_its_connection() -> None:
    with _Wire(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}", closes=True) as wire:
        assert Transport(timeout=2, pool_size=1).request("GET", wire.url, headers={}).json() == {}


@pytest.mark.parametrize(
    "answer",
    [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}", b"HTTP/1.1 20", b"not HTTP at all\r\n\r\n", b""],
    ids=["cut body", "cut head", "no HTTP", "nothing"],
)
def test_an_answer_that_cannot_be_read_leaves_the_outcome_unknown(answer: bytes) -> None:
    with _Wire(answer, closes=True) as wire, pytest.raises(OutcomeUnknown):
        Transport(timeout=2, pool_size=1).request("POST", wire.url, headers={}, body=b"x")


def test_a_kept_connection_that_the_vendor_closed_is_not_used_again() -> None:
    transport = Transport(timeout=2, pool_size=1)
    with _Wire(_OK, _OK, closes=True) as wire:
        for _ in range(2):
            assert transport.request("POST", wire.url, headers={}, body=b"x").status == 200
            time.sleep(0.05)
        assert (wire.connections, wire.asked) == (2, 2)


def test_a_header_cannot_smuggle_another_one() -> None:
    with pytest.raises(NotSent):
        Transport(timeout=1, pool_size=1).request("POST", "http://127.0.0.1:9/", headers={"X": "a\r\nY: b"}, body=b"x")
