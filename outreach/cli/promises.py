"""`outreach promise`: what debtors promised to pay, and what became of it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import day, me
from outreach.cli.printing import print_rows
from outreach.domain.promise import PromiseToPay
from outreach.flow.promise_actions import cancel_promise, promises_of, record_promise
from outreach.store.engine import reading

promise_cli = typer.Typer(name="promise", help="What debtors promised to pay, and its end.", no_args_is_help=True)

COLUMNS = (
    *("id", "part_of", "amount", "currency", "due_on", "state", "paid", "source", "words"),
    *("made", "made_by", "ended", "ended_by", "why"),
)
SHOWN = ("id", "amount", "currency", "due_on", "state", "paid", "source", "why")
Account = Annotated[str, typer.Argument(help="The account's reference.")]
By = Annotated[str, typer.Option("--by", help="Who took it, for the record; you when left out.")]


@promise_cli.command("add")
def add(
    account: Account,
    *,
    on: Annotated[str, typer.Option(help="The day by which the debtor will pay, such as 2026-12-15.")],
    amount: Annotated[str, typer.Option(help="How much, such as 50.25; all that is open when left out.")] = "",
    words: Annotated[str, typer.Option(help="What the debtor said.")] = "",
    by: By = "",
) -> None:
    """Record a promise: reminders pause until its days of grace are over. It takes the place of the open one.

    Example: outreach promise add A-1001 --amount 50 --on 2026-12-15 --words "after my next pay"
    """
    due_on = day(on, "--on")
    if due_on is None:
        raise fail("--on is empty: write the day, such as 2026-12-15", 2)
    with app_of(load_settings()) as app, refusals():
        promise_id = record_promise(app.engine, account, amount, due_on, words, by or me(), app.clock.now())
    stderr.print(f"Recorded: promise {promise_id}")


@promise_cli.command("list")
def list_promises(
    account: Account,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List what was promised on an account and what became of it, the newest first. Times are UTC.

    Example: outreach promise list A-1001 --format csv
    """
    with app_of(load_settings()) as app, refusals(), reading(app.engine) as connection:
        rows = [_row(one) for one in promises_of(connection, account)]
    print_rows(rows, output, COLUMNS, SHOWN)
    if not rows:
        stderr.print(escape(f"Nothing was promised. Record it with: outreach promise add {account} --on DAY"))


@promise_cli.command("cancel")
def cancel(
    account: Account,
    promise_id: Annotated[int, typer.Argument(metavar="PROMISE", help="Its id; `outreach promise list` names it.")],
    why: Annotated[str, typer.Option(help="Why, for the record.")],
    by: By = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Take an open promise back, with all of its parts: the campaign goes on, and a message may leave at once.

    Example: outreach promise cancel A-1001 17 --why "lost the job"
    """
    if not yes:
        typer.confirm(f"Take the promise back and let outreach on {account} go on?", abort=True, err=True)
    with app_of(load_settings()) as app, refusals():
        cancel_promise(app.engine, account, promise_id, why, by or me(), app.clock.now())
    stderr.print("Cancelled")


def _row(one: PromiseToPay) -> dict[str, str]:
    return {
        "id": str(one.id),
        "part_of": str(one.whole_id),
        "amount": str(one.amount.decimal),
        "currency": one.currency,
        "due_on": one.due_on.isoformat(),
        "state": one.state.value,
        "paid": str(one.paid.decimal),
        "source": one.source.value,
        "words": one.words,
        "made": one.made_at.isoformat(),
        "made_by": one.made_by,
        "ended": one.ended_at.isoformat() if one.ended_at else "",
        "ended_by": one.ended_by,
        "why": one.ended_why,
    }
