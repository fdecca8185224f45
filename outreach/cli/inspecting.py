"""Commands that look and change nothing: timeline, preview, gate, doctor."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr, stdout
from outreach.cli.printing import print_rows
from outreach.domain.account import Facts
from outreach.domain.campaign import SendWindow
from outreach.domain.gate import Question
from outreach.domain.message import Channel, EmailMessage, LetterMessage, SmsMessage
from outreach.domain.standing import Purpose
from outreach.domain.verdicts import gate
from outreach.flow import wording
from outreach.flow.pauses import pauses
from outreach.flow.waiting import Waiting, waiting
from outreach.flow.webhook_calls import Caller
from outreach.flow.webhook_endpoints import troubles
from outreach.rendering.errors import TemplateError
from outreach.rendering.letter import LetterPrinter
from outreach.rendering.renderer import Renderer
from outreach.rendering.sample import sample_context
from outreach.settings import Settings
from outreach.store.dossier import dossier, notices_of
from outreach.store.engine import make_engine, reading
from outreach.store.migrate import current, head
from outreach.store.timeline import account_timeline
from outreach.wiring import NotReady, read_campaigns, read_law


def timeline(
    account: Annotated[str, typer.Argument(help="The account's reference.")],
    output: Annotated[OutputFormat, typer.Option("--format", help="How to print it.")] = OutputFormat.TABLE,
) -> None:
    """What happened to an account, the oldest first, and what its planned messages wait for. Times are UTC.

    Example: outreach timeline A-1001 --format json
    """
    with app_of(load_settings()) as app, reading(app.engine) as connection:
        if dossier(connection, account) is None:
            raise fail(f"there is no account {account}: import it, or search in the console")
        entries = list(reversed(account_timeline(connection, account)))
        waits = waiting(notices_of(connection, account), app.clock.now())
    rows = [
        {
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "what": wording.sentence(entry),
            "detail": wording.detail(entry),
            "channel": entry.notice.channel if entry.notice else "",
            "state": str(entry.data.get("state", "")) if entry.notice else "",
            "notice": entry.notice.id if entry.notice else "",
            "by": entry.actor,
        }
        for entry in entries
    ]
    rows += [_wait(one) for one in waits]
    columns = ("at", "kind", "what", "detail", "channel", "state", "notice", "by")
    print_rows(rows, output, columns, shown=("at", "what", "detail", "by"))


def _wait(one: Waiting) -> dict[str, str]:
    """What a planned notice waits for, as a row like the others; `at` is when the wait ends, "" while nobody knows."""
    return {
        "at": one.until.isoformat() if one.until else "",
        "kind": "waits",
        "what": one.sentence,
        "detail": one.detail,
        "channel": one.notice.channel,
        "state": one.notice.state,
        "notice": one.notice.id,
        "by": "",
    }


def preview(
    template: Annotated[str, typer.Argument(help="A folder of templates/, such as friendly_reminder.")],
    channel: Annotated[Channel, typer.Option(help="sms, email or letter.")] = Channel.SMS,
    locale: Annotated[str, typer.Option(help="The debtor's language.")] = "en",
    pdf: Annotated[Path, typer.Option(help="Where to write a letter.")] = Path("preview.pdf"),
) -> None:
    """Render a template against sample facts, as a debtor would get it. Nothing is sent.

    Example: outreach preview second_reminder --channel email --locale es
    """
    printer = LetterPrinter()
    try:
        content = Renderer(load_settings().templates, printer).render(template, channel, sample_context(locale))
    except TemplateError as error:
        raise fail(str(error)) from error
    finally:
        printer.close()
    match content:
        case SmsMessage():
            typer.echo(content.body)
            stderr.print(f"{content.encoding.value}, {content.segments} segments", highlight=False)
        case EmailMessage():
            typer.echo(f"Subject: {content.subject}\n\n{content.text}")
        case LetterMessage():
            pdf.write_bytes(content.pdf)
            stderr.print(f"{content.pages} pages in {pdf}")


def gate_command(
    file: Annotated[Path | None, typer.Argument(help="JSON; standard input when left out.")] = None,
) -> None:
    """Decide on one message: reads {"facts": ..., "channel": ..., "now": ...} and prints the decision with its rules.

    `window` (days, opens, closes, holidays), `contact_point` (an id among the facts') and `purpose` may be given, too.

    Example: outreach gate facts.json
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8") if file else sys.stdin.read())
        question = _question(document)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise fail(f"the question cannot be read: {_reason(error)}", 2) from error
    decision = asdict(gate(question, read_law(load_settings())))
    typer.echo(json.dumps(decision, default=_json, ensure_ascii=False, indent=1))


def _question(document: dict[str, Any]) -> Question:
    facts = TypeAdapter(Facts).validate_python(document["facts"])
    channel = Channel(document["channel"])
    now = datetime.fromisoformat(document["now"])
    if now.tzinfo is None:
        raise ValueError("now has no offset: write 2026-12-01T17:00:00Z")
    window = TypeAdapter(SendWindow | None).validate_python(document.get("window"))
    points = facts.debtor.points(channel)
    wanted = document.get("contact_point")
    point = next((one for one in points if wanted in (None, one.id)), None)
    purpose = Purpose(document.get("purpose", Purpose.REMINDER))
    return Question(facts, channel, point, window, now, purpose=purpose)


def _reason(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"facts.{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)


def _json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def doctor() -> None:
    """Check what the system needs: database, schema, campaigns, fonts and libraries for letters, rates.

    Providers that are paused and webhooks that fail are named with what to do; they make no failure of ours.

    Example: outreach doctor
    """
    settings = load_settings()
    checks: dict[str, Callable[[], str]] = {
        "database": lambda: _database(settings),
        "campaigns": lambda: f"{len(read_campaigns(settings).campaigns)} campaigns",
        "letters": _letters,
        "rates": lambda: _rates(settings),
    }
    failed = False
    for name, check in checks.items():
        try:
            stdout.print(f"ok     {name}: {check()}", markup=False)
        except (SQLAlchemyError, NotReady, RuntimeError, OSError) as error:
            failed = True
            stdout.print(f"failed {name}: {error}", markup=False)
    if failed:
        raise typer.Exit(1)


def _database(settings: Settings) -> str:
    engine = make_engine(settings.database_url)
    try:
        with reading(engine) as connection:
            at = current(connection)
            if at != head():
                raise NotReady(f"schema {at or 'none'}, this version needs {head()}: run outreach migrate")
            for sentence in pauses(connection):
                stdout.print(f"paused {sentence}", markup=False, soft_wrap=True)
            for sentence in troubles(connection, Caller(settings)):
                stdout.print(f"webhook {sentence}", markup=False, soft_wrap=True)
    finally:
        engine.dispose()
    return f"schema {at}"


def _rates(settings: Settings) -> str:
    limits = ", ".join(f"{provider} {rate:g}" for provider, rate in settings.rates.items())
    return f"messages a second: {limits}" if limits else "no limits"


def _letters() -> str:
    with LetterPrinter() as printer:
        printer.start()
    return "WeasyPrint prints"
