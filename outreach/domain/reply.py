"""What a debtor's answer asks for, read from its words by rules alone: the same text is always read the same way."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from outreach.domain.event import InboundMessage
from outreach.domain.intents import Intent, Opt

__all__ = ["Evidence", "Intent", "Opt", "Reading", "classify", "read"]

# 47 CFR 64.1200(a)(10): the words that revoke consent per se, and Twilio's default keywords.
_ENGLISH = ["stop", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe", "stopall", "stop all"]
_SPANISH = ["alto", "parar", "baja", "cancelar", "basta", "no más", "no mas"]
_CHINESE = ["td", "t", "退订", "退訂", "停止", "取消", "不要再发", "停"]
#: Words that stop when they are the whole message; our texts name those of each language.
STOP_WORDS = frozenset([*_ENGLISH, *_SPANISH, *_CHINESE])
START_WORDS = frozenset(["start", "unstop", "yes", "comenzar", "empezar", "sí", "si", "开始", "恢复", "订阅"])
HELP_WORDS = frozenset(["help", "info", "ayuda", "帮助", "说明"])

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
    """Read a text. `opt` is the provider's own reading (stop, start, help), which counts first."""
    if auto_reply:
        intent, confidence = Intent.AUTO_REPLY, 0.99
    elif opt in _BY_PROVIDER:
        intent, confidence = _BY_PROVIDER[opt], 0.99
    else:
        intent, confidence = _keyword(text) or _keyword(subject) or Intent.NONE, 0.98
    nothing = intent is Intent.NONE
    return Reading(
        intent=intent,
        intents=(intent,),
        opt_out=intent is Intent.OPT_OUT_CHANNEL,
        opt_in=intent is Intent.OPT_IN,
        language="en",
        confidence=0.3 if nothing else confidence,
    )


def _keyword(text: str) -> Intent | None:
    words = _plain(text)
    if words in STOP_WORDS:
        return Intent.OPT_OUT_CHANNEL
    if words in START_WORDS:
        return Intent.OPT_IN
    return Intent.HELP if words in HELP_WORDS else None


def _plain(text: str) -> str:
    """NFKC, lower case, punctuation and emoji dropped, spaces collapsed; "S T O P" becomes "stop"."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(char if char.isalnum() else " " for char in folded)
    words = kept.split()
    joined = "".join(words)
    spelled_out = len(words) > 1 and all(len(word) == 1 for word in words) and joined.isascii()
    return joined if spelled_out else " ".join(words)
