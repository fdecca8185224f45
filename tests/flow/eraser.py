"""A process that erases, batch by batch, and kills itself before its so many-th statement; 0: it lives."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from typing import Any

from sqlalchemy import event

from outreach.flow import erasing, retention
from outreach.store.engine import make_engine
from tests.flow.past import LAW


def main(url: str, at: int, now: str) -> None:
    """Erase what is due at `now`, two accounts a batch."""
    retention.BATCH = 2
    engine, done = make_engine(url), 0

    def count(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == at:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    erasing.erase_due(engine, LAW, "operator@lender.example", datetime.fromisoformat(now))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
