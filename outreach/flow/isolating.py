"""Isolate: one poison row fails by itself, and the others of its batch go on.

Where nothing fails this costs a `try` per batch, or per row in loops that touch no database.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

Row = TypeVar("Row")
Other = TypeVar("Other")
Result = TypeVar("Result")

#: Errors that say nothing about a row (the database is away or busy, two workers met in a deadlock): no row may be set
#: aside for them.
TRANSIENT = (OperationalError, InterfaceError, PoolTimeout)
#: Characters of a traceback that are kept.
LONGEST_DETAIL = 4_000


@dataclass(frozen=True, slots=True)
class Poisoned(Generic[Row]):
    """A row that cannot be worked on, and why."""

    row: Row
    error: Exception

    def of(self, row: Other) -> Poisoned[Other]:
        """The same error about the row as another calls it, such as by its id."""
        return Poisoned(row, self.error)

    @property
    def word(self) -> str:
        """What failed and where in our code; holds nothing of what the row says, so it may be logged and listed."""
        name = type(self.error).__name__
        if isinstance(self.error, DBAPIError):
            name = f"{name} ({type(self.error.orig).__name__})"
        places = [
            (str(frame.f_globals.get("__name__")), frame.f_code.co_name, line)
            for frame, line in traceback.walk_tb(self.error.__traceback__)
        ]
        ours = [place for place in places if place[0].startswith("outreach.") and place[0] != __name__]
        if not ours:
            return name
        module, function, line = ours[-1]
        return f"{name} in {module.removeprefix('outreach.')}.{function}, line {line}"

    @property
    def detail(self) -> str:
        """The end of the traceback with the error's own message, which may quote a debtor's data."""
        error = self.error
        if isinstance(error, DBAPIError):
            # SQLAlchemy's own text repeats the parameters of the statement: a whole batch of other debtors' data.
            return f"{type(error.orig).__name__}: {error.orig}"[-LONGEST_DETAIL:]
        return "".join(traceback.format_exception(error))[-LONGEST_DETAIL:]


def by_id(*parts: Iterable[Poisoned[Any]]) -> list[Poisoned[Any]]:
    """Poisoned rows of several kinds by the `id` of each."""
    return [one.of(one.row.id) for part in parts for one in part]


def each(work: Callable[[Row], Result], rows: Iterable[Row]) -> tuple[list[Result], list[Poisoned[Row]]]:
    """Do `work` for each row; those for which it raises come back with their errors. For work without effects."""
    done: list[Result] = []
    poisoned: list[Poisoned[Row]] = []
    for row in rows:
        try:
            done.append(work(row))
        except TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001 (the caller sets the row aside with it)
            poisoned.append(Poisoned(row, error))
    return done, poisoned


def by_halves(work: Callable[[Sequence[Row]], Result], rows: Sequence[Row]) -> tuple[list[Result], list[Poisoned[Row]]]:
    """Do `work` for all rows at once; where it raises, for each half, until a single row is what raises.

    What raises must leave no effect behind: give each call a transaction, or a savepoint, of its own.
    """
    if not rows:
        return [], []
    try:
        return [work(rows)], []
    except TRANSIENT:
        raise
    except Exception as error:  # noqa: BLE001 (the caller sets the row aside with it)
        if len(rows) == 1:
            return [], [Poisoned(rows[0], error)]
    middle = len(rows) // 2
    first, second = by_halves(work, rows[:middle]), by_halves(work, rows[middle:])
    return first[0] + second[0], first[1] + second[1]
