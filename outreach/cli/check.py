"""`outreach check`: every mistake in campaigns, creditors, templates and packs, with file, line, field and remedy."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from outreach.domain.destination import networks
from outreach.policies import LoadedPacks, load_packs, pack_json_schema
from outreach.rendering.renderer import Renderer
from outreach.schedules import (
    LoadResult,
    Problem,
    Severity,
    check_templates,
    creditors_json_schema,
    json_schema,
    load_campaigns,
)
from outreach.schedules.receivers import check_receivers
from outreach.settings import load

#: Wide enough for any finding on one line, for programs that read the table.
_PIPE_WIDTH = 1000


class Schema(StrEnum):
    """Which file's JSON Schema is printed."""

    CAMPAIGN = "campaign"
    CREDITORS = "creditors"
    PACK = "pack"


_SCHEMAS = {Schema.CAMPAIGN: json_schema, Schema.CREDITORS: creditors_json_schema, Schema.PACK: pack_json_schema}


class Format(StrEnum):
    """How findings are printed."""

    TABLE = "table"
    JSON = "json"


def check(
    schedules: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Directory of campaigns; default OUTREACH_SCHEDULES."),
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Directory of templates; default OUTREACH_TEMPLATES."),
    ] = None,
    policies: Annotated[
        Path | None,
        typer.Option(exists=True, file_okay=False, help="Directory of further packs; default OUTREACH_POLICIES."),
    ] = None,
    output: Annotated[Format, typer.Option("--format", help="How findings are printed.")] = Format.TABLE,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail the check too.")] = False,
    schema: Annotated[Schema | None, typer.Option(help="Only print the JSON Schema of this file.")] = None,
) -> None:
    """Check campaigns, creditors, templates and policy packs before they are released.

    Exit code 0: no mistakes; 1: mistakes, one a line; 2: wrong usage.

    Example: outreach check --schedules schedules --format json
    """
    if schema:
        typer.echo(json.dumps(_SCHEMAS[schema](), indent=2, ensure_ascii=False))
        return
    settings = load()
    folder = schedules or settings.schedules
    texts = templates or settings.templates
    loaded = load_campaigns(folder)
    packs = load_packs(*(directory for directory in [policies or settings.policies] if directory))
    with closing(Renderer(texts)) as renderer:
        problems = [*loaded.problems, *check_templates(loaded, renderer, texts, packs.packs), *packs.problems]
    problems += check_receivers(loaded.creditors, folder, networks(settings.webhook_networks))
    if output is Format.JSON:
        typer.echo(json.dumps([problem.as_dict() for problem in problems], ensure_ascii=False, indent=2))
    elif problems:
        _print_table(problems)
    typer.echo(_summary(loaded, packs, problems), err=True)
    if any(strict or problem.severity is Severity.ERROR for problem in problems):
        raise typer.Exit(1)


def _print_table(problems: list[Problem]) -> None:
    table = Table("where", "severity", "field", "mistake", "remedy", box=None, pad_edge=False)
    for problem in problems:
        style = "red" if problem.severity is Severity.ERROR else "yellow"
        cells = (problem.where, problem.severity, problem.field, problem.message, problem.remedy)
        table.add_row(*(Text(cell, style=style if cell is problem.severity else "") for cell in cells))
    Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH).print(table)


def _summary(loaded: LoadResult, packs: LoadedPacks, problems: list[Problem]) -> str:
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    files = (
        f"{len(loaded.campaigns)} campaigns, {len(loaded.creditors)} creditors and {len(packs.packs)} packs can be used"
    )
    return f"{files}; errors: {errors}, warnings: {len(problems) - errors}"
