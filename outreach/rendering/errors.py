"""How a template can be wrong, said so that its writer can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass
class TemplateError(Exception):
    """A message cannot be made from a template. `file` is relative to the folder of templates; `line` counts from 1
    and is None when no line is to blame. It holds no debtor's data."""

    file: str
    line: int | None
    message: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.message}. {self.remedy}"


class LetterError(Exception):
    """A letter could not be printed. The message says what is wrong and what to do."""


class Severity(StrEnum):
    """An error stops a template from being used; a warning asks its writer to look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """What `Renderer.check` has found in one template file; the fields are those of TemplateError."""

    file: str
    line: int | None
    message: str
    remedy: str
    severity: Severity = Severity.ERROR
