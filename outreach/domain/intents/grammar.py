"""The small language in which rules are written, a rule a line, and what it becomes: one regular expression a rule.

    word  stem*  one/other  two_words   a word, words that begin so, either of some, several words as one
    <class>                             any phrase of a class of the same language
    ?                                   after any of these: it may be missing
    ~3                                  up to three words in between, within a sentence
    _                                   any one word
    #                                   any word with a digit in it
    ! at the beginning                  no veto takes back what this rule finds
    @name                               what looks like somebody's name
    ^  $                                the beginning and the end of a clause
    ^^  $$                              the beginning and the end of the text

Chinese rules are of characters instead of words: ~3 is up to three characters within a clause.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

#: What a name is marked with in the line that rules see.
NAME_MARK = "§"

Classes = Mapping[str, tuple[str, ...]]

_ANY_WORD = r" [^ .?!,][^ ]*"
_COMMA = r"(?: ,)?"
_LATIN = {
    "^": r"(?<= [.?!,])",
    "$": r"(?= [.?!,])",
    "^^": r"\A(?: [.?!,])*",
    "$$": r"(?=(?: [.?!,])* ?\Z)",
    "_": _ANY_WORD,
    "#": r" [^ \d]*\d[^ ]*",
    "@name": rf" [^ ]+{NAME_MARK}",
}
_CHINESE = {
    "^": r"(?:\A|(?<=[.?!,]))",
    "$": r"(?=[.?!,]|\Z)",
    "^^": r"\A[.?!,]*",
    "$$": r"(?=[.?!,]*\Z)",
    "_": r"[^.?!,]",
    "#": r"\d",
    ",": r"[,.]",
}
#: A rule is only tried on texts that have one of its anchors: words so common are bad ones.
_COMMON = frozenset(
    [
        "a",
        "an",
        "the",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "my",
        "your",
        "his",
        "her",
        "our",
        "me",
        "him",
        "us",
        "them",
        "to",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "is",
        "am",
        "are",
        "was",
        "be",
        "been",
        "do",
        "does",
        "did",
        "dont",
        "have",
        "has",
        "had",
        "no",
        "not",
        "and",
        "or",
        "but",
        "if",
        "this",
        "that",
        "here",
        "what",
        "who",
        "how",
        "can",
        "will",
        "would",
        "so",
        "just",
        "now",
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "yo",
        "me",
        "mi",
        "mis",
        "tu",
        "su",
        "sus",
        "lo",
        "le",
        "les",
        "se",
        "que",
        "de",
        "del",
        "en",
        "a",
        "al",
        "con",
        "por",
        "para",
        "y",
        "o",
        "no",
        "ya",
        "es",
        "esta",
        "este",
        "soy",
        "estoy",
        "si",
    ]
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `anchors` are the words (or stems, ending in `*`) of which a text must have one for `regex` to fit."""

    source: str
    regex: re.Pattern[str]
    anchors: tuple[str, ...]


def latin(source: str, classes: Classes) -> Rule:
    """A rule of a language that is written in words. Raises ValueError for one without any words."""
    parts = [_Part(term, classes, _LATIN) for term in source.split()]
    regex = "".join(part.latin() for part in parts) + ("(?= )" if parts[-1].fixed is None else "")
    return Rule(source, re.compile(regex), _anchors(source, parts))


def chinese(source: str, classes: Classes) -> Rule:
    """A rule of characters."""
    parts = [_Part(term, classes, _CHINESE) for term in source.split()]
    return Rule(source, re.compile("".join(part.chinese() for part in parts)), _anchors(source, parts))


class _Part:
    """One term of a rule."""

    def __init__(self, term: str, classes: Classes, fixed: Mapping[str, str]) -> None:
        self.fixed = fixed.get(term)
        self.gap = int(term[1:]) if term.startswith("~") else 0
        self.optional = len(term) > 1 and term.endswith("?") and not term.endswith("/?")
        self.phrases: tuple[str, ...] = ()
        if self.fixed is None and not self.gap:
            self.phrases = tuple(_phrases(term.removesuffix("?") if self.optional else term, classes))

    def latin(self) -> str:
        if self.fixed is not None:
            return self.fixed
        if self.gap:
            return f"(?:{_ANY_WORD}){{0,{self.gap}}}?"
        either = "|".join(_words(phrase) for phrase in sorted(self.phrases, key=len, reverse=True))
        return f"(?:{_COMMA}(?:{either})(?= )){'?' if self.optional else ''}"

    def chinese(self) -> str:
        if self.fixed is not None:
            return self.fixed
        if self.gap:
            return f"[^.?!,]{{0,{self.gap}}}?"
        either = "|".join(re.escape(phrase) for phrase in sorted(self.phrases, key=len, reverse=True))
        return f"(?:{either}){'?' if self.optional else ''}"


def _phrases(term: str, classes: Classes) -> Iterable[str]:
    for one in term.split("/"):
        if one.startswith("<"):
            yield from classes[one[1:-1]]
        else:
            yield one.replace("_", " ")


def _words(phrase: str) -> str:
    return _COMMA.join(
        " " + re.escape(word.removesuffix("*")) + ("[^ ]*" if word.endswith("*") else "") for word in phrase.split()
    )


def _anchors(source: str, parts: Iterable[_Part]) -> tuple[str, ...]:
    """The words of the part that is the rarest: few words, none of them common."""
    best: tuple[int, tuple[str, ...]] | None = None
    for part in parts:
        if not part.phrases or part.optional:
            continue
        words = tuple(dict.fromkeys(_rarest(phrase) for phrase in part.phrases))
        cost = sum(40 if word in _COMMON else 1 for word in words)
        if best is None or cost < best[0]:
            best = cost, words
    if best is None:
        raise ValueError(f"the rule {source!r} names no word that a text must have; add one")
    return best[1]


def _rarest(phrase: str) -> str:
    return max(phrase.split(), key=lambda word: (word not in _COMMON, len(word)))
