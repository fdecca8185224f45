"""The baseline that figures are compared with: a row, a transaction and a call of the stock package at a time.

This is how such systems are commonly written: claim one row and commit, send it through the twilio package as it comes,
record it and commit. No gate, no templates, no log, no webhooks: all of those come on top.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psycopg
from twilio.rest import Client

from tests.bench import stub

THREADS = 16


@dataclass(frozen=True)
class Baseline:
    """Messages a second, and CPU microseconds of the sender for one."""

    a_second: float
    cpu: float


def measure(database: str, vendor: str, messages: int) -> Baseline:
    """Send `messages` from a table of its own in `database` (a libpq URL) to the stub at `vendor`."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE TABLE naive (id int PRIMARY KEY, state text NOT NULL, sid text)")
        connection.execute("INSERT INTO naive SELECT n, 'due', NULL FROM generate_series(1, %s) AS s(n)", [messages])
    begun, cpu = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda part: _send(database, vendor, part), _parts(messages)))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return Baseline(messages / seconds, cpu / messages * 1e6)


def _parts(messages: int) -> list[range]:
    return [range(first, messages + 1, THREADS) for first in range(1, THREADS + 1)]


def _send(database: str, vendor: str, ids: range) -> None:
    client = Client(stub.ACCOUNT, stub.TOKEN)
    client.api.base_url = vendor
    with psycopg.connect(database, autocommit=True) as connection:
        for id_ in ids:
            connection.execute("UPDATE naive SET state = 'sending' WHERE id = %s AND state = 'due'", [id_])
            message = client.messages.create(
                to="+15550100101",
                from_=stub.NUMBER,
                body="Northwind (sample): $123.45 on your account was due. Reply STOP to opt out.",
                status_callback=f"http://127.0.0.1:9/?a=naive-{id_}",
            )
            connection.execute("UPDATE naive SET state = 'sent', sid = %s WHERE id = %s", [message.sid, id_])
