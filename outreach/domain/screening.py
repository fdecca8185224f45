"""Many patterns searched at once: whether any of them is in a text, in the time that a few would take.

Most texts hold none of the words that rules forbid, so that is asked first. Patterns are sorted by the letter that they
begin with, for the engine of regular expressions passes over an alternative in nanoseconds only when it begins so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from outreach.domain.folding import GAP, folded_pattern, is_quantifier, tokens


@lru_cache(maxsize=1_024)
def screen(regexes: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    """Patterns one of which is found in folded text wherever one of `regexes` is, loosely."""
    words: dict[str, list[str]] = defaultdict(list)
    letters: dict[str, list[str]] = defaultdict(list)
    others: list[str] = []
    for regex in dict.fromkeys(regexes):
        for branch in _branches(folded_pattern(regex, loose=True)):
            at_word = branch.startswith(r"\b")
            for one in _branches(branch[2:]) if at_word else (branch,):
                first = _first_letter(one)
                if first:
                    (words if at_word else letters)[first].append(one[1:])
                else:
                    others.append(rf"\b(?:{one})" if at_word else one)
    made = (rf"\b(?:{_by_letter(words)})" if words else "", _by_letter(letters), "|".join(others))
    return tuple(re.compile(one) for one in made if one)


def _by_letter(branches: dict[str, list[str]]) -> str:
    return "|".join(f"{letter}(?:{'|'.join(dict.fromkeys(rests))})" for letter, rests in branches.items())


def _first_letter(regex: str) -> str:
    """The letter with which whatever the pattern matches begins; "" when there is none such."""
    first, second = [*tokens(regex)[:2], "", ""][:2]
    return first if first.isalpha() and len(first) == 1 and not is_quantifier(second) else ""


def _branches(regex: str) -> Iterator[str]:
    """What one of must match where the pattern does: its alternatives, parted further where one begins with a choice.

    What it looks back at is left out: this is a first look, and may find too much.
    """
    for parts in _split(tokens(regex)):
        end = _end_of_head(parts)
        head, following, rest = parts[: end + 1], "".join(parts[end + 1 : end + 2]), "".join(parts[end + 1 :])
        inside = "".join(head[1:-1])
        if head and head[0] in ("(?<!", "(?<="):
            yield from _branches(rest)
        elif following == "?":
            yield from _branches("".join(head) + rest[1:])
            yield from _branches(rest[1:].removeprefix(GAP))
        elif is_quantifier(following):
            yield "".join(parts)
        elif head and head[0] == "(?:":
            yield from (one + rest for one in _branches(inside))
        elif end == 0 and head and head[0].strip("[]").isalpha():
            yield from (letter + rest for letter in head[0].strip("[]"))
        else:
            yield "".join(parts)


def _split(parts: Iterable[str]) -> Iterator[list[str]]:
    """Parts of a pattern at each "|" that stands in no group."""
    depth, branch = 0, list[str]()
    for part in parts:
        depth += part.startswith("(") - (part == ")")
        if part == "|" and not depth:
            yield branch
            branch = []
        else:
            branch.append(part)
    yield branch


def _end_of_head(parts: list[str]) -> int:
    """Where that ends with which the parts begin: the end of a group, else 0."""
    depth = 0
    for at, part in enumerate(parts):
        depth += part.startswith("(") - (part == ")")
        if not depth:
            return at
    return 0
