"""Templates held against the words that packs forbid, before a message is refused at the gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from babel.languages import get_official_languages

from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.policy import Applies, Lint, Pack, Status, When
from outreach.domain.standing import Medium
from outreach.domain.wording import Text, lint
from outreach.rendering.context import MessageContext
from outreach.rendering.errors import Problem, Severity

#: Languages in which many are written to though they have no office there.
_MORE = {"US": ("zh",), "CA": ("zh",), "GB": ("zh",), "AU": ("zh",)}


def pack_problems(
    path: str, channel: Channel, text: Text, context: MessageContext, packs: Sequence[Pack]
) -> list[Problem]:
    """What the packs' rules on words say of a text rendered from sample facts.

    An error is what nobody may be sent; a warning what only some may not (by place, role of the collector or kind of
    debt). Packs of places where the language is not spoken are left to the gate, and so are rules that hold for a time
    only (such as while a debt may be disputed), and versions that end or are not in force.
    """
    spoken = [pack for pack in packs if _is_spoken(text.language, pack)]
    rules = {f"{pack.id}/{rule.id}": (pack, rule) for pack in spoken for rule in _rules(pack, channel)}
    names = {id(rule): name for name, (_, rule) in rules.items()}
    found = lint([rule for _, rule in rules.values()], text, amounts(context))
    return [_problem(path, names[id(rule)], rules[names[id(rule)]][0], rule, words) for rule, words in found]


def amounts(context: MessageContext) -> frozenset[Money]:
    """Every amount that a message on these facts may name."""
    items = [amount for item in context.items for amount in (item.amount, item.open_amount)]
    return frozenset([context.balance, *items]) | context.agreed


def _rules(pack: Pack, channel: Channel) -> Iterator[Lint]:
    if pack.status is Status.PROPOSED or pack.effective_to is not None:
        return
    for rule in pack.rules:
        lasting = rule.when == When(media=rule.when.media, roles=rule.when.roles, debt=rule.when.debt)
        if isinstance(rule, Lint) and lasting and (not rule.when.media or Medium(channel) in rule.when.media):
            yield rule


def _is_spoken(language: str, pack: Pack) -> bool:
    """Whether the language is one of the pack's countries; a pack without countries concerns every language."""
    states = {state.partition("-")[0] for state in pack.applies.states}
    spoken = {tag for country in pack.applies.countries | states for tag in _languages(country)}
    return not spoken or language.split("-", maxsplit=1)[0] in spoken


@lru_cache(maxsize=300)
def _languages(country: str) -> tuple[str, ...]:
    known = get_official_languages(country, regional=True, de_facto=True)
    return tuple(tag.partition("_")[0] for tag in (*known, *_MORE.get(country, ())))


def _problem(path: str, name: str, pack: Pack, rule: Lint, words: tuple[str, ...]) -> Problem:
    always = pack.applies == Applies() and rule.when == When(media=rule.when.media)
    shown = ", ".join(repr(word) for word in words)
    severity = Severity.ERROR if always else Severity.WARNING
    remedy = f"Say it without them (see {rule.sources[0]})" if rule.sources else "Say it without them"
    return Problem(path, None, f"{name} forbids {shown}: {rule.note}", remedy, severity)
