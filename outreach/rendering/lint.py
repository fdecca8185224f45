"""What a check sees in a rendered message: cost, clarity, privacy.

It finds a writer's slips. Words that nobody may be sent are named by the packs (see pack_lint.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from babel.numbers import format_currency

from outreach.domain.message import Content, EmailMessage, LetterMessage, SmsMessage
from outreach.domain.money import Money
from outreach.domain.standing import Purpose
from outreach.rendering.context import MessageContext
from outreach.rendering.email import derive_text
from outreach.rendering.errors import Problem, Severity
from outreach.rendering.locales import babel
from outreach.rendering.sms import plain

#: Languages whose texts GSM-7 can carry; elsewhere UCS-2 is the normal case.
_GSM7_LANGUAGES = frozenset(("da", "de", "en", "es", "fi", "fr", "it", "nb", "nl", "no", "pt", "sv"))
_STOP = re.compile(r"\b(STOP|ALTO)\b|退订")
_EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
_SHOUT = re.compile(r"\b[A-ZÁÉÍÓÚÑ]{3,}(?:\s+[A-ZÁÉÍÓÚÑ]{2,}){2,}\b")
_SHORTENER = re.compile(r"https?://(bit\.ly|tinyurl\.com|t\.co|goo\.gl|is\.gd|ow\.ly|rb\.gy|cutt\.ly)/", re.IGNORECASE)


def lint(
    path: str, language: str, content: Content, context: MessageContext, locale: str, purpose: Purpose
) -> list[Problem]:
    """What to mend in a message rendered from sample facts; `locale` is the one its amounts are written in.

    `purpose`: an answer to the debtor need not name an amount, the confirmation of a STOP not say how to stop.
    """
    match content:
        case SmsMessage():
            text, found = content.body, _sms(content, language, context, purpose)
        case EmailMessage():
            text, found = content.text, _email(content, context)
        case LetterMessage():
            text, found = derive_text(content.html), _letter(content)
    findings = [*found, *_manner(text)]
    if purpose is Purpose.REMINDER:
        findings += _amount(text, context, locale)
    return [Problem(path, None, message, remedy, severity) for severity, message, remedy in findings]


_Finding = tuple[Severity, str, str]


def _sms(sms: SmsMessage, language: str, context: MessageContext, purpose: Purpose) -> Iterator[_Finding]:
    if sms.forces_ucs2 and language.split("-", maxsplit=1)[0] in _GSM7_LANGUAGES:
        characters = " ".join(f"{c} (U+{ord(c):04X})" for c in sms.forces_ucs2)
        yield Severity.WARNING, f"these characters more than halve the room of a segment: {characters}", "Use others"
    if sms.segments > 3:
        yield Severity.WARNING, f"the text takes {sms.segments} segments", "Shorten it to three or fewer"
    if purpose is not Purpose.OPT_OUT_CONFIRMATION and not _STOP.search(sms.body):
        yield Severity.ERROR, "the text does not say how to stop", "Add words such as: Reply STOP to opt out"
    if context.debtor.name in sms.body and context.creditor.name in sms.body:
        yield Severity.ERROR, "a text may not hold the full name beside the creditor", "Use debtor.first_name"


def _email(email: EmailMessage, context: MessageContext) -> Iterator[_Finding]:
    if not email.subject:
        yield Severity.ERROR, "the subject is empty", "Say whom it is from, such as: A message about your account"
    if context.unsubscribe_url and context.unsubscribe_url not in email.text:
        yield Severity.WARNING, "the e-mail does not show how to stop e-mails", "Link unsubscribe_url in its footer"


def _letter(letter: LetterMessage) -> Iterator[_Finding]:
    if letter.pages > 2:
        yield Severity.WARNING, f"the letter has {letter.pages} pages", "Shorten it to one sheet"


def _manner(text: str) -> Iterator[_Finding]:
    if _EMOJI.search(text):
        yield Severity.ERROR, "the message holds an emoji or a pictogram", "Leave it out"
    if _SHOUT.search(text):
        yield Severity.WARNING, "the message shouts in capitals", "Write it in sentence case"
    if _SHORTENER.search(text):
        yield Severity.ERROR, "the message links to a public shortener", "Link to the creditor's own domain"


def _amount(text: str, context: MessageContext, locale: str) -> Iterator[_Finding]:
    amounts = [context.balance, *context.agreed]
    if not any(_written(amount, locale) in plain(text).replace("\u00a0", " ") for amount in amounts):
        yield Severity.WARNING, "the message states no amount", "Write {{ balance | money }}"


def _written(amount: Money, locale: str) -> str:
    return format_currency(amount.decimal, amount.currency, locale=babel(locale)).replace("\u00a0", " ")
