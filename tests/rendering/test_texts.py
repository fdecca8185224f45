"""The texts that debtors read: each one as it was agreed, and what holds for all of them."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from outreach.domain.message import Channel, EmailMessage, LetterMessage, SmsMessage
from outreach.domain.money import Money
from outreach.domain.service import STEPS, purpose_of
from outreach.domain.standing import Purpose
from outreach.rendering.email import derive_text
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

TEMPLATES = Path(__file__).parents[2] / "templates"
GOLDEN = Path(__file__).parent / "golden"
REMINDERS = ("friendly_reminder", "second_reminder", "final_reminder")
SERVICE = tuple(step.template for step in STEPS.values() if step.template.startswith("service_"))
TEXT_AND_EMAIL = (*REMINDERS, "promise_confirmation", "payment_thanks", "plan_offer", *SERVICE)
EMAIL = (*TEXT_AND_EMAIL, "demand_letter", "upcoming_payment")
LOCALES = ("en", "es", "zh")
ALL = [
    ("upcoming_payment", Channel.EMAIL, "en"),
    *((template, Channel.SMS, locale) for template in TEXT_AND_EMAIL for locale in LOCALES),
    *((template, Channel.EMAIL, locale) for template in EMAIL for locale in LOCALES),
    *((template, Channel.LETTER, locale) for template in ("final_reminder", "demand_letter") for locale in LOCALES),
]
SOME = [case for case in ALL if case[1] is not Channel.LETTER]


def _examples() -> list[str]:
    guide = Path(__file__).parents[2] / "docs" / "templates.md"
    return re.findall(r"```jinja\n(.*?)```", guide.read_text("utf-8"), re.DOTALL)


def read(renderer: Renderer, template: str, channel: Channel, locale: str) -> str:
    """What the debtor of the sample reads."""
    content = renderer.render(template, channel, sample_context(locale))
    match content:
        case SmsMessage():
            return f"{content.body}\n"
        case EmailMessage():
            return f"{content.subject}\n\n{content.text}"
        case LetterMessage():
            return derive_text(content.html)


@pytest.mark.parametrize(("template", "channel", "locale"), ALL)
def test_a_text_reads_as_agreed(renderer: Renderer, template: str, channel: Channel, locale: str) -> None:
    golden = GOLDEN / f"{template}.{channel}.{locale}.txt"
    assert read(renderer, template, channel, locale) == golden.read_text("utf-8")


@pytest.mark.parametrize(("template", "channel", "locale"), ALL)
def test_a_check_finds_nothing_to_mend(renderer: Renderer, template: str, channel: Channel, locale: str) -> None:
    assert renderer.check(template, channel, locale) == []


def test_every_text_that_exists_has_been_agreed(renderer: Renderer) -> None:
    found = {
        (template, channel, locale)
        for template in renderer.templates()
        for channel in (Channel.SMS, Channel.EMAIL, Channel.LETTER)
        for locale in renderer.locales(template, channel)
    }
    assert found == set(ALL)


@pytest.mark.parametrize(("template", "channel", "locale"), SOME)
def test_a_text_names_the_creditor_and_the_amount(
    renderer: Renderer, template: str, channel: Channel, locale: str
) -> None:
    text = read(renderer, template, channel, locale).replace("\u00a0", " ")
    assert "Sample Energy" in text
    amounts = ("1,234.50", "1.234,50", "600.00", "600,00", "411.50", "411,50")
    assert any(amount in text for amount in amounts) or purpose_of(template) is not Purpose.REMINDER


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("template", TEXT_AND_EMAIL)
def test_a_text_message_takes_at_most_two_segments_and_no_full_name(
    renderer: Renderer, template: str, locale: str
) -> None:
    context = sample_context(locale)
    sms = renderer.render(template, Channel.SMS, context)
    assert isinstance(sms, SmsMessage)
    assert sms.segments <= 2
    assert context.debtor.name not in sms.body
    assert sms.forces_ucs2 == () or locale == "zh"


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Reply STOP"), ("es", "Responda ALTO o STOP"), ("zh", "回复TD退订")]
)
@pytest.mark.parametrize("template", [one for one in TEXT_AND_EMAIL if one != "service_opt_out_confirmed"])
def test_a_text_message_says_last_how_to_stop(renderer: Renderer, template: str, locale: str, words: str) -> None:
    sms = renderer.render(template, Channel.SMS, sample_context(locale))
    assert isinstance(sms, SmsMessage)
    assert words in sms.body[-60:]


def test_a_creditor_with_brackets_of_chinese_names_itself_first(renderer: Renderer) -> None:
    sms = renderer.render("friendly_reminder", Channel.SMS, sample_context("zh-CN"))
    assert isinstance(sms, SmsMessage)
    assert sms.body.startswith("【Sample Energy】")


@pytest.mark.parametrize("locale", LOCALES)
def test_thanks_for_the_last_payment_asks_for_nothing(renderer: Renderer, locale: str) -> None:
    context = replace(sample_context(locale), balance=Money(0, "USD"), items=())
    email = renderer.render("payment_thanks", Channel.EMAIL, context)
    assert isinstance(email, EmailMessage)
    assert context.pay_url not in email.text
    assert context.page_url not in email.text


@pytest.mark.parametrize("example", _examples())
def test_an_example_of_the_guide_renders(tmp_path: Path, letters: LetterPrinter, example: str) -> None:
    shutil.copytree(TEMPLATES / "_layout", tmp_path / "_layout")
    channel, file = (Channel.EMAIL, "email.en.html") if "extends" in example else (Channel.SMS, "sms.en.txt")
    (tmp_path / "note").mkdir()
    (tmp_path / "note" / file).write_text(example, "utf-8")
    content = Renderer(tmp_path, letters).render("note", channel, sample_context("en"))
    assert "$1,234.50" in (content.text if isinstance(content, EmailMessage) else getattr(content, "body", ""))


def write_golden() -> None:
    """Write down how the texts read now: `python -m tests.rendering.test_texts`, then read the difference."""
    GOLDEN.mkdir(exist_ok=True)
    renderer = Renderer(TEMPLATES)
    for template, channel, locale in ALL:
        path = GOLDEN / f"{template}.{channel}.{locale}.txt"
        path.write_text(read(renderer, template, channel, locale), "utf-8")
    renderer.close()


if __name__ == "__main__":
    write_golden()
