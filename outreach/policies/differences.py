"""Packs and rules as flat fields, in the words of their files: to show them, and to tell two versions apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import time
from typing import Any, NamedTuple

from outreach.domain.campaign import SendWindow
from outreach.domain.closed_days import Named
from outreach.domain.policy import Holds, Pack, Require, Rule

_WEEKDAYS = ("", "mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Difference(NamedTuple):
    """What differs in one rule, or in the pack itself (`rule` is empty): `change` is added, removed or changed; what is
    changed is `field`, from `before` to `after`."""

    rule: str
    change: str
    field: str = ""
    before: str = ""
    after: str = ""


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Everything in which two packs differ: the pack itself, then its rules in their order."""
    found = list(_changed("", pack_fields(before), pack_fields(after)))
    was, now = ({rule.id: rule for rule in pack.rules} for pack in (before, after))
    found += [Difference(id_, "removed", before=was[id_].note) for id_ in was if id_ not in now]
    for id_, rule in now.items():
        if id_ in was:
            found += _changed(id_, rule_fields(was[id_]), rule_fields(rule))
        else:
            found.append(Difference(id_, "added", after=rule.note))
    return found


def pack_fields(pack: Pack) -> dict[str, str]:
    """The fields of a pack without its rules; those that have their default are left out."""
    return {name: _said(value) for name, value in _fields(pack) if name != "rules"}


def rule_fields(rule: Rule) -> dict[str, str]:
    """The fields of a rule, its kind first; those that have their default are left out, unless a reader needs them."""
    first = {"kind": "hold" if isinstance(rule, Holds) else type(rule).__name__.lower()}
    if isinstance(rule, Require):
        first["need"] = rule.need.value
    always = {"on_hit": rule.on_hit.value, "status": rule.status.value}
    return first | {name: _said(value) for name, value in _fields(rule) if name != "id"} | always


def _changed(rule: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Difference]:
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            yield Difference(rule, "changed", name, old, new)


def _fields(of: Any, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The fields that do not have their default; those of parts as `when.media`, those of closed days by themselves."""
    for one in fields(of):
        value = getattr(of, one.name)
        default = one.default_factory() if one.default_factory is not MISSING else one.default
        if is_dataclass(value):
            yield from _fields(value, "" if one.name == "closed" else f"{one.name}.")
        elif default is MISSING or value != default:
            yield prefix + one.name, value


def _said(value: Any) -> str:
    match value:
        case SendWindow():
            holidays = "" if value.holidays else ", not on holidays"
            said = f"{_days(value.days)} {value.opens:%H:%M}-{_closing(value.closes)}{holidays}"
        case Named():
            said = f"{value.name} of {value.country} {value.first:+d} to {value.last:+d} days"
        case bool():
            said = "yes" if value else "no"
        case Mapping():
            said = "; ".join(f"{key}: {_said(item)}" for key, item in sorted(value.items()))
        case frozenset():
            said = ", ".join(sorted(_said(item) or "unknown" for item in value))
        case tuple():
            said = ", ".join(_said(item) for item in value)
        case _:
            said = str(value)
    return said


def _days(days: frozenset[int]) -> str:
    """ISO weekdays as files have them: `mon-sat` where they are in a row."""
    first, last = min(days), max(days)
    if len(days) > 1 and len(days) == last - first + 1:
        return f"{_WEEKDAYS[first]}-{_WEEKDAYS[last]}"
    return ", ".join(_WEEKDAYS[day] for day in sorted(days))


def _closing(closes: time) -> str:
    return "24:00" if closes == time.max else f"{closes:%H:%M}"
