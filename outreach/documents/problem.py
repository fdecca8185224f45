"""What is wrong with a file, where, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from enum import StrEnum


class Severity(StrEnum):
    """An error keeps the file out of use; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `line` and `column` count from 1; 0 means the file as a whole.

    `field` is the path inside the file (`steps[1].when.after_due`), empty for the whole file.
    """

    file: str
    line: int
    column: int
    field: str
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    @property
    def where(self) -> str:
        """The place as editors and terminals open it: `file:line:column`."""
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)

    def __str__(self) -> str:
        return f"{self.where}: {self.severity}: {self.message}. {self.remedy}"

    def as_dict(self) -> dict[str, str | int]:
        """The problem as plain data, for JSON."""
        return asdict(self)


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether one of the problems is an error."""
    return any(problem.severity is Severity.ERROR for problem in problems)


def nearest(word: str, known: Iterable[str]) -> str:
    """A question for the known word that `word` was probably meant to be; empty when none is near."""
    by_fold = {choice.lower(): choice for choice in known}
    near = get_close_matches(word.lower(), by_fold, n=1)
    return f"Did you mean `{by_fold[near[0]]}`?" if near else ""


def suggestion(word: str, known: Iterable[str]) -> str:
    """A remedy for an unknown word: the nearest known one, else all of them."""
    choices = sorted(known)
    return nearest(word, choices) or f"Use one of: {', '.join(choices)}"
