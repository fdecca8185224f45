"""Whether every text that a campaign sends exists and renders, for each channel and language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from outreach.domain.message import SENT_CHANNELS, Channel
from outreach.schedules.directory import LoadResult
from outreach.schedules.document import Document
from outreach.schedules.problem import Problem, Severity


class TemplateFinding(Protocol):
    """What is wrong with a template; `line` is 0 or None when it is about the file as a whole."""

    @property
    def file(self) -> object: ...
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

    def exists(self, template: str, channel: Channel, language: str) -> bool:
        """Whether the template has a text for the channel in the language."""
        ...

    def check(self, template: str, channel: Channel, locale: str) -> Sequence[TemplateFinding]:
        """What is wrong with the text when it is rendered against sample facts."""
        ...


class Text(NamedTuple):
    """One text of a template."""

    template: str
    channel: Channel
    language: str


def check_templates(loaded: LoadResult, checker: TemplateChecker) -> list[Problem]:
    """Every step's template: missing texts at their step, and what the checker finds, once a text."""
    problems: list[Problem] = []
    found: set[Text] = set()
    for text, document, step in _texts(loaded):
        if checker.exists(*text):
            found.add(text)
        else:
            problems.append(_missing(text, document, step))
    for text in sorted(found):
        problems.extend(_problem(finding) for finding in checker.check(*text))
    return problems


def _texts(loaded: LoadResult) -> Iterator[tuple[Text, Document, int]]:
    """Each text that a step needs, with its file and the place of the step."""
    for campaign in loaded.campaigns.values():
        creditor = loaded.creditors.get(campaign.creditor)
        for index, step in enumerate(campaign.steps):
            for channel in (channel for channel in step.channels if channel in SENT_CHANNELS):
                for language in creditor.languages if creditor else ():
                    yield Text(step.template, channel, language), loaded.documents[campaign.name], index


def _missing(text: Text, document: Document, step: int) -> Problem:
    template, channel, language = text
    message = f"the template `{template}` has no {channel} text in `{language}`"
    remedy = f"Write {template}/{channel}.{language}.* in the templates, or take the channel or the language out"
    return document.problem(("steps", step, "template"), message, remedy)


def _problem(finding: TemplateFinding) -> Problem:
    severity = Severity(finding.severity)
    return Problem(str(finding.file), finding.line or 0, 0, "", finding.message, finding.remedy, severity)
