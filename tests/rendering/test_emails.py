"""E-mails: both parts, inlined style, and headers that nobody can break out of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.domain.message import Channel, EmailMessage
from outreach.policies import built_in
from outreach.rendering.context import MessageContext
from outreach.rendering.errors import Severity, TemplateError
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

Write = Callable[[str, str], None]
SUBJECT = "{% block subject %}About {{ creditor.name }}{% endblock %}"
PAGE = SUBJECT + "<p>Hello {{ debtor.first_name }}, {{ balance | money }}</p>"


def email(renderer: Renderer, context: MessageContext, template: str = "friendly_reminder") -> EmailMessage:
    content = renderer.render(template, Channel.EMAIL, context)
    assert isinstance(content, EmailMessage)
    return content


@pytest.fixture
def own(tmp_path: Path, letters: LetterPrinter) -> Renderer:
    return Renderer(tmp_path / "templates", letters)


def test_one_click_headers_name_the_page_and_the_mailbox(renderer: Renderer) -> None:
    headers = email(renderer, sample_context("en")).headers
    assert headers == {
        "List-Unsubscribe": "<https://outreach.energy.example/u/sample>, "
        "<mailto:stop@energy.example?subject=unsubscribe>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def test_without_a_page_there_is_no_one_click(renderer: Renderer) -> None:
    context = replace(sample_context("en"), unsubscribe_url="")
    assert list(email(renderer, context).headers) == ["List-Unsubscribe"]
    assert email(renderer, replace(context, unsubscribe_mailto="")).headers == {}


def test_a_page_without_tls_is_named_but_not_promised_as_one_click(renderer: Renderer) -> None:
    context = replace(sample_context("en"), unsubscribe_url="http://127.0.0.1:8000/u/sample", unsubscribe_mailto="")
    assert email(renderer, context).headers == {"List-Unsubscribe": "<http://127.0.0.1:8000/u/sample>"}


@pytest.mark.parametrize(
    "change",
    [
        {"unsubscribe_url": "https://a.example/\r\nBcc: x@y.example"},
        {"unsubscribe_url": "https://a.example/>, <https://b.example/"},
        {"unsubscribe_url": "javascript:alert(1)"},
        {"unsubscribe_mailto": "a@b.example\nBcc: x@y.example"},
        {"unsubscribe_mailto": "a@b.example?bcc=x@y.example"},
    ],
)
def test_an_address_that_would_break_its_header_is_refused(renderer: Renderer, change: dict[str, str]) -> None:
    with pytest.raises(TemplateError, match="unsafe"):
        email(renderer, replace(sample_context("en"), **change))


@pytest.mark.parametrize("break_", ["\r\n", "\n", "\r", "\u2028", "\u0085", "\0"])
def test_a_subject_with_a_line_break_is_refused(renderer: Renderer, break_: str) -> None:
    context = sample_context("en")
    creditor = replace(context.creditor, name=f"Sample{break_}Bcc: x@y.example")
    with pytest.raises(TemplateError, match="unsafe"):
        email(renderer, replace(context, creditor=creditor))


def test_a_subject_is_text_and_a_page_is_markup(own: Renderer, write: Write) -> None:
    write("note/email.en.html", PAGE)
    context = sample_context("en")
    context = replace(context, creditor=replace(context.creditor, name="Fish & Chips <Sample>"))
    context = replace(context, debtor=replace(context.debtor, first_name="<b>Dana</b>"))
    message = email(own, context, "note")
    assert message.subject == "About Fish & Chips <Sample>"
    assert "&lt;b&gt;Dana&lt;/b&gt;" in message.html
    assert "<b>Dana</b>" in message.text


def test_an_own_text_part_stands_in_for_the_derived_one(own: Renderer, write: Write) -> None:
    write("note/email.en.html", PAGE)
    write("note/email.en.txt", "Own words for {{ debtor.first_name }} & all")
    assert email(own, sample_context("en"), "note").text == "Own words for Dana & all"


def test_an_email_without_a_subject_is_refused_with_the_remedy(own: Renderer, write: Write) -> None:
    write("note/email.en.html", "<p>Hello</p>")
    with pytest.raises(TemplateError, match="block subject"):
        email(own, sample_context("en"), "note")


def test_the_style_sheet_is_moved_into_the_elements(renderer: Renderer) -> None:
    html = email(renderer, sample_context("en")).html
    assert "<style" not in html
    assert 'style="' in html


def test_a_subject_that_tells_of_a_debt_is_an_error_of_the_check(own: Renderer, write: Write) -> None:
    write("note/email.en.html", PAGE.replace("About", "Your overdue debt with"))
    problems = [problem for problem in own.check("note", Channel.EMAIL, "en", built_in()) if "debt" in problem.message]
    assert [(problem.file, problem.severity) for problem in problems] == [("note/email.en.html", Severity.ERROR)]
    assert "The subject of the e-mail tells others of a debt" in problems[0].message


@pytest.mark.parametrize(
    ("line", "message", "severity"),
    [
        ("{{ balance | money }} is due. Reply to us", "does not say how to stop", Severity.ERROR),
        ("Please pay. Reply STOP to opt out", "states no amount", Severity.WARNING),
        ("Garc\u00eda: {{ balance | money }}. Reply STOP", "U+00ED", Severity.WARNING),
        ("{{ balance | money }} " + "word " * 100 + "STOP", "4 segments", Severity.WARNING),
        ("{{ balance | money }} \u2757 STOP", "emoji", Severity.ERROR),
        ("{{ balance | money }} PAY THE SUM NOW. Reply STOP", "capitals", Severity.WARNING),
        ("{{ balance | money }} https://bit.ly/x STOP", "shortener", Severity.ERROR),
        ("{{ debtor.name }}, {{ creditor.name }}: {{ balance | money }} STOP", "full name", Severity.ERROR),
        ("{{ missing }}", "'missing' is undefined", Severity.ERROR),
    ],
)
def test_a_check_names_what_to_mend_in_a_text(
    own: Renderer, write: Write, line: str, message: str, severity: Severity
) -> None:
    write("note/sms.en.txt", line)
    problems = [p for p in own.check("note", Channel.SMS, "en") if message in p.message]
    assert {(problem.file, problem.severity) for problem in problems} == {("note/sms.en.txt", severity)}
