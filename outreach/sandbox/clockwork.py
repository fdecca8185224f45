"""The sandbox's time, and the things that go on in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

log = logging.getLogger(__name__)


class Clockwork:
    """Tells the time, sleeps scaled by `speed`, and keeps hold of what runs in the background."""

    def __init__(self, now: Callable[[], datetime], speed: float) -> None:
        self.now = now
        self._speed = speed
        self._running: set[asyncio.Task[None]] = set()

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds` of sandbox time."""
        await asyncio.sleep(seconds / self._speed)

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run in the background until done or until `close`."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("sandbox: a background task failed", exc_info=error)

    async def close(self) -> None:
        """Stop everything that still runs; what was accepted is taken up again at the next start."""
        for task in tuple(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
