"""What a debtor's answer asks for, read from its words by rules alone: the same text is always read the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from outreach.domain.event import InboundMessage
from outreach.domain.intents import RANK, Intent, Opt
from outreach.domain.intents.details import details
from outreach.domain.intents.engine import Find, finds
from outreach.domain.intents.lexicon import KNOWN, one_slip
from outreach.domain.intents.own_words import own_words
from outreach.domain.intents.said import Said, said

__all__ = ["Evidence", "Intent", "Opt", "Reading", "classify", "read"]

# 47 CFR 64.1200(a)(10): the words that revoke consent per se, and Twilio's default keywords.
_ENGLISH = ["stop", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe", "stopall", "stop all"]
_SPANISH = ["alto", "parar", "baja", "cancelar", "basta", "no más", "no mas"]
_CHINESE = ["td", "t", "r", "n", "退订", "退訂", "停止", "取消", "不要再发", "停"]
#: Words that stop when they are the whole message; our texts name those of each language.
STOP_WORDS = frozenset([*_ENGLISH, *_SPANISH, *_CHINESE])
START_WORDS = frozenset(["start", "unstop", "yes", "comenzar", "empezar", "sí", "si", "开始", "恢复", "订阅"])
HELP_WORDS = frozenset(["help", "info", "ayuda", "帮助", "说明"])

#: A short message in which one of these is misspelt by a letter stops, too: who misses a STOP breaks the law.
_MISSPELT = ("stop", "unsubscribe", "cancel", "revoke", "optout", "stopall", "parar", "cancelar")
#: With such words in it no sentence asks for messages again; the bare keywords do.
_NEGATED = re.compile(r"\b(?:no|not|dont|don't|never|stop)\b|[不别別勿停]", re.IGNORECASE)
#: A STOP in capitals among small letters is the keyword, unless somebody says not to or names a place.
_SHOUTED = re.compile(
    r"(?<!don't )(?<!dont )(?<!not )(?<!bus )\b(?:STOP|UNSUBSCRIBE|ALTO|BAJA)\b(?! (?:by|in|at|sign|the)\b)"
)
#: These name a way, a time or a place within the same words and are more than a stop.
_NARROWER = frozenset({Intent.NO_WORK_CONTACT, Intent.INCONVENIENT_TIME})
#: A stop of these words only is one of calls, where another way is named beside it.
_CALLS = re.compile(r"call|phone|ring|llam|marqu|电话|打", re.IGNORECASE)
_WRITTEN = re.compile(
    r"text|e-?mail|writ|messag|contact|mail|escrib|mensaj|correo|mand|env[ií]|信|邮|联系|发|寄", re.IGNORECASE
)
_STOPS = frozenset({Intent.OPT_OUT_CHANNEL, Intent.CEASE_ALL})
#: What a machine says that answers for somebody, at the beginning of a subject or a text.
_MACHINE = re.compile(
    r"\A\W{0,20}(?:automatic reply|auto(?:matic)?[- ]?(?:reply|response)"
    r"|(?:i am (?:currently )?)?out of (?:the )?office"
    r"|respuesta autom[aá]tica|(?:estoy )?fuera de (?:la )?oficina|自动回复|自動回覆|外出"
    r"|undeliver(?:able|ed)|delivery status notification|mail delivery (?:subsystem|failed)"
    r"|returned mail|failure notice)",
    re.IGNORECASE,
)
#: What one who answers by machine, or reads it for them, must not be passed over with.
_GRAVE = frozenset({Intent.DECEASED, Intent.BANKRUPTCY, Intent.ATTORNEY, Intent.VULNERABLE_CRISIS})
_HAN = re.compile("[\u3400-\u9fff]")
_SPANISH_WORDS = frozenset(
    [
        "el",
        "la",
        "los",
        "las",
        "un",
        "una",
        "yo",
        "mi",
        "mis",
        "su",
        "sus",
        "lo",
        "le",
        "les",
        "se",
        "que",
        "de",
        "del",
        "en",
        "con",
        "por",
        "para",
        "y",
        "no",
        "ya",
        "es",
        "esta",
        "este",
        "soy",
        "estoy",
        "me",
        "pago",
        "pagar",
        "cuenta",
        "deuda",
        "hola",
        "gracias",
        "favor",
        "tengo",
        "puedo",
        "quiero",
        "cuando",
        "donde",
        "quien",
        "numero",
        "mensaje",
        "mensajes",
    ]
)
_ENGLISH_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "i",
        "you",
        "he",
        "she",
        "it",
        "we",
        "they",
        "my",
        "your",
        "his",
        "her",
        "our",
        "to",
        "of",
        "in",
        "on",
        "at",
        "by",
        "for",
        "with",
        "is",
        "am",
        "are",
        "was",
        "be",
        "been",
        "do",
        "does",
        "did",
        "dont",
        "have",
        "has",
        "had",
        "not",
        "and",
        "or",
        "but",
        "if",
        "this",
        "that",
        "pay",
        "paid",
        "call",
        "text",
        "stop",
        "please",
        "when",
        "who",
        "what",
        "number",
        "message",
    ]
)

_BY_PROVIDER = {"stop": Intent.OPT_OUT_CHANNEL, "start": Intent.OPT_IN, "help": Intent.HELP}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why an intent was read: the rule that fits, the words that it fits, and where they stand in the text."""

    intent: Intent
    rule: str
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer was taken for.

    `intents` are all that were found, in the order of precedence, or NONE alone; `intent` is the first of them.
    `opt_out` and `opt_in` are to be executed whatever `intent` is. `confidence` is 0 to 1; below 0.6 a person reads.
    `language` is en, es or zh. `details` holds what preferences need: "channel", "language" and "hours" (see docs).
    """

    intent: Intent
    intents: tuple[Intent, ...]
    opt_out: bool
    opt_in: bool
    language: str
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)

    @property
    def opt(self) -> Opt | None:
        """What it says of being written to on its channel; a stop outweighs a start."""
        if self.opt_out:
            return Opt.STOP
        return Opt.START if self.opt_in else None


def read(message: InboundMessage) -> Reading:
    """The reading of an answer as it came."""
    return classify(message.text, message.subject, opt=message.opt, auto_reply=message.auto_reply)


def classify(text: str, subject: str = "", *, opt: str | None = None, auto_reply: bool = False) -> Reading:
    """Read a text. `opt` is the provider's own reading (stop, start, help), which counts first.

    What an e-mail quotes, and its signature, say nothing; its subject counts where its writer wrote nothing else.
    """
    own = own_words(text) or ("" if text.strip() else subject) or subject
    seen = said(own)
    found = _specific(finds(seen), own)
    language = _language(seen)
    machine = auto_reply or bool(_MACHINE.match(subject) or _MACHINE.match(own))
    if machine and _GRAVE.isdisjoint(one.intent for one in found):
        return Reading(Intent.AUTO_REPLY, (Intent.AUTO_REPLY,), False, False, language, 0.95)
    keyword = _BY_PROVIDER.get(opt or "") or _keyword(own)
    intents = {one.intent for one in found} | ({keyword} if keyword else set())
    if _SHOUTED.search(own) and not own.isupper():
        intents.add(Intent.OPT_OUT_CHANNEL)
    if not _STOPS.isdisjoint(intents) or (keyword is not Intent.OPT_IN and _NEGATED.search(own)):
        intents.discard(Intent.OPT_IN)
    ranked = tuple(sorted(intents, key=RANK.__getitem__)) or (Intent.NONE,)
    return Reading(
        intent=ranked[0],
        intents=ranked,
        opt_out=Intent.OPT_OUT_CHANNEL in intents,
        opt_in=Intent.OPT_IN in intents,
        language=language,
        confidence=_confidence(ranked, found, keyword),
        evidence=tuple(Evidence(one.intent, one.rule, own[one.start : one.end], one.start, one.end) for one in found),
        details=details(seen, intents, language),
    )


def _specific(found: Sequence[Find], text: str) -> list[Find]:
    """The finds without those stops that are only a part of something narrower: "stop calling my work", and "no calls,
    text me"."""
    if any(one.intent is Intent.CHANNEL_PREFERENCE for one in found):
        found = [one for one in found if one.intent not in _STOPS or not _is_of_calls(text[one.start : one.end])]
    narrow = [one for one in found if one.intent in _NARROWER]
    return [one for one in found if one.intent not in _STOPS or not any(_covers(wide, one) for wide in narrow)]


def _is_of_calls(words: str) -> bool:
    return _CALLS.search(words) is not None and _WRITTEN.search(words) is None


def _covers(wide: Find, one: Find) -> bool:
    return wide.start <= one.start and one.end <= wide.end


def _confidence(ranked: Sequence[Intent], found: Sequence[Find], keyword: Intent | None) -> float:
    """A keyword is sure; a rule nearly, and more so with every other that says the same; nothing found is a guess."""
    if ranked[0] is Intent.NONE:
        return 0.3
    if ranked[0] is keyword:
        return 0.98
    rules = {one.rule for one in found if one.intent is ranked[0]}
    return min(0.95, 0.8 + 0.05 * len(rules))


def _language(seen: Said) -> str:
    """The language of a text by its characters and its small words; English where nothing tells."""
    if len(_HAN.findall(seen.han)) > len(seen.words) // 2:
        return "zh"
    words = [word for word in seen.words if word.isalpha()]
    spanish = sum(word in _SPANISH_WORDS for word in words)
    return "es" if spanish > sum(word in _ENGLISH_WORDS for word in words) else "en"


def _keyword(text: str) -> Intent | None:
    words = _plain(text)
    if words in STOP_WORDS or _is_slip_of_stop(words):
        return Intent.OPT_OUT_CHANNEL
    if words in START_WORDS:
        return Intent.OPT_IN
    return Intent.HELP if words in HELP_WORDS else None


def _is_slip_of_stop(words: str) -> bool:
    """Whether a message of one or two words is a stop with a slip of the finger."""
    parts = words.split()
    if (
        not 1 <= len(parts) <= 2
        or parts[0] in KNOWN
        or (len(parts) == 2 and parts[1] not in ("it", "now", "please", "all"))
    ):
        return False
    return any(one_slip(parts[0], stop) for stop in _MISSPELT)


def _plain(text: str) -> str:
    """NFKC, lower case, punctuation and emoji dropped, spaces collapsed; "S T O P" becomes "stop"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(char if char.isalnum() else " " for char in folded)
    words = kept.split()
    joined = "".join(words)
    spelled_out = len(words) > 1 and all(len(word) == 1 for word in words) and joined.isascii()
    return joined if spelled_out else " ".join(words)
