"""A run that is killed anywhere leaves no account half erased, and the next one goes on."""

from __future__ import annotations

import signal
import subprocess
import sys

from sqlalchemy import func, select

from outreach.flow.sealing import seal
from outreach.flow.verifying import verify
from outreach.store.tables import accounts
from tests.flow.house import NOON, ROOT, House
from tests.flow.past import found, lived, years

#: Statements after which it dies: in the middle of a batch, and in a later one.
DEATHS = (75, 110)


def test_a_killed_run_leaves_nothing_half_erased_and_the_next_goes_on(home: House) -> None:
    for number in range(5):
        lived(home, f"A-{number}")
    seal(home.engine, NOON)
    now = NOON + years(6)
    url = home.engine.url.render_as_string(hide_password=False)
    progress = []
    for death in (*DEATHS, 0):
        command = [sys.executable, "-m", "tests.flow.eraser", url, str(death), now.isoformat()]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert ended.returncode == (-signal.SIGKILL if death else 0), ended.stderr
        assert verify(home.engine).findings == []
        with home.engine.connect() as connection:
            count = select(func.count()).select_from(accounts).where(accounts.c.erased_at.is_not(None))
            progress.append(connection.scalars(count).one())
    assert progress == sorted(progress)
    assert 0 < progress[-2] < progress[-1] == 5
    assert found(home.engine) == {}
