"""Write: the rendered message of a notice with the texts that the law asks for, and the rules that its words break."""

from __future__ import annotations

import re
from dataclasses import replace

from outreach.domain.gate import Hit, Question, Verdict
from outreach.domain.law import Rules, Spoken
from outreach.domain.message import Channel, Content, EmailMessage
from outreach.domain.policy import Lint, Need, Require
from outreach.domain.verdicts import on_content
from outreach.domain.wording import Text, ledger, lint, missing
from outreach.flow.desk import Desk
from outreach.flow.message import message_context
from outreach.flow.service import spoken_of
from outreach.rendering.context import MessageContext
from outreach.rendering.reading import text_of
from outreach.store.notice_rows import Notice

_LINK = re.compile(r"https?://\S+")


def written(desk: Desk, notice: Notice, asked: Question) -> tuple[Content, list[Hit]]:
    """The content of a message, mandatory texts included, and a hit for every rule on content that it breaks.

    Raises TemplateError. The texts are those of the packs that touch the debtor, in the language of the message.
    """
    about = spoken_of(notice, asked.facts)
    context = message_context(asked.facts, notice, desk.settings, asked.now, about)
    rules = on_content(asked, desk.law)
    content, text = _first(desk, notice, context)
    hits, additions = _texts(rules, text)
    if content is None or additions:
        content = desk.renderer.render(notice.template, notice.channel, context, additions)
    return content, [*hits, *_words(rules, text, context, asked), *_headers(rules, content)]


def _first(desk: Desk, notice: Notice, context: MessageContext) -> tuple[Content | None, Text]:
    """The message as its template says it; a letter is not printed for that."""
    renderer = desk.renderer
    if notice.channel is Channel.LETTER:
        return None, renderer.text(notice.template, notice.channel, context)
    content = renderer.render(notice.template, notice.channel, context)
    return content, text_of(content, renderer.language(notice.template, notice.channel, context.debtor.language))


def _texts(rules: Rules, text: Text) -> tuple[list[Hit], tuple[str, ...]]:
    """The texts to add, and a hit for each that is missing and cannot be added in this language."""
    by_rule = {id(one.rule): one for one in rules.texts()}
    required = [one.rule for one in by_rule.values() if isinstance(one.rule, Require)]
    lacking = missing(required, text)
    hits = [_hit(by_rule[id(rule)]) for rule, words in lacking if not words]
    return hits, tuple(dict.fromkeys(words for _, words in lacking if words))


def _words(rules: Rules, text: Text, context: MessageContext, asked: Question) -> list[Hit]:
    """The rules on words that are broken. A link of the debtor's own is a key, not words."""
    for key in filter(None, (context.page_url, context.unsubscribe_url)):
        text = replace(text, body=text.body.replace(key, " "))
    by_rule = {id(one.rule): one for one in rules.lints()}
    lints = [one.rule for one in by_rule.values() if isinstance(one.rule, Lint)]
    found = lint([rule for rule in lints if not rule.amounts], text, frozenset())
    amounts = ledger(asked.facts) | context.agreed
    found += lint([rule for rule in lints if rule.amounts], _without_references(text, context), amounts)
    return [_hit(by_rule[id(rule)]) for rule, _ in found]


def _without_references(text: Text, context: MessageContext) -> Text:
    """The text without what is no amount, though it may look like one: links, and references such as N-CAD5142."""
    known = (context.notice_ref, context.account.ref, *(item.ref for item in context.items))
    named = sorted((one for one in known if any(map(str.isalpha, one))), key=len, reverse=True)
    subject, body = _LINK.sub(" ", text.subject), _LINK.sub(" ", text.body)
    for one in named:
        subject, body = subject.replace(one, " "), body.replace(one, " ")
    return Text(subject, body, text.language)


def _headers(rules: Rules, content: Content) -> list[Hit]:
    there = {name.lower() for name in content.headers} if isinstance(content, EmailMessage) else set()
    return [
        _hit(one)
        for one in rules.on_content
        if isinstance(one.rule, Require)
        and one.rule.need is Need.HEADER
        and isinstance(content, EmailMessage)
        and one.rule.header.lower() not in there
    ]


def _hit(one: Spoken) -> Hit:
    """What was wrong, without the words themselves: they may be a debtor's data."""
    return Hit(one.name, Verdict(one.rule.on_hit.value), one.rule.note)
