"""The days that a text names, in English, Spanish and Chinese. Pure: `today` is the day where the debtor is.

What a day is called stands in `said_day_rules`; here is what its neighbours make of it. No day is ever in the past.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from outreach.domain.said_day_rules import RULES, WEEK_ZH, WEEKDAY, Rule
from outreach.domain.said_frame import Frame
from outreach.domain.said_numbers import LEFT, RIGHT


@dataclass(frozen=True, slots=True)
class DayMention:
    """Where in the text a day is named, and which: one, several that it may be, or none that is certain."""

    start: int
    end: int
    days: tuple[date, ...]


_COMPILED = tuple((re.compile(regex), rule) for regex, rule in RULES)
#: What before a day says that it is not the one.
_NOT_THEN = re.compile(
    r"(?:(?<!don't )(?<!dont )(?<!not )cancel(?:ar)?|instead of|rather than|not|skip"
    r"|(?:can't|cant|cannot|can not|won't|wont)(?: (?:pay|do|make))?|(?:no puedo|no podre)(?: pagar)?|\bno"
    r"|en vez del?|en lugar del?|不是|(?<!不要)(?<!别)取消|不能|没法)"
    r"(?: (?:on|by|it|the|el|for|pagar|this))*[ ]?$"
)


#: What around a day says that it is only later: "after the 15th", "周五以后".
_LATER = re.compile(r"(?:\bafter|\bdespues del?|过了|過了)(?: (?:the|el|on))* ?$")
_LATER_ZH = re.compile(r"(?:之|以)[后後]")
_NAMED_WEEKDAY = re.compile(rf"{LEFT}{WEEKDAY}{RIGHT}|{WEEK_ZH}[一二三四五六日天1-7]")
#: What stands between a weekday and its date: "Friday, Dec 4", "Friday the 4th".
_BETWEEN = re.compile(r"[ ,(]{0,3}(?:the |el )?")
_BARE_DAY = re.compile(r",? (?:the |el |dia )?(?P<d>\d{1,2})(?![\d.,:/%]|[a-z]| ?(?:am|pm|bucks|dol|pesos|usd|eur))")


def days_in(text: str, today: date, *, day_first: bool | None) -> list[DayMention]:
    """The days that folded text names, in their order; those that it excludes ("not Friday") are left out."""
    frame = Frame(today, day_first)
    found: list[DayMention] = []
    for match, rule in _leftmost(text):
        days = rule(match, frame)
        before = text[: match.start()]
        if days is None or _NOT_THEN.search(before):
            continue
        later = _LATER.search(before) or _LATER_ZH.match(text, match.end())
        mention = DayMention(match.start(), match.end(), () if later else tuple(sorted(set(days))))
        both = _same(text, found[-1], mention) if found else None
        if both is not None:
            found[-1] = both
        else:
            found.append(_with_date(text, mention, frame))
    return found


def _same(text: str, first: DayMention, second: DayMention) -> DayMention | None:
    """A weekday and the date beside it are one day, if the date falls on it."""
    if not _BETWEEN.fullmatch(text, first.end, second.start):
        return None
    spans = [text[one.start : one.end] for one in (first, second)]
    for weekday, dated in ((first, second), (second, first)):
        is_weekday = _NAMED_WEEKDAY.search(spans[weekday is second])
        days = tuple(
            day for day in dated.days if is_weekday and weekday.days and day.weekday() == weekday.days[0].weekday()
        )
        if days:
            return DayMention(first.start, second.end, days)
    return None


def _with_date(text: str, mention: DayMention, frame: Frame) -> DayMention:
    """A weekday with a bare number that falls on it: "lunes 30"."""
    bare = _BARE_DAY.match(text, mention.end)
    if not bare or not mention.days or not _NAMED_WEEKDAY.search(text[mention.start : mention.end]):
        return mention
    days = tuple(day for day in frame.of_month(int(bare["d"])) if day.weekday() == mention.days[0].weekday())
    return DayMention(mention.start, bare.end(), days) if days else mention


def _leftmost(text: str) -> Iterator[tuple[re.Match[str], Rule]]:
    """Every rule's matches without overlaps: the one that begins first, then the longest."""
    matches = [(match, rule) for regex, rule in _COMPILED for match in regex.finditer(text) if match.group()]
    end = 0
    for match, rule in sorted(matches, key=lambda one: (one[0].start(), -one[0].end())):
        if match.start() >= end:
            end = match.end()
            yield match, rule
