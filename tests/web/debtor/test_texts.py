"""The words of the page: the same in every language, all of them used, and calm."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from outreach.domain import debtor_page
from outreach.domain.debtor_page import Offer
from outreach.domain.dispute import DisputeReason
from outreach.domain.means import Income, Spending
from outreach.domain.plan import InstalmentState
from outreach.flow.debtor_actions import Document
from outreach.web.debtor import dispute
from outreach.web.debtor.texts import LANGUAGES, language_of, offered, words

FOLDER = Path(dispute.__file__).parent


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_with_the_same_fields(language: str) -> None:
    english, other = words("en"), words(language)
    assert list(english) == list(other)
    assert {key: fields(text) for key, text in other.items()} == {key: fields(text) for key, text in english.items()}


def test_every_word_is_used_and_every_used_word_is_there() -> None:
    sources = "".join(path.read_text("utf-8") for path in [*FOLDER.glob("*.py"), *FOLDER.glob("pages/*.html")])
    sources += Path(debtor_page.__file__).read_text("utf-8")
    made = {
        *(f"option_{offer}{end}" for offer in Offer for end in ("", "_hint")),
        *(f"dispute_{reason}" for reason in DisputeReason),
        *(f"documents_{kind}" for kind in Document),
        *(f"plan_in_{head}" for head in Income),
        *(f"plan_out_{head}" for head in Spending),
        *(f"plan_state_{state}" for state in InstalmentState),
        *(f"kind_{kind}" for kind in ("payment", "credit", "reversal")),
        *(f"history_{channel}" for channel in ("sms", "email", "letter")),
        *(f"preferences_{channel}" for channel in ("sms", "email", "letter", "call")),
        *(f"stop_{what}" for what in ("sms", "email", "all")),
        *(f"who_{part}" for part in ("day", "month", "year")),
        *(f"plan_often_{one}" for one in ("monthly", "fortnightly", "weekly")),
        *(f"dispute_bad_{why}" for why in ("kind", "size", "count")),
        *(f"error_{status}" for status in (400, 403, 404, 413, 500, 503)),
    }
    ends = ("_title", "_next")
    unused = [
        key
        for key in words("en")
        if key not in made
        and f'"{key}"' not in sources
        and not any(key.endswith(end) and f'"{key.removesuffix(end)}"' in sources for end in ends)
    ]
    assert unused == []
    assert set(re.findall(r'[^a-z_]t\("([a-z_0-9]+[a-z0-9])"', sources)) <= set(words("en"))


#: What presses, threatens or shouts has no place on the page.
PRESSING = re.compile(
    r"!|！|¡|\b(must|immediately|urgent|legal action|overdue|debe pagar|urgente|inmediat)|立即|必须|尽快|逾期"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_presses(language: str) -> None:
    assert [text for text in words(language).values() if PRESSING.search(text)] == []


@pytest.mark.parametrize(
    ("chosen", "recorded", "accepted", "language"),
    [
        ("zh", "es", "en", "zh"),
        ("", "es-MX", "en", "es"),
        ("", "zh_Hans", "", "zh"),
        ("", "fr", "de,es;q=0.5", "es"),
        ("", "", "", "en"),
        ("xx", "", "*", "en"),
    ],
)
def test_the_chosen_language_comes_first_then_the_debtors_then_the_browsers(
    chosen: str, recorded: str, accepted: str, language: str
) -> None:
    assert language_of(chosen, recorded, accepted) == language
    assert offered("fr, de") == ""
