"""How much a stranger may send: the length of a form, or of a form with files where there is one."""

from __future__ import annotations

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

FORM = 64 * 1024
#: Three files of 5 MB, and the form around them.
FORM_WITH_FILES = 15 * 1024 * 1024 + 256 * 1024
#: The end of the addresses that take files.
TAKES_FILES = "/dispute"


class BoundedBody:
    """ASGI middleware: a request that becomes too long is read no further."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count what comes in. Raises HTTPException (413) into whoever reads."""
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}  # the server leaves the body out; scanners of mail programs ask so
        most = FORM_WITH_FILES if scope.get("path", "").endswith(TAKES_FILES) else FORM
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise HTTPException(413)
            return message

        await self._app(scope, counted if scope["type"] == "http" else receive, send)
