"""One run: load, faults from the plan, the dust settling, the verdict."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random

from tests.chaos.cluster import SCHEDULERS, WORKERS, Cluster, cluster
from tests.chaos.load import release_all, spread, write_accounts
from tests.chaos.plan import Fault, Kind, plan
from tests.chaos.verdict import UNDER_WAY, Database, Verdict, judge, read_ledger

#: Seconds without any change after which nothing more is expected. A provider that failed is left alone for less.
STALL = 90.0
#: Seconds between two looks at the counts.
LOOK = 0.5
#: Looks without news after which no more are expected; the vendor's last word comes five seconds after it accepted.
QUIET = 6
#: Seconds of faults, at least: each kind comes once.
SHORTEST = 40.0
#: Exit codes of a graceful stop: uvicorn stops, and then raises the signal again, as its parent expects.
ENDS = frozenset({0, -signal.SIGTERM})
#: One of the processes that a supervisor keeps.
CHILD = "a child"

Say = Callable[[str], None]


@dataclass
class Report:
    """The verdict, and the figures of the run."""

    seed: int
    accounts: int
    faults: list[Fault]
    seconds: float
    recovery: float
    verdict: Verdict
    throughput: float
    pause: float
    kills: dict[str, int]


def run(folder: Path, accounts: int, seed: int, rate: float, say: Say = lambda _: None) -> Report:
    """Contact `accounts` accounts under faults. Half of them are due one by one, at `rate` a second; the others are
    released all at once under way."""
    early, seconds = accounts // 2, max(SHORTEST, accounts / 2 / rate)
    with cluster(folder) as town:
        load_spread(town, range(early), seconds)
        import_accounts(town, range(early, accounts))
        town.start(*SCHEDULERS, *WORKERS)
        burst = threading.Timer(seconds / 3, release_all, [town])
        burst.start()
        began, faults = time.monotonic(), plan(seed, seconds)
        for fault in faults:
            while (wait := began + fault.at - time.monotonic()) > 0:
                time.sleep(min(LOOK, wait))
                town.watch()
            say(f"{time.monotonic() - began:6.1f} s  {fault.kind}")
            strike(town, fault)
        town.disarm()
        last = time.monotonic()
        burst.join()
        town.revive()
        settle(town, accounts, say)
        recovery = time.monotonic() - last
        # A doubt may end at any time, and its notice leave: without a scheduler nothing more does while it is judged.
        ended = {name: town.terminate(name) for name in SCHEDULERS}
        settle(town, accounts, say)
        verdict = judge(town, accounts)
        ended |= town.stop()
        verdict.problems += [f"{name} stopped with {code}" for name, code in ended.items() if code not in ENDS]
        return _report(town, seed, accounts, faults, time.monotonic() - began, recovery, verdict)


def run_unguarded(folder: Path, accounts: int) -> Verdict:
    """The same without faults, but with workers that claim without looking, until the vendor has something twice."""
    with cluster(folder, unguarded=True) as town:
        load_spread(town, range(accounts), 5)
        town.start(*SCHEDULERS, *WORKERS)
        deadline = time.monotonic() + STALL
        while time.monotonic() < deadline:
            if max(read_ledger(town.ledger).accepted.values(), default=0) > 1:
                break
            time.sleep(LOOK)
        return judge(town, accounts)


def load_spread(town: Cluster, numbers: range, seconds: float) -> None:
    """Accounts whose notices fall due one after the other over `seconds`."""
    import_accounts(town, numbers)
    release_all(town)
    spread(town, seconds)


def import_accounts(town: Cluster, numbers: range) -> None:
    """Accounts that nobody has looked at yet."""
    done = town.run("import", "accounts", str(write_accounts(town.folder / f"{numbers.start}.csv", numbers)))
    assert done.returncode == 0, done.stderr


def strike(town: Cluster, fault: Fault) -> None:
    """Do what the plan says. What is killed is started again at once, and the provider's last fault is over: those of
    which a paused provider hears nothing would wait for the one message that tries it again."""
    dice = Random(fault.choice)
    town.disarm()
    match fault.kind:
        case Kind.KILL_WORKER:
            _restart(town, dice.choice((*WORKERS, CHILD)))
        case Kind.KILL_SCHEDULER:
            _restart(town, dice.choice(SCHEDULERS))
        case Kind.KILL_WEB | Kind.KILL_SANDBOX:
            _restart(town, "web" if fault.kind is Kind.KILL_WEB else "sandbox")
        case Kind.FLUSH_BROKER:
            town.flush_broker()
        case Kind.KILL_BROKER:
            town.kill_broker(3 * fault.share)
        case Kind.RESTART_DATABASE:
            town.restart_database()
        case _:
            town.await_answer(f"{town.sandbox_url}/sandbox/health")
            town.arm(_provider_fault(fault, dice))


def _restart(town: Cluster, name: str) -> None:
    if name == CHILD:
        town.kill_child("workers")
        return
    town.kill(name)
    town.start(name)


def _provider_fault(fault: Fault, dice: Random) -> dict[str, object]:
    kinds = {
        Kind.TIMEOUT: {"kind": "timeout", "seconds": 12},
        Kind.RESET: {"kind": "reset", "accept": fault.share < 0.7},
        Kind.ERROR: {"kind": "error", "accept": fault.share < 0.5},
        Kind.THROTTLE: {"kind": "throttle", "seconds": 2},
        Kind.GARBAGE: {"kind": "garbage", "accept": fault.share < 0.7},
        # So many that whoever is killed in the next seconds has accepted messages in its hands.
        Kind.SLOW: {"kind": "slow", "seconds": 1 + fault.share, "count": 40 * fault.count},
    }
    return {"provider": dice.choice(("twilio", "sendgrid")), "count": fault.count} | kinds[fault.kind]


def settle(town: Cluster, accounts: int, say: Say) -> None:
    """Wait until nothing is under way, nothing that the vendor has is in doubt and no more news come, or until nothing
    has changed for STALL seconds."""
    database, pause = Database(town.database_url), 2 * LOOK * max(1, accounts // 10_000)
    last, changed_at, quiet = None, time.monotonic(), 0
    while time.monotonic() < changed_at + STALL:
        town.watch()
        now = look(town, database)
        say(f"  {now}")
        quiet = quiet + 1 if now == last else 0
        if now != last:
            last, changed_at = now, time.monotonic()
        if quiet >= QUIET and now.notices >= accounts and not now.open:
            return
        time.sleep(pause)


@dataclass(frozen=True, slots=True)
class Look:
    """How far a run has come."""

    notices: int
    accepted: int
    under_way: int
    doubtful: int
    heard: int
    unsettled: int

    @property
    def open(self) -> int:
        """What must still come to an end. A doubt about what the vendor never had may last."""
        return self.under_way + self.doubtful + self.unsettled

    def __str__(self) -> str:
        return (
            f"{self.accepted} accepted, {self.under_way} under way, {self.doubtful} in doubt, "
            f"{self.heard} events, {self.unsettled} not settled"
        )


def look(town: Cluster, database: Database) -> Look:
    """Ask ledger and database."""
    states, accepted = database.states(), read_ledger(town.ledger).accepted
    return Look(
        notices=len(states),
        accepted=len(accepted),
        under_way=sum(state in UNDER_WAY for state in states.values()),
        doubtful=sum(state == "uncertain" and id_ in accepted for id_, state in states.items()),
        heard=database.count("SELECT count(*) FROM inbox"),
        unsettled=database.count("SELECT count(*) FROM inbox WHERE state = 'received'"),
    )


def _report(
    town: Cluster, seed: int, accounts: int, faults: list[Fault], seconds: float, recovery: float, verdict: Verdict
) -> Report:
    times = read_ledger(town.ledger).times
    span = (times[-1] - times[0]).total_seconds() if times else 0.0
    pause = max(((later - earlier).total_seconds() for earlier, later in pairwise(times)), default=0.0)
    rate = len(times) / span if span else 0.0
    return Report(seed, accounts, faults, seconds, recovery, verdict, rate, pause, dict(town.kills))
