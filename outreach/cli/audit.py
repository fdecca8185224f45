"""`outreach audit`: the chain in which every change of what was sent, decided or answered shows."""

from __future__ import annotations

import getpass
import json
import socket
from pathlib import Path
from typing import Annotated

import typer

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr
from outreach.cli.printing import print_rows
from outreach.flow.proof import NoSuchAccount, check, proof
from outreach.flow.sealing import ChainBroken
from outreach.flow.sealing import seal as seal_all
from outreach.flow.verifying import Head, HeadUnreadable, newest_head
from outreach.flow.verifying import verify as verify_chain
from outreach.rendering.errors import LetterError
from outreach.rendering.proof_pdf import proof_pdf

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


@audit_cli.command()
def export(
    account: Annotated[str, typer.Argument(help="The account's reference.")],
    out: Annotated[Path, typer.Option(help="The file to write, .json or .pdf; it holds a debtor's data.")],
) -> None:
    """Write the proof file of an account: every sealed row about it with its entry of the chain. It leaves a trace.

    With a name that ends in .pdf it is for readers: notice by notice. `check` needs the JSON file.

    Example: outreach audit export A-1001 --out A-1001.json
    """
    with app_of(load_settings()) as app:
        try:
            document = proof(app.engine, account, f"{getpass.getuser()}@{socket.gethostname()}", app.clock.now())
        except (NoSuchAccount, ChainBroken) as error:
            raise fail(str(error)) from error
    if out.suffix.lower() == ".pdf":
        try:
            out.write_bytes(proof_pdf(document))
        except LetterError as error:
            raise fail(f"the proof file cannot be printed: {error}") from error
    else:
        out.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
    stderr.print(f"{sum(map(len, document['records'].values()))} records in {out}, up to head {document['head']}")


@audit_cli.command("check")
def check_file(file: Annotated[Path, typer.Argument(help="A file that `export` wrote.")]) -> None:
    """Compare each record of a proof file with its entry; needs no database. Exits 1 and names what was changed.

    Example: outreach audit check A-1001.json
    """
    try:
        found = check(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise fail(f"{file} is no proof file: {type(error).__name__}", 2) from error
    if found:
        rows = [{"entry": str(one.seq or ""), "row": one.row, "what": one.what} for one in found]
        print_rows(rows, OutputFormat.TABLE, COLUMNS, shown=COLUMNS)
        raise fail(f"{len(found)} records of the file do not agree with their entries")
    stderr.print("every record agrees with its entry")


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
