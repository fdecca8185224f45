"""In which fields a rule asks less than the rule of the same id before it. An unverified rule may only tighten."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import fields
from datetime import time
from typing import Any

from outreach.domain.campaign import SendWindow
from outreach.domain.closed_days import ClosedDays
from outreach.domain.policy import Applies, CapScope, Counts, OnHit, Recency, Require, Rule, When

#: From the strictest to the loosest.
_ORDERS: tuple[tuple[object, ...], ...] = (
    (OnHit.SUPPRESS, OnHit.ROUTE, OnHit.DEFER),
    (CapScope.DEBTOR, CapScope.ACCOUNT, CapScope.NUMBER),
    (Counts.ATTEMPTS, Counts.CONTACTS, Counts.CONVERSATIONS),
)

Looser = Callable[[Any, Any], bool]


def loosened(before: Rule, after: Rule) -> list[str]:
    """The fields in which `after` asks less than `before`; a rule of another kind is looser in its `kind`.

    What cannot be compared, such as another header, counts as looser: the safe side.
    """
    if type(before) is not type(after):
        return ["kind"]
    if isinstance(before, Require) and isinstance(after, Require) and before.need is not after.need:
        return ["need"]
    return [name for name, old, new in _changes(before, after) if _test(after, name)(old, new)]


def narrowed(before: Applies, after: Applies) -> list[str]:
    """The fields in which a pack concerns fewer than the version before it."""
    places = ("countries", "states", "postal_codes", "area_codes", "licences")
    had, has = (any(getattr(one, name) for name in places) for one in (before, after))
    if has and not had:
        return [name for name in places if getattr(after, name)]
    lost = [name for name in places if has and set(getattr(before, name)) - set(getattr(after, name))]
    lost += [name for name in ("roles", "debt") if _fewer(getattr(before, name), getattr(after, name))]
    return lost + (["not_only"] if after.not_only - before.not_only else [])


def _changes(before: object, after: object) -> Iterator[tuple[str, Any, Any]]:
    for one in fields(after):  # type: ignore[arg-type]
        old, new = getattr(before, one.name), getattr(after, one.name)
        if isinstance(new, ClosedDays):
            yield from _changes(old, new)
        elif old != new and one.name not in {"id", "note", "sources", "status"}:
            yield one.name, old, new


def _test(rule: Rule, name: str) -> Looser:
    if name == "days":
        within = isinstance(rule, Recency) or (isinstance(rule, Require) and not rule.notice)
        return _greater if within else _less
    return _TESTS.get(name, _differs)


def _differs(_old: object, _new: object) -> bool:
    return True


def _greater(old: int, new: int) -> bool:
    return new > old


def _less(old: int, new: int) -> bool:
    return new < old


def _ranked(old: object, new: object) -> bool:
    for order in _ORDERS:
        if old in order:
            return order.index(new) > order.index(old)
    return True


def _fewer(old: Collection[object], new: Collection[object]) -> bool:
    """Of sets in which none means all."""
    return bool(new) and (not old or bool(set(old) - set(new)))


def _more(old: Collection[object], new: Collection[object]) -> bool:
    """Of sets of what is let pass, in which none means that all pass."""
    return (bool(old) and not new) or (bool(old) and bool(set(new) - set(old)))


def _lost(old: Collection[object], new: Collection[object]) -> bool:
    return bool(set(old) - set(new))


def _gained(old: Collection[object], new: Collection[object]) -> bool:
    return bool(set(new) - set(old))


def _lasts_longer(old: int, new: int) -> bool:
    """Of times in which 0 is for ever."""
    return old != 0 and (new == 0 or new > old)


def _lost_words(old: dict[str, tuple[str, ...]], new: dict[str, tuple[str, ...]]) -> bool:
    return any(set(words) - set(new.get(language, ())) for language, words in old.items())


def _wider(old: tuple[SendWindow, ...], new: tuple[SendWindow, ...]) -> bool:
    """Whether there is a day and time, or a holiday, at which only `new` is open."""
    return any(
        not any(opens <= window.opens and window.closes <= closes for opens, closes in _open(old, day, window.holidays))
        for window in new
        for day in window.days
    )


def _open(windows: tuple[SendWindow, ...], day: int, holidays: bool) -> list[tuple[time, time]]:  # noqa: FBT001
    """The hours of a weekday, joined where they touch; those of a holiday when `holidays`."""
    hours: list[tuple[time, time]] = []
    for one in sorted(windows, key=lambda window: window.opens):
        if day not in one.days or (holidays and not one.holidays):
            continue
        if hours and one.opens <= hours[-1][1]:
            hours[-1] = (hours[-1][0], max(hours[-1][1], one.closes))
        else:
            hours.append((one.opens, one.closes))
    return hours


def _speaks_less(old: When, new: When) -> bool:
    return any(
        _fewer(was, now) if isinstance(now, frozenset) else now is not None for _, was, now in _changes(old, new)
    )


#: By the name of the field; any other field is looser when it differs at all.
_TESTS: dict[str, Looser] = {
    "when": _speaks_less,
    "except_purposes": _gained,
    "on_hit": _ranked,
    "windows": _wider,
    "guard": _less,
    "holidays": lambda old, _new: bool(old),
    "extra": _lost,
    "named": _lost,
    "scope": _ranked,
    "counts": _ranked,
    "counted": _fewer,
    "limit": _greater,
    "hours": _less,
    "basis": _more,
    "valid_days": _lasts_longer,
    "texts": _lost,
    "shown_by": lambda old, new: _lost_words(new, old),
    "providers": _fewer,
    "employer_provided": lambda _old, new: new is not None,
    "reasons": _lost,
    "words": _lost_words,
    "parts": _fewer,
    "amounts": _less,
    "years": _less,
}
