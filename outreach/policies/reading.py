"""One pack file -> one typed pack, with every mistake in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach.documents.document import Document, FieldPath, Unreadable, read, read_text
from outreach.documents.explain import validate
from outreach.documents.problem import Problem, has_errors
from outreach.domain.policy import Pack, Status
from outreach.policies.pack_file import PackKeys

#: The pack whose guard minutes hold for the hours of every pack.
HOUSE = "house"

Finding = tuple[FieldPath, str, str]


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack and its file, which knows where each value stands."""

    pack: Pack
    document: Document

    def problem(self, path: FieldPath, message: str, remedy: str) -> Problem:
        """A problem at a path of the file."""
        return self.document.problem(path, message, remedy)


def read_pack(path: Path) -> tuple[PackFile | None, list[Problem]]:
    """The pack in a file, or None when it has an error; and every problem, in the order of the file."""
    file = str(path)
    try:
        document = read(read_text(path, file), file)
    except Unreadable as unreadable:
        return None, [unreadable.problem]
    keys, mistakes = validate(PackKeys, document)
    findings = [document.problem(*finding) for finding in _findings(document.data)]
    told = {(problem.line, problem.field) for problem in findings}
    mistakes = [one for one in mistakes if (one.line, one.field) not in told]
    problems = sorted([*document.problems, *mistakes, *findings], key=lambda problem: (problem.line, problem.column))
    return PackFile(keys.built(), document) if keys and not has_errors(problems) else None, problems


def _findings(data: object) -> Iterator[Finding]:
    """What the keys say against each other. They read plain data, so that a file shows all its mistakes at once."""
    pack = data if isinstance(data, dict) else {}
    if "enabled" in pack:
        message = "a pack is not switched on: one that is `proposed` is never applied, any other on its days"
        yield ("enabled",), message, "Remove `enabled`; when the law is in force, change `status` and `effective_from`"
    begins, ends = pack.get("effective_from"), pack.get("effective_to")
    if isinstance(begins, str) and isinstance(ends, str) and begins >= ends:
        yield (
            ("effective_to",),
            f"the pack ends on {ends}, before it begins",
            "`effective_to` is after `effective_from`",
        )
    rules = pack.get("rules")
    seen: dict[object, int] = {}
    for index, rule in enumerate(rules if isinstance(rules, list) else []):
        if isinstance(rule, dict):
            yield from _rule(pack, index, rule)
            if rule.get("id") in seen:
                message = f"the rule `{rule['id']}` is there twice (also rules[{seen[rule['id']]}])"
                yield ("rules", index, "id"), message, "Give every rule its own id"
            seen.setdefault(rule.get("id", index), index)


def _rule(pack: dict[str, object], index: int, rule: dict[str, object]) -> Iterator[Finding]:
    path: FieldPath = ("rules", index)
    if "guard" in rule and pack.get("pack") != HOUSE:
        yield (*path, "guard"), f"`guard` holds for every pack, so it stands in `{HOUSE}` alone", "Remove `guard`"
    if rule.get("status") == Status.PROPOSED and pack.get("status") != Status.PROPOSED:
        message = "a rule that is only proposed stands in a pack that is in force"
        yield (*path, "status"), message, "Move it to a pack with `status: proposed`"
    if rule.get("status", pack.get("status")) == Status.UNVERIFIED and rule.get("except_purposes"):
        yield (
            (*path, "except_purposes"),
            "an unverified rule may only tighten, this one lets purposes pass",
            "Remove `except_purposes`, or check the rule at its source and give its `status`",
        )
