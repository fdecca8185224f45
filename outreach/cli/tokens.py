"""`outreach token`: which of the creditor's systems may read its outcome events."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.context import OutputFormat, app_of, load_settings, refusals, stderr
from outreach.cli.options import me
from outreach.cli.printing import print_rows
from outreach.flow import api_tokens as tokens
from outreach.store import api_tokens
from outreach.store.engine import reading

token_cli = typer.Typer(
    name="token", help="Which of the creditor's systems may read its outcome events.", no_args_is_help=True
)

COLUMNS = ("id", "creditor", "name", "since", "by", "used", "revoked")


@token_cli.command("add")
def add(
    creditor: Annotated[str, typer.Option(help="The creditor's reference, as in creditors.yaml.")],
    name: Annotated[str, typer.Option(help="Which system it is for.")] = "feed",
) -> None:
    """Make a token that may read the outcome events of one creditor and nothing else. It is shown once.

    Example: outreach token add --creditor northwind --name erp
    """
    with app_of(load_settings()) as app, refusals():
        token = tokens.create(app.engine, creditor, name[:100], me(), app.clock.now())
    typer.echo(token)
    stderr.print("Keep it now, it is not shown again. Read the feed with it: see docs/outcomes.md")


@token_cli.command("list")
def list_tokens(
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List tokens, without their secrets. `used` is true to the hour. Times are UTC.

    Example: outreach token list --format json
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        rows = [
            {
                "id": str(one.id),
                "creditor": one.creditor,
                "name": one.name,
                "since": one.created_at.isoformat(),
                "by": one.created_by,
                "used": one.used_at.isoformat() if one.used_at else "",
                "revoked": one.revoked_at.isoformat() if one.revoked_at else "",
            }
            for one in api_tokens.everyone(connection)
        ]
    if rows or output is not OutputFormat.TABLE:
        print_rows(rows, output, COLUMNS, shown=COLUMNS)
    if not rows:
        stderr.print("No tokens yet: outreach token add --creditor CREDITOR makes one")


@token_cli.command("revoke")
def revoke(
    token: Annotated[int, typer.Argument(metavar="ID", help="The id that `list` shows.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """End a token at once: whoever uses it reads nothing more.

    Example: outreach token revoke 3
    """
    if not yes:
        typer.confirm(f"Revoke the token {token}?", abort=True, err=True)
    with app_of(load_settings()) as app, refusals():
        tokens.revoke(app.engine, token, me(), app.clock.now())
    stderr.print(f"token {token} is revoked")
