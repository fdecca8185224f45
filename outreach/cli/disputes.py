"""`outreach dispute`: what debtors contest, and how it is decided."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.holds import Account
from outreach.cli.options import day, instant, me
from outreach.cli.printing import print_rows
from outreach.domain.case import NotRecorded
from outreach.domain.dispute import DisputeReason, DisputeState
from outreach.domain.money import Money
from outreach.flow.case_actions import open_dispute, resolve_dispute, verify_dispute
from outreach.flow.cases import Disputed
from outreach.store import disputes
from outreach.store.disputes import Dispute
from outreach.store.dossier import dossier
from outreach.store.engine import reading
from outreach.store.users import Role
from outreach.wiring import App

dispute_cli = typer.Typer(name="dispute", help="What debtors contest, and how it is decided.", no_args_is_help=True)

COLUMNS = (
    *("id", "state", "reason", "received", "within_validation", "amount_minor", "items", "text", "source"),
    *("verification_sent_on", "verification_how", "resolved", "resolved_by", "note"),
)
SHOWN = ("id", "state", "reason", "received", "within_validation", "verification_sent_on", "resolved")
Id = Annotated[int | None, typer.Option("--id", help="Which dispute; may be left out when only one is open.")]


@dispute_cli.command("open")
def open_(
    account: Account,
    reason: Annotated[DisputeReason, typer.Option(help="Why the debtor contests the debt.")],
    text: Annotated[str, typer.Option(help="What the debtor said.")],
    amount: Annotated[
        str, typer.Option(help="How much is contested, in the account's currency; all when left out.")
    ] = "",
    item: Annotated[list[str] | None, typer.Option(help="An item that is meant; may be repeated.")] = None,
    at: Annotated[str, typer.Option(help="When it came: a day, or a time with its offset; now when left out.")] = "",
) -> None:
    """Record that a debtor contests the debt: outreach on the account stops until it is decided.

    Example: outreach dispute open A-1001 --reason amount_wrong --text "I returned one of the two" --amount 40.00
    """
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        disputed = Disputed(reason, _minor(app, account, amount), tuple(item or ()))
        dispute_id = open_dispute(app.engine, account, disputed, text, me(), now, instant(at, "--at", now))
    stderr.print(f"Opened: dispute {dispute_id}")


@dispute_cli.command("verify")
def verify(
    account: Account,
    verification_sent: Annotated[str, typer.Option("--verification-sent", help="The day on which it was sent.")] = "",
    by: Annotated[str, typer.Option("--by", help="How it was sent: letter, e-mail.")] = "",
    dispute_id: Id = None,
) -> None:
    """The verification of the debt was sent to the debtor: now the dispute can be rejected.

    Example: outreach dispute verify A-1001 --verification-sent 2026-12-01 --by letter
    """
    sent_on = day(verification_sent, "--verification-sent")
    if sent_on is None or not by.strip():
        raise fail(f"Write how and when the verification was sent: {_VERIFIED}", 2)
    with app_of(load_settings()) as app, refusals():
        verify_dispute(app.engine, account, dispute_id, sent_on, by, me(), app.clock.now())
    stderr.print("Recorded")


@dispute_cli.command("resolve")
def resolve(
    account: Account,
    outcome: Annotated[DisputeState, typer.Option(help="upheld (the debtor is right), rejected or withdrawn.")],
    note: Annotated[str, typer.Option(help="Why; for withdrawn: how the debtor said so.")] = "",
    dispute_id: Id = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Decide a dispute. Rejected and withdrawn let outreach go on; upheld waits for the creditor's correction.

    Example: outreach dispute resolve A-1001 --outcome rejected
    """
    if outcome is not DisputeState.UPHELD and not yes:
        typer.confirm(f"Let outreach on {account} go on?", abort=True, err=True)
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        try:
            resolve_dispute(app.engine, account, dispute_id, outcome, note, Role.ADMIN, me(), now)
        except NotRecorded as error:
            first = f"outreach dispute verify {account} {_VERIFIED}"
            remedy = first if outcome is DisputeState.REJECTED else '--note "..."'
            raise NotRecorded(f"{error} {remedy}") from error
    stderr.print("Decided")


_VERIFIED = "--verification-sent 2026-12-01 --by letter"


@dispute_cli.command("list")
def list_disputes(
    account: Account,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List an account's disputes, the newest first. Times are UTC.

    Example: outreach dispute list A-1001 --format json
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        if dossier(connection, account) is None:
            raise fail(f"there is no account {escape(account)}: import it, or search in the console")
        rows = [_row(one) for one in disputes.of_account(connection, account)]
    if not rows:
        stderr.print("Nothing was ever in dispute here. To record a dispute: outreach dispute open --help")
    print_rows(rows, output, COLUMNS, shown=SHOWN)


def _minor(app: App, account: str, amount: str) -> int | None:
    """An amount as written, in minor units of the account's currency; None for ''."""
    if not amount:
        return None
    with reading(app.engine) as connection:
        found = dossier(connection, account)
    if found is None:
        raise fail(f"there is no account {escape(account)}: import it, or search in the console")
    try:
        return Money.of(Decimal(amount), found.balance.currency).minor
    except (ValueError, ArithmeticError) as error:
        raise fail(f"--amount is no amount in {found.balance.currency}: write 40.00", 2) from error


def _row(one: Dispute) -> dict[str, str]:
    return {
        "id": str(one.id),
        "state": one.state.value,
        "reason": one.reason.value,
        "received": one.received_at.isoformat(),
        "within_validation": "yes" if one.within_validation else "no",
        "amount_minor": "" if one.amount_minor is None else str(one.amount_minor),
        "items": ", ".join(one.items),
        "text": one.text,
        "source": one.source,
        "verification_sent_on": one.verification_sent_on.isoformat() if one.verification_sent_on else "",
        "verification_how": one.verification_how,
        "resolved": one.resolved_at.isoformat() if one.resolved_at else "",
        "resolved_by": one.resolved_by,
        "note": one.note,
    }
