"""Templates held against the words that packs forbid, before a message is refused at the gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from outreach.domain.message import Channel
from outreach.domain.money import Money
from outreach.domain.policy import Lint, Pack, Status, When
from outreach.domain.standing import Medium
from outreach.domain.wording import Text, lint
from outreach.rendering.context import MessageContext
from outreach.rendering.errors import Problem, Severity


def pack_problems(
    path: str, channel: Channel, text: Text, context: MessageContext, packs: Sequence[Pack]
) -> list[Problem]:
    """What the packs' rules on words say of a text rendered from sample facts.

    An error is what no debtor of the pack's places may be sent; a warning what only some may not (by role of the
    collector, kind of debt, purpose or time). Versions that end or are not in force are left to the gate.
    """
    rules = {f"{pack.id}/{rule.id}": (pack, rule) for pack in packs for rule in _rules(pack, channel)}
    names = {id(rule): name for name, (_, rule) in rules.items()}
    found = lint([rule for _, rule in rules.values()], text, amounts(context))
    return [_problem(path, names[id(rule)], rules[names[id(rule)]][0], rule, words) for rule, words in found]


def amounts(context: MessageContext) -> frozenset[Money]:
    """Every amount that a message on these facts may name."""
    known = [context.balance]
    known += [amount for item in context.items for amount in (item.amount, item.open_amount)]
    known += [part.amount for part in (context.promise, context.payment) if part is not None]
    known += [amount for _, amount in (context.plan.instalments if context.plan else ())]
    return frozenset(known)


def _rules(pack: Pack, channel: Channel) -> Iterator[Lint]:
    if pack.status is Status.PROPOSED or pack.effective_to is not None:
        return
    for rule in pack.rules:
        if isinstance(rule, Lint) and (not rule.when.media or Medium(channel) in rule.when.media):
            yield rule


def _problem(path: str, name: str, pack: Pack, rule: Lint, words: tuple[str, ...]) -> Problem:
    always = rule.when == When(media=rule.when.media) and not (pack.applies.roles or pack.applies.debt)
    shown = ", ".join(repr(word) for word in words)
    severity = Severity.ERROR if always else Severity.WARNING
    remedy = f"Say it without them (see {rule.sources[0]})" if rule.sources else "Say it without them"
    return Problem(path, None, f"{name} forbids {shown}: {rule.note}", remedy, severity)
