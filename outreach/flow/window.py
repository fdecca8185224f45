"""How much of a backlog is with the workers at once: some seconds of what they get done, however fast they are.

With less they would wait; with more, the last ones would not be taken in time and be enqueued again in vain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

#: Seconds of work that are with the workers: far less than the patience after which it would be enqueued again, and
#: little to look through four times a second.
WORTH = 2.0
#: Seconds between two changes of the size.
PERIOD = 2.0
#: Between two looks at a line that fills the window: the workers have enough meanwhile.
REST = timedelta(seconds=0.5)
#: The size at first, and the least, as parts of the most.
FIRST, LEAST = 4, 8


@dataclass
class Window:
    """`size` is between an eighth of `most` and `most`, by what the workers took in the last seconds."""

    most: int
    size: int = field(init=False)
    _before: int = field(init=False, default=0)
    _fresh: int = field(init=False, default=0)
    _since: datetime | None = field(init=False, default=None)
    _rest_until: datetime | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.size = max(1, self.most // FIRST)

    def rests(self, at: datetime) -> bool:
        """Whether there is no need for a look yet at `at` (machine time)."""
        return self._rest_until is not None and self._rest_until - REST <= at < self._rest_until

    def looked(self, found: int, at: datetime) -> None:
        """A look found so many in the window, with the workers or given to them now."""
        self._rest_until = at + REST if found >= self.size else None

    def let_in(self, fresh: int, at: datetime) -> None:
        """At `at` (machine time) `fresh` notices that had not been with the workers were given to them."""
        self._fresh += fresh
        since = self._since = self._since or at
        seconds = (at - since).total_seconds()
        if seconds < PERIOD:
            return
        # What was let in replaced what was taken, but for the window's own growth. Where nothing was, nothing is known.
        taken = self._fresh - (self.size - self._before)
        self._before = self.size
        if self._fresh and taken > 0:
            self.size = min(self.most, max(1, self.most // LEAST, round(taken / seconds * WORTH)))
        self._fresh, self._since = 0, at
