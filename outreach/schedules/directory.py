"""All campaigns and creditors of a directory, checked against each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from outreach.documents.document import Document, Unreadable, read_text
from outreach.documents.problem import Problem, Severity, suggestion
from outreach.domain.campaign import Campaign
from outreach.schedules.campaigns import Parsed, parse
from outreach.schedules.creditors import FILE_NAME, CreditorFile, load_creditors


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a directory gave. Campaigns and creditors with errors are left out; `problems` says why.

    `documents` holds the file of each campaign by its name, so that later findings can name a line of it.
    """

    campaigns: dict[str, Campaign] = field(default_factory=dict)
    creditors: dict[str, CreditorFile] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    documents: dict[str, Document] = field(default_factory=dict)


def load_campaigns(directory: Path) -> LoadResult:
    """The campaigns of every `*.yaml` in `directory` and its creditors, with all problems of all files."""
    if not directory.is_dir():
        remedy = "Create it, or name another one with --schedules or OUTREACH_SCHEDULES"
        return LoadResult(problems=[Problem(str(directory), 0, 0, "", "there is no such directory", remedy)])
    names = sorted(path.name for path in directory.iterdir() if not path.name.startswith("."))
    files = [directory / name for name in names if name.endswith(".yaml") and name != FILE_NAME]
    if not files:
        remedy = "Copy one of the sample campaigns into it, change it, and run `outreach check` again"
        return LoadResult(problems=[Problem(str(directory), 0, 0, "", "there are no campaigns", remedy)])
    creditors, creditor_problems = load_creditors(directory)
    result = LoadResult(creditors=creditors, problems=[*creditor_problems, *_misnamed(directory, names)])
    parsed = [_parse_file(path) for path in files]
    for one in parsed:
        result.problems.extend(one.problems)
    for campaign, document in _unique(parsed, result.problems):
        if campaign.creditor in creditors:
            result.campaigns[campaign.name] = campaign
            result.documents[campaign.name] = document
        elif creditors:
            message = f"the creditor `{campaign.creditor}` is not in {FILE_NAME}"
            result.problems.append(document.problem(("creditor",), message, suggestion(campaign.creditor, creditors)))
    return result


def _parse_file(path: Path) -> Parsed:
    try:
        return parse(read_text(path, str(path)), str(path))
    except Unreadable as unreadable:
        return Parsed(None, None, [unreadable.problem])


def _unique(parsed: list[Parsed], problems: list[Problem]) -> list[tuple[Campaign, Document]]:
    """The campaigns whose name is in one file only; of two files with one name none is right."""
    by_name: defaultdict[str, list[tuple[Campaign, Document]]] = defaultdict(list)
    for campaign, document, _ in parsed:
        if campaign and document:
            by_name[campaign.name].append((campaign, document))
    for name, found in by_name.items():
        for _, document in found if len(found) > 1 else []:
            others = ", ".join(other.file for _, other in found if other is not document)
            message = f"the campaign `{name}` is also in {others}"
            problems.append(document.problem(("campaign",), message, "Rename one of them"))
    return [found[0] for found in by_name.values() if len(found) == 1]


def _misnamed(directory: Path, names: list[str]) -> list[Problem]:
    return [
        Problem(str(directory / name), 0, 0, "", "the file is not read", "Rename it to end in .yaml", Severity.WARNING)
        for name in names
        if name.endswith(".yml")
    ]
