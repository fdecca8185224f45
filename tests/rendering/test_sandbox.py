"""What a template may not do, and how its mistakes are told."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from outreach.domain.message import Channel, Content, SmsMessage
from outreach.rendering.errors import TemplateError
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context

Sms = Callable[[str], Content]
Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    "line",
    [
        "{{ creditor.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{{ balance.__init__.__globals__ }}",
        "{{ balance.of.__func__ }}",
        "{{ self.__init__ }}",
        "{{ creditor.__setattr__('name', 'x') }}",
    ],
)
def test_a_template_does_not_reach_python(sms: Sms, line: str) -> None:
    with pytest.raises(TemplateError):
        sms(line)


@pytest.mark.parametrize(
    "line",
    [
        "{{ 'a' * 10**8 }}",
        "{{ 'a' * 100000000 }}",
        "{{ 100000000 * 'a' }}",
        "{{ [1] * 100000000 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ '%100000000d' % 1 }}",
        "{{ '{:>100000000}'.format(1) }}",
        "{{ 'a'.ljust(100000000) }}",
        "{{ 'a' | center(100000000) }}",
        "{% for n in range(100000000) %}a{% endfor %}",
        "{% for a in range(900) %}{% for b in range(900) %}{{ a }}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    ],
)
def test_a_template_does_not_fill_the_memory(sms: Sms, line: str) -> None:
    with pytest.raises(TemplateError):
        sms(line)


@pytest.mark.parametrize("name", ["../secret.txt", "/etc/hostname", "note/../../secret.txt", "note/link.txt"])
def test_a_template_includes_nothing_from_outside_its_folder(sms: Sms, write: Write, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    write("note/other.txt", "")
    (tmp_path / "templates" / "note" / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(TemplateError):
        sms(f"{{% include '{name}' %}}")


@pytest.mark.parametrize("name", ["../note", "note/..", "_layout", "", "note\0", "a" * 500])
def test_a_name_that_is_no_template_is_refused(letters: LetterPrinter, write: Write, tmp_path: Path, name: str) -> None:
    write("note/sms.en.txt", "x")
    write("_layout/sms.en.txt", "x")
    renderer = Renderer(tmp_path / "templates", letters)
    assert not renderer.exists(name, Channel.SMS, "en")
    with pytest.raises(TemplateError):
        renderer.render(name, Channel.SMS, sample_context("en"))


def test_an_unknown_name_is_told_with_file_line_and_the_likely_name(sms: Sms) -> None:
    with pytest.raises(TemplateError) as caught:
        sms("Hello\n{{ credit.name }}")
    assert (caught.value.file, caught.value.line) == ("note/sms.en.txt", 2)
    assert "'credit' is undefined" in str(caught.value)
    assert "Did you mean 'creditor'?" in str(caught.value)


def test_a_mistake_in_an_included_file_is_told_where_it_is(sms: Sms, write: Write) -> None:
    write("_layout/tail.txt", "\n\n{{ nobody }}")
    with pytest.raises(TemplateError) as caught:
        sms("{% include '_layout/tail.txt' %}")
    assert (caught.value.file, caught.value.line) == ("_layout/tail.txt", 3)


def test_a_syntax_error_is_told_with_file_and_line(sms: Sms) -> None:
    with pytest.raises(TemplateError) as caught:
        sms("Hello\n\n{{ creditor.name ")
    assert (caught.value.file, caught.value.line) == ("note/sms.en.txt", 3)


@pytest.mark.parametrize("line", ["{{ 5 | money }}", "{{ 'soon' | date }}", "{{ balance | number }}", "{{ 1 / 0 }}"])
def test_a_filter_given_the_wrong_thing_is_told_with_file_and_line(sms: Sms, line: str) -> None:
    with pytest.raises(TemplateError) as caught:
        sms(line)
    assert (caught.value.file, caught.value.line) == ("note/sms.en.txt", 1)


def test_an_extra_column_is_offered_and_a_missing_one_is_an_error(sms: Sms) -> None:
    message = sms("{{ extra.x_contract }}")
    assert isinstance(message, SmsMessage)
    assert message.body == "SAMPLE-77"
    with pytest.raises(TemplateError, match="x_missing"):
        sms("{{ extra.x_missing }}")


def test_a_message_without_a_word_is_refused(sms: Sms) -> None:
    with pytest.raises(TemplateError, match="empty"):
        sms("{% if false %}Hello{% endif %}")


def test_a_missing_template_is_told_with_those_that_exist(renderer: Renderer) -> None:
    with pytest.raises(TemplateError, match="friendly_reminder"):
        renderer.render("friendly_remainder", Channel.SMS, sample_context("en"))
