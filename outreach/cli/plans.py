"""`outreach plan`: payment plans, proposed, agreed, refused and ended."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from sqlalchemy import Connection

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import me
from outreach.cli.plan_rows import print_instalments, print_offers, print_plans
from outreach.domain.affordability import Proposal
from outreach.domain.means import BadStatement, MeansStatement, statement_of
from outreach.domain.money import Money
from outreach.domain.plan_policy import Authority
from outreach.domain.plan_schedule import BadSchedule, Frequency, Schedule, by_amount, by_count
from outreach.flow import plans as flow
from outreach.flow.actions import Unknown
from outreach.flow.plan_means import Assessment, assess, cannot_pay
from outreach.flow.plans import NewPlan, authority_of
from outreach.store import plans, users
from outreach.store.engine import reading
from outreach.store.plans import Owed

plan_cli = typer.Typer(name="plan", help="Payment plans: instalments, or one later payment.", no_args_is_help=True)

Account = Annotated[str, typer.Argument(help="The account's reference.")]
PlanId = Annotated[int, typer.Argument(metavar="PLAN", help="The plan's id, as `outreach plan show` lists it.")]
By = Annotated[str, typer.Option("--by", help="A user of the console, whose role bounds what may be agreed.")]
Why = Annotated[str, typer.Option(help="Why, for the record.")]
Format = Annotated[OutputFormat, typer.Option("--format", help="How to print it.")]
Wording = Annotated[str, typer.Option(help="The words that the debtor agreed to.")]


@plan_cli.command("propose")
def propose(
    account: Account,
    *,
    means: Annotated[Path | None, typer.Option(help="A statement of means (JSON, see docs/plans.md).")] = None,
    choose: Annotated[int, typer.Option(help="Propose this one of those that are listed.")] = 0,
    count: Annotated[int, typer.Option(help="So many instalments; 1 is one later payment.")] = 0,
    amount: Annotated[str, typer.Option(help="Instalments of this amount, the last takes the rest.")] = "",
    first_on: Annotated[str, typer.Option(help="The day of the first instalment, such as 2026-12-28.")] = "",
    frequency: Annotated[Frequency | None, typer.Option(help="How often; by the income when left out.")] = None,
    wording: Wording = "",
    by: By = "",
    output: Format = OutputFormat.TABLE,
) -> None:
    """Propose a plan, or list the plans that fit: name --count or --amount with --first-on, or --choose one of a list.

    With --wording the debtor has agreed: what is within the limits is active at once. Without, it is sent as an offer.

    Example: outreach plan propose A-1001 --means means.json --choose 1 --wording "Four payments, from 28 December"
    """
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        with app.engine.begin() as connection:
            owed = _owed(connection, account)
            authority, who = _acting(connection, by)
            stated = _means(means, owed.balance.currency)
            if count or amount:
                schedule = _schedule(owed, count, amount, first_on, frequency or Frequency.MONTHLY)
            else:
                found = assess(connection, owed.account_id, stated, now, frequency)
                if found.hardship and stated:
                    cannot_pay(connection, owed.account_id, stated, "command line", now, who)
                    stderr.print("Nothing is left for instalments: a case of hardship is open, and outreach rests")
                    return
                if not choose:
                    print_offers(found, output)
                    return
                schedule = _chosen(found, choose).schedule
            new = NewPlan(owed.account_id, owed.debtor_id, schedule, authority, "command line", wording, stated)
            made = flow.propose(connection, new, now, who)
            if wording and not made.waits:
                flow.accept(connection, made.plan_id, authority, now, who)
    if made.waits:
        stderr.print(escape(f"Proposed as {made.plan_id}; it needs {made.needs.value}: {', '.join(made.because)}"))
    else:
        stderr.print(f"{'Agreed' if wording else 'Offered'} as {made.plan_id}")


@plan_cli.command("accept")
def accept(account: Account, plan_id: PlanId, wording: Wording = "", by: By = "") -> None:
    """Agree to a proposal: it is active, and the campaign's steps rest.

    Example: outreach plan accept A-1001 17 --by boss@northwind.example
    """
    with app_of(load_settings()) as app, refusals(), app.engine.begin() as connection:
        authority, who = _acting(connection, by)
        flow.accept(connection, _of(connection, account, plan_id), authority, app.clock.now(), who, wording)
    stderr.print("Active")


@plan_cli.command("decline")
def decline(account: Account, plan_id: PlanId, why: Why, by: By = "") -> None:
    """Refuse a proposal.

    Example: outreach plan decline A-1001 17 --why "the income is not proven" --by boss@northwind.example
    """
    with app_of(load_settings()) as app, refusals(), app.engine.begin() as connection:
        authority, who = _acting(connection, by)
        flow.decline(connection, _of(connection, account, plan_id), why, authority, app.clock.now(), who)
    stderr.print("Declined")


@plan_cli.command("cancel")
def cancel(account: Account, plan_id: PlanId, why: Why, by: By = "") -> None:
    """End an active plan, or take a proposal back; the campaign goes on.

    Example: outreach plan cancel A-1001 17 --why "lost the job"
    """
    with app_of(load_settings()) as app, refusals(), app.engine.begin() as connection:
        _, who = _acting(connection, by)
        flow.cancel(connection, _of(connection, account, plan_id), why, app.clock.now(), who)
    stderr.print("Cancelled")


@plan_cli.command("list")
def list_plans(
    account: Annotated[str, typer.Argument(help="An account's reference; without it, what waits for a person.")] = "",
    output: Format = OutputFormat.TABLE,
) -> None:
    """List the plans of an account, or the proposals that wait for a person, the oldest first.

    Example: outreach plan list --format csv
    """
    with app_of(load_settings()) as app, refusals(), reading(app.engine) as connection:
        if account:
            found = plans.of_accounts(connection, [_owed(connection, account).account_id])
        else:
            found = plans.waiting_for_us(connection)
        owed = plans.owed(connection, [plan.account_id for plan in found])
    print_plans([(plan, owed[plan.account_id].account_ref) for plan in found], output)
    if not found:
        stderr.print("No plan. Propose one with: outreach plan propose ACCOUNT" if account else "Nothing waits")


@plan_cli.command("show")
def show(account: Account, output: Format = OutputFormat.TABLE) -> None:
    """Show the instalments of an account's plans, the newest plan first.

    Example: outreach plan show A-1001 --format json
    """
    with app_of(load_settings()) as app, refusals(), reading(app.engine) as connection:
        found = plans.of_accounts(connection, [_owed(connection, account).account_id])
    print_instalments(found, output)


def _acting(connection: Connection, by: str) -> tuple[Authority, str]:
    """With which authority, and as whom. Who runs the command without a name has an agent's."""
    if not by:
        return Authority.AGENT, me()
    user = users.by_email(connection, by)
    if user is None or user.disabled:
        raise fail(escape(f"there is no user {by}: see `outreach user list`"))
    authority = authority_of(user.role)
    if authority is None:
        raise fail(escape(f"{by} is {user.role.value}, who may agree to nothing"))
    return authority, user.email


def _owed(connection: Connection, account: str) -> Owed:
    found = plans.debtor_of(connection, account)
    if found is None:
        raise Unknown(f"there is no account {account}: import it, or search in the console")
    return plans.owed(connection, [found[0]])[found[0]]


def _of(connection: Connection, account: str, plan_id: int) -> int:
    plan = plans.get(connection, plan_id)
    if plan is None or plan.account_id != _owed(connection, account).account_id:
        raise Unknown(f"account {account} has no plan {plan_id}: see `outreach plan list {account}`")
    return plan_id


def _means(file: Path | None, currency: str) -> MeansStatement | None:
    if file is None:
        return None
    try:
        return statement_of(json.loads(file.read_bytes()), currency)
    except OSError as error:
        raise fail(escape(f"{file} cannot be read: {error.strerror}"), 2) from error
    except json.JSONDecodeError as error:
        raise fail(escape(f"{file}, line {error.lineno}: this is no JSON; see docs/plans.md"), 2) from error
    except BadStatement as error:
        raise fail(escape(f"{file}: {error}"), 2) from error


def _schedule(owed: Owed, count: int, amount: str, first_on: str, frequency: Frequency) -> Schedule:
    try:
        day = date.fromisoformat(first_on)
    except ValueError as error:
        raise fail("--first-on is no day: write 2026-12-28", 2) from error
    try:
        if count:
            return by_count(owed.balance, day, frequency, count)
        return by_amount(owed.balance, day, frequency, Money.of(Decimal(amount), owed.balance.currency))
    except (BadSchedule, InvalidOperation, ValueError) as error:
        raise fail(escape(f"no such plan: {error}"), 2) from error


def _chosen(found: Assessment, choice: int) -> Proposal:
    if not 1 <= choice <= len(found.proposals):
        raise fail(f"--choose is 1 to {len(found.proposals)}" if found.proposals else "no plan fits", 2)
    return found.proposals[choice - 1]
