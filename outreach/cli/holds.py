"""`outreach hold`: what stops outreach on an account, and what it takes to let it go on."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Annotated

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import day, me
from outreach.cli.printing import print_rows
from outreach.domain.case import Needed, NotRecorded, Record
from outreach.flow import words
from outreach.flow.actions import place_hold, release_hold
from outreach.flow.case_list import HoldView, reason_of, reasons, running
from outreach.store.dossier import dossier
from outreach.store.engine import reading
from outreach.store.users import Role

hold_cli = typer.Typer(name="hold", help="What stops outreach on an account, and its end.", no_args_is_help=True)

COLUMNS = (
    *("id", "about", "accounts", "since", "until", "look_again_by", "validation_ends_on", "source", "note"),
    *("ends_by", "who_may_end_it"),
)
SHOWN = ("id", "about", "accounts", "until", "look_again_by", "ends_by", "who_may_end_it")
Account = Annotated[str, typer.Argument(help="The account's reference.")]
#: The options by which `release` is told what a way out asks for.
_OPTION = {
    Needed.ON: "--on 2026-12-01",
    Needed.HOW: "--how letter",
    Needed.WHO: '--who "name and contact"',
    Needed.NOTE: '--note "..."',
}


@hold_cli.command("place")
def place(
    account: Account,
    reason: Annotated[str, typer.Option(help=f"One of: {', '.join(reasons())}.")],
    note: Annotated[str, typer.Option(help="What was said, for colleagues.")] = "",
    until: Annotated[str, typer.Option(help="A day: a pause ends then, of any other case a person looks again.")] = "",
    whole_debtor: Annotated[bool, typer.Option("--whole-debtor", help="All accounts of the debtor.")] = False,
) -> None:
    """Stop outreach on an account: it gets its task and its clock, and ends by its way out.

    Example: outreach hold place A-1001 --reason attorney --note "Ann Lee, +1 212 555 0123"
    """
    try:
        why = reason_of(reason)
    except ValueError as error:
        raise fail(f"{escape(reason)} is no reason: write one of {', '.join(reasons())}", 2) from error
    ends_on = day(until, "--until")
    ends_at = datetime.combine(ends_on, time.min, UTC) if ends_on else None
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        hold_id = place_hold(app.engine, account, why, me(), now, note=note, ends_at=ends_at, whole_debtor=whole_debtor)
    stderr.print(f"Placed: hold {hold_id}")


@hold_cli.command("release")
def release(
    account: Account,
    hold_id: Annotated[int, typer.Argument(help="The hold's id; `outreach hold list` names it.")],
    way: Annotated[str, typer.Option(help="How it ended; `outreach hold list` names the ways.")] = "",
    on: Annotated[str, typer.Option(help="The day on which it happened.")] = "",
    how: Annotated[str, typer.Option(help="By which means, or how it is known.")] = "",
    who: Annotated[str, typer.Option(help="A name and contact, or a case number.")] = "",
    note: Annotated[str, typer.Option(help="A note for colleagues.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Let outreach go on: a message may leave at once. What the case's way out asks for must be recorded.

    Example: outreach hold release A-1001 7 --way verified --on 2026-12-01 --how letter
    """
    record = Record(way, day(on, "--on"), how.strip(), who.strip(), note.strip())
    if not yes:
        typer.confirm(f"Let outreach on {account} go on?", abort=True, err=True)
    with app_of(load_settings()) as app, refusals():
        try:
            # Who may run programs here answers for the house: the console's roles are for people at their desks.
            release_hold(app.engine, account, hold_id, me(), app.clock.now(), Role.ADMIN, record)
        except NotRecorded as error:
            options = " ".join(_OPTION[one] for one in error.missing)
            raise NotRecorded(f"{error}: {options}" if options else f"{error}: --way NAME") from error
    stderr.print("Released")


@hold_cli.command("list")
def list_holds(
    account: Account,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List what stops an account now, with its clock and the ways in which it may end. Times are UTC.

    Example: outreach hold list A-1001
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        found = dossier(connection, account)
        if found is None:
            raise fail(f"there is no account {escape(account)}: import it, or search in the console")
        rows = [_row(one) for one in running(connection, found, app.clock.now())]
    if not rows:
        stderr.print("Nothing stops outreach on this account. To stop it: outreach hold place --help")
    print_rows(rows, output, COLUMNS, shown=SHOWN)


def _row(one: HoldView) -> dict[str, str]:
    ways = one.rule.ways if one.rule else ()
    return {
        "id": str(one.hold.id),
        "about": words.CASE.get(one.about, one.about),
        "accounts": "all of the debtor" if one.hold.whole_debtor else "this one",
        "since": one.hold.starts_at.isoformat(),
        "until": one.hold.ends_at.isoformat() if one.hold.ends_at else "",
        "look_again_by": one.case.review_at.isoformat() if one.case else "",
        "validation_ends_on": one.validation_ends_on.isoformat() if one.validation_ends_on else "",
        "source": one.hold.source,
        "note": one.hold.note,
        "ends_by": ", ".join(way.name for way in ways) or "release",
        "who_may_end_it": one.role.value,
    }
