"""From a template and facts to what is sent: a text, an e-mail or a letter."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from jinja2 import Template, TemplateSyntaxError, UndefinedError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import TemplateNotFound

from outreach.domain.message import Channel, Content, EmailMessage, LetterMessage, SmsMessage
from outreach.domain.policy import Pack
from outreach.domain.service import purpose_of
from outreach.domain.wording import Text
from outreach.rendering.additions import lacks_additions, with_additions
from outreach.rendering.context import NAMES, MessageContext, variables
from outreach.rendering.email import HeaderInjection, compose, derive_text, unsubscribe_headers
from outreach.rendering.environment import build_environment
from outreach.rendering.errors import LetterError, Problem, TemplateError
from outreach.rendering.files import TemplateFiles
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.lint import lint
from outreach.rendering.pack_lint import pack_problems
from outreach.rendering.reading import text_of
from outreach.rendering.sample import sample_context
from outreach.rendering.sms import measure, plain

#: Characters a template may print; far above any message, far below what could hurt the process.
MAX_OUTPUT = {Channel.SMS: 1_600, Channel.EMAIL: 200_000, Channel.LETTER: 400_000}


class Renderer:
    """Renders templates of one folder; safe to share between threads.

    `letters` prints letters; without one the renderer makes its own, which starts when first needed. `close` ends it.
    `auto_reload` sees changed files (for a preview while writing).
    """

    def __init__(self, templates: Path, letters: LetterPrinter | None = None, *, auto_reload: bool = False) -> None:
        self._root = templates
        self._files = TemplateFiles(templates, look_again=auto_reload)
        self._environment = build_environment(templates, auto_reload=auto_reload)
        self._letters = letters or LetterPrinter()

    def close(self) -> None:
        """End the processes that print letters."""
        self._letters.close()

    def templates(self) -> list[str]:
        """The names of all templates, sorted."""
        return self._files.names()

    def locales(self, template: str, channel: Channel) -> list[str]:
        """The languages in which a template exists for a channel, sorted; empty when it does not exist."""
        return self._files.locales(template, channel)

    def exists(self, template: str, channel: Channel, language: str) -> bool:
        """Whether a debtor of this language can be written to, be it in a parent language or in English."""
        try:
            self._files.language(template, channel, language)
        except TemplateError:
            return False
        return True

    def language(self, template: str, channel: Channel, wanted: str) -> str:
        """The language of the text that a debtor who reads `wanted` gets. Raises TemplateError when there is none."""
        return self._files.language(template, channel, wanted)

    def render(
        self, template: str, channel: Channel, context: MessageContext, additions: tuple[str, ...] = ()
    ) -> Content:
        """The content of one message in the debtor's language. `additions` are texts that the law asks for: texts have
        them last, e-mails in the footer of both parts, letters before the closing.

        Raises TemplateError, also for what cannot be printed (a missing address, a character without a glyph) and
        for a page without a place for additions.
        """
        language, path, names = self._begin(template, channel, context, additions)
        match channel:
            case Channel.SMS:
                return self._sms(path, names)
            case Channel.EMAIL:
                return self._email(path, self._files.text_part(template, language), names)
            case _:
                return self._letter(path, names)

    def text(self, template: str, channel: Channel, context: MessageContext) -> Text:
        """What the debtor would read, without printing a letter; of an e-mail with a text part of its own, both parts.
        Raises TemplateError."""
        language, path, names = self._begin(template, channel, context)
        if channel is Channel.LETTER:
            return Text("", derive_text(self._letter_page(path, names)), language)
        content = self.render(template, channel, context)
        text = text_of(content, language)
        if isinstance(content, EmailMessage) and self._files.text_part(template, language):
            return replace(text, body=f"{text.body}\n{derive_text(content.html)}")
        return text

    def check(self, template: str, channel: Channel, locale: str, packs: Sequence[Pack] = ()) -> list[Problem]:
        """Render against sample facts, complete and sparse, and look at what a debtor would read. `packs` are those
        whose rules on words the texts shall meet."""
        problems: list[Problem] = []
        for optional in (True, False):
            context = sample_context(locale, optional=optional)
            try:
                content, text = self.render(template, channel, context), self.text(template, channel, context)
            except TemplateError as error:
                problems.append(Problem(error.file, error.line, error.message, error.remedy))
            else:
                path = self._files.path(template, channel, text.language)
                own = variables(context, text.language)["locale"]
                problems += lint(path, text.language, content, context, own, purpose_of(template))
                problems += pack_problems(path, channel, text, context, packs)
        return list(dict.fromkeys(problems))

    def _begin(
        self, template: str, channel: Channel, context: MessageContext, additions: tuple[str, ...] = ()
    ) -> tuple[str, str, dict[str, Any]]:
        """The language of a message, its file, and what the file may name."""
        language = self._files.language(template, channel, context.debtor.language)
        names = variables(context, language) | {"additions": additions}
        return language, self._files.path(template, channel, language), names

    def _sms(self, path: str, names: Mapping[str, Any]) -> SmsMessage:
        text = self._print(path, self._load(path).generate(names), Channel.SMS).strip()
        if not text:
            raise TemplateError(path, None, "the text is empty", "Write what the debtor shall read")
        text = self._print(path, with_additions(text, names["additions"]), Channel.SMS)
        return measure("\n".join(line.strip() for line in plain(text).splitlines()))

    def _email(self, path: str, text_path: str | None, names: Mapping[str, Any]) -> EmailMessage:
        page = self._load(path)
        if "subject" not in page.blocks:
            remedy = "Add {% block subject %}A message about your {{ creditor.name }} account{% endblock %}"
            raise TemplateError(path, None, "the e-mail has no subject", remedy)
        subject = self._print(path, page.blocks["subject"](page.new_context(dict(names))), Channel.SMS)
        html = self._page(path, names, Channel.EMAIL)
        text = None
        if text_path:
            own = self._print(text_path, self._load(text_path).generate(names), Channel.EMAIL)
            text = "".join(with_additions(own, names["additions"]))
        try:
            headers = unsubscribe_headers(names["unsubscribe_url"], names["unsubscribe_mailto"])
            return compose(subject, html, text, headers)
        except HeaderInjection as error:
            remedy = "Keep headers on one line; correct the creditor's data or the address"
            raise TemplateError(path, None, f"a header of the e-mail is unsafe: {error}", remedy) from error

    def _letter(self, path: str, names: Mapping[str, Any]) -> LetterMessage:
        html = self._letter_page(path, names)
        try:
            return self._letters.print(html)
        except LetterError as error:
            raise TemplateError(path, None, "the letter cannot be printed", str(error)) from error

    def _letter_page(self, path: str, names: Mapping[str, Any]) -> str:
        if names["recipient"] is None:
            remedy = "Import address_line1, city, postal_code and country, or choose another channel"
            raise TemplateError(path, None, "the debtor has no usable postal address", remedy)
        return self._page(path, names, Channel.LETTER)

    def _page(self, path: str, names: Mapping[str, Any], channel: Channel) -> str:
        """The HTML of an e-mail or a letter, with what was to be added."""
        html = self._print(path, self._load(path).generate(names), channel)
        if lacks_additions(html, names["additions"]):
            remedy = f"Extend _layout/{channel}.html, or include _layout/additions.html"
            raise TemplateError(path, None, "the template has no place for texts that the law asks for", remedy)
        return html

    def _load(self, path: str) -> Template:
        try:
            return self._environment.get_template(path)
        except JinjaError as error:
            raise self._explain(path, error, ()) from error

    def _print(self, path: str, chunks: Iterable[str], channel: Channel) -> str:
        """Join what a template yields, and stop it when it prints more than a message may hold."""
        printed: list[str] = []
        size = 0
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_OUTPUT[channel]:
                    message = f"the template prints more than {MAX_OUTPUT[channel]:,} characters"
                    raise TemplateError(path, None, message, "Shorten its loops or its text")
                printed.append(chunk)
        except (
            JinjaError,
            TypeError,
            ValueError,
            ArithmeticError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as error:
            raise self._explain(path, error, NAMES) from error
        return "".join(printed)

    def _explain(self, path: str, error: Exception, known: Iterable[str]) -> TemplateError:
        """Name the file and line of a template's mistake."""
        if isinstance(error, TemplateSyntaxError):
            return TemplateError(error.name or path, error.lineno, error.message or "syntax error", _SYNTAX)
        file, line = path, None
        for frame in traceback.extract_tb(error.__traceback__):
            if Path(frame.filename).is_relative_to(self._root):
                file, line = Path(frame.filename).relative_to(self._root).as_posix(), frame.lineno
        if isinstance(error, TemplateNotFound):
            return TemplateError(file, line, f"there is no file {error.name!r}", "Name one below the templates folder")
        message = str(error).replace("\n", " ") or type(error).__name__
        return TemplateError(file, line, message, _remedy(error, known))


_SYNTAX = "See the Jinja rules in docs/templates.md"


def _remedy(error: Exception, known: Iterable[str]) -> str:
    if not isinstance(error, UndefinedError):
        return "See the filters and limits in docs/templates.md"
    wanted = str(error).split("'")[1] if "'" in str(error) else ""
    near = difflib.get_close_matches(wanted, list(known), n=1)
    return f"Did you mean {near[0]!r}?" if near else "See the names a template may use in docs/templates.md"
