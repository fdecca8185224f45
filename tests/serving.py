"""An HTTP server in a thread of the test's, which stops at once."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import uvicorn

from outreach.sandbox.server import port_of

#: For clients of what is served here without TLS: reading the machine's certificates takes them thirty milliseconds.
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
#: Seconds between two looks at the clock for the Date of answers.
TICK = 1.0
#: Seconds in which idle connections are gone once they were told to close.
SOON = 0.001


class _Prompt(uvicorn.Server):
    """uvicorn's server looks every tenth of a second whether it shall stop, and then waits for another tenth.

    That is nothing for a process and half of the time of a test. While a request is answered it stops as uvicorn does.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.decided = threading.Event()

    def stop(self) -> None:
        self.should_exit = True
        self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._loop, self._told = asyncio.get_running_loop(), asyncio.Event()
        try:
            await super().startup(sockets)
        finally:
            self.decided.set()

    async def main_loop(self) -> None:
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for listener in [*self.servers, *(sockets or [])]:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(SOON)
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        else:
            await self.lifespan.shutdown()


@contextmanager
def serving(server: uvicorn.Server, listener: socket.socket | None = None) -> Iterator[str]:
    """Serve what `server` is configured for, for the length of a block; gives the base URL.

    A `listener` is a bound socket, whose port is known before there is a server.
    """
    prompt = _Prompt(server.config)
    thread = threading.Thread(target=prompt.run, args=([listener] if listener else None,), daemon=True)
    thread.start()
    prompt.decided.wait()
    assert prompt.started, "the server could not start: its reason is in the log"
    try:
        yield f"http://127.0.0.1:{port_of(prompt)}"
    finally:
        prompt.stop()
        thread.join()
