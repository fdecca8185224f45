"""What `outreach up` shows: a live table on a terminal, a line for each change elsewhere."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from outreach.flow.wording import sentence
from outreach.store.snapshot import ChannelCounts, Snapshot

_CHANNELS = {"sms": "Texts", "email": "E-mails", "letter": "Letters"}
_NONE = ChannelCounts()
#: Columns of the table, after the channel's name.
_COLUMNS = ("sent", "delivered", "failed", "in flight", "not allowed", "uncertain")
_BAR = 24
#: Seconds between two lines where there is no terminal.
_PAUSE = 1.0
_HINT = "Ctrl-C stops; run again to resume"


class LiveView:
    """Shows snapshots until it is left.

    `addresses` are the pages to open, by name. `clock_now` gives business time, shown in the zone that it comes in;
    `seconds` is a running clock for the pause between two lines.
    """

    def __init__(
        self,
        console: Console,
        addresses: Mapping[str, str],
        clock_now: Callable[[], datetime],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._console, self._addresses, self._now, self._seconds = console, addresses, clock_now, seconds
        self._live = Live(console=console, auto_refresh=False) if console.is_terminal else None
        self._shown, self._waiting, self._free_at = "", "", seconds()

    def __enter__(self) -> LiveView:
        if self._live is not None:
            self._live.start()
            return self
        for name, address in self._addresses.items():
            self._print(f"{name}: {address}")
        self._print(_HINT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live is not None:
            self._live.stop()
        elif self._waiting:
            self._print_change()

    def update(self, snapshot: Snapshot) -> None:
        """Show how things stand. Without a terminal: only what changed, and once a second at most."""
        if self._live is not None:
            self._live.update(_picture(snapshot, self._now(), self._addresses), refresh=True)
            return
        line = _line(snapshot)
        self._waiting = line if line != self._shown else ""
        if self._waiting and self._seconds() >= self._free_at:
            self._print_change()

    def _print_change(self) -> None:
        self._print(f"{self._now():%H:%M %a}  {self._waiting}")
        self._shown, self._waiting, self._free_at = self._waiting, "", self._seconds() + _PAUSE

    def _print(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)


def _line(snapshot: Snapshot) -> str:
    """`sent sms 40 email 12 letter 3 · delivered 31 · replies 2`: what is zero is left out."""
    channels = snapshot.by_channel
    sent = " ".join(f"{name} {channels[name].sent}" for name in _CHANNELS if name in channels and channels[name].sent)
    numbers = {
        "delivered": sum(counts.delivered for counts in channels.values()),
        "failed": sum(counts.failed for counts in channels.values()),
        "uncertain": sum(counts.uncertain for counts in channels.values()),
        "for approval": snapshot.waiting_for_approval,
        "replies": snapshot.replies,
        "opt-outs": snapshot.opt_outs,
        "tasks": snapshot.tasks_open,
    }
    counted = [f"{name} {number}" for name, number in numbers.items() if number]
    return " · ".join([f"sent {sent or 'nothing yet'}", *counted])


def _picture(snapshot: Snapshot, now: datetime, addresses: Mapping[str, str]) -> RenderableType:
    head = Text.assemble(("Outreach  ", "bold"), f"{now:%A %d %B %Y  %H:%M %Z}")
    links = _grid()
    for name, address in addresses.items():
        links.add_row(Text(name, "dim"), Text(address))
    parts = (head, _totals(snapshot), Text(), _table(snapshot), Text(), _recent(snapshot, now), Text(), links)
    return Group(*parts, Text(_HINT, "dim"))


def _totals(snapshot: Snapshot) -> Text:
    return Text(
        f"{snapshot.accounts} accounts, {snapshot.enrolled} enrolled, {snapshot.planned} planned, "
        f"{snapshot.waiting_for_approval} waiting for approval, {snapshot.replies} replies, "
        f"{snapshot.opt_outs} opt-outs, {snapshot.tasks_open} open tasks"
    )


def _table(snapshot: Snapshot) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("")
    for name in _COLUMNS:
        table.add_column(name, justify="right")
    table.add_column("arrived", width=_BAR)
    for channel, label in _CHANNELS.items():
        counts = snapshot.by_channel.get(channel, _NONE)
        numbers = (counts.sent, counts.delivered, counts.failed, counts.in_flight, counts.suppressed, counts.uncertain)
        bar = ProgressBar(total=counts.sent or 1, completed=counts.delivered, width=_BAR)
        table.add_row(label, *(str(number) for number in numbers), bar)
    return table


def _recent(snapshot: Snapshot, now: datetime) -> Table:
    table = _grid()
    for happening in snapshot.recent:
        at = happening.entry.at.astimezone(now.tzinfo)
        words = Text(sentence(happening.entry), no_wrap=True, overflow="ellipsis")
        table.add_row(Text(f"{at:%H:%M}", "dim"), Text(happening.account_ref), words)
    return table


def _grid() -> Table:
    return Table.grid(padding=(0, 2, 0, 0))
