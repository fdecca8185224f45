"""Clients that take their time: they block nobody, and are cut off when their time is up."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from select import select

import pytest

from outreach.store.engine import make_engine
from outreach.web.server import Patience
from tests.databases import make_tables
from tests.web.conftest import Door, opened
from tests.web.vendors import (
    DELIVERED,
    EVENTS,
    MAIL,
    STATUS,
    answer_of,
    connect,
    events_body,
    head,
    post_sendgrid,
    post_twilio,
    sendgrid_event,
    status_request,
)

MANY = 200
#: The connection was cut without a word; a client that still writes may miss what it was told.
NOTHING = 0
CUT_OFF = {NOTHING, 408}


@pytest.fixture
def hurried(tmp_path: Path) -> Iterator[Door]:
    """A web that waits for a head for a fifth of a second, and for a request for a second and a half."""
    engine = make_engine(f"sqlite:///{tmp_path / 'web.db'}")
    make_tables(engine)
    with opened(engine, Patience(head=0.2, request=1.5, longest_head=10_000, connections=MANY + 10)) as door:
        yield door
    engine.dispose()


def dribble(connection: socket.socket, some: bytes, pause: float = 0.05) -> int:
    """Send some bytes every now and then until the server has enough of it: the status that it answers then."""
    connection.settimeout(pause)
    while True:
        try:
            connection.send(some)
            return answer_of(connection)[0]
        except TimeoutError:
            continue
        except (BrokenPipeError, ConnectionResetError):
            return NOTHING


def test_a_head_that_dribbles_is_cut_off(hurried: Door) -> None:
    with connect(hurried) as connection:
        connection.send(b"POST /webhooks/twilio/status HTTP/1.1\r\nHost: outreach.example\r\nX-Slow: ")
        assert dribble(connection, b"x") in CUT_OFF
    assert hurried.inbox() == []


def test_a_body_that_dribbles_is_cut_off(hurried: Door) -> None:
    with connect(hurried) as connection:
        connection.send(head(EVENTS, {}, 1000))
        assert dribble(connection, b"x") in CUT_OFF
    assert hurried.inbox() == []


def test_a_body_that_never_comes_is_answered_with_408(hurried: Door) -> None:
    for path in (STATUS, EVENTS, MAIL):
        with connect(hurried) as connection:
            connection.send(head(path, {}, 1000))
            assert answer_of(connection)[0] == 408
            assert connection.recv(1) == b""


def test_a_head_that_is_too_long_is_cut_off_though_it_comes_fast(hurried: Door) -> None:
    with connect(hurried) as connection:
        connection.send(b"POST /webhooks/twilio/status HTTP/1.1\r\n")
        assert dribble(connection, b"X-Header: " + b"x" * 5000 + b"\r\n", 0.001) in {NOTHING, 431}


def test_a_connection_that_says_nothing_is_closed(hurried: Door) -> None:
    with connect(hurried) as connection:
        assert connection.recv(1) == b""


def test_a_kept_connection_may_rest_between_requests(hurried: Door) -> None:
    with connect(hurried) as connection:
        for _ in range(3):
            connection.send(status_request())
            assert answer_of(connection)[0] == 204
            # Longer than a head may take.
            assert select([connection], [], [], 0.6) == ([], [], [])


def test_requests_that_follow_each_other_at_once_are_all_answered(hurried: Door) -> None:
    with connect(hurried) as connection:
        connection.send(status_request() * 3)
        said = b""
        while said.count(b"204 No Content") < 3:
            chunk = connection.recv(65536)
            assert chunk, said
            said += chunk
    assert len(hurried.inbox()) == 1


def test_many_slow_clients_block_nobody(hurried: Door) -> None:
    with ExitStack() as stack:
        slow = [stack.enter_context(connect(hurried)) for _ in range(MANY)]
        for number, connection in enumerate(slow):
            connection.send(head(EVENTS, {}, 1000) if number % 2 else b"POST /webhooks/lob HTTP/1.1\r\n")
        assert post_twilio(hurried, STATUS, DELIVERED).status_code == 204
        assert {answer_of(connection)[0] for connection in slow} <= CUT_OFF
    assert len(hurried.inbox()) == 1


def test_connections_beyond_the_limit_are_closed_at_once(hurried: Door) -> None:
    with ExitStack() as stack:
        for _ in range(MANY + 10):
            stack.enter_context(connect(hurried)).send(head(EVENTS, {}, 1000))
        late = stack.enter_context(connect(hurried))
        assert answer_of(late)[0] == NOTHING


def test_clients_that_hang_up_leave_no_memory_behind(hurried: Door) -> None:
    for _ in range(60):
        with connect(hurried) as connection:
            connection.sendall(head(MAIL, {}, 30_000_000) + b"x" * 2_000_000)
    # More was begun than may be in memory at once: had it stayed, this would be told to come again.
    events = events_body(*(sendgrid_event(f"e{number}") for number in range(1000)))
    assert post_sendgrid(hurried, events).status_code == 200
    assert len(hurried.inbox()) == 1000
