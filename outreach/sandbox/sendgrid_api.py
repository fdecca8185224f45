"""SendGrid's Web API, version 3: sending mail and searching the logs."""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.domain.sending import Attempt
from outreach.sandbox.core import Core, Json, Refusal
from outreach.sandbox.items import Mail
from outreach.sandbox.mailing import Mailing
from outreach.sandbox.outcomes import Outcome, of_mailbox

_ADDRESS = re.compile(r"[^@\s<>,]+@[^@\s<>,]+\.[^@\s<>,]+")
_DOCS = "http://sendgrid.com/docs/API_Reference/Web_API_v3/Mail/errors.html#message."
_CONDITION = re.compile(r"\s*(\w+)\s*(=|>=|<=|>|<|IN)\s*(?:TIMESTAMP\s+)?(\([^)]*\)|\"[^\"]*\"|'[^']*')\s*")
_FIELDS = frozenset({"sg_message_id", "subject", "to_email", "status", "reason"})
_STRINGS = re.compile(r"\"([^\"]*)\"|'([^']*)'")

#: Field, operator and values.
Condition = tuple[str, str, list[str]]


def refusal(status: int, message: str, field: str | None = None) -> Refusal:
    """An error as SendGrid words it."""
    page = _DOCS + field if field else None
    return Refusal(status, {"errors": [{"message": message, "field": field, "help": page}]})


class SendGridApi:
    """The routes under /v3/."""

    def __init__(self, core: Core, mailing: Mailing) -> None:
        self._core = core
        self._mailing = mailing
        self._authorization = f"Bearer {core.config.sendgrid_api_key}".encode()

    def routes(self) -> list[Route]:
        return [
            Route("/v3/mail/send", self.send, methods=["POST"]),
            Route("/v3/logs", self.search, methods=["POST"]),
            Route("/v3/logs/{ref}", self.fetch, methods=["GET"]),
            Route("/v3/asm/suppressions/global", self.list_stop, methods=["POST"]),
            Route("/v3/asm/suppressions/global/{address}", self.list_start, methods=["DELETE"]),
        ]

    async def send(self, request: Request) -> Response:
        self._authorize(request)
        payload = _json(await request.body())
        check(payload)
        message_id = secrets.token_urlsafe(16)
        answer = Response(status_code=202, headers={"X-Message-Id": message_id}, media_type="text/plain")
        if payload.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            answer.status_code = 200
            return answer
        mails = self._mails(payload, message_id)
        outcomes = {of_mailbox(mail.person) for mail in mails}
        if Outcome.INVALID in outcomes:
            raise refusal(400, "Does not contain a valid address.", "personalizations.0.to.0.email")
        if Outcome.THROTTLED in outcomes and self._core.world.throttles(mails[0].person):
            raise _throttled(self._core.clock.now())
        for mail in mails:
            await self._mailing.accept(mail)
        if Outcome.LOST_ANSWER in outcomes:
            raise refusal(500, "Internal Server Error")
        return answer

    async def search(self, request: Request) -> Response:
        self._authorize(request)
        asked = _json(await request.body())
        conditions = _conditions(asked.get("query", ""))
        tests = [_test(*condition) for condition in conditions]
        limit = min(int(asked.get("limit", 10)), 1000)
        lines = (_log_line(mail) for mail in reversed(self._pool(conditions)) if not mail.inbound)
        found = [line for line in lines if all(test(line) for test in tests)]
        return Json({"messages": found[:limit]})

    async def fetch(self, request: Request) -> Response:
        self._authorize(request)
        mail = self._core.world.mails.by_ref.get(request.path_params["ref"])
        if mail is None or mail.inbound:
            raise refusal(404, "not found")
        return Json(
            {
                **_log_line(mail),
                "categories": mail.categories,
                "custom_args": mail.custom_args,
                "events": mail.events,
            }
        )

    async def list_stop(self, request: Request) -> Response:
        """Put addresses on the global unsubscribes."""
        self._authorize(request)
        addresses = _json(await request.body()).get("recipient_emails")
        if not isinstance(addresses, list) or not all(isinstance(one, str) for one in addresses):
            raise refusal(400, "recipient emails must be an array of strings", "recipient_emails")
        for address in addresses:
            self._core.world.suppress(address, "unsubscribe")
        return Json({"recipient_emails": addresses}, 201)

    async def list_start(self, request: Request) -> Response:
        """Take one off."""
        self._authorize(request)
        if not self._core.world.lift(request.path_params["address"]):
            raise refusal(404, "not found")
        return Response(status_code=204)

    def _authorize(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            raise refusal(401, "The provided authorization grant is invalid, expired, or revoked")

    def _pool(self, conditions: list[Condition]) -> list[Mail]:
        """The mails to look through: one mailbox when the query names one."""
        shelf = self._core.world.mails
        named = [values[0] for name, operator, values in conditions if (name, operator) == ("to_email", "=")]
        return shelf.of(named[0]) if named else list(shelf.by_ref.values())

    def _mails(self, payload: dict[str, Any], message_id: str) -> list[Mail]:
        """One mail a recipient: what SendGrid makes of the personalizations."""
        made = [(who, to["email"]) for who in payload["personalizations"] for to in who["to"]]
        return [self._mail(payload, who, to, f"{message_id}.{n}") for n, (who, to) in enumerate(made)]

    def _mail(self, payload: dict[str, Any], who: dict[str, Any], to: str, name: str) -> Mail:
        parts = {part["type"]: part["value"] for part in payload["content"]}
        args = {**payload.get("custom_args", {}), **who.get("custom_args", {})}
        ours = who.get("from", payload["from"])["email"]
        message_id, _, number = name.partition(".")
        return Mail(
            message_id=f"{message_id}-{number}",
            sg_message_id=f"{message_id}.recvd-sandbox-{number}",
            person=to,
            ours=ours,
            reply_to=payload.get("reply_to", {"email": ours})["email"],
            subject=who.get("subject", payload.get("subject", "")),
            text=parts.get("text/plain", ""),
            html=parts.get("text/html", ""),
            created_at=self._core.clock.now(),
            status="processed",
            headers={**payload.get("headers", {}), **who.get("headers", {})},
            custom_args=args,
            categories=payload.get("categories", []),
            attempt_id=next((value for value in args.values() if Attempt.parse(str(value))), args.get("attempt_id")),
        )


def check(payload: dict[str, Any]) -> None:
    """Refuse what SendGrid refuses, with its words."""
    people = payload.get("personalizations")
    if not isinstance(people, list) or not 1 <= len(people) <= 1000:
        raise refusal(
            400,
            "The personalizations field is required and must have at least one personalization.",
            "personalizations",
        )
    for number, who in enumerate(people):
        _check_recipients(who, f"personalizations.{number}")
    sender = payload.get("from")
    if not isinstance(sender, dict) or not _ADDRESS.fullmatch(str(sender.get("email", ""))):
        raise refusal(400, "The from object must be provided for every email send.", "from.email")
    if not payload.get("subject") and not all(who.get("subject") for who in people):
        raise refusal(400, "The subject is required.", "subject")
    _check_content(payload.get("content"))
    if len(orjson.dumps([who.get("custom_args", {}) for who in people])) > 10_000:
        raise refusal(400, "The custom args are larger than 10000 bytes.", "custom_args")


def _check_recipients(who: Any, field: str) -> None:
    if not isinstance(who, dict) or not isinstance(who.get("to"), list) or not who["to"]:
        raise refusal(
            400,
            "The to array is required for all personalization objects, and must have at least one email "
            "object with a valid email address.",
            f"{field}.to",
        )
    for number, to in enumerate(who["to"]):
        if not isinstance(to, dict) or not _ADDRESS.fullmatch(str(to.get("email", ""))):
            raise refusal(400, "Does not contain a valid address.", f"{field}.to.{number}.email")


def _check_content(content: Any) -> None:
    if not isinstance(content, list) or not content:
        raise refusal(400, "Unless a valid template_id is provided, the content parameter is required.", "content")
    for number, part in enumerate(content):
        if not part.get("value"):
            raise refusal(
                400, "The content value must be a string at least one character in length.", f"content.{number}.value"
            )
    kinds = [part.get("type") for part in content]
    if "text/plain" in kinds[1:]:
        raise refusal(
            400, "If present, text/plain and text/html may only be provided once, text/plain first.", "content"
        )


def _throttled(now: datetime) -> Refusal:
    error = refusal(429, "too many requests")
    reset = str(int(now.timestamp()) + 1)
    error.headers = {
        "X-RateLimit-Limit": "600",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": reset,
        "Retry-After": "1",
    }
    return error


def _json(body: bytes) -> dict[str, Any]:
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        value = None
    if not isinstance(value, dict):
        raise refusal(400, "Bad Request")
    return value


def _log_line(mail: Mail) -> dict[str, Any]:
    words = {"bounce": "blocked" if mail.reason.startswith("4") else "bounced"}
    return {
        "from_email": mail.ours,
        "sg_message_id": mail.sg_message_id,
        "subject": mail.subject,
        "to_email": mail.person,
        "reason": mail.reason,
        "status": words.get(mail.status, mail.status),
        "sg_message_id_created_at": mail.created_at.isoformat(),
    }


def _conditions(query: str) -> list[Condition]:
    """The query language of /v3/logs: conditions joined by AND, no nesting."""
    parts = re.split(r"\bAND\b", query) if query.strip() else []
    matches = [_CONDITION.fullmatch(part) for part in parts]
    if not all(matches):
        raise refusal(400, "invalid query", "query")
    return [(m[1], m[2], [a or b for a, b in _STRINGS.findall(m[3])]) for m in matches if m]


def _test(name: str, operator: str, values: list[str]) -> Callable[[dict[str, Any]], bool]:
    if name == "sg_message_id_created_at":
        bound = datetime.fromisoformat(values[0])
        compare: dict[str, Callable[[datetime], bool]] = {
            ">": lambda at: at > bound,
            ">=": lambda at: at >= bound,
            "<": lambda at: at < bound,
            "<=": lambda at: at <= bound,
        }
        return lambda line: compare[operator](datetime.fromisoformat(line[name]))
    if name not in _FIELDS or operator not in {"=", "IN"}:
        raise refusal(400, f"invalid field or operator: {name} {operator}", "query")
    return lambda line: line[name] in values
