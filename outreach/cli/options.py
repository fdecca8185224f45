"""Values of options that several commands read alike."""

from __future__ import annotations

import getpass
import socket
from datetime import UTC, date, datetime, time

from outreach.cli.context import fail


def me() -> str:
    """Who runs the command, as logs and timelines name it."""
    return f"{getpass.getuser()}@{socket.gethostname()}"


def instant(written: str, option: str, now: datetime) -> datetime:
    """An ISO day (its start in UTC) or an ISO time with its offset; '' is `now`. Exits 2 when it is neither."""
    if not written:
        return now
    try:
        moment = datetime.fromisoformat(written)
    except ValueError as error:
        raise fail(f"{option} is no time: write 2026-03-31 or 2026-03-31T14:05:00+02:00", 2) from error
    if len(written) <= len("2026-03-31"):
        return datetime.combine(moment.date(), time.min, UTC)
    if moment.tzinfo is None:
        raise fail(f"{option} has no offset: write 2026-03-31T14:05:00+02:00, or Z for UTC", 2)
    return moment.astimezone(UTC)


def day(written: str, option: str) -> date | None:
    """An ISO day, None for ''. Exits 2 when it is none."""
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as error:
        raise fail(f"{option} is no day: write 2026-12-31", 2) from error
