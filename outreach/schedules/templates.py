"""Whether every text that a campaign sends exists and renders, for each channel and language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from outreach.documents.problem import Problem, Severity, suggestion
from outreach.domain.campaign import Step
from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.domain.policy import Pack
from outreach.schedules.directory import LoadResult


class TemplateFinding(Protocol):
    """What is wrong with a template. `file` is relative to the directory of templates; `line` counts from 1."""

    @property
    def file(self) -> str: ...
    @property
    def line(self) -> int | None: ...
    @property
    def message(self) -> str: ...
    @property
    def remedy(self) -> str: ...
    @property
    def severity(self) -> str: ...


class TemplateChecker(Protocol):
    """What the renderer answers about templates."""

    def templates(self) -> Sequence[str]:
        """The names of all templates."""
        ...

    def locales(self, template: str, channel: Channel) -> Sequence[str]:
        """The languages in which the template has a text for the channel."""
        ...

    def check(self, template: str, channel: Channel, locale: str, packs: Sequence[Pack]) -> Sequence[TemplateFinding]:
        """What is wrong with the text when it is rendered against sample facts, by the rules of `packs` too."""
        ...


def check_templates(
    loaded: LoadResult, checker: TemplateChecker, directory: Path, packs: Sequence[Pack] = ()
) -> list[Problem]:
    """The texts that steps lack, each at its step, and what is wrong with the texts in `directory`, be it by a rule on
    words of one of `packs`.

    A step needs a text for each of its channels in each language of the creditor. That debtors can fall back on
    English does not help here: a creditor that says it writes Spanish must have the Spanish text.
    """
    if not checker.templates():
        remedy = "Name another directory with --templates or OUTREACH_TEMPLATES"
        return [Problem(str(directory), 0, 0, "", "there are no templates", remedy)]
    return [*_missing(loaded, checker), *_wrong(checker, directory, packs)]


def _missing(loaded: LoadResult, checker: TemplateChecker) -> Iterator[Problem]:
    for campaign in loaded.campaigns.values():
        languages = loaded.creditors[campaign.creditor].languages
        for index, step in enumerate(campaign.steps):
            for message, remedy in _missing_at(step, languages, checker):
                yield loaded.documents[campaign.name].problem(("steps", index, "template"), message, remedy)


def _missing_at(step: Step, languages: tuple[str, ...], checker: TemplateChecker) -> Iterator[tuple[str, str]]:
    """The message and the remedy for each text that a step lacks."""
    if step.template and step.template not in checker.templates():
        yield f"there is no template `{step.template}`", suggestion(step.template, checker.templates())
        return
    for channel in (channel for channel in step.channels if channel in SENT_CHANNELS):
        have = checker.locales(step.template, channel)
        for language in (language for language in languages if not _covers(have, language)):
            yield (
                f"the template `{step.template}` has no {channel} text in `{language}`",
                f"Write {step.template}/{channel}.{language}.*, or take the channel or the creditor's language out",
            )


def _covers(have: Sequence[str], language: str) -> bool:
    """Whether a text is there in the language or in the one it is a kind of (zh for zh-Hans)."""
    return any(language == own or language.startswith(f"{own}-") for own in have)


def _wrong(checker: TemplateChecker, directory: Path, packs: Sequence[Pack]) -> Iterator[Problem]:
    for template in checker.templates():
        for channel in SENT_CHANNELS:
            for locale in checker.locales(template, channel):
                for found in checker.check(template, channel, locale, packs):
                    file, line = str(directory / found.file), found.line or 0
                    yield Problem(file, line, 0, "", found.message, found.remedy, Severity(found.severity))
