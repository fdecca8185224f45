"""Asking for documents: a person sends them."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.debtor_page import Offer
from outreach.flow.debtor_actions import Document, ask_for_documents
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, text_of
from outreach.web.debtor.guest import AGuest, offered
from outreach.web.debtor.view import Mistake, show, texts_of
from outreach.web.debtor.visit import OurForm, Services

router = APIRouter()
LONGEST = 1_000


@router.get("/account/{number}/documents")
def documents(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The form."""
    offered(guest, number, Offer.DOCUMENTS, services.now())
    return _form(request, number, [])


@router.post("/account/{number}/documents", dependencies=[OurForm])
def ask(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Give the request to a person."""
    facts = offered(guest, number, Offer.DOCUMENTS, services.now())
    wanted = [one for one in Document if one.value in form.getlist("wanted")]
    written = form.get("text", "")
    text = text_of(written if isinstance(written, str) else "", LONGEST)
    if not wanted and not text:
        return _form(request, number, [Mistake("wanted", texts_of(request)("documents_bad"))])
    ask_for_documents(services.engine, facts, wanted, text, services.now())
    return finish(request, number, "documents_done")


def _form(request: Request, number: int, wrong: Sequence[Mistake]) -> Response:
    status = 422 if wrong else 200
    return show(request, "documents.html", status=status, mistakes=wrong, number=number, kinds=list(Document))
