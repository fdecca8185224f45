"""Texts and patterns as they are compared: what looks alike to a reader is alike, however it is written.

Neither capitals, accents, typographic quotes, invisible characters nor letters set apart hide a word.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

#: What may stand between the letters of one word, and between two words, without hiding them. No comma: "Sue, you".
GAP = r"[ ._*|/-]{0,3}"
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
#: What may be in `_ALIKE`: neither ASCII nor letters, signs of currencies, or Chinese characters and their commas.
_ODD = re.compile(
    r"[^\n -_a-~\xa1-\xa6\xa9\xaa\xbf-\u02ff\u0370-\u05ff\u20a0-\u20cf\u3001-\u3011\u3041-\u30fa\u3400-\u9fff]"
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
#: A quantifier that allows none, in its parts: the least, the most, and how eager it is.
_OPTIONAL = re.compile(r"([*?]|\{0?,(\d*)\})([?+]?)")
_LOOKS = frozenset(("(?=", "(?!", "(?<=", "(?<!"))
_BLANKS = frozenset((" ", r"\s"))


def clean(text: str) -> str:
    """The text with compatible characters made one (NFKC) and the invisible ones taken out."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", text.replace("\u00b4", "'"))
    return text.translate(_ALIKE) if _ODD.search(text) else text


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
def pattern(regex: str, *, loose: bool = True) -> re.Pattern[str]:
    """A pattern of a pack, to be searched in folded text; a `loose` one also finds words whose letters are set apart.

    Raises re.error. Groups that are referred back to and flags are not understood.
    """
    return re.compile(folded_pattern(regex, loose=loose))


def tokens(regex: str) -> list[str]:
    """The parts of a pattern: characters, escapes, classes, the beginnings and ends of groups, quantifiers, "|"."""
    return _TOKEN.findall(regex)


def is_quantifier(part: str) -> bool:
    """Whether a part of a pattern says how often the one before it stands."""
    return _QUANTIFIER.fullmatch(part) is not None


def folded_pattern(regex: str, *, loose: bool) -> str:
    """The pattern in folded letters; a loose one allows gaps between the letters that it names."""
    parts = tokens(unicodedata.normalize("NFC", regex.removeprefix("(?i)")))
    gap = GAP if loose else ""
    made: list[str] = []
    re.compile(regex)
    #: Of each open group: whether it only looks, and whether a letter stands before it.
    groups = [(False, False)]
    after_letter = False
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        quantifier = following if is_quantifier(following) else ""
        if is_quantifier(part):
            continue  # it was written with what it repeats
        if part.startswith("("):
            made.append("(?:" if part == "(" else part)
            groups.append((part in _LOOKS, after_letter))
            after_letter = after_letter and part not in _LOOKS
        elif part == "|":
            made.append(part)
            looks, before = groups[-1]
            after_letter = before and not looks
        elif part == ")":
            made.append(part + quantifier)
            looks, before = groups.pop()
            after_letter = before if looks else after_letter
        elif part in _BLANKS:
            made.append(_blank(quantifier, loose=loose))
            after_letter = False
        else:
            letter = _names_letters(part)
            made.append(_repeated(gap if letter and after_letter else "", _atom(part), quantifier))
            after_letter = letter
    return "".join(made)


def _blank(quantifier: str, *, loose: bool) -> str:
    """What a space, or several, of a pattern matches."""
    if _OPTIONAL.fullmatch(quantifier):
        return GAP if loose else " ?"
    return _SPACE if loose else " "


def _repeated(gap: str, atom: str, quantifier: str) -> str:
    """An atom with its quantifier; a gap before it only where the atom is there, too."""
    optional = _OPTIONAL.fullmatch(quantifier)
    if not gap or not optional:
        return gap + atom + quantifier
    least, most, eager = optional.groups()
    once = "" if least == "?" else f"{{1,{most or ''}}}{eager}"
    return f"(?:{gap}{atom}{once})?{eager}"


def _names_letters(part: str) -> bool:
    """Whether a part of a pattern is a letter or a class of letters."""
    return part.strip("[]").isalpha()


def _atom(part: str) -> str:
    """One thing that a pattern names, folded: a character, an escape or a class."""
    if part.startswith(("\\", ".")):
        return part
    if part.startswith("["):
        inside = re.findall(r"\\.|.", part, re.DOTALL)
        return "".join(one if one.startswith("\\") else _folded(one) for one in inside)
    folded = _folded(part)
    return folded if len(part) == len(folded) else f"(?:{folded})"


def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    return re.escape(_bare(clean(character)))
