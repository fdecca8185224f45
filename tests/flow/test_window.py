"""As much is with the workers as they get done in a few seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from outreach.domain.message import Channel
from outreach.flow import sweep
from outreach.flow.window import REST, WORTH, Window
from tests.flow.house import House

START = datetime(2026, 12, 1, tzinfo=UTC)
TICK = 0.25


def sizes(window: Window, *phases: tuple[float, float]) -> list[int]:
    """The size after each phase of some seconds, with a backlog and workers that take so many a second: what they take
    from a full window is let in anew."""
    queued, now, found = 0.0, START, []
    for seconds, rate in phases:
        for _ in range(int(seconds / TICK)):
            now += timedelta(seconds=TICK)
            queued -= min(queued, rate * TICK)
            fresh = max(0, int(window.size - queued))
            queued += fresh
            window.let_in(fresh, now)
        found.append(window.size)
    return found


@pytest.mark.parametrize("rate", [100, 200, 400, 700])
def test_a_window_is_worth_some_seconds_of_work(rate: int) -> None:
    (size,) = sizes(Window(4_000), (120, rate))
    assert max(4_000 // 8, 0.9 * rate * WORTH) <= size <= max(4_000 // 8, 1.1 * rate * WORTH)


def test_a_window_opens_within_seconds_for_fast_workers() -> None:
    assert sizes(Window(4_000), (5, 5_000)) == [4_000]


@pytest.mark.parametrize("most", [1, 4, 200])
def test_a_window_never_closes(most: int) -> None:
    assert min(sizes(Window(most), (60, 0), (60, 0.1), (60, 10_000))) >= 1


def test_a_window_follows_workers_that_slow_down_and_recover() -> None:
    assert sizes(Window(4_000), (60, 3_000), (60, 100), (10, 3_000)) == [4_000, 500, 4_000]


def test_a_dispatch_lets_in_what_fits_the_window(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(8):
        home.account(f"A-{number}", phone=f"+121255501{number + 10}")
    monkeypatch.setattr(sweep, "PATIENCE", timedelta(0))
    home.run()
    windows = {channel: Window(8) for channel in sweep.OUTSTANDING}
    assert len(sweep.to_dispatch(home.app.desk, windows)[Channel.SMS]) == 2


def test_a_line_that_fills_the_window_is_looked_at_less_often() -> None:
    window = Window(8)
    window.looked(window.size, START)
    assert window.rests(START + REST / 2)
    assert not window.rests(START + REST)
    assert not window.rests(START - timedelta(hours=1)), "the clock was set back"
    window.looked(window.size - 1, START)
    assert not window.rests(START)
