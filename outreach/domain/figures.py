"""The amounts of money that a text names, in whatever way its readers write them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from outreach.domain.folding import clean
from outreach.domain.money import Money, exponent

_SIGNS = "$\u00a3\u00a4\u00a5\u058f\u060b\u09f2\u09f3\u0e3f\u17db\u20a0-\u20c0"
_LAST_SIGN = "\u20c0"
#: Words for money, and the sign of what they mean.
_WORDS = {
    **dict.fromkeys(
        ("dollar", "dollars", "bucks", "d\u00f3lares", "d\u00f3lar", "dolares", "dolar", "peso", "pesos"), "$"
    ),
    **dict.fromkeys(("euro", "euros", "\u6b27\u5143"), "\u20ac"),
    **dict.fromkeys(("pounds", "libras", "\u82f1\u9551"), "\u00a3"),
    **dict.fromkeys(("rupee", "rupees", "rupias", "rs"), "\u20b9"),
    **dict.fromkeys(("yuan", "yuanes", "\u5143", "\u5757", "\u5706"), "\u00a5"),
    "\u7f8e\u5143": "$",
}
_TIMES = {"\u5343": 1_000, "\u4e07": 10_000, "\u4ebf": 100_000_000}
_CAPITALS = {"ALL", "BAM", "COP", "CUP", "GEL", "MAD", "MOP", "PEN", "RON", "SOS", "TOP", "TRY", "XXX"}
#: Codes of currencies, without those that are words in capitals.
_CODES = {code: code for code in list_currencies() - _CAPITALS}
_CODES["RMB"] = "CNY"
_CASES = (str.lower, str.title, str.upper)
_NAMED = "|".join((*_CODES, *sorted({case(name) for name in _WORDS for case in _CASES}, key=len, reverse=True)))
_FIGURE = re.compile(r"(?<![\d.,'])\d+(?:[.,']\d+| \d{3}(?!\d))*")
_BEFORE = re.compile(rf"([{_SIGNS}]|(?<![A-Za-z])[A-Z][A-Za-z]{{1,2}}\.?) ?\Z")
_AFTER = re.compile(rf"([{''.join(_TIMES)}])? ?(?:([{_SIGNS}](?!\d)|(?:{_NAMED})(?![A-Za-z])))?")
#: What stands before a figure begins at most so many characters before it.
_FARTHEST = 6
_MONEY_ALONE = re.compile(r"\d{1,3}(?:([.,'])\d{3})+(?!\1)[.,]\d{2}")


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount in a text: `words` as they stand there, `mark` the sign, code or word of its currency, if any."""

    words: str
    mark: str
    digits: str
    times: int

    def is_one_of(self, amounts: frozenset[Money], language: str) -> bool:
        """Whether it can be read as one of `amounts`."""
        return any(
            _may_mark(self.mark, one.currency, language) and one.minor in self._readings(one.currency)
            for one in amounts
        )

    def _readings(self, currency: str) -> frozenset[int]:
        return frozenset(value * self.times for value in _readings(self.digits, exponent(currency)))


def figures(text: str, language: str) -> Iterator[Figure]:
    """The amounts in `text`: figures with a sign, code or word of a currency, or written as only money is."""
    # A comma as wide as a Chinese character ends a clause; it is never part of a figure.
    text = clean(text.replace("\uff0c", "; "))
    for match in _FIGURE.finditer(text):
        digits, start, end = match[0], *match.span()
        before = _before(text, start)
        after = _AFTER.match(text, end)
        mark = before[1] if before else (after and after[2]) or ""
        if not mark and not _MONEY_ALONE.fullmatch(digits):
            continue
        if " " in digits and not _groups_by_space(language):
            digits = digits.split(" ")[0 if before else -1]
        words = text[before.start() if before else start : after.end() if after else end].strip()
        yield Figure(words, mark, digits, _TIMES.get(after[1] if after else "", 1))


def _before(text: str, start: int) -> re.Match[str] | None:
    """The sign or code right before a figure."""
    near = text[max(0, start - 3) : start].rstrip(" .")
    if not near or near[-1] > _LAST_SIGN or near[-1] in "0123456789:;,-+(/#":
        return None  # nothing to look for, in most cases
    found = _BEFORE.search(text, max(0, start - _FARTHEST), start)
    word = found[1].rstrip(".") if found else ""
    return found if word and (not word.isalpha() or word in _CODES or word == "Rs") else None


@lru_cache(maxsize=10_000)
def _readings(digits: str, places: int) -> frozenset[int]:
    """The minor units that a figure may mean: its last mark is a decimal point or parts thousands."""
    parts = re.split(r"[.,' ]", digits)
    marks = [character for character in digits if not character.isdigit()]
    whole, last = "".join(parts), parts[-1]
    if not marks:
        return frozenset((int(whole) * 10**places,))
    readings = set()
    if len(last) == 3 and (len(marks) == 1 or marks[-1] == marks[-2]):
        readings.add(int(whole) * 10**places)
    if marks[-1] in ".," and marks.count(marks[-1]) == 1 and len(last) <= places:
        readings.add(int(whole) * 10 ** (places - len(last)))
    return frozenset(readings)


@lru_cache(maxsize=1_000)
def _may_mark(mark: str, currency: str, language: str) -> bool:
    """Whether a figure with this sign, code or word (or none) may be an amount in `currency`."""
    mark = mark.rstrip(".")
    if mark in _CODES:
        return _CODES[mark] == currency
    sign = _WORDS.get(mark.lower(), mark)
    if sign in ("", "\u00a4"):
        return True
    known = {c for tag in ("en", language) for c in _symbol(currency, tag) if re.fullmatch(f"[{_SIGNS}]", c)}
    return not known or sign in known


def _symbol(currency: str, language: str) -> str:
    try:
        return str(Locale.parse(language, sep="-").currency_symbols.get(currency, ""))
    except (UnknownLocaleError, ValueError):
        return ""


@lru_cache(maxsize=100)
def _groups_by_space(language: str) -> bool:
    """Whether thousands are parted by spaces, as in French."""
    try:
        return str(Locale.parse(language, sep="-").number_symbols["latn"]["group"]).isspace()
    except (UnknownLocaleError, ValueError, KeyError):
        return False
