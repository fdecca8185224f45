"""Numbers as people write them in messages: with separators of both kinds, in words, in Chinese characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from outreach.domain.said_words import CHINESE_DIGITS, CHINESE_UNITS, MULTIPLIERS, NUMBERS

#: No letter or digit before, and none behind: the ends of a word or a number.
LEFT = r"(?<![a-z0-9])"
RIGHT = r"(?![a-z0-9])"
DIGITS = r"\d(?:[\d.,]*\d)?"
CHINESE_NUMBER = r"(?:\d++|[零〇一二两兩俩三四五六七八九十百千万萬])[零〇一二两兩俩三四五六七八九十百千万萬]*+"


def any_of(words: Iterable[str]) -> str:
    """A pattern for one of some words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


#: One or more number words: "two hundred fifty", "mil quinientos".
WORDED = rf"(?:(?:{any_of([*NUMBERS, *MULTIPLIERS])})(?: and | y |[ -])?)+(?<![ -])"


def in_digits(written: str, decimals: int) -> Decimal | None:
    """A number in digits for an amount that has up to `decimals` after the point; None when it cannot be read.

    1,200.50 and 1.200,50 are the same. A single separator with three digits behind it sets thousands apart, with one
    or two it is the decimal point; where a currency itself has three decimals nobody can tell.
    """
    marks = [mark for mark in written if mark in ".,"]
    if not marks:
        return Decimal(written)
    last = marks[-1]
    whole, _, tail = written.rpartition(last)
    grouped = marks.count(last) > 1 or (len(tail) == 3 and whole.strip("0") != "")
    if grouped and len(set(marks)) == 1:
        ok = len(tail) == 3 and all(2 <= len(group) <= 3 for group in whole.split(last)[1:])
        return Decimal(whole.replace(last, "") + tail) if ok and decimals < 3 else None
    if marks.count(last) > 1 or not 1 <= len(tail) <= max(decimals, 2):
        return None
    other = "." if last == "," else ","
    groups = whole.split(other)
    if len(groups) > 1 and (len(groups[-1]) != 3 or not all(2 <= len(group) <= 3 for group in groups[1:])):
        return None
    return Decimal(f"{''.join(groups)}.{tail}")


def in_words(written: str) -> int | None:
    """A number in English or Spanish words, or in digits; None when it is none."""
    if written.isdecimal():
        return int(written)
    total = current = 0
    for word in re.split(r"[ -]+", written.strip()):
        if word in ("and", "y", "of"):
            continue
        if word in MULTIPLIERS:
            current = max(current, 1) * MULTIPLIERS[word]
            if MULTIPLIERS[word] == 1_000:
                total, current = total + current, 0
        elif word in NUMBERS:
            # "a couple" is a couple
            current = NUMBERS[word] if word == "couple" else current + NUMBERS[word]
        else:
            return None
    return total + current or None


def in_chinese(written: str) -> int | None:
    """A number in Chinese characters, mixed with digits or not: 三百五十, 3百, 十五, 一千五; None when it is none."""
    if written.isdecimal():
        return int(written)
    total = section = 0
    digit: int | None = None
    unit = 1
    for part in re.findall(r"\d+|.", written):
        if part.isdecimal() or part in CHINESE_DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = int(part) if part.isdecimal() else CHINESE_DIGITS[part]
            if digit == 0:
                unit = 10  # 一千零五 ends in ones
        elif part in CHINESE_UNITS:
            unit = CHINESE_UNITS[part]
            if unit == 10_000:
                total, section = (total + section + (digit or 0)) * unit, 0
            else:
                section += (1 if digit is None else digit) * unit
            digit = None
        else:
            return None
    # 一千五 is 1500, 十五 is 15.
    last = (digit or 0) * (unit // 10 if unit >= 100 else 1)
    return total + section + last or None
