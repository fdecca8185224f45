"""What a debtor who promises to pay says: which amounts, on which days, in English, Spanish or Chinese. Pure.

The words are data (`said_words`), the rules few. Nothing is guessed: what can be read in two ways, or is not said, is
named as a doubt, and a person or a question to the debtor settles it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from outreach.domain.folding import fold
from outreach.domain.money import Money
from outreach.domain.promise import PromisePart
from outreach.domain.said_amounts import AmountMention, Kind, amounts_in
from outreach.domain.said_days import DayMention, days_in
from outreach.domain.said_words import DAY_FIRST, EITHER_FIRST, MONTH_FIRST


class Ask(StrEnum):
    """What must be asked back."""

    WHICH_DAY = "which_day"
    HOW_MUCH = "how_much"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is not clear: the words it is about ("" when nothing was said), and what they may mean."""

    ask: Ask
    words: str = ""
    days: tuple[date, ...] = ()
    amounts: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class SaidPart:
    """An amount and a day. No amount: all that is open and in no other part. No day: it must be asked."""

    amount: Money | None
    day: date | None


@dataclass(frozen=True, slots=True)
class Said:
    """What was said. `evidence`: the words that decided, in their order, folded. `plan_like`: it asks for a plan of
    instalments rather than promises a payment; the parts then are only what was understood of it."""

    parts: tuple[SaidPart, ...] = ()
    ambiguous: tuple[Doubt, ...] = ()
    evidence: tuple[str, ...] = ()
    plan_like: bool = False

    @property
    def clear(self) -> bool:
        """Whether it can be taken as a promise without asking anybody."""
        return bool(self.parts) and not self.ambiguous and not self.plan_like

    def promise_parts(self) -> tuple[PromisePart, ...]:
        """The parts for a promise. Raises ValueError unless `clear`."""
        if not self.clear:
            raise ValueError("what was said is not clear enough for a promise")
        return tuple(
            PromisePart(None if part.amount is None else part.amount.minor, part.day)
            for part in self.parts
            if part.day is not None
        )


def day_first_in(country: str) -> bool | None:
    """Whether 12/05 is the 12th of May in a country (ISO 3166-1 alpha-2); None where people write both ways."""
    return None if country in EITHER_FIRST else country not in MONTH_FIRST


#: What asks for a plan of instalments: something that is paid again and again, or the word itself.
_PLAN = re.compile(
    r"\b(?:every|each) (?:other )?(?:\w+ )?(?:week|month|payday|paycheck|check|friday|day)s?\b"
    r"|\b(?:weekly|bi-?weekly|monthly|fortnightly|twice a month|installments?|instalments?)\b"
    r"|(?<!my )(?<!the )\bpayment plan\b|\bset up (?:a )?(?:plan|arrangement)\b"
    r"|(?<=\d) ?(?:/|a|per|per every) ?(?:week|wk|month|mo|paycheck)\b"
    r"|\b(?:cada|por|al|a la) (?:\w+ )?(?:semana|mes|quincena|quince dias|15 dias)\b(?! que viene)"
    r"|\b(?:mensual|semanal|quincenal)(?:es|mente)?\b|\b(?:a plazos|en (?:pagos|abonos|cuotas)|plan de pagos?)\b"
    r"|分期|每(?:个|個)?月|每(?:两|兩)?(?:个|個)?(?:周|週|星期)|按月"
)
#: Where one thing ends and the next begins.
_BREAK = re.compile(r"[,;.!?，。；、]|\b(?:and|then|plus|but|so|y|luego|despues|pero)\b|&|然后|而")
_OR = re.compile(r"[ ,.]*(?:(?:or|no|maybe|o|quizas)\b|或者?|还是)[ $]*")
#: Who names more payments than so many means a plan.
MOST_PARTS = 3
#: How many characters after "I get paid" a day still says when: "on the ".
LEAD = 8
#: No promise is longer; what follows is quoted or a story.
_LONGEST = 2_000


def said_promise(text: str, today: date, balance: Money, language: str = "", *, day_first: bool | None = None) -> Said:
    """Which amounts a text promises on which days; never raises.

    `today` is the day where the debtor is, `balance` what the account owes. `day_first`: whether 12/05 is in May
    (`day_first_in` the country); None leaves it to the `language` (BCP 47), and where that says nothing it is asked.
    """
    folded = fold(text[:_LONGEST])
    order = DAY_FIRST.get(language[:2].lower()) if day_first is None else day_first
    days = days_in(folded, today, day_first=order)
    amounts = _distinct(folded, amounts_in(folded, balance.currency, [(day.start, day.end) for day in days]))
    plan = _PLAN.search(folded)
    if not days and not amounts:
        evidence = (plan.group().strip(),) if plan else ()
        return Said((), (Doubt(Ask.WHICH_DAY),), evidence, plan_like=plan is not None)
    reader = _Reader(folded, balance)
    pairs = [(amount, _certain(of)) for amount, of in _paired(folded, amounts, days)]
    parts, doubts = reader.read(pairs)
    spans = {(amount.start, amount.end) for amount, _ in pairs if amount} | {
        (d.start, d.end) for _, of in pairs for d in of
    }
    words = [folded[start:end] for start, end in sorted(spans)] + ([plan.group().strip()] if plan else [])
    return Said(parts, doubts, tuple(words), plan_like=plan is not None or len(parts) > MOST_PARTS)


_Pair = tuple[AmountMention | None, list[DayMention]]


def _distinct(text: str, amounts: Sequence[AmountMention]) -> list[AmountMention]:
    """The amounts without what only repeats or leads to another: "something, say 50", "50 dollars, yes, 50"."""
    named = [one for one in amounts if one.kind in (Kind.FIXED, Kind.SHARE, Kind.UNCLEAR)]
    kept: list[AmountMention] = []
    for one in amounts:
        if one.kind in (Kind.ALL, Kind.SOME) and (named or kept):
            continue
        before = kept[-1] if kept else None
        if before and one.kind is before.kind is Kind.FIXED and _OR.fullmatch(text[before.end : one.start]):
            choice = (*before.choice, before.minor, one.minor)
            kept[-1] = AmountMention(before.start, one.end, Kind.UNCLEAR, choice=choice)
        elif one.kind is Kind.REST and not kept:
            kept.append(replace(one, kind=Kind.ALL))
        else:
            kept.append(one)
    return kept


def _paired(text: str, amounts: Sequence[AmountMention], days: Sequence[DayMention]) -> list[_Pair]:
    """Each amount with the days that are said of it. A day between two amounts belongs to the one from which no
    "and" or comma parts it; in doubt to the one before it."""
    if not amounts:
        return [(None, list(days))]
    pairs: list[_Pair] = [(amount, []) for amount in amounts]
    for day in days:
        before = sum(amount.start < day.start for amount in amounts)
        if before == 0:
            owner = 0
        elif before == len(amounts):
            owner = before - 1
        else:
            parted = _BREAK.search(text, amounts[before - 1].end, day.start)
            joined = not _BREAK.search(text, day.end, amounts[before].start)
            owner = before if parted and joined else before - 1
        pairs[owner][1].append(day)
    return pairs


def _certain(days: Sequence[DayMention]) -> list[DayMention]:
    """The days without what only leads to another: "I get paid Friday, will pay Monday" names Monday."""
    named = [day for day in days if day.days]
    leads = [day.end for day in days if not day.days]
    chosen = [day for day in named if not any(0 <= day.start - end <= LEAD for end in leads)]
    return chosen or named or list(days)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes parts of pairs, and says what is in doubt."""

    text: str
    balance: Money

    def read(self, pairs: Sequence[_Pair]) -> tuple[tuple[SaidPart, ...], tuple[Doubt, ...]]:
        """The parts, and the doubts about them."""
        minors = self._minors([amount for amount, _ in pairs])
        doubts = [
            doubt for amount, of in pairs for doubt in (self._of_amount(amount), self._of_days(amount, of)) if doubt
        ]
        open_parts = minors.count(None)
        named = sum(minor or 0 for minor in minors)
        too_much = named > self.balance.minor or (named == self.balance.minor and open_parts and len(pairs) > 1)
        sure = all(doubt.ask is not Ask.HOW_MUCH for doubt in doubts)
        if sure and (too_much or open_parts > 1 or 0 in minors):
            words = ", ".join(self._words(amount) for amount, _ in pairs if amount)
            doubts.append(Doubt(Ask.HOW_MUCH, words))
            minors = [None] * len(pairs)
        if not sure:
            minors = [None if too_much else minor for minor in minors]
        parts = [
            SaidPart(None if minor is None else Money(minor, self.balance.currency), _the_day(of))
            for minor, (_, of) in zip(minors, pairs, strict=True)
        ]
        return tuple(parts), tuple(doubts)

    def _minors(self, amounts: Sequence[AmountMention | None]) -> list[int | None]:
        """Minor units; None for all that is open. Shares that make a whole leave no cent over."""
        minors: list[int | None] = []
        shares = Fraction()
        for amount in amounts:
            minor = None
            if amount and amount.kind is Kind.FIXED:
                minor = amount.minor
            elif amount and amount.kind is Kind.SHARE:
                of, over = amount.share
                shares += Fraction(of, over)
                whole = (shares >= 1 and len(amounts) > 1) or of == over
                minor = None if whole else max(self.balance.minor, 0) * of // over
            minors.append(minor)
        return minors

    def _of_amount(self, amount: AmountMention | None) -> Doubt | None:
        if amount is None or amount.kind not in (Kind.SOME, Kind.UNCLEAR):
            return None
        choice = tuple(Money(minor, self.balance.currency) for minor in amount.choice)
        return Doubt(Ask.HOW_MUCH, self._words(amount), amounts=choice)

    def _of_days(self, amount: AmountMention | None, days: Sequence[DayMention]) -> Doubt | None:
        if _the_day(days):
            return None
        words = " ".join(self._words(day) for day in days) or (self._words(amount) if amount else "")
        may_be = sorted({day for mention in days for day in mention.days})
        return Doubt(Ask.WHICH_DAY, words, days=tuple(may_be))

    def _words(self, mention: AmountMention | DayMention) -> str:
        return self.text[mention.start : mention.end]


def _the_day(days: Sequence[DayMention]) -> date | None:
    """The one day that is meant, if there is only one."""
    may_be = {day for mention in days for day in mention.days}
    return may_be.pop() if len(may_be) == 1 and all(mention.days for mention in days) else None
