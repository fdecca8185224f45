"""The verdict: read from the vendor's ledger and from the database, never from what the system says of itself."""

from __future__ import annotations

import re
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg

from tests.chaos.cluster import Cluster

#: States in which the vendor must have accepted a notice; in all others but `uncertain` it must not have.
ACCEPTED = frozenset({"sent", "delivered", "undelivered"})
UNDER_WAY = frozenset({"planned", "claimed", "sending"})
#: What must never be in a log: debtors' addresses and numbers.
DEBTORS_DATA = re.compile(r"@debtor\.example|\+1\d{3}55501\d\d|\b\d{3}55501\d\d\b")
#: Lines that one process may write, whatever happens to it.
MOST_LINES = 2_000


@dataclass(frozen=True, slots=True)
class Ledger:
    """What the vendor accepted: how often each notice, and the callbacks that were answered with success."""

    accepted: Counter[str]
    without_attempt: int
    acknowledged: frozenset[tuple[str, str]]
    times: list[datetime]


def read_ledger(path: Path) -> Ledger:
    """The ledger in the provider's own file."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as connection:
        attempts = connection.execute("SELECT attempt_id, accepted_at FROM accepted ORDER BY seq").fetchall()
        calls = connection.execute(
            "SELECT DISTINCT a.attempt_id, c.word FROM callbacks c JOIN accepted a ON a.ref = c.ref"
            " WHERE c.http BETWEEN 200 AND 299 AND a.attempt_id IS NOT NULL"
        ).fetchall()
    times = [datetime.fromisoformat(at) for _, at in attempts]
    return Ledger(
        accepted=Counter(attempt.partition(".")[0] for attempt, _ in attempts if attempt),
        without_attempt=sum(attempt is None for attempt, _ in attempts),
        acknowledged=frozenset((attempt, word) for attempt, word in calls),
        times=sorted(times),
    )


class Database:
    """Questions to the database; while it restarts they wait."""

    def __init__(self, url: str) -> None:
        self._url = url

    def rows(self, sql: str, *params: object) -> list[tuple[Any, ...]]:
        """The answer. Raises psycopg.OperationalError after half a minute."""
        deadline = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(self._url, connect_timeout=5) as connection:
                    return connection.execute(sql, params).fetchall()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def count(self, sql: str, *params: object) -> int:
        """The one number of the answer."""
        return int(self.rows(sql, *params)[0][0])

    def states(self) -> dict[str, str]:
        """The state of each notice."""
        return dict(self.rows("SELECT id, state FROM notices"))


@dataclass
class Verdict:
    """What was found; without problems the run has passed."""

    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    accepted: int = 0
    doubled: int = 0
    events: int = 0
    taken_back: Counter[str] = field(default_factory=Counter)
    log_lines: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def judge(cluster: Cluster, accounts: int) -> Verdict:
    """Everything that must be true once the dust has settled."""
    database, ledger = Database(cluster.database_url), read_ledger(cluster.ledger)
    states = database.states()
    verdict = Verdict(Counter(states.values()), accepted=ledger.accepted.total())
    verdict.reasons.update(
        reason for (reason,) in database.rows("SELECT reason FROM notices WHERE state = 'uncertain'")
    )
    verdict.doubled = sum(count > 1 for count in ledger.accepted.values())
    verdict.problems += [
        *_doubles(ledger),
        *_losses(database, states, ledger, accounts),
        *_doubts(database),
        *_events(database, ledger, verdict),
        *_logs(cluster, verdict),
        *cluster.surprises,
    ]
    taken_back = database.rows(
        "SELECT state, count(*) FROM notice_events WHERE reason = 'its worker was lost' GROUP BY state"
    )
    verdict.taken_back.update(dict(taken_back))
    return verdict


def _doubles(ledger: Ledger) -> Iterator[str]:
    doubled = [notice for notice, count in ledger.accepted.items() if count > 1]
    if doubled:
        yield f"{len(doubled)} notices were accepted more than once: {', '.join(doubled[:5])}"
    if ledger.without_attempt:
        yield f"{ledger.without_attempt} messages were accepted without our attempt id"


def _losses(database: Database, states: dict[str, str], ledger: Ledger, accounts: int) -> Iterator[str]:
    noticed = database.count("SELECT count(DISTINCT account_id) FROM notices")
    if noticed != accounts:
        yield f"{accounts - noticed} of {accounts} accounts have no notice"
    under_way = Counter(state for state in states.values() if state in UNDER_WAY)
    if under_way:
        yield f"notices without an end: {dict(under_way)}"
    never = [id_ for id_, state in states.items() if state in ACCEPTED and not ledger.accepted[id_]]
    if never:
        yield f"{len(never)} notices count as sent, but the vendor never had them: {', '.join(never[:5])}"
    unknown = [id_ for id_ in ledger.accepted if states.get(id_) not in ACCEPTED | {"uncertain"}]
    if unknown:
        yield f"{len(unknown)} notices were accepted, but are {Counter(states.get(id_) for id_ in unknown)}"
    refused = [id_ for id_, state in states.items() if state in {"failed", "suppressed", "cancelled"}]
    if refused:
        yield f"{len(refused)} notices ended without a send, though each account was to be contacted"


def _doubts(database: Database) -> Iterator[str]:
    hidden = database.count(
        "SELECT count(*) FROM notices n WHERE state = 'uncertain' AND NOT EXISTS (SELECT FROM tasks t"
        " WHERE t.notice_id = n.id AND t.kind = 'uncertain' AND t.state = 'open')"
    )
    if hidden:
        yield f"{hidden} uncertain notices have no task that shows them"


def _events(database: Database, ledger: Ledger, verdict: Verdict) -> Iterator[str]:
    stored = Counter(
        (attempt, word)
        for attempt, word in database.rows("SELECT payload ->> 'attempt_id', payload ->> 'word' FROM inbox")
    )
    verdict.events = stored.total()
    missing = [one for one in ledger.acknowledged if not stored[one]]
    if missing:
        yield f"{len(missing)} callbacks were acknowledged, but are not in the inbox: {missing[:3]}"
    doubled = [one for one, count in stored.items() if count > 1]
    if doubled:
        yield f"{len(doubled)} events are in the inbox more than once: {doubled[:3]}"
    unsettled = database.rows("SELECT state, count(*) FROM inbox WHERE state <> 'settled' GROUP BY state")
    if unsettled:
        yield f"events that are not settled: {dict(unsettled)}"


def _logs(cluster: Cluster, verdict: Verdict) -> Iterator[str]:
    for path in sorted(cluster.folder.glob("*.log")):
        if path.stem in {"postgres", "redis", "sandbox"}:
            continue
        text = path.read_text(errors="replace")
        verdict.log_lines[path.stem] = text.count("\n")
        if found := DEBTORS_DATA.search(text):
            yield f"{path.name} holds a debtor's data: {found[0]}"
        if verdict.log_lines[path.stem] > MOST_LINES:
            yield f"{path.name} has {verdict.log_lines[path.stem]} lines"
