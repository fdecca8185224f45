"""`outreach spool`: hand letters to the print house, and read what became of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.context import app_of, fail, load_settings, stderr
from outreach.domain.calendar import local_date
from outreach.flow.spool import close_batches, read_report
from outreach.providers.print_returns import ReturnsUnreadable
from outreach.providers.print_spool import PrintSpool
from outreach.wiring import App

spool_cli = typer.Typer(name="spool", help="Letters for the print house.", no_args_is_help=True)


@spool_cli.command("close")
def close(
    before: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Close the days before it; today.")
    ] = None,
) -> None:
    """Close the batches of finished days, so that the print house may collect them. Safe to run again.

    Example: outreach spool close
    """
    with app_of(load_settings()) as app:
        day = before.date() if before else local_date(app.clock.now(), "UTC")
        stderr.print(f"{close_batches(_spool(app), day)} letters are in closed batches")


@spool_cli.command("returns")
def returns(file: Annotated[Path, typer.Argument(help="CSV: attempt_id,status,at,reason.")]) -> None:
    """Read the print house's report: printed, despatched, returned. Safe to run again.

    Example: outreach spool returns report-2026-12-01.csv
    """
    bad: list[str] = []
    with app_of(load_settings()) as app:
        try:
            new = read_report(app.desk, _spool(app), file, lambda line, reason: bad.append(f"line {line}: {reason}"))
        except (ReturnsUnreadable, OSError) as error:
            raise fail(f"{file}: {error}", 2) from error
    for problem in bad:
        stderr.print(problem, markup=False)
    stderr.print(f"{new} new rows")
    if bad:
        raise typer.Exit(1)


def _spool(app: App) -> PrintSpool:
    provider = app.providers.get("print_spool")
    if not isinstance(provider, PrintSpool):
        raise fail("there is no print spool: set OUTREACH_PRINT_SPOOL to its folder", 2)
    return provider
