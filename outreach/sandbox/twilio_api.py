"""Twilio's REST API for messages (api.twilio.com, version 2010-04-01)."""

from __future__ import annotations

import base64
import hmac
import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from outreach.sandbox.core import Core, Json, Refusal
from outreach.sandbox.items import Text
from outreach.sandbox.outcomes import Outcome, of_number
from outreach.sandbox.texting import Texting, new_sid

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_GSM7 = re.compile(r"[\n\f\r -~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€]*")
_MAX_BODY = 1600
_NOT_SENT = frozenset({"accepted", "queued", "scheduled"})


def refusal(code: int, message: str, status: int = 400, headers: dict[str, str] | None = None) -> Refusal:
    """An error as Twilio words it."""
    info = f"https://www.twilio.com/docs/errors/{code}"
    return Refusal(status, {"code": code, "message": message, "more_info": info, "status": status}, headers)


class TwilioApi:
    """The routes under /2010-04-01/Accounts/{sid}/."""

    def __init__(self, core: Core, texting: Texting) -> None:
        self._core = core
        self._texting = texting
        sid, token = core.config.twilio_account_sid, core.config.twilio_auth_token
        self._authorization = b"Basic " + base64.b64encode(f"{sid}:{token}".encode())
        self._base = f"/2010-04-01/Accounts/{sid}"

    def routes(self) -> list[Route]:
        return [
            Route("/2010-04-01/Accounts/{account}/Messages.json", self.create, methods=["POST"]),
            Route("/2010-04-01/Accounts/{account}/Messages.json", self.search, methods=["GET"]),
            Route("/2010-04-01/Accounts/{account}/Messages/{sid}.json", self.fetch, methods=["GET"]),
            Route("/2010-04-01/Accounts/{account}/Messages/{sid}.json", self.update, methods=["POST"]),
        ]

    async def create(self, request: Request) -> Response:
        self._authorize(request)
        text = self._read(dict(parse_qsl((await request.body()).decode(), keep_blank_values=True)))
        outcome = of_number(text.person)
        if outcome is Outcome.THROTTLED and self._core.world.throttles(text.person):
            raise refusal(20429, "Too Many Requests", 429, {"Retry-After": "1"})
        await self._texting.accept(text)
        if outcome is Outcome.LOST_ANSWER:
            raise refusal(20500, "An internal server error has occurred", 500)
        return Json(self._resource(text), 201)

    async def search(self, request: Request) -> Response:
        self._authorize(request)
        query = request.query_params
        size = min(max(int(query.get("PageSize", "50")), 1), 1000)
        page = int(query.get("Page", "0"))
        texts = self._search({**query})
        shown = texts[page * size : (page + 1) * size]
        return Json(self._page({**query}, [self._resource(text) for text in shown], page, size, len(texts)))

    async def fetch(self, request: Request) -> Response:
        self._authorize(request)
        return Json(self._resource(self._find(request)))

    async def update(self, request: Request) -> Response:
        self._authorize(request)
        text = self._find(request)
        form = parse_qs((await request.body()).decode(), keep_blank_values=True)
        if form.get("Status") == ["canceled"]:
            if text.status not in _NOT_SENT:
                raise refusal(30409, "The message is not in a state in which it can be canceled", 409)
            await self._texting.cancel(text)
        if form.get("Body") == [""]:
            self._texting.redact(text)
        return Json(self._resource(text))

    def _authorize(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._authorization):
            raise refusal(20003, "Authenticate", 401)
        if request.path_params["account"] != self._core.config.twilio_account_sid:
            raise refusal(20404, f"The requested resource {request.url.path} was not found", 404)

    def _find(self, request: Request) -> Text:
        text = self._core.world.texts.by_ref.get(request.path_params["sid"])
        if text is None or text.by_carrier:
            raise refusal(20404, f"The requested resource {request.url.path} was not found", 404)
        return text

    def _read(self, form: dict[str, str]) -> Text:
        to, body, service = form.get("To", ""), form.get("Body", ""), form.get("MessagingServiceSid")
        ours = form.get("From") or (self._core.config.twilio_number if service else "")
        _check_content(to, ours, body, form)
        if of_number(to) is Outcome.INVALID:
            raise refusal(21211, f"The 'To' number {to} is not a valid phone number.")
        if of_number(to) is Outcome.OPTED_OUT or self._core.world.has_stopped(to, ours):
            raise refusal(21610, "Attempt to send to unsubscribed recipient")
        callback = form.get("StatusCallback")
        return Text(
            sid=new_sid(),
            person=to,
            ours=ours,
            body=body,
            created_at=self._core.clock.now(),
            status="accepted" if service else "queued",
            service_sid=service,
            attempt_id=parse_qs(urlsplit(callback).query).get("a", [None])[0] if callback else None,
            callback=callback,
            validity=_validity(form),
        )

    def _search(self, query: dict[str, str]) -> list[Text]:
        """Newest first, as Twilio lists them."""
        shelf = self._core.world.texts
        to, sender = query.get("To"), query.get("From")
        person = next((p for p in (to, sender) if p in shelf.by_person), None)
        pool = shelf.of(person) if person else list(shelf.by_ref.values())
        wanted = _date_tests(query)
        found = [
            t for t in pool if not t.by_carrier and _addressed(t, to, sender) and all(w(t.sent_at) for w in wanted)
        ]
        return found[::-1]

    def _page(
        self, query: dict[str, str], messages: list[dict[str, Any]], page: int, size: int, total: int
    ) -> dict[str, Any]:
        def uri(number: int) -> str:
            return f"{self._base}/Messages.json?" + urlencode({**query, "PageSize": size, "Page": number})

        last = max(math.ceil(total / size) - 1, 0)
        return {
            "messages": messages,
            "page": page,
            "page_size": size,
            "start": page * size,
            "end": page * size + max(len(messages) - 1, 0),
            "uri": uri(page),
            "first_page_uri": uri(0),
            "next_page_uri": uri(page + 1) if page < last else None,
            "previous_page_uri": uri(page - 1) if page else None,
        }

    def _resource(self, text: Text) -> dict[str, Any]:
        """A message as the API shows it. `from` is unknown to a service until the text is sent."""
        uri = f"{self._base}/Messages/{text.sid}.json"
        sender = None if text.service_sid and text.status in _NOT_SENT else text.ours
        return {
            "account_sid": self._core.config.twilio_account_sid,
            "api_version": "2010-04-01",
            "body": text.body,
            "date_created": format_datetime(text.created_at),
            "date_sent": format_datetime(text.sent_at) if text.sent_at else None,
            "date_updated": format_datetime(text.updated_at or text.created_at),
            "direction": "inbound" if text.inbound else "outbound-api",
            "error_code": text.error_code,
            "error_message": None,
            "from": text.person if text.inbound else sender,
            "messaging_service_sid": text.service_sid,
            "num_media": "0",
            "num_segments": str(_segments(text.body)),
            "price": None,
            "price_unit": "USD",
            "sid": text.sid,
            "status": text.status,
            "subresource_uris": {"media": uri.replace(".json", "/Media.json")},
            "to": text.ours if text.inbound else text.person,
            "uri": uri,
        }


def _check_content(to: str, ours: str, body: str, form: dict[str, str]) -> None:
    wrong = (
        (not to, 21604, "A 'To' phone number is required."),
        (not ours, 21603, "A 'From' phone number is required."),
        (not body and "MediaUrl" not in form, 21602, "Message body is required."),
        (len(body) > _MAX_BODY, 21617, "The concatenated message body exceeds the 1600 character limit"),
        (not _E164.fullmatch(to), 21211, f"The 'To' number {to} is not a valid phone number."),
        (not _E164.fullmatch(ours), 21212, f"The 'From' number {ours} is not a valid phone number or sender ID."),
        (to == ours, 21266, "'To' and 'From' number cannot be the same"),
    )
    for is_wrong, code, message in wrong:
        if is_wrong:
            raise refusal(code, message)
    if (callback := form.get("StatusCallback")) and not urlsplit(callback).hostname:
        raise refusal(21609, f"The StatusCallback URL {callback} is not a valid URL.")


def _validity(form: dict[str, str]) -> int:
    period = form.get("ValidityPeriod", "36000")
    if not period.isdigit() or not 1 <= int(period) <= 36000:
        raise refusal(20001, f"ValidityPeriod {period} is not between 1 and 36000")
    return int(period)


def _segments(body: str) -> int:
    single, part = (160, 153) if _GSM7.fullmatch(body) else (70, 67)
    return 1 if len(body) <= single else math.ceil(len(body) / part)


def _addressed(text: Text, to: str | None, sender: str | None) -> bool:
    ends = (text.ours, text.person) if text.inbound else (text.person, text.ours)
    return to in {None, ends[0]} and sender in {None, ends[1]}


def _date_tests(query: dict[str, str]) -> list[Callable[[datetime | None], bool]]:
    """DateSent filters by whole UTC days; a text that has not been sent passes none."""
    tests: list[Callable[[datetime | None], bool]] = []
    if day := query.get("DateSent"):
        tests.append(lambda at: at is not None and at.astimezone(UTC).date() == _day(day))
    if first := query.get("DateSent>"):
        tests.append(lambda at: at is not None and at.astimezone(UTC).date() >= _day(first))
    if last := query.get("DateSent<"):
        tests.append(lambda at: at is not None and at.astimezone(UTC).date() <= _day(last))
    return tests


def _day(value: str) -> date:
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise refusal(20001, f"{value} is not a date") from None
