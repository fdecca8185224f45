"""What a message says, held against the rules of packs: words that must not stand in it, and texts that must."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from outreach.domain.account import Facts
from outreach.domain.figures import figures
from outreach.domain.folding import fold, pattern
from outreach.domain.money import Money
from outreach.domain.policy import Lint, Need, Require
from outreach.domain.screening import screen

#: The key of a rule's words and texts that hold in any language.
ANY_LANGUAGE = "*"
_PARTS = ("subject", "body")
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Text:
    """What a debtor reads of a message, in plain text; `language` is the BCP 47 tag of the template."""

    subject: str
    body: str
    language: str


def ledger(facts: Facts) -> frozenset[Money]:
    """The amounts that a message on these facts may name: the balance, and what items come to and are open for."""
    items = (amount for item in facts.items for amount in (item.amount, item.open_amount))
    return frozenset((facts.balance, *items))


def lint(rules: Sequence[Lint], text: Text, amounts: frozenset[Money]) -> list[tuple[Lint, tuple[str, ...]]]:
    """The rules that `text` breaks, each with the words (folded) or amounts at fault.

    `amounts` are those of the account; rules that look at amounts accept no other.
    """
    tags = _tags(text.language)
    found: dict[int, list[str]] = {}
    for part in _PARTS:
        content = getattr(text, part)
        words = [_words(rule, part, tags) for rule in rules] if content else []
        folded = fold(content)
        if any(one.search(folded) for one in screen(tuple(regex for some in words for regex in some))):
            for at, some in enumerate(words):
                found.setdefault(at, []).extend(_hits(some, folded))
    on_amounts = [at for at, rule in enumerate(rules) if rule.amounts]
    foreign = list(_foreign(text, amounts)) if on_amounts else []
    for at in on_amounts:
        found.setdefault(at, []).extend(foreign)
    return [(rule, tuple(dict.fromkeys(found[at]))) for at, rule in enumerate(rules) if found.get(at)]


def missing(rules: Sequence[Require], text: Text) -> list[tuple[Require, str]]:
    """The mandatory texts that `text` lacks, each with the words to add.

    The words are "" when the rule has none in the language of the message: a disclosure must be in that language
    (12 CFR 1006.18(e)(4)), so a person has to look, and another language does not help.
    """
    tags = _tags(text.language)
    body = fold(text.body)
    return [
        (rule, _first(rule.texts, tags)) for rule in rules if rule.need is Need.TEXT and not _shown(rule, body, tags)
    ]


def _shown(rule: Require, body: str, tags: tuple[str, ...]) -> bool:
    words = _folded(_first(rule.texts, tags))
    if words and words in body:
        return True
    return any(pattern(regex, loose=False).search(body) for regex in _all(rule.shown_by, tags))


def _words(rule: Lint, part: str, tags: tuple[str, ...]) -> tuple[str, ...]:
    return () if rule.parts and part not in rule.parts else _all(rule.words, tags)


def _hits(regexes: Iterable[str], folded: str) -> Iterator[str]:
    for regex in regexes:
        yield from (match.group().strip() for match in pattern(regex).finditer(folded))


def _foreign(text: Text, amounts: frozenset[Money]) -> Iterator[str]:
    for part in (text.subject, text.body):
        for figure in figures(part, text.language):
            if not figure.is_one_of(amounts, text.language):
                yield figure.words


def _all(by_language: Mapping[str, tuple[str, ...]], tags: tuple[str, ...]) -> tuple[str, ...]:
    """What holds for any of the tags."""
    return tuple(one for tag in tags for one in by_language.get(tag, ()))


def _first(by_language: Mapping[str, str], tags: tuple[str, ...]) -> str:
    """The nearest of the tags' texts; "" when there is none."""
    return next((by_language[tag] for tag in tags if by_language.get(tag)), "")


_folded = lru_cache(maxsize=1_000)(fold)


@lru_cache(maxsize=1_000)
def _tags(language: str) -> tuple[str, ...]:
    """The keys of a language, nearest first: zh-Hans has zh-Hans, zh and "*"."""
    parts = language.replace("_", "-").split("-")
    return (*("-".join(parts[:length]) for length in range(len(parts), 0, -1)), ANY_LANGUAGE)
