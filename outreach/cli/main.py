"""The command `outreach` and its subcommands."""

from __future__ import annotations

import typer

from outreach.cli.audit import audit_cli
from outreach.cli.check import check
from outreach.cli.classify import classify_command
from outreach.cli.consents import consent_cli
from outreach.cli.contacts import contact_cli
from outreach.cli.deadletters import deadletters_cli
from outreach.cli.disputes import dispute_cli
from outreach.cli.holds import hold_cli
from outreach.cli.importing import import_cli
from outreach.cli.inspecting import doctor, gate_command, preview, timeline
from outreach.cli.outcomes import outcomes_cli
from outreach.cli.packs import packs_cli
from outreach.cli.plans import plan_cli
from outreach.cli.promises import promise_cli
from outreach.cli.retention import retention_cli
from outreach.cli.services import migrate, sandbox, scheduler, web, worker
from outreach.cli.simulating import simulate_command
from outreach.cli.spool import spool_cli
from outreach.cli.tasks import task_cli
from outreach.cli.tokens import token_cli
from outreach.cli.up import up
from outreach.cli.users import user_cli

cli = typer.Typer(
    name="outreach",
    help="Contact people whose payments are overdue: once, within the law, with proof.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for command in (up, scheduler, worker, web, sandbox, migrate, check, preview, timeline, doctor):
    cli.command()(command)
cli.command("gate")(gate_command)
cli.command("classify")(classify_command)
cli.command("simulate")(simulate_command)
cli.add_typer(import_cli)
cli.add_typer(user_cli)
cli.add_typer(spool_cli)
cli.add_typer(deadletters_cli)
cli.add_typer(consent_cli)
cli.add_typer(contact_cli)
cli.add_typer(hold_cli)
cli.add_typer(dispute_cli)
cli.add_typer(task_cli)
cli.add_typer(packs_cli)
cli.add_typer(plan_cli)
cli.add_typer(promise_cli)
cli.add_typer(audit_cli)
cli.add_typer(outcomes_cli)
cli.add_typer(token_cli)
cli.add_typer(retention_cli)


def main() -> None:
    """Run the command line."""
    cli()
