"""`outreach consent`: what debtors agreed to, and its end."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import instant, me
from outreach.cli.printing import print_rows
from outreach.domain.message import Channel
from outreach.domain.standing import Basis, ConsentScope
from outreach.flow.consent_actions import Statement, record_consent, revoke_consent
from outreach.store import consents
from outreach.store.consents import ConsentLine
from outreach.store.engine import reading

consent_cli = typer.Typer(name="consent", help="What debtors agreed to, and its end.", no_args_is_help=True)

COLUMNS = (
    *("id", "channel", "address", "scope", "basis", "given", "source", "wording", "recorded_by"),
    *("revoked", "revoked_how", "revoked_by"),
)
Account = Annotated[str, typer.Argument(help="The account's reference.")]
ByChannel = Annotated[Channel, typer.Option("--channel", help="sms (also for calls), email or letter.")]
Address = Annotated[str, typer.Option(help="The number or address; may be left out when the debtor has only one.")]


@consent_cli.command("add")
def add(
    account: Account,
    channel: ByChannel,
    source: Annotated[str, typer.Option(help="Where it was given: a web form, a call, a contract.")],
    wording: Annotated[str, typer.Option(help="The words that the debtor agreed to.")],
    address: Address = "",
    scope: Annotated[ConsentScope, typer.Option(help="To what.")] = ConsentScope.SERVICING,
    basis: Annotated[Basis, typer.Option(help="Why the address may be used.")] = Basis.DIRECT_CONSENT,
    given_at: Annotated[str, typer.Option(help="When: a day, or a time with its offset; now when left out.")] = "",
) -> None:
    """Record that a debtor consented. It lifts no opt-out: only the debtor does, by answering START.

    Example: outreach consent add A-1001 --channel sms --source "web form" --wording "You may text me about my account."
    """
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        said = Statement(scope, instant(given_at, "--given-at", now), source, wording, basis)
        record_consent(app.engine, account, channel, address, said, me(), now)
    stderr.print("Recorded")


@consent_cli.command("revoke")
def revoke(
    account: Account,
    channel: ByChannel,
    how: Annotated[str, typer.Option(help="By which means the debtor said so: a call, a letter, in person.")],
    address: Address = "",
    scope: Annotated[ConsentScope | None, typer.Option(help="Only this; left out, the address is opted out.")] = None,
) -> None:
    """The debtor wants no more: opt the address out at once, and revoke every consent for it.

    Example: outreach consent revoke A-1001 --channel sms --how "said so on the phone"
    """
    with app_of(load_settings()) as app, refusals():
        revoke_consent(app.engine, account, channel, address, how, me(), app.clock.now(), scope)
    stderr.print("Revoked")


@consent_cli.command("list")
def list_consents(
    account: Account,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List what the account's debtor consented to, the newest first, revoked consents too. Times are UTC.

    Example: outreach consent list A-1001 --format json
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        found = consents.account_of(connection, account)
        if found is None:
            raise fail(f"there is no account {account}: import it, or search in the console")
        rows = [_row(line) for line in consents.consents_of(connection, found[1])]
    print_rows(rows, output, COLUMNS, shown=("channel", "address", "scope", "given", "source", "revoked"))


def _row(line: ConsentLine) -> dict[str, str]:
    return {
        "id": str(line.id),
        "channel": line.kind.value,
        "address": line.value,
        "scope": line.scope.value,
        "basis": line.basis.value,
        "given": line.given_at.isoformat(),
        "source": line.source,
        "wording": line.wording,
        "recorded_by": line.recorded_by,
        "revoked": line.revoked_at.isoformat() if line.revoked_at else "",
        "revoked_how": line.revoked_how,
        "revoked_by": line.revoked_by,
    }
