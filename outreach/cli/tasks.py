"""`outreach task`: the work queues on the command line."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

import typer

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import instant, me
from outreach.cli.printing import print_rows
from outreach.domain.disposition import Disposition
from outreach.domain.dispute import DisputeReason
from outreach.domain.gate import Verdict
from outreach.domain.task import Queue
from outreach.flow import tasks as flow
from outreach.flow.dispositions import Ending, end
from outreach.flow.tasks import Claimed, Moment, Worker
from outreach.store import tasks as store
from outreach.store.engine import reading
from outreach.store.tasks import TaskRow, Wanted
from outreach.wiring import App

task_cli = typer.Typer(name="task", help="Work that machines leave to people, in queues.", no_args_is_help=True)
COLUMNS = ("id", "queue", "priority", "title", "account", "debtor", "language", "due", "with", "tried")

Id = Annotated[int, typer.Argument(metavar="ID", help="An id that `list` shows.")]
OfQueue = Annotated[Queue | None, typer.Option("--queue", help="Only this queue.")]
OfLanguage = Annotated[str, typer.Option("--language", help="Only debtors of this language, such as es.")]
Output = Annotated[OutputFormat, typer.Option("--format", help="How to print it.")]


@task_cli.command("list")
def list_tasks(
    queue: OfQueue = None,
    language: OfLanguage = "",
    mine: Annotated[bool, typer.Option("--mine", help="Those that you have.")] = False,
    overdue: Annotated[bool, typer.Option("--overdue", help="Those whose time is over.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the most urgent.")] = 100,
    output: Output = OutputFormat.TABLE,
) -> None:
    """List open tasks, the most urgent first. Times are UTC.

    Example: outreach task list --queue calls --language es --overdue
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        at = _moment(app)
        wanted = Wanted(_queues(queue), language.lower(), me() if mine else "", overdue)
        found = store.find(connection, wanted, at.now, at.machine, limit)
    _print(found, output)
    if not found:
        stderr.print("No such task is open")


@task_cli.command("next")
def next_task(queue: OfQueue = None, language: OfLanguage = "", output: Output = OutputFormat.TABLE) -> None:
    """Take the next task for half an hour. A call that may not be made now is put off, and the one after it taken.

    Example: outreach task next --queue calls --language es
    """
    with app_of(load_settings()) as app, refusals():
        wanted = Wanted(_queues(queue), language.lower())
        claimed = flow.claim_next(app.engine, app.desk.law, wanted, Worker(me()), _moment(app))
    if claimed is None:
        raise fail("nothing is free to take: see outreach task list")
    _show(claimed, output)


@task_cli.command("claim")
def claim_task(task: Id, output: Output = OutputFormat.TABLE) -> None:
    """Take a given task, or keep it for another half hour.

    Example: outreach task claim 12
    """
    with app_of(load_settings()) as app, refusals():
        claimed = flow.claim(app.engine, app.desk.law, task, Worker(me()), _moment(app))
    _show(claimed, output)


@task_cli.command("release")
def release_task(task: Id) -> None:
    """Put a task back into its queue.

    Example: outreach task release 12
    """
    with app_of(load_settings()) as app, refusals():
        flow.release(app.engine, task, Worker(me()), _moment(app))
    stderr.print("Put back")


@task_cli.command("close")
def close_task(
    task: Id,
    *,
    disposition: Annotated[Disposition, typer.Option(help="How it ended.")],
    note: Annotated[str, typer.Option(help="The wrap-up note.")] = "",
    number: Annotated[str, typer.Option(help="The number that was called, of several.")] = "",
    call_at: Annotated[str, typer.Option(help="With callback: when, with its offset.")] = "",
    pay_on: Annotated[str, typer.Option(help="With ptp: the promised day.")] = "",
    pay: Annotated[str, typer.Option(help="With ptp: the amount; all that is open when left out.")] = "",
    reason: Annotated[DisputeReason, typer.Option(help="With dispute: why.")] = DisputeReason.OTHER,
) -> None:
    """Record how work on a task ended: a call is logged and counts, and what the debtor said takes effect.

    Example: outreach task close 12 --disposition ptp --pay-on 2026-12-04 --pay 50 --note "on pay day"
    """
    try:
        day = date.fromisoformat(pay_on) if pay_on else None
        amount = Decimal(pay) if pay else None
    except (ValueError, InvalidOperation) as error:
        raise fail("--pay-on is a day such as 2026-12-04, --pay a number such as 50.00", 2) from error
    with app_of(load_settings()) as app, refusals():
        at = _moment(app)
        when = instant(call_at, "--call-at", at.now) if call_at else None
        ending = Ending(disposition, note, number, when, day, amount, reason)
        again_at = end(app.engine, app.desk.law, task, ending, Worker(me()), at)
    stderr.print(f"Comes back {again_at:%Y-%m-%d %H:%M} UTC" if again_at else "Closed")


def _queues(queue: Queue | None) -> tuple[str, ...]:
    return (queue.value,) if queue else ()


def _moment(app: App) -> Moment:
    return Moment(app.clock.now(), app.clock.machine())


def _show(claimed: Claimed, output: OutputFormat) -> None:
    _print([claimed.task], output)
    answer = claimed.answer
    if answer is not None and answer.verdict is not Verdict.CLEAR:
        until = f" before {answer.until:%Y-%m-%d %H:%M} UTC" if answer.until else ""
        stderr.print(f"do not call now{until}: {answer.reason}")


def _print(found: list[TaskRow], output: OutputFormat) -> None:
    if found or output is not OutputFormat.TABLE:
        print_rows(map(_row, found), output, COLUMNS, shown=COLUMNS)


def _row(task: TaskRow) -> dict[str, str]:
    return {
        "id": str(task.id),
        "queue": task.queue,
        "priority": task.priority.word,
        "title": task.title,
        "account": task.account_ref or "",
        "debtor": task.debtor,
        "language": task.language,
        "due": task.due_at.isoformat(),
        "with": task.claimed_by,
        "tried": str(task.attempts),
    }
