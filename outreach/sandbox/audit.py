"""The sandbox's own doors: the ledger for audits, faults for tests, answers for demonstrations. All JSON."""

from __future__ import annotations

from collections import defaultdict
from typing import Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.sandbox.answering import Answering
from outreach.sandbox.core import Core, Json, Refusal
from outreach.sandbox.faults import Fault

Asked = TypeVar("Asked", bound=BaseModel)

_FAULTS = TypeAdapter(list[Fault])

_DOUBLED = (
    "SELECT attempt_id, count(*) AS n FROM accepted WHERE attempt_id IS NOT NULL GROUP BY attempt_id HAVING n > 1"
)
#: A notice is what stands before the dot of an attempt id: two accepted attempts of one notice are a double, too.
_DOUBLED_NOTICES = (
    "SELECT substr(attempt_id, 1, instr(attempt_id, '.') - 1) AS notice, count(*) AS n FROM accepted"
    " WHERE instr(attempt_id, '.') > 1 GROUP BY notice HAVING n > 1"
)
_COUNTS = "SELECT provider, count(*) AS n, count(attempt_id) AS known FROM accepted GROUP BY provider"


class Answer(BaseModel):
    """The body of POST /sandbox/replies: what a debtor at a number or e-mail address answers to the last message."""

    model_config = ConfigDict(extra="forbid")

    channel: Literal["sms", "email"]
    sender: str
    text: str


class Audit:
    """The routes under /sandbox/."""

    def __init__(self, core: Core, answering: Answering) -> None:
        self._core = core
        self._answering = answering

    def routes(self) -> list[Route]:
        return [
            Route("/sandbox/health", self.health, methods=["GET"]),
            Route("/sandbox/ledger", self.ledger, methods=["GET"]),
            Route("/sandbox/ledger/summary", self.summary, methods=["GET"]),
            Route("/sandbox/faults", self.show_faults, methods=["GET"]),
            Route("/sandbox/faults", self.arm, methods=["POST"]),
            Route("/sandbox/faults", self.clear, methods=["DELETE"]),
            Route("/sandbox/replies", self.reply, methods=["POST"]),
        ]

    async def health(self, _: Request) -> Response:
        return Json({"status": "ok"})

    async def ledger(self, request: Request) -> Response:
        """One JSON line an accept, with its callbacks; `?provider=` and `?attempt=` narrow it."""
        provider, attempt = request.query_params.get("provider"), request.query_params.get("attempt")
        rows = await self._core.ledger.query(
            "SELECT provider, ref, attempt_id, recipient, body_sha256, accepted_at FROM accepted"
            " WHERE (?1 IS NULL OR provider = ?1) AND (?2 IS NULL OR attempt_id = ?2) ORDER BY seq",
            (provider, attempt),
        )
        calls = await self._core.ledger.query(
            "SELECT ref, word, sent_at, http, tries FROM callbacks"
            " WHERE ?1 IS NULL OR ref IN (SELECT ref FROM accepted WHERE attempt_id = ?1) ORDER BY seq",
            (attempt,),
        )
        by_ref: dict[str, list[dict[str, object]]] = defaultdict(list)
        for call in calls:
            by_ref[call["ref"]].append({name: call[name] for name in ("word", "sent_at", "http", "tries")})
        lines = (orjson.dumps({**dict(row), "callbacks": by_ref[row["ref"]]}) + b"\n" for row in rows)
        return Response(b"".join(lines), media_type="application/x-ndjson")

    async def summary(self, _: Request) -> Response:
        """Counts, and every attempt and notice that was accepted more than once."""
        counts = await self._core.ledger.query(_COUNTS)
        doubled = await self._core.ledger.query(_DOUBLED)
        notices = await self._core.ledger.query(_DOUBLED_NOTICES)
        accepted = sum(row["n"] for row in counts)
        return Json(
            {
                "accepted": accepted,
                "without_attempt": accepted - sum(row["known"] for row in counts),
                "by_provider": {row["provider"]: row["n"] for row in counts},
                "doubled": {row["attempt_id"]: row["n"] for row in doubled},
                "doubled_notices": {row["notice"]: row["n"] for row in notices},
            }
        )

    async def show_faults(self, _: Request) -> Response:
        return Json(_FAULTS.dump_python(self._core.faults.armed, mode="json"))

    async def arm(self, request: Request) -> Response:
        """Arm one fault; the next calls that it concerns fail."""
        fault = await _read(request, Fault)
        self._core.faults.arm(fault)
        return Json(fault.model_dump(mode="json"), 201)

    async def clear(self, _: Request) -> Response:
        self._core.faults.clear()
        return Response(status_code=204)

    async def reply(self, request: Request) -> Response:
        """Answer as a debtor; 404 when nothing was ever sent there."""
        answer = await _read(request, Answer)
        if not self._answering.answer(answer.channel, answer.sender, answer.text):
            raise Refusal(404, {"error": f"nothing was sent to {answer.sender} by {answer.channel}"})
        return Json({"answered": True}, 202)


async def _read(request: Request, model: type[Asked]) -> Asked:
    """A JSON body; demanding its content type keeps other sites' forms out (a cross-site JSON POST is preflighted)."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise Refusal(415, {"error": "send application/json"})
    try:
        return model.model_validate_json(await request.body())
    except ValidationError as error:
        raise Refusal(422, {"error": error.errors(include_url=False, include_context=False)}) from None
