"""The versions of a pack follow one another: no day has two, none is left out, and an unverified one only tightens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, pairwise

from outreach.documents.document import FieldPath
from outreach.documents.problem import Problem
from outreach.domain.policy import Pack, Status
from outreach.policies.loosening import loosened, narrowed
from outreach.policies.reading import PackFile


def check_versions(files: Iterable[PackFile]) -> list[Problem]:
    """What is wrong between the versions of each pack; what is only proposed is never applied and does not count."""
    applied = sorted((one for one in files if one.pack.status is not Status.PROPOSED), key=_order)
    problems: list[Problem] = []
    for _, group in groupby(applied, key=lambda one: one.pack.id):
        for before, after in pairwise(group):
            problems += [*_dates(before, after), *check_tightens(before.pack, after)]
    return problems


def check_tightens(before: Pack, after: PackFile) -> Iterator[Problem]:
    """Where `after` asks less than `before` without being verified."""
    was = {rule.id: (index, rule) for index, rule in enumerate(before.rules)}
    remedy = "Check it at its source and give its `status`, or ask as much as before"
    for index, rule in enumerate(after.pack.rules):
        if rule.status is Status.UNVERIFIED and rule.id in was:
            for name in loosened(was[rule.id][1], rule):
                message = f"the unverified rule `{rule.id}` asks less than in {before.name}: {name}"
                yield after.problem(("rules", index, name), message, remedy)
    if after.pack.status is Status.UNVERIFIED:
        path: FieldPath
        for name in narrowed(before.applies, after.pack.applies):
            path = ("applies", name)
            yield after.problem(path, f"the unverified pack concerns fewer than {before.name}: {name}", remedy)
        for id_ in was.keys() - {rule.id for rule in after.pack.rules}:
            yield after.problem(("rules",), f"the unverified pack lacks the rule `{id_}` of {before.name}", remedy)


def _order(file: PackFile) -> tuple[str, date]:
    return file.pack.id, file.pack.effective_from or date.min


def _dates(before: PackFile, after: PackFile) -> Iterator[Problem]:
    """The problem of two versions between which days are shared or missing."""
    ends, begins = before.pack.effective_to, after.pack.effective_from
    path: FieldPath = ("effective_from",)
    if begins is None or ends is None or begins < ends:
        name, day = before.pack.name, begins or "the first day"
        remedy = (
            f'Give {before.document.file} `effective_to: "{begins}"`' if begins else "Give both versions their days"
        )
        yield after.problem(path, f"{after.pack.name} and {name} are both in force from {day}", remedy)
    elif ends < begins:
        message = f"no version of `{after.pack.id}` is in force from {ends} to {begins}"
        yield after.problem(path, message, f'Begin on "{ends}", or let {before.pack.name} end on "{begins}"')
