"""Texts and patterns as they are compared: what looks alike to a reader is alike, however it is written.

Neither capitals, accents, typographic quotes, invisible characters nor letters set apart hide a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

#: What may stand between the letters of one word, and between two words, without hiding them. No comma: "Sue, you".
_GAP = r"[ ._*|/-]{0,3}"
_SPACE = r"[ _*|/-]{1,3}"
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00b7\u2022\u2027\u22c5\u30fb", "."),
        # They show nothing: soft hyphen, joiners, direction marks, fillers, variation selectors.
        **dict.fromkeys("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\ufeff\uffa0"),
        **dict.fromkeys([*range(0x180B, 0x1810), *range(0x200B, 0x2010), *range(0x202A, 0x202F)]),
        **dict.fromkeys([*range(0x2060, 0x2070), *range(0xFE00, 0xFE10), *range(0xE0000, 0xE01F0)]),
    }
)
_ACCENTS = dict.fromkeys(range(0x0300, 0x0370))
_TOKEN = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"  # an escape
    r"|\[\^?\]?(?:\\.|[^\]\\])*\]"  # a class
    r"|\(\?(?:[:=!>]|<[=!])|[()|]"  # groups
    r"|(?:[*+?]|\{\d*,?\d*\})[?+]?"  # quantifiers
    r"|.",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?:[*+?]|\{\d*,?\d*\})[?+]?")
_MAY_BE_NONE = ("*", "?", "{0", "{,")
_ANCHORS = frozenset((r"\b", r"\B", r"\A", r"\Z", "^", "$"))
_LOOKS = frozenset(("(?=", "(?!", "(?<=", "(?<!"))


def clean(text: str) -> str:
    """The text with compatible characters made one (NFKC) and the invisible ones taken out."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.replace("\u00b4", "'")).translate(_ALIKE)


def fold(text: str) -> str:
    """The text as patterns are matched against it: clean, without case and accents, on one line."""
    return " ".join(_bare(clean(text)).split())


def _bare(text: str) -> str:
    """Without case and accents; several characters may come of one."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    apart = unicodedata.normalize("NFD", folded)
    return folded if apart == folded else unicodedata.normalize("NFC", apart.translate(_ACCENTS))


@lru_cache(maxsize=4_096)
def pattern(regex: str) -> re.Pattern[str]:
    """A pattern of a pack, to be searched in folded text; it also finds words whose letters are set apart.

    Raises re.error. Groups that are referred back to and flags are not understood.
    """
    return re.compile(_loose(regex))


@lru_cache(maxsize=1_024)
def any_of(regexes: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that is found wherever one of `regexes` is. Most begin at a word, so that is asked once."""
    loose = [_loose(regex) for regex in dict.fromkeys(regexes)]
    at_word = [one[2:] for one in loose if one.startswith(r"\b") and "|" not in _outside_groups(one)]
    branches = [one for one in loose if not one.startswith(r"\b") or "|" in _outside_groups(one)]
    if at_word:
        branches.append(rf"\b(?:{'|'.join(at_word)})")
    return re.compile("|".join(f"(?:{one})" for one in branches) or r"(?!)")


def _outside_groups(regex: str) -> str:
    """The tokens of `regex` that stand in no group."""
    depth, outside = 0, []
    for part in _TOKEN.findall(regex):
        depth += part.startswith("(")
        if not depth:
            outside.append(part if len(part) == 1 else " ")
        depth -= part == ")"
    return "".join(outside)


def _loose(regex: str) -> str:
    """The pattern, folded, with gaps allowed between what it names one after the other."""
    parts = _TOKEN.findall(unicodedata.normalize("NFC", regex.removeprefix("(?i)")))
    loose: list[str] = []
    after_atom = False
    for at, part in enumerate(parts):
        if part in (" ", r"\s"):
            following = parts[at + 1] if at + 1 < len(parts) else ""
            none = _QUANTIFIER.fullmatch(following) is not None and following.startswith(_MAY_BE_NONE)
            loose.append(_GAP if none else _SPACE)
            after_atom = False
        elif _QUANTIFIER.fullmatch(part):
            if at and parts[at - 1] not in (" ", r"\s"):
                loose.append(part)
        elif part in _ANCHORS or part in _LOOKS:
            loose.append(part)
        elif part in (")", "|"):
            loose.append(part)
            after_atom = part == ")"
        else:
            loose += [_GAP] * after_atom
            loose += _atom(part)
            after_atom = not part.startswith("(")
    return "".join(loose)


def _atom(part: str) -> Iterable[str]:
    """One thing that a pattern names, folded: a character, an escape, a class, or the beginning of a group."""
    if part.startswith(("\\", "(", ".")):
        return (part,)
    if part.startswith("["):
        inside = re.findall(r"\\.|.", part, re.DOTALL)
        return ("".join(one if one.startswith("\\") else _folded(one) for one in inside),)
    folded = _folded(part)
    return (folded,) if len(part) == len(folded) else (f"(?:{folded})",)


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    return re.escape(_bare(clean(character)))
