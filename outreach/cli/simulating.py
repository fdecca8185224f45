"""`outreach simulate`: the days to come, by the decisions that are made in earnest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from outreach.cli.context import OutputFormat, app_of, collect_seldom, fail, load_settings, stderr
from outreach.cli.printing import print_rows
from outreach.flow.rehearsal import Assume, Row
from outreach.flow.simulate import PROCESSES, Period, Plan, paused, simulate, size
from outreach.wiring import App, read_campaigns

COLUMNS = ("at", "account_ref", "campaign", "step", "channel", "decision", "reason", "rule")
#: The columns of the summary that are counts of decisions, in this order.
DECISIONS = ("clear", "defer", "route", "suppress", "cancel", "approval", "task")
SUMMARY = ("campaign", "rule", *DECISIONS)
#: Notices that a table shows: more than anybody reads.
SHOWN = 200


@dataclass
class _Tally:
    """What the whole simulation came to, counted while its rows pass by."""

    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unreadable: int = 0

    @property
    def notices(self) -> int:
        return sum(self.counts.values())

    def summary(self) -> list[dict[str, str]]:
        """By campaign and rule; what no rule stopped first."""
        keys = sorted({(campaign, rule) for campaign, rule, _ in self.counts})
        return [
            {"campaign": campaign, "rule": rule}
            | {decision: str(self.counts[campaign, rule, decision]) for decision in DECISIONS}
            for campaign, rule in keys
        ]


def simulate_command(
    first: Annotated[str, typer.Option("--from", metavar="DAY", help="The first day, such as 2026-12-01.")],
    last: Annotated[str, typer.Option("--to", metavar="DAY", help="The last day.")],
    campaign: Annotated[str, typer.Option(help="Print this campaign only; all are simulated.")] = "",
    assume: Annotated[Assume, typer.Option(help="What becomes of the messages that leave.")] = Assume.DELIVERED,
    approved: Annotated[bool, typer.Option("--approved", help="Approvals are given at once.")] = False,
    summary: Annotated[bool, typer.Option("--summary", help="Print only the counts by campaign and rule.")] = False,
    processes: Annotated[int, typer.Option(min=1, help="Processes that share the work.")] = PROCESSES,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """What campaigns would do on days to come, on a copy of the facts: nothing is sent and nothing stored.

    Prints each decision on each notice, by debtor and time, and counts them by the rule that decided. Times are UTC;
    days are those of each campaign's time zone.

    Example: outreach simulate --from 2026-12-01 --to 2026-12-07 --campaign card-early --format csv
    """
    days = _day(first, "--from"), _day(last, "--to")
    if days[1] < days[0]:
        raise fail("--to lies before --from", 2)
    collect_seldom()
    with app_of(load_settings()) as app:
        plan = _plan(app, days, campaign, assume, approved)
        tally = _Tally()
        rows = _rows(app, plan, processes, campaign, tally)
        _print(rows, tally, output, summary)
    if tally.unreadable:
        raise fail(f"{tally.unreadable} enrolments cannot be read: outreach deadletters list says more")


def _day(written: str, option: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise fail(f"{option} is no day: write 2026-12-01", 2) from error


def _plan(app: App, days: tuple[date, date], campaign: str, assume: Assume, approved: bool) -> Plan:
    known = read_campaigns(app.settings).campaigns
    if campaign and campaign not in known:
        raise fail(f"there is no campaign {campaign}; there are: {', '.join(sorted(known))}", 2)
    chosen = list(known.values())
    for name in paused(app.engine, chosen):
        stderr.print(f"{name} is paused: nothing is due in it", markup=False)
    routes = {channel: [one.name for one in route] for channel, route in app.desk.routes.items()}
    return Plan(Period(*days, app.clock.now()), chosen, app.desk.law, routes, assume, approved)


def _rows(app: App, plan: Plan, processes: int, campaign: str, tally: _Tally) -> Iterator[dict[str, str]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=stderr, transient=True) as progress:
        task = progress.add_task("debtors", total=size(app.engine))
        for part in simulate(app.engine, plan, processes=processes):
            tally.unreadable += part.unreadable
            for row in part.rows:
                if campaign in ("", row.campaign):
                    tally.counts[row.campaign, row.rule, row.decision] += 1
                    yield _as_words(row)
            progress.advance(task, part.debtors)


def _as_words(row: Row) -> dict[str, str]:
    return {**row._asdict(), "at": row.at.isoformat()}


def _print(rows: Iterator[dict[str, str]], tally: _Tally, output: OutputFormat, summary: bool) -> None:
    if not summary and output is not OutputFormat.TABLE:
        print_rows(rows, output, COLUMNS, shown=COLUMNS)
        return
    if not summary:
        print_rows(islice(rows, SHOWN), output, COLUMNS, shown=COLUMNS)
    for _ in rows:
        """Counted while they pass by."""
    if not summary and tally.notices > SHOWN:
        stderr.print(f"the first {SHOWN} of {tally.notices} decisions; --format csv prints all", markup=False)
    said = {decision for _, _, decision in tally.counts}
    shown = [name for name in SUMMARY if name not in DECISIONS or name in said]
    print_rows(tally.summary(), output, SUMMARY, shown=shown)
