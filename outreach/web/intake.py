"""Group commit: the rows of webhooks that come at the same time are stored in one transaction.

A commit waits for the disk, so one for each webhook would cost more than all the rest of it. Here what comes while
one transaction runs waits for the next, and each webhook is answered once its own rows are committed. Ids of new
rows go to the broker together, too, and after the answer: what the broker does not get, a sweep finds.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from outreach.flow.isolating import TRANSIENT
from outreach.store.inbox import BATCH, BATCH_BYTES, Received, batches

log = logging.getLogger(__name__)

#: Seconds between the beginnings of two transactions: what comes in between shares the second one.
COMMIT_EVERY = 0.015
#: Seconds after which whoever waits for a transaction is told to come again; Twilio itself waits for 15.
COMMIT_WITHIN = 10.0
#: Seconds that a stopping web waits for what is on its way: all of it is answered, and sweeps find what is not sent.
CLOSE_WITHIN = 5.0
#: Bytes of documents (and an allowance a row) that may wait for a transaction; more is told to come again.
MOST_WAITING = 64_000_000
ROW_ALLOWANCE = 500
#: Ids in one message to the broker, and the seconds between two messages.
SETTLE_BATCH, SETTLE_EVERY = 500, 0.2
#: Ids that may wait for a broker that hangs; a sweep finds what is dropped.
MOST_UNSENT = 100_000


class ComeAgain(Exception):
    """The rows may not be stored: the database does not answer, or too much waits for it. They may be sent again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    rows: list[Received]
    stored: asyncio.Future[None]

    @property
    def size(self) -> int:
        return sum(len(row.payload) for row in self.rows)


class Intake:
    """Stores rows for all webhooks of one process. Used on one event loop only.

    `store` commits rows and returns the ids of new ones, or raises (one of TRANSIENT while the database is away).
    `enqueue` hands ids to the broker and may fail. Each has a thread of its own, so that neither waits for the other.
    """

    def __init__(
        self, store: Callable[[Sequence[Received]], list[int]], enqueue: Callable[[list[int]], object]
    ) -> None:
        self._store, self._enqueue = store, enqueue
        self._committer = ThreadPoolExecutor(1, "intake-commit")
        self._courier = ThreadPoolExecutor(1, "intake-settle")
        self._queue: deque[_Waiting] = deque()
        self._weight = 0
        self._hangs = False
        self._unsent: deque[int] = deque(maxlen=MOST_UNSENT)
        self._committing: asyncio.Task[None] | None = None
        self._sending: asyncio.Task[None] | None = None

    async def keep(self, rows: Sequence[Received]) -> None:
        """Return once all rows are committed. Raises ComeAgain; some of the rows may be committed then, too."""
        weight = sum(len(row.payload) + ROW_ALLOWANCE for row in rows)
        if self._hangs:
            raise ComeAgain("the database hangs")
        if self._weight and self._weight + weight > MOST_WAITING:
            raise ComeAgain("too much waits for the database")
        self._weight += weight
        try:
            parts = [self._join(part) for part in batches(rows)]
            await (parts[0] if len(parts) == 1 else asyncio.gather(*parts))
        finally:
            self._weight -= weight

    async def close(self) -> None:
        """Finish what has begun, without waiting for a broker that hangs; call it once nobody calls `keep` any more."""
        tasks = {task for task in (self._committing, self._sending) if task is not None}
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_WITHIN)
        self._committer.shutdown(wait=False)
        self._courier.shutdown(wait=False)

    def _join(self, rows: list[Received]) -> asyncio.Future[None]:
        """Have rows stored by the next transaction with room for them."""
        loop = asyncio.get_running_loop()
        waiting = _Waiting(rows, loop.create_future())
        self._queue.append(waiting)
        if self._committing is None or self._committing.done():
            self._committing = loop.create_task(self._commit_groups())
        return waiting.stored

    async def _commit_groups(self) -> None:
        loop = asyncio.get_running_loop()
        while self._queue:
            began = loop.time()
            group = self._take()
            rows = [row for waiting in group for row in waiting.rows]
            await self._commit(group, loop.run_in_executor(self._committer, self._store, rows))
            await asyncio.sleep(max(0, began + COMMIT_EVERY - loop.time()))

    def _take(self) -> list[_Waiting]:
        """The oldest that fit into one transaction."""
        group = [self._queue.popleft()]
        rows, size = len(group[0].rows), group[0].size
        while self._queue:
            rows, size = rows + len(self._queue[0].rows), size + self._queue[0].size
            if rows > BATCH or size > BATCH_BYTES:
                break
            group.append(self._queue.popleft())
        return group

    async def _commit(self, group: Sequence[_Waiting], commit: asyncio.Future[list[int]]) -> None:
        finished, _ = await asyncio.wait({commit}, timeout=COMMIT_WITHIN)
        if not finished:
            await self._tell_to_come_again(group, commit)
        try:
            self._settle_soon(commit.result())
        except TRANSIENT as error:
            log.warning("the database is away: %d webhooks are told to come again", len(group))
            _fail(group, ComeAgain(type(error).__name__))
        except Exception as error:
            log.exception("%d webhooks cannot be stored and are told to come again", len(group))
            _fail(group, ComeAgain(type(error).__name__))
        else:
            for waiting in group:
                if not waiting.stored.done():
                    waiting.stored.set_result(None)

    async def _tell_to_come_again(self, group: Sequence[_Waiting], commit: asyncio.Future[list[int]]) -> None:
        """The transaction hangs: whoever waits need not, and whoever comes is told at once, until it ends."""
        log.error("the database hangs: %d webhooks are told to come again", len(group) + len(self._queue))
        self._hangs = True
        _fail([*group, *self._queue], ComeAgain("the database hangs"))
        self._queue.clear()
        await asyncio.wait({commit})
        self._hangs = False

    def _settle_soon(self, ids: Sequence[int]) -> None:
        self._unsent.extend(ids)
        if self._unsent and (self._sending is None or self._sending.done()):
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        loop = asyncio.get_running_loop()
        while self._unsent:
            ids = [self._unsent.popleft() for _ in range(min(SETTLE_BATCH, len(self._unsent)))]
            try:
                await loop.run_in_executor(self._courier, self._enqueue, ids)
            except Exception:
                log.warning("broker away: %d inbox rows wait for the sweep", len(ids), exc_info=True)
            if len(self._unsent) < SETTLE_BATCH:
                await asyncio.sleep(SETTLE_EVERY)


def _fail(group: Sequence[_Waiting], error: ComeAgain) -> None:
    for waiting in group:
        if not waiting.stored.done():
            waiting.stored.set_exception(error)
