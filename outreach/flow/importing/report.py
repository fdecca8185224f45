"""What an import did, and what it could not take."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

#: Problems kept in memory; a report file gets all of them.
KEPT_PROBLEMS = 1_000
_HINT_LENGTH = 40


class Severity(StrEnum):
    """An ERROR keeps the row out; with a WARNING the row is in, without the value or with it as the reason says."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row, or a value of it, was not taken. `line` counts from 1 in the file; `field` may be ''."""

    line: int
    field: str
    value: str
    reason: str
    remedy: str
    severity: Severity = Severity.ERROR

    def __str__(self) -> str:
        where = f"line {self.line}" + (f", {self.field}" if self.field else "")
        value = f" ({self.value})" if self.value else ""
        return f"{where}: {self.reason}{value}: {self.remedy}"


class BadRow(Exception):
    """A row cannot be taken; `problem` says why."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class BadFile(Exception):
    """Nothing of the file can be taken; the message names the file's fault and the remedy."""


@dataclass(slots=True)
class ImportReport:
    """Counts of rows; every row is in exactly one of created, updated, unchanged, rejected.

    `problems` holds the first of them; `warnings` counts values that were left out. `applied` is False when a strict
    import took nothing.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    warnings: int = 0
    applied: bool = True
    problems: list[RowProblem] = field(default_factory=list)
    sink: Callable[[RowProblem], None] | None = None

    @property
    def taken(self) -> int:
        """Rows that are in the database now."""
        return self.created + self.updated + self.unchanged

    def note(self, problem: RowProblem) -> None:
        """Count a problem, keep it while there is room, and pass it to the report file."""
        if problem.severity is Severity.ERROR:
            self.rejected += 1
        else:
            self.warnings += 1
        if len(self.problems) < KEPT_PROBLEMS:
            self.problems.append(problem)
        if self.sink is not None:
            self.sink(problem)

    def take_nothing(self) -> None:
        """A strict import was rolled back."""
        self.created = self.updated = self.unchanged = 0
        self.applied = False


def hint(value: str) -> str:
    """As much of a bad value as helps to find it."""
    return value if len(value) <= _HINT_LENGTH else value[: _HINT_LENGTH - 3] + "..."
