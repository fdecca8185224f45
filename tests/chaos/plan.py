"""The plan of faults: the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from random import Random


class Kind(StrEnum):
    """What is done to the system."""

    KILL_WORKER = "kill a worker"
    KILL_SCHEDULER = "kill a scheduler"
    KILL_WEB = "kill the web"
    KILL_SANDBOX = "kill the provider"
    FLUSH_BROKER = "flush the broker"
    KILL_BROKER = "kill the broker, which forgets all"
    RESTART_DATABASE = "restart the database at once"
    TIMEOUT = "the provider accepts and does not answer"
    RESET = "the provider cuts the connection"
    ERROR = "the provider answers 5xx"
    THROTTLE = "the provider answers 429"
    GARBAGE = "the provider answers nonsense"
    SLOW = "the provider answers late"


#: How often each comes, beside the others.
WEIGHTS = {
    Kind.KILL_WORKER: 30,
    Kind.KILL_SCHEDULER: 8,
    Kind.KILL_WEB: 8,
    Kind.KILL_SANDBOX: 3,
    Kind.FLUSH_BROKER: 6,
    Kind.KILL_BROKER: 5,
    Kind.RESTART_DATABASE: 5,
    Kind.TIMEOUT: 8,
    Kind.RESET: 8,
    Kind.ERROR: 8,
    Kind.THROTTLE: 5,
    Kind.GARBAGE: 6,
    Kind.SLOW: 12,
}


#: Calls that a fault of the provider concerns. Five failures in a row are an outage, after which it is left alone for a
#: while; mostly there are fewer, so that the system has something to do.
COUNTS = (1, 2, 3, 4, 8)


@dataclass(frozen=True, slots=True)
class Fault:
    """`at`: seconds from the start. `choice`, `share` (0 to 1) and `count` are the dice for whom and how much."""

    at: float
    kind: Kind
    choice: int
    share: float
    count: int


def plan(seed: int, seconds: float) -> list[Fault]:
    """Faults one to two seconds apart; each kind comes once before any comes by its weight, if there is time."""
    dice = Random(seed)
    first = list(Kind)
    dice.shuffle(first)
    faults: list[Fault] = []
    at = dice.uniform(1, 2)
    while at < seconds:
        kind = first.pop() if first else dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        faults.append(Fault(at, kind, dice.randrange(1 << 30), dice.random(), dice.choice(COUNTS)))
        at += dice.uniform(1, 2)
    return faults
