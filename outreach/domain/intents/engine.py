"""The engine: which rules fit a text, less what a veto takes back. Every rule is tried only where its anchors occur."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import NamedTuple

from outreach.domain.intents import Intent, chinese, english, english_vetoes, spanish
from outreach.domain.intents.grammar import Classes, Rule, latin
from outreach.domain.intents.grammar import chinese as of_characters
from outreach.domain.intents.said import Said

_Span = tuple[int, int]
#: By intent the pieces of a line that no find may lie in.
_Vetoed = dict[Intent, list[_Span]]

#: A rule that begins so says it so plainly that no veto takes it back.
PLAIN = "! "
#: So often one rule is looked for in a text: what says a thing a hundred times says it.
MOST_FINDS = 100
#: No stem of a rule is shorter, or longer.
_SHORTEST_STEM, _LONGEST_STEM = 2, 24


class Find(NamedTuple):
    """What a rule fits: `start` and `end` are places in the text."""

    intent: Intent
    rule: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Meant:
    intent: Intent
    rule: Rule
    is_plain: bool


class _Book:
    """The rules of a language, found by the words that a text must have for them."""

    def __init__(self, written: Mapping[Intent, str], classes: Classes, *, han: bool) -> None:
        make = of_characters if han else latin
        self.rules: list[_Meant] = [
            _Meant(intent, make(line.removeprefix(PLAIN), classes), line.startswith(PLAIN))
            for intent, lines in written.items()
            for line in _lines(lines)
        ]
        self._by_word: dict[str, list[int]] = {}
        self._by_stem: dict[str, list[int]] = {}
        for number, one in enumerate(self.rules):
            for anchor in one.rule.anchors:
                shelf = self._by_stem if anchor.endswith("*") else self._by_word
                shelf.setdefault(anchor.removesuffix("*"), []).append(number)

    def in_words(self, words: Iterable[str]) -> set[int]:
        """The numbers of the rules of which one of the words is an anchor."""
        found: set[int] = set()
        for word in words:
            found.update(self._by_word.get(word, ()))
            for length in range(_SHORTEST_STEM, min(len(word), _LONGEST_STEM) + 1):
                found.update(self._by_stem.get(word[:length], ()))
        return found

    def in_characters(self, han: str) -> set[int]:
        """The same for a line of characters."""
        return {number for anchor, numbers in self._by_word.items() if anchor in han for number in numbers}

    def taken_back(self, against: Iterable[int], line: str, known: _Vetoed) -> _Vetoed:
        """`known` with what these rules, being vetoes, cover."""
        for number in against:
            veto = self.rules[number]
            known.setdefault(veto.intent, []).extend(_all(veto.rule.regex, line))
        return known

    def kept(self, tried: Iterable[int], line: str, taken_back: _Vetoed) -> list[tuple[Intent, str, _Span]]:
        """Each rule's finds that no veto of its intent covers."""
        return [
            (one.intent, one.rule.source, found)
            for one in (self.rules[number] for number in sorted(tried))
            for found in _all(one.rule.regex, line)
            if one.is_plain or not _is_covered(found, taken_back.get(one.intent, ()))
        ]


def _lines(written: str) -> Iterator[str]:
    return (line for raw in written.splitlines() if (line := raw.strip()))


@cache
def _books() -> tuple[tuple[_Book, _Book], ...]:
    """Rules and vetoes of English and Spanish, which are read together, and of Chinese."""
    return (
        (_Book(english.RULES, english.CLASSES, han=False), _Book(english_vetoes.VETOES, english.CLASSES, han=False)),
        (_Book(spanish.RULES, spanish.CLASSES, han=False), _Book(spanish.VETOES, spanish.CLASSES, han=False)),
        (_Book(chinese.RULES, chinese.CLASSES, han=True), _Book(chinese.VETOES, chinese.CLASSES, han=True)),
    )


def finds(said: Said) -> list[Find]:
    """What the rules find in a text, in the order of the text. Whoever mixes English and Spanish is read in both."""
    *latin_books, chinese_book = _books()
    words = set(said.words)
    taken_back: _Vetoed = {}
    for _, vetoes in latin_books:
        vetoes.taken_back(vetoes.in_words(words), said.line, taken_back)
    found: list[Find] = []
    for rules, _ in latin_books:
        kept = rules.kept(rules.in_words(words), said.line, taken_back)
        found += [Find(intent, source, *said.in_line(*span)) for intent, source, span in kept]
    if said.han:
        rules, vetoes = chinese_book
        taken_back = vetoes.taken_back(vetoes.in_characters(said.han), said.han, {})
        kept = rules.kept(rules.in_characters(said.han), said.han, taken_back)
        found += [Find(intent, source, *said.in_han(*span)) for intent, source, span in kept]
    return sorted(found, key=lambda one: (one.start, one.end))


def _all(regex: re.Pattern[str], line: str) -> Iterator[_Span]:
    spans = (found.span() for found in regex.finditer(line) if found.end() > found.start())
    return islice(spans, MOST_FINDS)


def _is_covered(span: _Span, spans: Iterable[_Span]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in spans)
