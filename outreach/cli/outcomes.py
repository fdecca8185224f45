"""`outreach outcomes`: what the creditor's systems are told, by which webhooks, and how these stand."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import instant, me
from outreach.cli.printing import print_rows
from outreach.domain.outcome_event import KINDS
from outreach.flow import webhook_endpoints as endpoints
from outreach.flow.webhook_calls import Caller, CannotCall
from outreach.store import outcome_deliveries, outcomes
from outreach.store.engine import reading
from outreach.store.outcomes import Selection
from outreach.store.webhook_endpoints import MOST_COUNTED, backlogs, everyone
from outreach.wiring import App

outcomes_cli = typer.Typer(
    name="outcomes",
    help="What the creditor's systems are told of outcomes, and how their webhooks stand.",
    no_args_is_help=True,
)

COLUMNS = ("id", "at", "creditor", "account", "kind", "data")
ENDPOINT_COLUMNS = ("endpoint", "state", "url", "kinds", "delivered", "backlog", "dead", "success", "error")
ENDPOINT_SHOWN = ("endpoint", "state", "delivered", "backlog", "dead", "success", "error")

Name = Annotated[str, typer.Argument(metavar="ENDPOINT", help="creditor/name, as `endpoints` shows it.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="Only this kind; repeat it.")]
First = Annotated[int | None, typer.Option("--from-id", min=1, help="From this event on.")]
Last = Annotated[int | None, typer.Option("--to-id", min=1, help="Up to this event.")]
Since = Annotated[str, typer.Option(help="That happened from this day or time on.")]
Until = Annotated[str, typer.Option(help="That happened before this day or time.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
Output = Annotated[OutputFormat, typer.Option("--format", help="How to print it.")]


@outcomes_cli.command("list")
def list_outcomes(
    creditor: Annotated[str, typer.Option(help="Only this creditor's.")] = "",
    kind: Kinds = None,
    since: Since = "",
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List outcome events, the newest first. Times are UTC.

    Example: outreach outcomes list --kind promised --kind promise_broken --format json
    """
    with app_of(load_settings()) as app:
        chosen = _selection(app, kind, None, None, since, "", creditor)
        with reading(app.engine) as connection:
            found = outcomes.latest(connection, chosen, limit)
    rows = [
        {
            "id": str(one.id),
            "at": one.at.isoformat(),
            "creditor": one.creditor,
            "account": one.account_ref,
            "kind": one.kind,
            "data": json.dumps(one.data, ensure_ascii=False),
        }
        for one in found
    ]
    if rows or output is not OutputFormat.TABLE:
        print_rows(rows, output, COLUMNS, shown=COLUMNS)
    if not rows:
        stderr.print("No outcome events" + (" like that" if creditor or kind or since else ": nothing happened yet"))


@outcomes_cli.command("endpoints")
def list_endpoints(output: Output = OutputFormat.TABLE) -> None:
    """List the webhooks of creditors.yaml and how they stand. Times are UTC.

    Example: outreach outcomes endpoints
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        known = everyone(connection)
        held = backlogs(connection, known)
        sentences = endpoints.troubles(connection)
    rows = [
        {
            "endpoint": one.title,
            "state": one.state.value,
            "url": one.url,
            "kinds": " ".join(one.kinds) or "all",
            "delivered": str(one.delivered),
            "backlog": _counted(held[one.id].ahead + held[one.id].waiting),
            "dead": str(held[one.id].dead),
            "success": one.last_success_at.isoformat() if one.last_success_at else "",
            "error": one.last_error,
        }
        for one in known
    ]
    if rows or output is not OutputFormat.TABLE:
        print_rows(rows, output, ENDPOINT_COLUMNS, shown=ENDPOINT_SHOWN)
    if not rows:
        stderr.print("No webhooks: add `webhooks` to a creditor in creditors.yaml, and start the scheduler anew")
    for sentence in sentences:
        stderr.print(sentence, markup=False, soft_wrap=True)


@outcomes_cli.command("replay")
def replay(
    endpoint: Name,
    from_id: First = None,
    to_id: Last = None,
    since: Since = "",
    until: Until = "",
    kind: Kinds = None,
    dead: Annotated[bool, typer.Option("--dead", help="Those that were refused for days, instead.")] = False,
    yes: Yes = False,
) -> None:
    """Deliver events to an endpoint once more, with the ids that they had. Says how many and asks first.

    Example: outreach outcomes replay northwind/erp --since 2026-12-01 --kind promised
    """
    with app_of(load_settings()) as app, refusals():
        chosen = _selection(app, kind, from_id, to_id, since, until)
        if dead and chosen != Selection():
            raise fail("--dead goes alone: it means all that are dead", 2)
        if not dead and chosen == Selection():
            raise fail("say which: --from-id, --to-id, --since, --until, --kind or --dead", 2)
        with reading(app.engine) as connection:
            known = endpoints.find(connection, endpoint)
            count = (
                backlogs(connection, [known])[known.id].dead
                if dead
                else outcome_deliveries.count(connection, outcome_deliveries.replayable(known, chosen))
            )
        if not count:
            raise fail(f"there is no such event that {endpoint} was given: see outreach outcomes list")
        if not yes:
            typer.confirm(f"Deliver {count} events to {endpoint} once more?", abort=True, err=True)
        by = me()
        done = (
            endpoints.revive(app.engine, known.id, by) if dead else endpoints.replay(app.engine, known.id, chosen, by)
        )
    stderr.print(f"{done} events are delivered again, the first within seconds while workers run")


@outcomes_cli.command("test")
def test(endpoint: Name) -> None:
    """Post a signed event of the kind `test` from here, and say what the receiver answered. Exits 1 if not taken.

    Example: outreach outcomes test northwind/erp
    """
    with app_of(load_settings()) as app, refusals():
        with reading(app.engine) as connection:
            known = endpoints.find(connection, endpoint)
        try:
            answer = endpoints.try_out(app.engine, Caller(app.settings), known.id, app.clock.machine())
        except CannotCall as error:
            raise fail(f"{endpoint} cannot be called from here: {escape(str(error))}") from error
    if answer.error:
        raise fail(f"{endpoint} did not take it: {escape(answer.error)}")
    stderr.print(f"{endpoint} took the test event")


@outcomes_cli.command("pause")
def pause(endpoint: Name, yes: Yes = False) -> None:
    """Call an endpoint no more until it is resumed. Nothing is lost.

    Example: outreach outcomes pause northwind/erp
    """
    if not yes:
        typer.confirm(
            f"Pause {endpoint}? Its creditor's systems hear of nothing until you resume it", abort=True, err=True
        )
    with app_of(load_settings()) as app, refusals():
        endpoints.pause(app.engine, _id(app, endpoint), me(), app.clock.now())
    stderr.print(f"{endpoint} is paused")


@outcomes_cli.command("resume")
def resume(endpoint: Name) -> None:
    """Let an endpoint that is paused, disabled or failing go on where it stopped, at once.

    Example: outreach outcomes resume northwind/erp
    """
    with app_of(load_settings()) as app, refusals():
        endpoints.resume(app.engine, _id(app, endpoint), me(), app.clock.now())
    stderr.print(f"{endpoint} goes on where it stopped")


def _id(app: App, name: str) -> int:
    with reading(app.engine) as connection:
        return endpoints.find(connection, name).id


def _selection(
    app: App, kind: list[str] | None, first: int | None, last: int | None, since: str, until: str, creditor: str = ""
) -> Selection:
    """The events that are meant. Exits 2 for what is wrong as written."""
    unknown = set(kind or ()) - set(KINDS)
    if unknown:
        raise fail(f"unknown kind {', '.join(sorted(unknown))}: choose of {', '.join(KINDS)}", 2)
    more: dict[str, Any] = {}
    if creditor:
        with reading(app.engine) as connection:
            more["creditor_id"] = outcomes.creditor_id(connection, creditor)
        if more["creditor_id"] is None:
            raise fail(f"there is no creditor {creditor}: see creditors.yaml", 2)
    now = app.clock.now()
    more["since"] = instant(since, "--since", now) if since else None
    more["until"] = instant(until, "--until", now) if until else None
    return Selection(kinds=tuple(kind or ()), first=first, last=last, **more)


def _counted(backlog: int) -> str:
    return f"{MOST_COUNTED}+" if backlog >= MOST_COUNTED else str(backlog)
