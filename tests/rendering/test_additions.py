"""Texts that the law asks for, added to what a template says: at a fitting place, typeset, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from outreach.domain.message import Channel, EmailMessage, LetterMessage, SmsMessage
from outreach.domain.policy import Need, Require
from outreach.domain.wording import missing
from outreach.rendering.errors import TemplateError
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.reading import text_of
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

Write = Callable[[str, str], None]
COLLECTOR = "This communication is from a <debt> collector & nobody else."
LICENCE = "California licence 12345"
ADDITIONS = (COLLECTOR, LICENCE)
EVERY = [(channel, locale) for channel in (Channel.SMS, Channel.EMAIL, Channel.LETTER) for locale in ("en", "es", "zh")]


def sms(renderer: Renderer, *additions: str, locale: str = "en") -> SmsMessage:
    content = renderer.render("friendly_reminder", Channel.SMS, sample_context(locale), additions)
    assert isinstance(content, SmsMessage)
    return content


def email(renderer: Renderer, *additions: str, template: str = "friendly_reminder") -> EmailMessage:
    content = renderer.render(template, Channel.EMAIL, sample_context("en"), additions)
    assert isinstance(content, EmailMessage)
    return content


def letter(renderer: Renderer, *additions: str) -> LetterMessage:
    content = renderer.render("final_reminder", Channel.LETTER, sample_context("en"), additions)
    assert isinstance(content, LetterMessage)
    return content


@pytest.fixture
def own(tmp_path: Path, letters: LetterPrinter) -> Renderer:
    return Renderer(tmp_path / "templates", letters)


@pytest.mark.parametrize(("channel", "locale"), EVERY)
def test_what_was_missing_is_there_after_it_was_added(renderer: Renderer, channel: Channel, locale: str) -> None:
    rules = [Require(words, "Say it", ("a source",), need=Need.TEXT, texts={locale: words}) for words in ADDITIONS]
    language = renderer.language("final_reminder", channel, locale)
    before = text_of(renderer.render("final_reminder", channel, sample_context(locale)), language)
    additions = tuple(words for _, words in missing(rules, before))
    after = text_of(renderer.render("final_reminder", channel, sample_context(locale), additions), language)
    assert additions == ADDITIONS
    assert missing(rules, after) == []


@pytest.mark.parametrize(("channel", "locale"), EVERY)
def test_without_additions_a_message_stays_the_same(renderer: Renderer, channel: Channel, locale: str) -> None:
    context = sample_context(locale)
    content = renderer.render("final_reminder", channel, context, ())
    assert content == renderer.render("final_reminder", channel, context)
    assert "mandatory" not in repr(content)


def test_a_text_message_has_its_additions_last_each_on_its_line(renderer: Renderer) -> None:
    assert sms(renderer, *ADDITIONS).body == f"{sms(renderer).body}\n{COLLECTOR}\n{LICENCE}"


def test_segments_are_counted_with_the_additions(renderer: Renderer) -> None:
    assert sms(renderer, "word " * 40).segments > sms(renderer).segments
    assert sms(renderer, "Comunicación de un cobrador").forces_ucs2 == ("ó",)


def test_a_text_message_that_grows_too_long_is_refused(renderer: Renderer) -> None:
    with pytest.raises(TemplateError, match="1,600 characters"):
        sms(renderer, "word " * 400)


def test_a_text_message_may_give_its_additions_a_place_of_its_own(own: Renderer, write: Write) -> None:
    write("friendly_reminder/sms.en.txt", "Pay. {{ additions | join(' ') }} Reply STOP to opt out.")
    assert sms(own, *ADDITIONS).body == f"Pay. {COLLECTOR} {LICENCE} Reply STOP to opt out."
    assert sms(own).body == "Pay.  Reply STOP to opt out."


def test_an_email_has_its_additions_in_the_footer_of_both_parts(renderer: Renderer) -> None:
    message = email(renderer, *ADDITIONS)
    footer = message.html.partition('class="footer"')[2]
    assert "from a &lt;debt&gt; collector &amp; nobody else." in footer
    assert LICENCE in footer
    assert "font-size: 16px" in footer.partition('class="mandatory"')[2].partition(">")[0]
    assert f"{COLLECTOR}\n" in message.text
    assert message.text.index(LICENCE) < message.text.index("Message reference")


def test_an_own_text_part_has_the_additions_too(own: Renderer, write: Write) -> None:
    page = "{% block subject %}Hello{% endblock %}<p>Hello</p>{% for one in additions %}<p>{{ one }}</p>{% endfor %}"
    write("note/email.en.html", page)
    write("note/email.en.txt", "Own words")
    assert email(own, LICENCE, template="note").text == f"Own words\n{LICENCE}"


def test_an_email_without_a_place_for_additions_is_refused_with_the_remedy(own: Renderer, write: Write) -> None:
    write("note/email.en.html", "{% block subject %}Hello{% endblock %}<p>Hello</p>")
    assert email(own, template="note").subject == "Hello"
    with pytest.raises(TemplateError, match=r"Extend _layout/email\.html"):
        email(own, LICENCE, template="note")


def test_a_letter_has_its_additions_in_twelve_points_before_the_closing(renderer: Renderer) -> None:
    printed = letter(renderer, LICENCE)
    assert printed.html.index(LICENCE) < printed.html.index("Yours sincerely")
    with pypdfium2.PdfDocument(printed.pdf) as document:
        sizes = {
            round(run.get_font_size() * run.get_matrix().d, 1)
            for page in document
            for run in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
            if LICENCE in run.extract()
        }
    assert sizes == {12.0}


def test_the_closing_of_a_letter_never_stands_alone(renderer: Renderer) -> None:
    for lines in range(1, 12):
        printed = letter(renderer, "\n".join([LICENCE] * lines))
        with pypdfium2.PdfDocument(printed.pdf) as document:
            last = document[len(document) - 1].get_textpage().get_text_range()
        assert LICENCE in last
        assert "Yours sincerely" in last
