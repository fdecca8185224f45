"""A text as rules see it: a line of plain words for English and Spanish, a line of characters for Chinese."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from outreach.domain.intents.grammar import NAME_MARK
from outreach.domain.intents.letters import HIDDEN, plain
from outreach.domain.intents.lexicon import JOINED, KNOWN, is_name, words_of

_HAN = "\u3400-\u9fff"
_LETTER = rf"[^\W_{_HAN}]"
_TOKEN = re.compile(
    rf"(?P<spelt>(?<![^\W_])[a-z](?:[ .*_|/+\-{HIDDEN}]{{1,3}}[a-z]){{2,30}}(?![^\W_']))"
    r"|(?P<number>[$€£¥]?\d+(?:[.,:/\-]\d+)+)"
    rf"|(?P<word>{_LETTER}(?:['{HIDDEN}]?{_LETTER})*)"
    r"|(?P<mark>[.!?,;:()\n][.!?,;:()\n\s]*)"
)
_CHARACTER = re.compile(rf"[{_HAN}]")
_SPACES = re.compile(r"\s")
#: The longest text that is read, in characters; debtors' letters are far shorter.
LONGEST = 100_000


@dataclass(slots=True)
class Said:
    """A text with the places of its words.

    `line` holds the words, single spaces around them, clauses ended by ".", "?" or ","; `starts` where each begins in
    it and `spans` where it stands in the text. `han` holds the characters without spaces, `places` where they stand.
    """

    words: list[str]
    line: str
    starts: list[int]
    spans: list[tuple[int, int]]
    han: str
    places: list[int]

    def in_line(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of `line` stands in the text."""
        first = bisect_right(self.starts, start + 1) - 1
        last = bisect_right(self.starts, max(end - 1, start + 1)) - 1
        return self.spans[max(first, 0)][0], self.spans[max(last, 0)][1]

    def in_han(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of `han` stands in the text."""
        return self.places[start], self.places[end - 1] + 1


def said(text: str) -> Said:
    """The text as rules see it, up to LONGEST characters."""
    text = text[:LONGEST]
    seen = plain(text)
    words = _Words(text)
    for found in _TOKEN.finditer(seen):
        words.add(str(found.lastgroup), found[0], found.start(), found.end())
    words.end(len(text))
    has_han = _CHARACTER.search(seen) is not None
    han, places = _characters(seen) if has_han else ("", [])
    starts, at = [], 1
    for word in words.words:
        starts.append(at)
        at += len(word) + 1
    return Said(words.words, f" {' '.join(words.words)} ", starts, words.spans, han, places)


class _Words:
    """The words of a text, one after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.words: list[str] = ["."]
        self.spans: list[tuple[int, int]] = [(0, 0)]
        self.shouts = text.isupper()

    def add(self, kind: str, piece: str, start: int, end: int) -> None:
        if kind == "mark":
            self._mark("?" if "?" in piece else "." if _ends(piece) else ",", start, end)
        elif kind == "number":
            self._put(piece.lstrip("$€£¥"), start, end)
        elif kind == "spelt":
            self._spelt(piece, start, end)
        else:
            self._word(piece.replace(HIDDEN, ""), start, end)

    def end(self, at: int) -> None:
        self._mark(".", at, at)

    def _mark(self, mark: str, start: int, end: int) -> None:
        if self.words[-1] in (".", "?"):
            return
        if self.words[-1] == ",":
            self.words[-1] = mark
        else:
            self._put(mark, start, end)

    def _spelt(self, piece: str, start: int, end: int) -> None:
        """Letters set apart: one word if they make a word that rules know."""
        letters = [(place, char) for place, char in enumerate(piece) if char.isalpha()]
        joined = "".join(char for _, char in letters)
        if words_of(joined) != (joined,) or (len(joined) >= 3 and joined in KNOWN):
            self._word(joined, start, end)
            return
        for place, char in letters:
            self._word(char, start + place, start + place + 1)

    def _word(self, piece: str, start: int, end: int) -> None:
        for word in words_of(piece):
            both = JOINED.get(f"{self.words[-1]} {word}")
            if both is not None:
                self.words[-1] = both
                self.spans[-1] = self.spans[-1][0], end
            elif is_name(word, capital=self._is_capital(start)):
                self._put(word + NAME_MARK, start, end)
            else:
                self._put(word, start, end)

    def _is_capital(self, start: int) -> bool:
        return not self.shouts and self.words[-1] not in (".", "?") and self.text[start].isupper()

    def _put(self, word: str, start: int, end: int) -> None:
        self.words.append(word)
        self.spans.append((start, end))


def _ends(piece: str) -> bool:
    return "." in piece or "!" in piece or piece.count("\n") > 1


def _characters(seen: str) -> tuple[str, list[int]]:
    kept = [(char, place) for place, char in enumerate(seen) if char != HIDDEN and not char.isspace()]
    return "".join("," if char in ";:" else char for char, _ in kept), [place for _, place in kept]
