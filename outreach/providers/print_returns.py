"""The print house's report: a CSV of what became of each letter."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import structlog

from outreach.domain.event import DeliveryEvent, EventKind
from outreach.domain.sending import Attempt, Reason, Scope
from outreach.providers.failures import Meaning
from outreach.providers.webhooks import digest

#: The columns of the report. `at` is ISO 8601, UTC when it names no zone; `reason` may be empty.
COLUMNS = ("attempt_id", "status", "at", "reason")

KIND_OF_STATUS: dict[str, EventKind] = {
    "accepted": EventKind.ACCEPTED,
    "printed": EventKind.QUEUED,
    "despatched": EventKind.SENT,
    "returned": EventKind.RETURNED,
}

_DEAD = Meaning(Scope.RECIPIENT, Reason.INVALID_ADDRESS)

#: Why a letter came back.
MEANING_OF_RETURN: dict[str, Meaning] = {
    "moved": _DEAD,
    "unknown": _DEAD,
    "deceased": _DEAD,
    "vacant": _DEAD,
    "insufficient_address": _DEAD,
    "refused": Meaning(Scope.RECIPIENT, Reason.BLOCKED, transient=True),
    "unclaimed": Meaning(Scope.RECIPIENT, Reason.UNREACHABLE, transient=True),
}

#: Told of a row that cannot be read: its line in the file and why.
Report = Callable[[int, str], None]


class ReturnsUnreadable(Exception):
    """The file as a whole is not a report of letters; the message says what it lacks."""


def log_bad_row(line: int, why: str) -> None:
    """Report a bad row in the log."""
    structlog.get_logger(__name__).warning("row of the print house's report skipped", line=line, why=why)


def read_returns(path: Path, report: Report = log_bad_row) -> Iterator[DeliveryEvent]:
    """The events of a report, in its order. Bad rows go to `report` and do not stop the good ones.

    Reading a file again gives the same event ids. Raises ReturnsUnreadable when a column is missing or
    the file stops being CSV, and OSError.
    """
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or [])]
        if missing:
            raise ReturnsUnreadable(f"the report has no column {', '.join(missing)}")
        try:
            yield from _good(rows, report)
        except csv.Error as error:
            raise ReturnsUnreadable(f"after line {rows.line_num}: {error}") from error


def _good(rows: csv.DictReader[str], report: Report) -> Iterator[DeliveryEvent]:
    for row in rows:
        try:
            event = _event(row)
        except ValueError as error:
            report(rows.line_num, str(error))
        else:
            yield event


def _event(row: Mapping[str, str | None]) -> DeliveryEvent:
    attempt_id, word, at, reason = (str(row.get(name) or "").strip() for name in COLUMNS)
    if Attempt.parse(attempt_id) is None:
        raise ValueError("attempt_id is not one of ours")
    if not word:
        raise ValueError("status is empty")
    kind = KIND_OF_STATUS.get(word.lower(), EventKind.UNKNOWN)
    meaning = _why_returned(reason) if kind is EventKind.RETURNED else None
    return DeliveryEvent(
        event_id=digest(attempt_id, word, at),
        kind=kind,
        word=word,
        attempt_id=attempt_id,
        occurred_at=_time(at),
        permanent=meaning.address_is_dead if meaning else None,
        reason=meaning.reason if meaning else None,
        code=reason or None,
    )


def _why_returned(reason: str) -> Meaning:
    unsaid = Meaning(Scope.RECIPIENT, Reason.OTHER, transient=True)
    return MEANING_OF_RETURN.get(reason.lower().replace(" ", "_"), unsaid)


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError("at is not a date and time in ISO 8601") from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
