"""The amounts that a text names, in English, Spanish and Chinese. Pure.

Only what reads as money counts: with a sign or a word of a currency, after a word of paying, or before a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from outreach.domain.money import Money, UnknownCurrency, exponent
from outreach.domain.said_numbers import (
    CHINESE_NUMBER,
    DIGITS,
    LEFT,
    RIGHT,
    WORDED,
    any_of,
    in_chinese,
    in_digits,
    in_words,
)
from outreach.domain.said_words import CURRENCY_WORDS, LARGE, TENS


class Kind(StrEnum):
    """How an amount is named. `SOME`: it says no number; `UNCLEAR`: one that cannot be read or not be meant."""

    FIXED = "fixed"
    SHARE = "share"
    ALL = "all"
    REST = "rest"
    SOME = "some"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class AmountMention:
    """Where in the text an amount is named. `minor`: minor units of the account's currency, for FIXED; `share`: of the
    balance, for SHARE; `choice`: what an UNCLEAR one may be."""

    start: int
    end: int
    kind: Kind
    minor: int = 0
    share: tuple[int, int] = (1, 1)
    choice: tuple[int, ...] = ()


_Read = Callable[[re.Match[str], str], AmountMention]
_SIGN = rf"(?P<s>{any_of(['us$', '$', '€', '£', '¥', 'usd', 'mxn', 'eur', 'gbp', 'cny', 'rmb', '人民币'])})"
_WORD = rf"(?P<w>{any_of(CURRENCY_WORDS)})"
_AMOUNT = rf"(?P<n>{DIGITS})(?P<k>k)?"
_CHINESE = rf"(?P<z>{CHINESE_NUMBER})"
_PAY = (
    r"(?:pay(?:ing)?|send(?:ing)?|give|giving|do|make|put|mail|drop|bring|transfer|zelle|venmo|afford|manage|deposit"
    r"|then|and|another|plus|only|just|at least|at most|have|up to"
    r"|pagar(?:e|te|les?)?|pago|deposit(?:o|ar|are)|mando|mandar|envio|enviar|doy|dar(?:le|te)?|abon(?:o|ar)|puedo"
    r"|transfiero|luego|y|despues|otros|solo|nomas)"
)
_TENS = rf"(?P<words>(?:{any_of(TENS)})(?:[ -]{WORDED})?)"
_FILL = r"(?: (?:you|u|ya|y'all|le|les|about|like|only|just|the|maybe|around|up to|at least|unos|como|otros|another))*"
#: What makes of a bare number something else than money.
_NO_MONEY = (
    r"(?! ?(?:%|am\b|pm\b|a\.m|p\.m|:|/|-\d|st\b|nd\b|rd\b|th\b|天|周|週|个|個|号|號|日|月|点|點|期|次|年|小时)"
    r"|[a-z0-9]"
    r"| (?:days?|weeks?|wks?|months?|hours?|hrs?|min|minutes|years?|times?|more|kids|people|payments?|installments?)\b"
    r"| (?:dias?|semanas?|mes(?:es)?|horas?|pagos?|cuotas?|de [a-z]))"
)
_BEFORE_DAY = (
    r"(?= (?:on|by|in|right|down|first|up ?front|and the|y el|this|next|now|today|tonight|tomorrow|every|each"
    r"|a week|a month|per|then|el|para|ahora|hoy|manana|cada"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b)"
)
_OWED = re.compile(
    r"(?:owed?|owing|balance(?: is| of)?|bill(?: is| of)?|debt(?: is| of)?|charged(?: me)?|fee(?: of| is)?"
    r"|debo|deuda(?: de)?|saldo(?: de| es)?|me cobra[nr]?|欠(?:你们|你|款|了)?|余额(?:是)?)"
    r" ?(?:you |u |about |the |de )?$"
)
#: Numbers that only point to something: a time, an account, the last digits of a card.
_POINTS = re.compile(r"(?:\bat|a las?|#|no\.|ref|acct|account|cuenta|number|ending(?: in)?|apt|suite|unit|code)[ :]*$")


def _minor(value: Decimal | int | None, currency: str, *, thousands: bool = False) -> int | None:
    """Minor units of an amount that people can promise, else None."""
    if value is None:
        return None
    try:
        minor = Money.of(Decimal(value) * (1_000 if thousands else 1), currency).minor
    except (UnknownCurrency, ValueError):
        return None
    return minor if minor > 0 else None


def _decimals(currency: str) -> int:
    try:
        return exponent(currency)
    except UnknownCurrency:
        return 2


def _value(match: re.Match[str], currency: str) -> int | None:
    found = match.groupdict()
    if found.get("z"):
        return _minor(in_chinese(found["z"]), currency)
    if found.get("words"):
        return _minor(in_words(found["words"]), currency)
    return _minor(in_digits(found["n"], _decimals(currency)), currency, thousands=bool(found.get("k")))


def _fixed(match: re.Match[str], currency: str) -> AmountMention:
    found = match.groupdict()
    meant = [CURRENCY_WORDS.get(found.get(group) or "") for group in ("s", "w")]
    minor = _value(match, currency)
    if minor is None or any(one is not None and currency not in one for one in meant):
        return _at(match, Kind.UNCLEAR)
    return _at(match, Kind.FIXED, minor=minor)


def _range(match: re.Match[str], currency: str) -> AmountMention:
    read = (_minor(in_digits(match[group], _decimals(currency)), currency) for group in ("from", "to"))
    choice = tuple(minor for minor in read if minor is not None)
    return AmountMention(match.start(), match.end(), Kind.UNCLEAR, choice=choice)


def _percent(match: re.Match[str], _: str) -> AmountMention:
    percent = int(match["p"])
    return _at(match, Kind.SHARE, share=(percent, 100)) if 0 < percent <= 100 else _at(match, Kind.UNCLEAR)


def _share(of: int, over: int) -> _Read:
    return lambda match, _: _at(match, Kind.SHARE, share=(of, over))


def _is(kind: Kind) -> _Read:
    return lambda match, _: _at(match, kind)


def _at(match: re.Match[str], kind: Kind, *, minor: int = 0, share: tuple[int, int] = (1, 1)) -> AmountMention:
    # The number itself decides what stands around it: "pay 50" is about the 50.
    groups = [name for name in ("n", "words", "z", "s", "w") if match.groupdict().get(name)]
    start = min((match.start(name) for name in groups), default=match.start())
    return AmountMention(start, match.end(), kind, minor, share)


def _phrases(*phrases: str, after: str = "") -> str:
    """A pattern for one of some whole words, not followed by `after`."""
    return rf"{LEFT}(?:{'|'.join(phrases)}){RIGHT}{after}"


_OF = r"(?= (?:of|now|today|on|by|this|next|ahora|hoy|el)\b|$)"

#: Patterns of folded text. Where two begin at the same place the longer match counts, then the earlier rule.
_RULES: tuple[tuple[str, _Read], ...] = (
    (rf"{LEFT}(?:between )?\$ ?(?P<from>{DIGITS}) ?(?:-|to|or|o|a) ?\$?(?P<to>{DIGITS}){RIGHT}", _range),
    (rf"{LEFT}(?:between |entre )?(?P<from>{DIGITS}) ?(?:-|to|or|o|a|到|或) ?(?P<to>{DIGITS}) ?{_WORD}", _range),
    (rf"{LEFT}(?:between|entre) \$?(?P<from>{DIGITS}) (?:and|y) \$?(?P<to>{DIGITS})(?: ?{_WORD})?{RIGHT}", _range),
    (rf"{LEFT}(?P<from>{DIGITS}) ?(?:-|or|o|到|或) ?(?P<to>{DIGITS}){_BEFORE_DAY}", _range),
    (rf"{LEFT}{_SIGN} ?{_AMOUNT}(?![a-z0-9])(?: ?{_WORD}{RIGHT})?", _fixed),
    (rf"(?<![a-z0-9.,/]){_AMOUNT} ?{_WORD}{RIGHT}", _fixed),
    (rf"{_CHINESE}多?{_WORD}", _fixed),
    (rf"{LEFT}(?P<words>{WORDED}) {_WORD}{RIGHT}", _fixed),
    (
        rf"{LEFT}(?P<words>(?:{WORDED}[ -])?(?:{any_of(LARGE)})(?:[ -]{WORDED})?){RIGHT}"
        r"(?! (?:dias|days|times|veces|percent|por ?ciento|gracias|thanks))",
        _fixed,
    ),
    (rf"{LEFT}{_PAY}{_FILL} {_AMOUNT}{_NO_MONEY}", _fixed),
    (rf"(?<![a-z0-9.,/#:$-]){_AMOUNT}{_BEFORE_DAY}", _fixed),
    (rf"^\W*{_AMOUNT}\W*$", _fixed),
    (rf"{LEFT}{_PAY}{_FILL} {_TENS}{RIGHT}{_NO_MONEY}", _fixed),
    (rf"{LEFT}{_TENS}{_BEFORE_DAY}", _fixed),
    (rf"(?:还|還|付|转|轉|给|給|交|存|打|先|再|能)(?:你们|你)?{_CHINESE}{_NO_MONEY}(?![分半成])", _fixed),
    (rf"{LEFT}(?P<p>\d{{1,3}}) ?(?:%|percent{RIGHT}|por ?ciento{RIGHT})", _percent),
    (_phrases("half", f"1/2{_OF}", "la mitad", "mitad", after=r"(?! (?:an? )?(?:hour|hr|past|day))"), _share(1, 2)),
    (r"一半|半数", _share(1, 2)),
    (_phrases(f"(?:a|one) third{_OF}", f"1/3{_OF}", "un tercio") + "|三分之一", _share(1, 3)),
    (_phrases("two thirds", "dos tercios") + "|三分之二", _share(2, 3)),
    (_phrases(f"(?:(?:a|one) )?(?:quarter|fourth){_OF}", "un cuarto(?! de hora)") + "|四分之一", _share(1, 4)),
    (
        _phrases("(?:the )?(?:rest|remaining(?: (?:balance|amount))?|remainder|other half)", "what'?s left"),
        _is(Kind.REST),
    ),
    (_phrases("(?:the )?balance(?= (?:on|by|next|in|later))"), _is(Kind.REST)),
    (_phrases("(?:el )?(?:resto|restante|lo demas)", "lo que (?:falta|resta|queda)", "la otra mitad"), _is(Kind.REST)),
    (r"(?:剩下|剩余|余下|其余)的?|另外?一半", _is(Kind.REST)),
    (_phrases("(?:the )?(?:full|whole|entire|total) (?:amount|balance|thing|bill|payment|debt)"), _is(Kind.ALL)),
    (
        _phrases("in full", "everything", "it all", "all of it", "pay(?:ing)? (?:(?:it|this|that) )?(?:all|off)"),
        _is(Kind.ALL),
    ),
    (_phrases("(?:pagar |pago )?todo(?: lo que debo)?", "la totalidad", "el total", "completo"), _is(Kind.ALL)),
    (r"全部|全额|全額|付清|还清|還清|结清|結清|一次性", _is(Kind.ALL)),
    (
        _phrases("some(?:thing| of it| money)?", "part of it", "a part", "partial(?:ly)?(?: payment)?"),
        _is(Kind.SOME),
    ),
    (
        _phrases("a little(?: bit)?", "what(?:ever)? i can", "as much as i can", "(?:the )?minimum(?: payment)?"),
        _is(Kind.SOME),
    ),
    (_phrases("algo", "una parte", "un poco", "lo que pued[ao]", "el minimo", "un abono"), _is(Kind.SOME)),
    (r"一部分|一点|一點|一些|最低|多少算多少", _is(Kind.SOME)),
)
_COMPILED = tuple((re.compile(regex), rule) for regex, rule in _RULES)


#: A number that is money because a day stands right before it: "Friday 100".
_AFTER_DAY = re.compile(rf"{_AMOUNT}{_NO_MONEY}")
#: And one right before a day, as Chinese has it: "三千五明天还". A number of one character is no amount.
_RIGHT_BEFORE_DAY = re.compile(rf"(?:(?<![\d.,/:#$a-z-]){_AMOUNT}|(?P<z>(?=.*[百千万萬]){CHINESE_NUMBER}))[ ，,]?$")


def amounts_in(text: str, currency: str, taken: Sequence[tuple[int, int]]) -> list[AmountMention]:
    """The amounts that folded text names, in their order, outside of what is `taken` by days. What the text says is
    owed, and numbers that only point to something, are left out."""
    found = [rule(match, currency) for regex, rule in _COMPILED for match in regex.finditer(text)]
    after_days = (_AFTER_DAY.match(text, end + len(between)) for end, between in _gaps(text, taken))
    before_days = (_RIGHT_BEFORE_DAY.search(text[:start]) for start, _ in taken)
    found += [_fixed(match, currency) for match in (*after_days, *before_days) if match]
    kept: list[AmountMention] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        overlaps = any(one.start < end and start < one.end for start, end in taken)
        if not overlaps and (not kept or one.start >= kept[-1].end):
            kept.append(one)
    return [one for one in kept if not _aside(text[: one.start])]


def _gaps(text: str, taken: Sequence[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The end of each day, and what is between it and the next word."""
    for _, end in taken:
        rest = text[end:]
        yield end, rest[: len(rest) - len(rest.lstrip(" ,:-"))]


def _aside(before: str) -> bool:
    return bool(_OWED.search(before) or _POINTS.search(before))
