"""The pages: each debtor's phone, mailbox and letterbox, to look at and to answer from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from outreach.sandbox import outcomes
from outreach.sandbox.answering import Answering
from outreach.sandbox.core import Core
from outreach.sandbox.items import Letter, Mail, Text
from outreach.sandbox.mailing import Mailing, one_click_url

_PAGES = Path(__file__).parent / "pages"
_SHOWN = 200
#: Mails carry inlined styles; a sandboxed frame obeys the policy of its page. Nothing is loaded from elsewhere.
_POLICY = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; script-src 'self'; img-src 'self' data:;"
    " frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True, slots=True)
class Place:
    """A line of the index: where a debtor gets messages, and the last one."""

    kind: str
    name: str
    url: str
    count: int
    status: str
    last: str
    at: Any


class Views:
    """The routes of the pages. Every value is escaped by the templates."""

    def __init__(self, core: Core, answering: Answering, mailing: Mailing) -> None:
        self._core = core
        self._answering = answering
        self._mailing = mailing
        self._jinja = Environment(
            loader=FileSystemLoader(_PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", self.index, methods=["GET"]),
            Route("/codes", self.codes, methods=["GET"]),
            Route("/phones/{number}", self.phone, methods=["GET"]),
            Route("/phones/{number}", self.answer_text, methods=["POST"]),
            Route("/mailboxes/{address}", self.mailbox, methods=["GET"]),
            Route("/mailboxes/{address}", self.answer_mail, methods=["POST"]),
            Route("/letterboxes/{box}", self.letterbox, methods=["GET"]),
            Route("/letters/{id}.pdf", self.pdf, methods=["GET"]),
            Mount("/assets", StaticFiles(directory=_PAGES / "assets")),
        ]

    async def index(self, request: Request) -> Response:
        wanted = request.query_params.get("q", "").strip()
        world = self._core.world
        places = [
            *(_phone(number, texts) for number, texts in world.texts.by_person.items()),
            *(_mailbox(address, mails) for address, mails in world.mails.by_person.items()),
            *(_letterbox(box, letters) for box, letters in world.letters.by_person.items()),
        ]
        found = [place for place in places if wanted.casefold() in place.name.casefold()]
        found.sort(key=lambda place: place.at, reverse=True)
        return self._page("index.html", places=found[:_SHOWN], found=len(found), total=len(places), wanted=wanted)

    async def codes(self, _: Request) -> Response:
        return self._page(
            "codes.html", numbers=outcomes.NUMBERS, mailboxes=outcomes.MAILBOXES, letterboxes=outcomes.LETTERBOXES
        )

    async def phone(self, request: Request) -> Response:
        number = request.path_params["number"]
        texts = self._known(self._core.world.texts.of(number))
        stopped = self._core.world.has_stopped(number, texts[-1].ours)
        return self._page("phone.html", number=number, texts=texts[-_SHOWN:], stopped=stopped)

    async def answer_text(self, request: Request) -> Response:
        number, body = request.path_params["number"], await _answer(request)
        self._known(self._core.world.texts.of(number))
        self._answering.answer("sms", number, body)
        return RedirectResponse(f"/phones/{quote(number)}", 303)

    async def mailbox(self, request: Request) -> Response:
        address = request.path_params["address"]
        mails = self._known(self._core.world.mails.of(address))
        shown = [(mail, one_click_url(mail)) for mail in mails[: -_SHOWN - 1 : -1]]
        return self._page("mailbox.html", address=address, mails=shown, asked=request.query_params.get("asked"))

    async def answer_mail(self, request: Request) -> Response:
        _same_origin(request)
        form = await request.form()
        mail = self._core.world.mails.by_ref.get(str(form.get("ref", "")))
        if mail is None:
            raise HTTPException(404, "There is no such mail.")
        back = f"/mailboxes/{quote(mail.person)}"
        if form.get("unsubscribe"):
            answered = await self._mailing.unsubscribe(mail)
            return RedirectResponse(f"{back}?asked={answered or 'refused'}", 303)
        self._answering.answer_mail(mail.ref, _body(form))
        return RedirectResponse(back, 303)

    async def letterbox(self, request: Request) -> Response:
        letters = self._known(self._core.world.letters.of(request.path_params["box"]))
        return self._page("letterbox.html", lines=letters[-1].lines, letters=letters[: -_SHOWN - 1 : -1])

    async def pdf(self, request: Request) -> Response:
        rows = await self._core.ledger.query("SELECT pdf FROM pdfs WHERE ref = ?", (request.path_params["id"],))
        if not rows:
            raise HTTPException(404, "There is no such letter.")
        headers = {"Content-Disposition": "inline", "X-Content-Type-Options": "nosniff"}
        return Response(rows[0]["pdf"], media_type="application/pdf", headers=headers)

    def _known(self, items: list[Any]) -> list[Any]:
        if not items:
            raise HTTPException(404, "Nothing was ever sent there.")
        return items

    async def error(self, _: Request, error: Exception) -> Response:
        """What is shown instead of a page that cannot be."""
        assert isinstance(error, HTTPException)
        page = self._page("error.html", status=error.status_code, says=error.detail)
        page.status_code = error.status_code
        return page

    def _page(self, template: str, **values: Any) -> Response:
        html = self._jinja.get_template(template).render(now=self._core.clock.now(), **values)
        headers = {"Content-Security-Policy": _POLICY, "Referrer-Policy": "same-origin", "Cache-Control": "no-store"}
        return HTMLResponse(html, headers={**headers, "X-Content-Type-Options": "nosniff"})


def _same_origin(request: Request) -> None:
    """Refuse forms from other sites: browsers name the origin of every POST."""
    origin = request.headers.get("origin", "")
    if not origin or urlsplit(origin).netloc != request.headers.get("host"):
        raise HTTPException(403, "This form can be sent from its own page only.")


async def _answer(request: Request) -> str:
    _same_origin(request)
    return _body(await request.form())


def _body(form: FormData) -> str:
    """What was written, or the ready-made answer whose button was pressed."""
    body = str(form.get("ready") or form.get("body") or "").strip()
    if not body:
        raise HTTPException(422, "The answer is empty. Go back and write something first.")
    return body


def _phone(number: str, texts: list[Text]) -> Place:
    last = texts[-1]
    return Place("phone", number, f"/phones/{quote(number)}", len(texts), last.status, last.body, last.created_at)


def _mailbox(address: str, mails: list[Mail]) -> Place:
    last = mails[-1]
    url = f"/mailboxes/{quote(address)}"
    return Place("mailbox", address, url, len(mails), last.status, last.subject, last.created_at)


def _letterbox(box: str, letters: list[Letter]) -> Place:
    last, status = letters[-1], letters[-1].status.removeprefix("letter.")
    lines = ", ".join(last.lines)
    return Place("letterbox", lines, f"/letterboxes/{box}", len(letters), status, last.id, last.created_at)
