"""How and when the debtor likes to be contacted. It changes no consent and lifts no stop."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from fastapi import APIRouter, Request
from starlette.responses import Response

from outreach.domain.account import Facts
from outreach.domain.campaign import SendWindow
from outreach.domain.debtor_page import Offer
from outreach.domain.preference import PreferenceChange
from outreach.domain.standing import Medium
from outreach.flow.debtor_actions import prefer
from outreach.web.debtor.done import finish
from outreach.web.debtor.forms import AForm, word
from outreach.web.debtor.guest import AGuest, offered
from outreach.web.debtor.texts import LANGUAGES
from outreach.web.debtor.texts import offered as language_offered
from outreach.web.debtor.view import Mistake, show, texts_of
from outreach.web.debtor.visit import OurForm, Services

router = APIRouter()
#: What a tick stands for.
MEDIA = {
    "sms": frozenset({Medium.SMS}),
    "email": frozenset({Medium.EMAIL}),
    "letter": frozenset({Medium.LETTER}),
    "call": frozenset({Medium.CALL, Medium.AUTO_CALL, Medium.VOICEMAIL}),
}
HOURS = tuple(f"{hour:02d}:00" for hour in range(8, 22))
_EVERY_DAY = frozenset(range(1, 8))


@router.get("/account/{number}/preferences")
def preferences(request: Request, services: Services, guest: AGuest, number: int) -> Response:
    """What is wished now."""
    facts = offered(guest, number, Offer.PREFERENCES, services.now())
    return _form(request, facts, number, [])


@router.post("/account/{number}/preferences", dependencies=[OurForm])
def wish(request: Request, services: Services, guest: AGuest, number: int, form: AForm) -> Response:
    """Keep what is wished from now on."""
    facts = offered(guest, number, Offer.PREFERENCES, services.now())
    opens, closes = word(form, "opens"), word(form, "closes")
    given = [one for one in (opens, closes) if one]
    if any(one not in HOURS for one in given) or len(given) == 1 or (given and opens >= closes):
        return _form(request, facts, number, [Mistake("opens", texts_of(request)("preferences_bad_hours"))])
    ticked = form.getlist("media")
    change = PreferenceChange(
        media_off=frozenset[Medium]().union(*(media for name, media in MEDIA.items() if name not in ticked)),
        media_on=frozenset[Medium]().union(*(media for name, media in MEDIA.items() if name in ticked)),
        hours=_hours(facts, opens, closes),
        language=_language(facts, word(form, "language")),
    )
    prefer(services.engine, facts, change, services.now())
    return finish(request, number, "preferences_done")


def _hours(facts: Facts, opens: str, closes: str) -> tuple[SendWindow, ...] | None:
    """The only hours; None when they are as before, so that what an agent wrote down in more detail stays."""
    if (opens, closes) == _known_hours(facts):
        return None
    window = SendWindow(_EVERY_DAY, time.fromisoformat(opens), time.fromisoformat(closes), True) if opens else None
    return (window,) if window else ()


def _language(facts: Facts, chosen: str) -> str | None:
    """None when it is the same language, so that a region on record stays."""
    same = chosen == language_offered(facts.debtor.language)
    return None if same or chosen not in LANGUAGES else chosen


def _known_hours(facts: Facts) -> tuple[str, str]:
    hours = facts.debtor.preferences.hours
    return (f"{hours[0].opens:%H:%M}", f"{hours[0].closes:%H:%M}") if hours else ("", "")


def _form(request: Request, facts: Facts, number: int, wrong: Sequence[Mistake]) -> Response:
    off = facts.debtor.preferences.media_off
    opens, closes = _known_hours(facts)
    return show(
        request,
        "preferences.html",
        status=422 if wrong else 200,
        mistakes=wrong,
        number=number,
        ticked=[name for name, media in MEDIA.items() if not media <= off],
        media=list(MEDIA),
        hours=sorted({*HOURS, *filter(None, (opens, closes))}),
        opens=opens,
        closes=closes,
        chosen=language_offered(facts.debtor.language),
    )
