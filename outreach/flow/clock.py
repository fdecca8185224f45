"""Two times: that of the business, which a demonstration may let pass faster, and that of the machines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Two times, both aware UTC. They differ only in a demonstration or a test, whose days pass faster."""

    def now(self) -> datetime:
        """Business time: days past due, windows, what the debtor's watch shows."""
        ...

    def machine(self) -> datetime:
        """The time of the machines: leases, retries of work that was lost."""
        ...

    def machine_at(self, business: datetime) -> datetime:
        """The machine time at which business time will be `business`."""
        ...


def wall_clock() -> datetime:
    """The machine's time, aware UTC."""
    return datetime.now(UTC)


class SystemClock:
    """Both times are the machine's."""

    def now(self) -> datetime:
        """The machine's time."""
        return wall_clock()

    def machine(self) -> datetime:
        """The machine's time."""
        return wall_clock()

    def machine_at(self, business: datetime) -> datetime:
        """The same instant."""
        return business


@dataclass(frozen=True, slots=True)
class FastClock:
    """Business time that began at `start` when the machine's was `origin`, and passes `speed` times as fast."""

    start: datetime
    speed: float = 1.0
    origin: datetime = field(default_factory=wall_clock)
    wall: Callable[[], datetime] = wall_clock

    def now(self) -> datetime:
        """Business time."""
        return self.start + (self.wall() - self.origin) * self.speed

    def machine(self) -> datetime:
        """The machine's time."""
        return self.wall()

    def machine_at(self, business: datetime) -> datetime:
        """When the machine's clock will stand where business time is `business`."""
        return self.origin + (business - self.start) / self.speed
