"""`outreach retention`: what personal data must still be kept, and the erasure of what need not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, refusals, stderr
from outreach.cli.options import me
from outreach.cli.printing import print_rows
from outreach.domain.retention import Verdict
from outreach.flow.erasing import NotSealed, Tally, Totals, answer, erase_account, erase_due, preview
from outreach.flow.retention import Judged, Leftover
from outreach.flow.sealing import ChainBroken

retention_cli = typer.Typer(
    name="retention", help="Erase personal data once no rule keeps it any longer.", no_args_is_help=True
)
DUE_COLUMNS = ("record", "due", "oldest", "kept", "why")
COLUMNS = ("record", "last_used", "erase", "kept_until", "rule", "reason")
Output = Annotated[OutputFormat, typer.Option("--format", help="How to print it.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@retention_cli.command()
def show(
    account: Annotated[str, typer.Argument(help="An account's reference; left out, all accounts are looked at.")] = "",
    due: Annotated[bool, typer.Option("--due", help="All accounts: what a run would erase now.")] = False,
    output: Output = OutputFormat.TABLE,
) -> None:
    """Say what may be erased, and until when and by which rule the rest is kept. Nothing is changed. Times are UTC.

    Example: outreach retention show A-1001, or outreach retention show --due
    """
    if account and due:
        raise fail("name an account or say --due, not both", 2)
    with app_of(load_settings()) as app, refusals():
        now = app.clock.now()
        if account:
            judged, left = answer(app.engine, app.desk.law, account, now)
            rows, columns = _of_account(judged, left), list(COLUMNS)
        else:
            with _watched("looking") as looked_at:
                rows, columns = _of_all(preview(app.engine, app.desk.law, now, looked_at)), list(DUE_COLUMNS)
    if rows or output is not OutputFormat.TABLE:
        print_rows(rows, output, columns, shown=columns)
    else:
        stderr.print("Nothing is left: the account was erased, and nothing was said since")


@retention_cli.command()
def run(yes: Yes = False, output: Output = OutputFormat.TABLE) -> None:
    """Erase the personal data of every account that no rule keeps any longer. It cannot be brought back.

    It may be stopped at any time and run again: each account is erased wholly or not at all. Amounts, states, decisions
    and dates stay. Run it once a day.

    Example: outreach retention run --yes
    """
    with app_of(load_settings()) as app:
        now, law = app.clock.now(), app.desk.law
        if not yes:
            with _watched("looking") as looked_at:
                _confirm(preview(app.engine, law, now, looked_at))
        with _watched("erasing") as looked_at, _unbroken():
            totals = erase_due(app.engine, law, me(), now, looked_at)
    print_rows(_of_all(totals), output, DUE_COLUMNS, shown=DUE_COLUMNS)
    stderr.print(f"Erased {totals.accounts.due} accounts; outreach audit verify shows that all else is unchanged")
    if totals.unreadable:
        raise fail(f"{totals.unreadable} accounts cannot be read and were kept: outreach deadletters list says more")


@retention_cli.command()
def erase(
    account: Annotated[str, typer.Argument(help="The account's reference.")],
    yes: Yes = False,
) -> None:
    """Erase one account because its debtor asks for it (GDPR, article 17), or say by which rule it is kept until when.

    Consents and opt-outs are kept for as long as their own rules say: show ACCOUNT names them.

    Example: outreach retention erase A-1001
    """
    with app_of(load_settings()) as app, refusals():
        now, law = app.clock.now(), app.desk.law
        judged, left = answer(app.engine, law, account, now)
        if judged is None:
            stderr.print("It was erased before")
            return
        if not judged.verdict.may_erase:
            raise fail(escape(_no(judged.verdict)))
        for one in left:
            if not one.verdict.may_erase:
                stderr.print(f"Its {_plain(one.record.value)} stays: {one.verdict.reason}", markup=False)
        if not yes:
            typer.confirm(f"Erase the personal data of {account} for good?", abort=True, err=True)
        with _unbroken():
            verdict = erase_account(app.engine, law, account, me(), now)
        if not verdict.may_erase:
            raise fail(escape(_no(verdict)))
    stderr.print(f"Erased {account}", markup=False)


def _no(verdict: Verdict) -> str:
    """The answer with the first day on which it may be yes; none where another thing than time is in the way."""
    if verdict.kept_until is None or verdict.reason.endswith("under way"):
        return f"not now: {verdict.reason}"
    return f"not before {verdict.kept_until + timedelta(days=1)}, because {verdict.reason}"


def _confirm(totals: Totals) -> None:
    if not (totals.accounts.due or totals.consents.due or totals.opt_outs.due or totals.strays):
        stderr.print("Nothing is due")
        raise typer.Exit
    print_rows(_of_all(totals), OutputFormat.TABLE, DUE_COLUMNS, shown=DUE_COLUMNS)
    typer.confirm(f"Erase the personal data of {totals.accounts.due} accounts for good?", abort=True, err=True)


@contextmanager
def _watched(doing: str) -> Iterator[Callable[[int], None]]:
    """A line that counts the accounts that were looked at."""
    seen = 0
    with stderr.status(doing) as status:

        def looked_at(more: int) -> None:
            nonlocal seen
            seen += more
            status.update(f"{doing}: {seen} accounts")

        yield looked_at


@contextmanager
def _unbroken() -> Iterator[None]:
    try:
        yield
    except (ChainBroken, NotSealed) as error:
        raise fail(str(error)) from error


def _of_all(totals: Totals) -> list[dict[str, str]]:
    named = (("activity", totals.accounts), ("consent", totals.consents), ("opt_out", totals.opt_outs))
    rows = [_due_row(name, tally) for name, tally in named]
    stray = {"record": "replies and webhooks of nobody", "due": str(totals.strays), "oldest": "", "kept": "", "why": ""}
    return [*rows, stray]


def _due_row(name: str, tally: Tally) -> dict[str, str]:
    why = sorted(tally.kept.items(), key=lambda one: -one[1])
    return {
        "record": name,
        "due": str(tally.due),
        "oldest": _day(tally.oldest),
        "kept": str(sum(tally.kept.values())),
        "why": "; ".join(f"{reason}: {count}" for reason, count in why),
    }


def _of_account(judged: Judged | None, left: list[Leftover]) -> list[dict[str, str]]:
    whole = [] if judged is None else [("activity", judged.last_used_at, judged.verdict)]
    return [
        {
            "record": name,
            "last_used": _day(at),
            "erase": "yes" if verdict.may_erase else "no",
            "kept_until": verdict.kept_until.isoformat() if verdict.kept_until else "",
            "rule": verdict.rule,
            "reason": verdict.reason,
        }
        for name, at, verdict in (*whole, *((one.record.value, one.held.used_at, one.verdict) for one in left))
    ]


def _day(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d}" if at else ""


def _plain(word: str) -> str:
    return word.replace("_", "-")
