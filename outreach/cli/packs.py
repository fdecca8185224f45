"""`outreach packs`: which law is applied, what it asks and where that stands, and what a version changes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape

from outreach.cli.context import OutputFormat, app_of, fail, load_settings, stderr, stdout
from outreach.cli.options import instant
from outreach.cli.printing import print_rows
from outreach.documents.problem import suggestion
from outreach.domain.policy import Pack
from outreach.flow.impact import Impact, impact, with_pack
from outreach.policies import BadPacks, load_packs
from outreach.policies.differences import Difference, differences, pack_fields, rule_fields
from outreach.policies.reading import read_pack
from outreach.settings import Settings

packs_cli = typer.Typer(
    name="packs", help="Which law is applied, what it asks, and what a version changes.", no_args_is_help=True
)


class Format(StrEnum):
    """How packs are printed."""

    TABLE = "table"
    JSON = "json"


COLUMNS = ("pack", "version", "status", "in_force", "from", "to", "rules", "title")
SHOWN = ("pack", "version", "status", "in_force", "rules", "title")
Output = Annotated[Format, typer.Option("--format", help="How to print it.")]


@packs_cli.command("list")
def list_packs(output: Output = Format.TABLE) -> None:
    """List every version of every pack: those that come with the program and those of OUTREACH_POLICIES.

    `in_force`: whether it is applied today (UTC). What is only proposed never is.

    Example: outreach packs list --format json
    """
    today = datetime.now(UTC).date()
    rows = [
        {
            "pack": pack.id,
            "version": pack.version,
            "status": pack.status.value,
            "in_force": "yes" if pack.in_force(today) else "no",
            "from": str(pack.effective_from or ""),
            "to": str(pack.effective_to or ""),
            "rules": str(len(pack.rules)),
            "title": pack.title,
        }
        for pack in _packs(load_settings())
    ]
    print_rows(rows, OutputFormat(output.value), COLUMNS, shown=SHOWN)


@packs_cli.command()
def show(
    pack: Annotated[str, typer.Argument(metavar="PACK[@VERSION]", help="A pack that `list` shows, or a file.")],
    output: Output = Format.TABLE,
) -> None:
    """Show the rules of a pack in plain words, with their sources; without a version, of the one in force.

    Example: outreach packs show us-federal
    """
    found = _find(pack, _packs(load_settings()))
    document = _document(found)
    if output is Format.JSON:
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    applied = "applied" if found.in_force(datetime.now(UTC).date()) else "not applied today"
    stdout.print(f"[bold]{escape(found.name)}[/]  {escape(found.title)}  ({applied})", soft_wrap=True)
    _print_fields(pack_fields(found), ("id", "version", "title"))
    for rule in document["rules"]:
        stdout.print(f"\n[bold]{rule['id']}[/]  {escape(rule['note'])}", soft_wrap=True)
        _print_fields(rule, ("id", "note"))


@packs_cli.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help="A pack and version, such as us-nyc@2024.1, or a file.")],
    after: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    at: Annotated[str, typer.Option(help="Ask the gate at this time, with its offset; now when left out.")] = "",
    rules_only: Annotated[bool, typer.Option("--rules-only", help="Do not look at the accounts.")] = False,
    output: Output = Format.TABLE,
) -> None:
    """Say which rules two versions of a pack do not share, and how many accounts that would affect.

    Every account in the database is asked about, as if a reminder were sent on each channel that reaches its debtor:
    with A in force, and with B in its place, beside all other packs. What depends on a written message is left out.

    Example: outreach packs diff us-nyc@2024.1 us-nyc@2026.2 --at 2026-12-01T17:00:00Z
    """
    settings = load_settings()
    known = _packs(settings)
    old, new = _find(before, known), _find(after, known)
    found = differences(old, new)
    affected: Impact | None = None
    if not rules_only:
        with app_of(settings) as app:
            now = instant(at, "--at", app.clock.now())
            laws = with_pack(known, old, new), with_pack(known, new, old)
            with stderr.status("asking about every account"):
                affected = impact(app.engine, *laws, frozenset({old.name, new.name}), now)
    _print_diff(found, affected, output)


def _packs(settings: Settings) -> tuple[Pack, ...]:
    """The packs in use; exits 1 when one has a mistake."""
    directories = [settings.policies] if settings.policies else []
    try:
        return load_packs(*directories).all()
    except BadPacks as bad:
        raise fail(f"{escape(str(bad))}\nRun outreach check for the details") from bad


def _find(text: str, packs: tuple[Pack, ...]) -> Pack:
    """The pack in a file, or of that name and version; without one the version in force, else the newest."""
    if text.endswith(".yaml"):
        return _in_file(Path(text))
    found = [pack for pack in packs if text in {pack.name, pack.id}]
    if not found:
        names = [pack.name for pack in packs] if "@" in text else [pack.id for pack in packs]
        raise fail(f"there is no pack {escape(text)}. {escape(suggestion(text, names))}")
    today = datetime.now(UTC).date()
    return next((pack for pack in found if pack.in_force(today)), found[-1])


def _in_file(path: Path) -> Pack:
    file, problems = read_pack(path)
    if file is None:
        raise fail("\n".join(escape(str(problem)) for problem in problems))
    return file.pack


def _document(pack: Pack) -> dict[str, Any]:
    rules = [{"id": rule.id, "note": rule.note} | rule_fields(rule) for rule in pack.rules]
    for document, rule in zip(rules, pack.rules, strict=True):
        document["sources"] = "; ".join(rule.sources)
    return pack_fields(pack) | {"rules": rules}


def _print_fields(values: dict[str, Any], without: tuple[str, ...]) -> None:
    for name, value in values.items():
        if name not in without:
            stdout.print(f"  {name.replace('_', ' ')}: {escape(str(value))}", soft_wrap=True)


def _print_diff(found: list[Difference], affected: Impact | None, output: Format) -> None:
    if output is Format.JSON:
        document: dict[str, Any] = {"rules": [one._asdict() for one in found]}
        if affected is not None:
            document["accounts"] = {
                **{name: getattr(affected, name) for name in ("accounts", "concerned", "affected")},
                "changes": _changes(affected),
            }
        typer.echo(json.dumps(document, ensure_ascii=False, indent=1))
        return
    rows = [one._asdict() for one in found]
    print_rows(rows, OutputFormat.TABLE, Difference._fields, shown=Difference._fields)
    if affected is not None:
        stdout.print(
            f"{affected.affected} of {affected.accounts} accounts would be affected; "
            f"{affected.concerned} are concerned by one of the two"
        )
        if affected.changes:
            columns = ("channel", "before", "after", "accounts")
            print_rows(_changes(affected), OutputFormat.TABLE, columns, shown=columns)


def _changes(affected: Impact) -> list[dict[str, str]]:
    return [
        {"channel": one.channel.value, "before": one.before.value, "after": one.after.value, "accounts": str(count)}
        for one, count in sorted(affected.changes.items())
    ]
