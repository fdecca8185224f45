"""Serving a sandbox, by itself or inside another program."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from outreach.sandbox.app import create_app
from outreach.sandbox.config import SandboxConfig


def make_server(config: SandboxConfig, host: str = "127.0.0.1", port: int = 8001) -> uvicorn.Server:
    """A server that is not running yet. `port` 0 takes a free one; see `port_of` once it has started."""
    options = uvicorn.Config(create_app(config), host=host, port=port, log_level="warning", access_log=False)
    return uvicorn.Server(options)


def port_of(server: uvicorn.Server) -> int:
    """The port that a started server listens on."""
    return int(server.servers[0].sockets[0].getsockname()[1])


def run(config: SandboxConfig, host: str = "127.0.0.1", port: int = 8001) -> None:
    """Serve until interrupted. Bind it to loopback: whoever reaches it reads every message and answers for anyone."""
    make_server(config, host, port).run()


@contextmanager
def serving(config: SandboxConfig, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread for the length of a block; gives the base URL. Raises RuntimeError when it cannot start."""
    server = make_server(config, host, port)
    thread = threading.Thread(target=server.run, name="sandbox", daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
        if not thread.is_alive():
            raise RuntimeError(f"the sandbox could not start on {host}:{port}")
    try:
        yield f"http://{host}:{port_of(server)}"
    finally:
        server.should_exit = True
        thread.join()
