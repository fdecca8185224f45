"""Which planned notices are with the workers, as the process that dispatches knows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from outreach.domain.message import Channel


class Outstanding:
    """What was given to the workers of each channel, and until when (machine time) it is left to them.

    Kept in memory: a mark in each row costs the database as much as the move that follows. A process that begins to
    lead knows of nothing and gives out anew what waits; a notice that is with the workers twice is claimed once.
    """

    def __init__(self) -> None:
        #: By id: the token of its last claim when it was given, and until when it is left to the workers.
        self._given: defaultdict[Channel, dict[str, tuple[str | None, datetime]]] = defaultdict(dict)

    def give(
        self, channel: Channel, due: Mapping[str, str | None], at: datetime, until: datetime
    ) -> tuple[list[str], int]:
        """Leave those of `due` (id -> the token of its last claim) to the workers until `until` that are not with them
        at `at`. Returns them in order, and how many of them had not been given before.

        One that was claimed and planned again since it was given is free at once. What is not due any more was taken,
        and is forgotten.
        """
        known = self._given[channel]
        given = {id_: known[id_] for id_, token in due.items() if id_ in known and known[id_][0] == token}
        free = [id_ for id_ in due if id_ not in given or given[id_][1] <= at]
        fresh = len(due) - len(given)
        given.update((id_, (due[id_], until)) for id_ in free)
        self._given[channel] = given
        return free, fresh

    def forget(self) -> None:
        """Know of nothing, like a process that begins to lead."""
        self._given.clear()
