"""The print house's day: letters of finished days are closed for it, and its reports come back as events."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from outreach.domain.sending import Parsed
from outreach.flow.desk import Desk
from outreach.flow.receive import receive
from outreach.flow.settle import settle
from outreach.providers.print_returns import Report, read_returns
from outreach.providers.print_spool import PrintSpool

#: Days that closing looks back: a batch that a stopped machine left open is closed late, not never.
LOOK_BACK = 7


def close_batches(spool: PrintSpool, before: date) -> int:
    """Close the batches of the days before `before`; returns how many letters they hold. Safe to run again."""
    return sum(spool.close_batch(before - timedelta(days=back)) for back in range(LOOK_BACK, 0, -1))


def read_report(desk: Desk, spool: PrintSpool, path: Path, report: Report) -> int:
    """Take in the print house's report (accepted, printed, despatched, returned); returns how many rows are new.

    Reading a report again changes nothing. Bad rows go to `report`. Raises ReturnsUnreadable or OSError.
    """
    events = tuple(read_returns(path, report))
    new = receive(desk.engine, spool.name, Parsed(events=events), desk.clock.now(), desk.clock.machine())
    settle(desk, new)
    return len(new)
