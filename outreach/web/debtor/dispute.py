"""A dispute: what is not right, in the debtor's words, with files that show it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from outreach.domain.account import Facts
from outreach.domain.attachment import LARGEST, MOST, Attachment, Refusal, attachment
from outreach.domain.debtor_page import Offer
from outreach.domain.dispute import DisputeReason
from outreach.flow.debtor_actions import TooMuch
from outreach.flow.debtor_actions import dispute as contest
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, text_of, word
from outreach.web.debtor.guest import AGuest, offered
from outreach.web.debtor.texts import Texts
from outreach.web.debtor.view import Mistake, show, texts_of
from outreach.web.debtor.visit import OurForm, Services

router = APIRouter()
LONGEST = 5_000
#: In the order in which the page names them.
REASONS = (
    DisputeReason.NOT_MINE,
    DisputeReason.AMOUNT_WRONG,
    DisputeReason.PAID,
    DisputeReason.NOT_RECEIVED,
    DisputeReason.DEFECTIVE,
    DisputeReason.IDENTITY_THEFT,
    DisputeReason.TOO_OLD,
    DisputeReason.OTHER,
)


@router.get("/account/{number}/dispute")
def dispute(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """The form."""
    facts = offered(guest, number, Offer.DISPUTE, services.now())
    return _form(request, facts, number, {"reason": "", "text": ""}, [])


@router.post("/account/{number}/dispute", dependencies=[OurForm])
def say_what_is_wrong(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Contest the account."""
    facts = offered(guest, number, Offer.DISPUTE, services.now())
    t, chosen = texts_of(request), word(form, "reason")
    written = form.get("text", "")
    text = text_of(written if isinstance(written, str) else "", LONGEST + 1)
    reason = next((one for one in REASONS if one.value == chosen), None)
    files, wrong = _files(form, t)
    if reason is None:
        wrong.insert(0, Mistake("reason", t("dispute_bad_reason")))
    if len(text) > LONGEST:
        wrong.append(Mistake("text", t("dispute_bad_text")))
    if wrong or reason is None:
        return _form(request, facts, number, {"reason": chosen, "text": text}, wrong)
    try:
        contest(services.engine, facts, reason, text, files, services.now())
    except TooMuch:
        full = Mistake("files", t("dispute_bad_room"))
        return _form(request, facts, number, {"reason": chosen, "text": text}, [full])
    return finish(request, number, "dispute_done", "dispute_rights")


def _files(form: FormData, t: Texts) -> tuple[list[Attachment], list[Mistake]]:
    """The files that may be kept, and what is wrong with others. An empty field of a form is a file without a name."""
    given = [one for one in form.getlist("files") if isinstance(one, UploadFile) and (one.filename or one.size)]
    if len(given) > MOST:
        return [], [Mistake("files", t("dispute_bad_count"))]
    files: list[Attachment] = []
    wrong = []
    for one in given:
        name = one.filename or ""
        read = attachment(name, one.file.read(LARGEST + 1))
        if isinstance(read, Refusal):
            wrong.append(Mistake("files", t(f"dispute_bad_{read.value}", name=name[:80])))
        else:
            files.append(read)
    return files, wrong


def _form(request: Request, facts: Facts, number: int, entered: dict[str, str], wrong: Sequence[Mistake]) -> Response:
    status = 422 if wrong else 200
    values = {"facts": facts, "number": number, "entered": entered, "reasons": REASONS}
    return show(request, "dispute.html", status=status, mistakes=wrong, **values)
