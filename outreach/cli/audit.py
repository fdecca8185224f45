"""`outreach audit`: the chain in which every change of what was sent, decided or answered shows."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr
from outreach.cli.printing import print_rows
from outreach.flow.sealing import ChainBroken
from outreach.flow.sealing import seal as seal_all
from outreach.flow.verifying import Head, HeadUnreadable, newest_head
from outreach.flow.verifying import verify as verify_chain

audit_cli = typer.Typer(
    name="audit", help="Show that nothing of what was sent, decided or answered was changed.", no_args_is_help=True
)
COLUMNS = ("entry", "row", "what")


@audit_cli.command()
def verify(
    head: Annotated[list[str] | None, typer.Option(help="A head that was deposited elsewhere; repeat it.")] = None,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """Compute the chain anew and compare every sealed row; exits 1 and names what is broken, the first entry first.

    Example: outreach audit verify --head 1204-9f3c...
    """
    try:
        deposited = [Head.parse(one) for one in head or ()]
    except HeadUnreadable as error:
        raise fail(str(error), 2) from error
    with app_of(load_settings()) as app:
        report = verify_chain(app.engine, deposited)
    if report.findings:
        found = [{"entry": str(one.seq or ""), "row": one.row, "what": one.what} for one in report.findings]
        print_rows(found, output, COLUMNS, shown=COLUMNS)
        raise fail(f"the chain is broken in {len(report.findings)} places")
    stderr.print(f"{report.entries} entries follow from each other, and no row differs ({report.erased} were erased)")
    typer.echo(str(report.head))


@audit_cli.command("head")
def print_head() -> None:
    """Print the end of the chain. Deposit it elsewhere: with it, verify shows that nothing was cut off or made anew.

    Example: outreach audit head
    """
    with app_of(load_settings()) as app:
        typer.echo(str(newest_head(app.engine)))


@audit_cli.command("seal")
def seal_now() -> None:
    """Seal what is not sealed yet, as the scheduler does every few seconds.

    Example: outreach audit seal
    """
    with app_of(load_settings()) as app:
        try:
            sealed = seal_all(app.engine, app.clock.now())
        except ChainBroken as error:
            raise fail(str(error)) from error
    stderr.print(f"sealed {sealed} rows")
