"""Lob's Print and Mail API for letters, version 1."""

from __future__ import annotations

import asyncio
import base64
import hmac
import re
import secrets
from datetime import timedelta
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.sandbox.core import Core, Json, Refusal
from outreach.sandbox.items import Letter
from outreach.sandbox.outcomes import Outcome, of_letterbox
from outreach.sandbox.posting import Posting, resource

_KEY_LIVES = timedelta(hours=24)
_REQUIRED = ("name", "address_line1", "address_city")
_TOO_LATE = frozenset({"letter.mailed", "letter.in_transit", "letter.delivered", "letter.returned_to_sender"})
_NESTED = re.compile(r"(to|from|metadata)\[(\w+)\]")


def refusal(status: int, code: str, message: str, headers: dict[str, str] | None = None) -> Refusal:
    """An error as Lob words it."""
    return Refusal(status, {"error": {"message": message, "status_code": status, "code": code}}, headers)


class LobApi:
    """The routes under /v1/letters."""

    def __init__(self, core: Core, posting: Posting) -> None:
        self._core = core
        self._posting = posting
        self._authorization = b"Basic " + base64.b64encode(f"{core.config.lob_api_key}:".encode())
        self._accepting: dict[str, tuple[Letter, asyncio.Future[None]]] = {}

    def routes(self) -> list[Route]:
        return [
            Route("/v1/letters", self.create, methods=["POST"]),
            Route("/v1/letters", self.search, methods=["GET"]),
            Route("/v1/letters/{id}", self.fetch, methods=["GET"]),
            Route("/v1/letters/{id}", self.cancel, methods=["DELETE"]),
        ]

    async def create(self, request: Request) -> Response:
        self._authorize(request)
        key = request.headers.get("idempotency-key")
        async with request.form(max_files=1) as form:
            letter, pdf = self._read(form, key), await _pdf(form)
        if key and (known := self._known(key)):
            if pending := self._accepting.get(key):
                await asyncio.shield(pending[1])
            return Json(resource(known))
        outcome = of_letterbox(letter.recipient.get("address_line2", ""))
        if outcome is Outcome.INVALID:
            raise refusal(422, "failed_deliverability_strictness", "The provided to address is not deliverable.")
        if outcome is Outcome.THROTTLED and self._core.world.throttles(letter.person):
            raise refusal(429, "rate_limit_exceeded", "Rate limit exceeded. Please wait.", {"Retry-After": "1"})
        await self._accept(letter, pdf)
        if outcome is Outcome.LOST_ANSWER:
            raise refusal(500, "internal_server_error", "Something went wrong on our end.")
        return Json(resource(letter))

    async def search(self, request: Request) -> Response:
        self._authorize(request)
        query = request.query_params
        wanted = {m[2]: value for name, value in query.items() if (m := _NESTED.fullmatch(name)) and m[1] == "metadata"}
        limit, offset = min(int(query.get("limit", "10")), 100), int(query.get("offset", "0"))
        letters = reversed(self._core.world.letters.by_ref.values())
        found = [letter for letter in letters if wanted.items() <= letter.metadata.items()]
        shown = [resource(letter) for letter in found[offset : offset + limit]]
        listing = {"object": "list", "next_url": None, "previous_url": None, "count": len(shown)}
        return Json({**listing, "data": shown, "total_count": len(found)})

    async def fetch(self, request: Request) -> Response:
        self._authorize(request)
        return Json(resource(self._find(request)))

    async def cancel(self, request: Request) -> Response:
        self._authorize(request)
        letter = self._find(request)
        if letter.status in _TOO_LATE:
            raise refusal(422, "not_deletable", "This letter has already been mailed and cannot be canceled.")
        await self._posting.cancel(letter)
        return Json({"id": letter.id, "object": "letter", "deleted": True})

    def _authorize(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            raise refusal(401, "unauthorized", "Your API key is not valid.")

    def _find(self, request: Request) -> Letter:
        letter = self._core.world.letters.by_ref.get(request.path_params["id"])
        if letter is None:
            raise refusal(404, "not_found", "letter not found")
        return letter

    def _known(self, key: str) -> Letter | None:
        """The letter that this idempotency key made in the last 24 hours."""
        if pending := self._accepting.get(key):
            return pending[0]
        letter = self._core.world.letter_by_key(key)
        return letter if letter and self._core.clock.now() - letter.created_at < _KEY_LIVES else None

    async def _accept(self, letter: Letter, pdf: bytes) -> None:
        """Once a key, also when two calls with it run at the same time."""
        work = asyncio.ensure_future(self._posting.accept(letter, pdf))
        key = letter.idempotency_key
        if key is None:
            await work
            return
        self._accepting[key] = (letter, work)
        try:
            await work
        finally:
            del self._accepting[key]

    def _read(self, form: FormData, key: str | None) -> Letter:
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        nested: dict[str, dict[str, str]] = {"to": {}, "from": {}, "metadata": {}}
        for name, value in fields.items():
            if found := _NESTED.fullmatch(name):
                nested[found[1]][found[2]] = value
        _check(nested, fields)
        return Letter(
            id="ltr_" + secrets.token_hex(8),
            recipient={"object": "address", **nested["to"]},
            sender={"object": "address", **nested["from"]},
            created_at=self._core.clock.now(),
            status="letter.accepted",
            metadata=nested["metadata"],
            fields={name: value for name, value in fields.items() if "[" not in name},
            idempotency_key=key,
        )


def _check(nested: dict[str, dict[str, str]], fields: dict[str, Any]) -> None:
    for side in ("to", "from"):
        if missing := [name for name in _REQUIRED if not nested[side].get(name)]:
            raise refusal(422, "invalid", f"{side}.{missing[0]} is required")
    for name in ("color", "use_type"):
        if not fields.get(name):
            raise refusal(422, "invalid", f"{name} is required")
    if len(nested["to"]["address_line1"]) + len(nested["to"].get("address_line2", "")) > 50:
        raise refusal(422, "address_length_exceeds_limit", "to.address_line1 and address_line2 exceed 50 characters")


async def _pdf(form: FormData) -> bytes:
    upload = form.get("file")
    if not isinstance(upload, UploadFile):
        raise refusal(422, "invalid", "file is required")
    pdf = await upload.read()
    if not pdf.startswith(b"%PDF-"):
        raise refusal(422, "invalid_file", "file is not a PDF")
    return pdf
