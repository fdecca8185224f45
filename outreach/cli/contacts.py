"""`outreach contact`: contacts that Outreach did not make itself, and whose an address is."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.cli.consents import Account, Address, ByChannel
from outreach.cli.context import app_of, load_settings, refusals, stderr
from outreach.cli.options import instant, me
from outreach.domain.standing import Medium, Place, Reach
from outreach.flow.consent_actions import mark_wrong_party, verify_address
from outreach.flow.contacts import Told, record_contact

contact_cli = typer.Typer(name="contact", help="Contacts by people, and whose an address is.", no_args_is_help=True)


@contact_cli.command("add")
def add(
    account: Account,
    *,
    medium: Annotated[Medium, typer.Option(help="By what.")],
    reach: Annotated[Reach, typer.Option(help="How far it came.")],
    at: Annotated[str, typer.Option(help="When: a day, or a time with its offset; now when left out.")] = "",
    address: Annotated[str, typer.Option(help="The number or address, when it is known.")] = "",
    inbound: Annotated[bool, typer.Option("--inbound", help="The debtor contacted us.")] = False,
    place: Annotated[Place, typer.Option(help="Where it reached the debtor.")] = Place.UNKNOWN,
    excluded: Annotated[bool, typer.Option("--excluded", help="A call that the caps do not count.")] = False,
    source: Annotated[str, typer.Option(help="Who made it: an agent, the creditor, an earlier collector.")] = "agent",
) -> None:
    """Log a call or another contact, so that the caps count it.

    Example: outreach contact add A-1001 --medium call --reach conversation --at 2026-03-31T14:05:00-05:00
    """
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        when = instant(at, "--at", now)
        told = Told(when, medium, reach, address, inbound=inbound, place=place, excluded=excluded, source=source)
        record_contact(app.engine, account, told, me(), now)
    stderr.print("Logged")


@contact_cli.command("wrong-party")
def wrong_party(
    account: Account,
    channel: ByChannel,
    how: Annotated[str, typer.Option(help="How it is known.")],
    address: Address = "",
) -> None:
    """An address is somebody else's: shut it for every debtor who has it, and cancel what is queued.

    Example: outreach contact wrong-party A-1001 --channel sms --how "the holder said so on the phone"
    """
    with app_of(load_settings()) as app, refusals():
        mark_wrong_party(app.engine, account, channel, address, how, me(), app.clock.now())
    stderr.print("Shut")


@contact_cli.command("verify")
def verify(
    account: Account,
    channel: ByChannel,
    how: Annotated[str, typer.Option(help="The new data by which it is known.")],
    address: Address = "",
) -> None:
    """An address is this debtor's: a person knows it. This lifts a wrong-party mark, for this debtor only.

    Example: outreach contact verify A-1001 --channel sms --how "the debtor named it and the last four digits"
    """
    with app_of(load_settings()) as app, refusals():
        verify_address(app.engine, account, channel, address, how, me(), app.clock.now())
    stderr.print("Verified")
