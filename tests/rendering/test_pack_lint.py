"""Templates are held against the packs' rules on words before a debtor is written to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.domain.message import Channel
from outreach.domain.policy import Applies, Lint, Pack, Status, When
from outreach.domain.standing import CollectorRole, Medium
from outreach.policies import built_in
from outreach.rendering.errors import Problem, Severity
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.reading import text_of
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context
from tests.rendering.test_texts import ALL

Check = Callable[..., list[Problem]]
RULE = Lint("NO-VISIT", "Nobody visits", ("House policy",), words={"en": (r"\bvisit you\b",), "*": ("saludos",)})


def pack(rule: Lint = RULE, applies: Applies | None = None, status: Status = Status.SECONDARY) -> Pack:
    return Pack("own", "1", "Own", status, applies or Applies(), (rule,))


@pytest.fixture
def check(tmp_path: Path, write: Callable[[str, str], None], letters: LetterPrinter) -> Check:
    """What the packs say of one line of a text message."""

    def find(line: str, *packs: Pack, locale: str = "en") -> list[Problem]:
        write(f"note/sms.{locale}.txt", f"{line} {{{{ balance | money }}}}. Reply STOP to opt out.")
        own = Renderer(tmp_path / "templates", letters)
        plain = own.check("note", Channel.SMS, locale)
        return [problem for problem in own.check("note", Channel.SMS, locale, packs) if problem not in plain]

    return find


@pytest.mark.parametrize(("template", "channel", "locale"), ALL)
def test_no_built_in_pack_finds_fault_with_a_text_of_ours(
    renderer: Renderer, template: str, channel: Channel, locale: str
) -> None:
    assert renderer.check(template, channel, locale, built_in()) == []


def test_a_finding_names_file_rule_words_and_remedy(check: Check) -> None:
    assert check("We will v i s i t you:", pack()) == [
        Problem(
            "note/sms.en.txt",
            None,
            "own/NO-VISIT forbids 'v i s i t you': Nobody visits",
            "Say it without them (see House policy)",
            Severity.ERROR,
        )
    ]


def test_a_built_in_pack_finds_a_threat_and_an_amount_that_nobody_owes(check: Check) -> None:
    line = "Or garnishment and legal action, and a fee of $35:"
    messages = " ".join(problem.message for problem in check(line, *built_in()))
    assert "forbids 'garnishment', 'legal action'" in messages
    assert "forbids '$35'" in messages


@pytest.mark.parametrize(
    "applies", [Applies(countries=frozenset({"US"})), Applies(roles=frozenset({CollectorRole.DEBT_BUYER}))]
)
def test_what_only_some_debtors_may_not_be_sent_is_a_warning(check: Check, applies: Applies) -> None:
    assert [problem.severity for problem in check("We visit you:", pack(applies=applies))] == [Severity.WARNING]


@pytest.mark.parametrize(
    "quiet",
    [
        pack(Lint("A", "Letters only", ("x",), When(media=frozenset({Medium.LETTER})), words=RULE.words)),
        pack(Lint("A", "For a time", ("x",), When(validating=True), words=RULE.words)),
        pack(status=Status.PROPOSED),
        pack(applies=Applies(countries=frozenset({"CN"}))),
    ],
)
def test_a_rule_that_does_not_concern_the_text_is_silent(check: Check, quiet: Pack) -> None:
    assert check("We visit you, saludos:", quiet) == []


def test_both_parts_of_an_email_are_held_against_the_rules(
    tmp_path: Path, write: Callable[[str, str], None], letters: LetterPrinter
) -> None:
    write("note/email.en.html", "{% block subject %}Hello{% endblock %}<p>We visit you</p>")
    write("note/email.en.txt", "Own words, saludos")
    problems = Renderer(tmp_path / "templates", letters).check("note", Channel.EMAIL, "en", [pack()])
    assert "own/NO-VISIT forbids 'visit you', 'saludos': Nobody visits" in [problem.message for problem in problems]


def test_the_text_of_a_letter_is_known_without_printing_it(renderer: Renderer) -> None:
    context = sample_context("en")
    letter = renderer.render("demand_letter", Channel.LETTER, context)
    assert renderer.text("demand_letter", Channel.LETTER, context) == text_of(letter, "en")
