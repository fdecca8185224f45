"""What `outreach up` shows: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from outreach.store.snapshot import Snapshot

_CHANNELS = {"sms": "Texts", "email": "E-mails", "letter": "Letters"}
_COLUMNS = {
    "waiting": ("planned", "claimed", "sending"),
    "sent": ("sent",),
    "delivered": ("delivered",),
    "not delivered": ("undelivered", "failed"),
    "not allowed": ("suppressed",),
    "uncertain": ("uncertain",),
}


class LiveView:
    """Shows snapshots until it is left. `now` is business time; `addresses` are the pages to open, by name."""

    def __init__(self, console: Console, addresses: Mapping[str, str], now: Callable[[], datetime]) -> None:
        self._console, self._addresses, self._now = console, addresses, now
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._last = ""

    def __enter__(self) -> LiveView:
        if self._live is not None:
            self._live.start()
        else:
            for name, address in self._addresses.items():
                self._console.print(f"{name}: {address}", markup=False, soft_wrap=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()

    def update(self, snapshot: Snapshot) -> None:
        """Show the counts of now."""
        if self._live is not None:
            self._live.update(self._picture(snapshot), refresh=True)
            return
        line = _line(snapshot)
        if line != self._last:
            self._console.print(f"{self._now():%a %Y-%m-%d %H:%M} UTC  {line}", markup=False, soft_wrap=True)
            self._last = line

    def _picture(self, snapshot: Snapshot) -> RenderableType:
        head = Text.assemble(("Outreach  ", "bold"), f"{self._now():%A %d %B %Y  %H:%M} UTC")
        table = Table(box=None, pad_edge=False)
        table.add_column("")
        for name in _COLUMNS:
            table.add_column(name, justify="right")
        table.add_column("reached", width=24)
        for channel, label in _CHANNELS.items():
            numbers = {name: _sum(snapshot, channel, states) for name, states in _COLUMNS.items()}
            total = sum(numbers.values()) or 1
            bar = ProgressBar(total=total, completed=numbers["delivered"], width=24)
            table.add_row(label, *(str(number) for number in numbers.values()), bar)
        foot = Text("\n".join(f"{name}: {address}" for name, address in self._addresses.items()))
        return Group(head, Text(_totals(snapshot)), table, foot, Text("Ctrl-C stops; run again to resume", "dim"))


def _sum(snapshot: Snapshot, channel: str, states: tuple[str, ...]) -> int:
    return sum(snapshot.notices.get((channel, state), 0) for state in states)


def _totals(snapshot: Snapshot) -> str:
    return (
        f"{snapshot.accounts} accounts, {snapshot.enrolled} enrolled, {snapshot.waiting_for_approval} waiting for "
        f"approval, {snapshot.replies} replies, {snapshot.opt_outs} opt-outs, {snapshot.open_tasks} open tasks"
    )


def _line(snapshot: Snapshot) -> str:
    parts = []
    for channel, label in _CHANNELS.items():
        counts = [
            f"{number} {name}" for name, states in _COLUMNS.items() if (number := _sum(snapshot, channel, states))
        ]
        if counts:
            parts.append(f"{label}: {', '.join(counts)}")
    return "; ".join([_totals(snapshot), *parts])
