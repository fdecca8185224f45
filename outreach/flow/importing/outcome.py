"""What a batch did, held back until its transaction is committed; and what a file has said before."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import StrEnum

from outreach.flow.importing.report import ImportReport, RowProblem


class Fate(StrEnum):
    """What became of a good row."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Outcome:
    """Counts and problems of one batch."""

    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))
    problems: list[RowProblem] = field(default_factory=list)

    def count(self, fate: Fate) -> None:
        """One more row with this fate."""
        self.fates[fate] += 1

    def add_to(self, report: ImportReport) -> None:
        """The batch is in the database: tell the report."""
        report.created += self.fates[Fate.CREATED]
        report.updated += self.fates[Fate.UPDATED]
        report.unchanged += self.fates[Fate.UNCHANGED]
        for problem in sorted(self.problems, key=lambda problem: problem.line):
            report.note(problem)


class Said(StrEnum):
    """How a statement relates to the earlier ones about the same thing."""

    FIRST = "first"
    AGAIN = "again"
    OTHERWISE = "otherwise"


class FileMemory:
    """What a file has said of each item, account and debtor, as hashes: some 300 bytes a row.

    The first statement stands. If the last one stood, importing a file that contradicts itself would flip its facts
    to and fro every time.
    """

    def __init__(self) -> None:
        self._said: dict[int, int] = {}

    def heard(self, about: Hashable, statement: Hashable) -> Said:
        """Compare with what was said about it; a first statement is remembered."""
        key, digest = hash(about), hash(statement)
        if key not in self._said:
            self._said[key] = digest
            return Said.FIRST
        return Said.AGAIN if self._said[key] == digest else Said.OTHERWISE
