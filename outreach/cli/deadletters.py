"""`outreach deadletters`: see what was set aside because it fails, and have it tried again."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from redis.exceptions import RedisError
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr
from outreach.cli.options import me
from outreach.cli.printing import print_rows
from outreach.flow.dead_letters import Replayed, dismiss, replay
from outreach.flow.rereading import body_of
from outreach.store import dead_letters
from outreach.store.dead_letters import OF_INBOX, DeadLetter, Kind
from outreach.store.engine import reading
from outreach.wiring import App
from outreach.workers import parked
from outreach.workers.actors import QUEUES
from outreach.workers.broker import make_broker

deadletters_cli = typer.Typer(
    name="deadletters", help="See what was set aside because it fails, and have it tried again.", no_args_is_help=True
)


class ListedKind(StrEnum):
    """The kinds of dead letters in the database, and BROKER: what the broker parked, one a queue, as `broker:sms`."""

    GARBLED = Kind.GARBLED
    UNMATCHED = Kind.UNMATCHED
    EVENT = Kind.EVENT
    NOTICE = Kind.NOTICE
    ENROLMENT = Kind.ENROLMENT
    ACCOUNT = Kind.ACCOUNT
    BROKER = "broker"


BROKER = ListedKind.BROKER
COLUMNS = ("id", "kind", "what", "account", "error", "since", "outcome", "by", "ended", "note")
OPEN_COLUMNS = COLUMNS[:6]

Ids = Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids that `list` shows.")]
Every = Annotated[bool, typer.Option("--all", help="All that wait, instead of ids.")]
Kinds = Annotated[
    list[ListedKind] | None,
    typer.Option("--kind", help="Only this kind; repeat it."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@deadletters_cli.command("list")
def list_letters(
    kind: Kinds = None,
    ended: Annotated[bool, typer.Option("--ended", help="Those that were replayed or dismissed, and by whom.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="At most so many, the newest.")] = 100,
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """List dead letters, the newest first, without what they say. Times are UTC.

    Example: outreach deadletters list --kind garbled --format json
    """
    with app_of(load_settings()) as app:
        with reading(app.engine) as connection:
            found = [] if kind == [BROKER] else dead_letters.find(connection, _kinds(kind), limit, ended=ended)
            waiting = sum(dead_letters.counts(connection).values())
        rows = [_row(letter) for letter in found]
        if not ended and (not kind or BROKER in kind):
            rows += [_parked_row(queue, count) for queue, count in _parked(app).items()]
    columns = COLUMNS if ended else OPEN_COLUMNS
    if rows or output is not OutputFormat.TABLE:
        print_rows([{name: row[name] for name in columns} for row in rows], output, columns, shown=columns)
    if not rows:
        stderr.print("No dead letters" + (" of that kind" if kind else "") + (" ended yet" if ended else ""))
    elif not ended and len(found) == limit < waiting:
        stderr.print(f"{limit} of {waiting} dead letters; --limit shows more")


@deadletters_cli.command()
def show(letter: Annotated[int, typer.Argument(metavar="ID", help="An id that `list` shows.")]) -> None:
    """Print all that is known of one dead letter as JSON, with what it says: a debtor's data.

    Example: outreach deadletters show 12
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        found = dead_letters.get(connection, [letter]).get(letter)
        if found is None:
            raise fail(f"there is no dead letter {letter}: see outreach deadletters list")
        document = asdict(found)
        if found.kind in OF_INBOX:
            webhook = dead_letters.webhooks(connection, [int(found.subject)]).get(int(found.subject))
            document["webhook"] = webhook and asdict(webhook) | {"body": body_of(webhook)}
    stderr.print("This holds a debtor's data: keep it out of tickets and chats.")
    typer.echo(json.dumps(document, default=_json, ensure_ascii=False, indent=1))


@deadletters_cli.command("replay")
def replay_letters(ids: Ids = None, every: Every = False, kind: Kinds = None, yes: Yes = False) -> None:
    """Try dead letters again, once their cause is repaired. Nothing that was applied or sent is repeated.

    Example: outreach deadletters replay --all --kind event
    """
    with app_of(load_settings()) as app:
        numbers, queues = _chosen(app, ids, every, kind)
        _ask("Replay", app, numbers, queues, yes)
        now, machine_now = app.clock.now(), app.clock.machine()
        result = replay(app.engine, app.providers, numbers, me(), now, machine_now)
        again = sum(parked.enqueue_again(make_broker(app.settings.broker_url), queue) for queue in queues)
    _report(result, again)


@deadletters_cli.command("dismiss")
def dismiss_letters(
    reason: Annotated[str, typer.Option(help="Why nothing needs to be done; it is kept.")],
    ids: Ids = None,
    every: Every = False,
    kind: Kinds = None,
    yes: Yes = False,
) -> None:
    """Let dead letters rest. What they are about stays as it is; what the broker parked is dropped.

    Example: outreach deadletters dismiss 12 --reason "a test of the provider's"
    """
    if not reason.strip():
        raise fail("--reason is empty: say why nothing needs to be done", 2)
    with app_of(load_settings()) as app:
        numbers, queues = _chosen(app, ids, every, kind)
        _ask("Dismiss", app, numbers, queues, yes)
        with reading(app.engine) as connection:
            unknown = sorted(set(numbers) - set(dead_letters.kinds_of(connection, numbers)))
        dismissed = dismiss(app.engine, numbers, me(), reason.strip(), app.clock.now())
        dropped = sum(parked.clear(make_broker(app.settings.broker_url), queue) for queue in queues)
    _report(Replayed(ended=len(set(numbers)) - len(unknown) - dismissed, unknown=unknown))
    stderr.print(f"dismissed {dismissed}" + (f", dropped {dropped} messages of the broker" if queues else ""))


def _chosen(app: App, ids: list[str] | None, every: bool, kind: list[ListedKind] | None) -> tuple[list[int], list[str]]:
    """The dead letters and the broker's queues that are meant. Exits 2 when that is not clear."""
    if bool(ids) == every:
        raise fail("say which: ids that outreach deadletters list shows, or --all", 2)
    if ids and kind:
        raise fail("--kind goes with --all, not with ids", 2)
    if ids:
        queues = [one.removeprefix(f"{BROKER}:") for one in ids if one.startswith(f"{BROKER}:")]
        numbers = [one for one in ids if not one.startswith(f"{BROKER}:")]
        wrong = [one for one in numbers if not one.isdecimal()] + [one for one in queues if one not in QUEUES]
        if wrong:
            raise fail(f"{', '.join(wrong)}: not ids; see outreach deadletters list", 2)
        return [int(one) for one in numbers], queues
    with reading(app.engine) as connection:
        waiting = [] if kind == [BROKER] else dead_letters.waiting_ids(connection, _kinds(kind))
    return waiting, list(_parked(app)) if not kind or BROKER in kind else []


def _ask(verb: str, app: App, numbers: list[int], queues: list[str], yes: bool) -> None:
    """Say how many are meant, by kind, and go on only when that is wanted."""
    with reading(app.engine) as connection:
        of_kind = Counter(dead_letters.kinds_of(connection, numbers).values())
    parts = [f"{count} {kind.value}" for kind, count in sorted(of_kind.items())]
    parts += [f"the messages parked in {queue}" for queue in queues]
    if parts and not yes:
        typer.confirm(f"{verb} {', '.join(parts)}?", abort=True, err=True)


def _report(result: Replayed, again: int = 0) -> None:
    """Say what came of it on stderr; exits 1 when something was not done."""
    if result.ended:
        stderr.print(f"{result.ended} ended before: nothing to do")
    for id_, why in result.refused.items():
        stderr.print(f"[bold red]error:[/] {id_} was not replayed: {escape(why)}", markup=True)
    for id_ in result.unknown:
        stderr.print(f"[bold red]error:[/] there is no dead letter {id_}", markup=True)
    if result.replayed:
        stderr.print(
            f"replayed {result.replayed}: events are settled within seconds, campaigns decide at their next run"
        )
    if again:
        stderr.print(f"enqueued {again} messages again")
    if result.refused or result.unknown:
        raise typer.Exit(1)


def _kinds(kind: list[ListedKind] | None) -> list[Kind]:
    return [Kind(one) for one in kind or () if one is not BROKER]


def _row(letter: DeadLetter) -> dict[str, str]:
    return {
        "id": str(letter.id),
        "kind": letter.kind.value,
        "what": letter.what,
        "account": letter.account_ref or "",
        "error": letter.error,
        "since": letter.set_aside_at.isoformat(),
        "outcome": letter.outcome,
        "by": letter.ended_by,
        "ended": letter.ended_at.isoformat() if letter.ended_at else "",
        "note": letter.note,
    }


def _parked_row(queue: str, count: int) -> dict[str, str]:
    row = dict.fromkeys(COLUMNS, "")
    error = "the actor raised: see the worker's log"
    return row | {"id": f"{BROKER}:{queue}", "kind": BROKER, "what": f"{count} messages", "error": error}


def _parked(app: App) -> dict[str, int]:
    try:
        return parked.parked(make_broker(app.settings.broker_url), QUEUES)
    except RedisError:
        stderr.print("the broker does not answer: what it parked is not shown")
        return {}


def _json(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
