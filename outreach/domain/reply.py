"""What a debtor's answer asks for. Here: the words that stop, start and help; everything else goes to a person."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from outreach.domain.event import InboundMessage


class Intent(StrEnum):
    """What an answer asks for."""

    OPT_OUT = "opt_out"
    OPT_IN = "opt_in"
    HELP = "help"
    AUTO_REPLY = "auto_reply"
    UNKNOWN = "unknown"


# 47 CFR 64.1200(a)(10): the words that revoke consent per se, and Twilio's default keywords.
_ENGLISH = ["stop", "quit", "end", "revoke", "opt out", "optout", "cancel", "unsubscribe", "stopall", "stop all"]
_SPANISH = ["alto", "parar", "baja", "cancelar", "basta", "no más", "no mas"]
_CHINESE = ["td", "t", "退订", "退訂", "停止", "取消", "不要再发", "停"]
#: Words that stop when they are the whole message; our texts name those of each language.
STOP_WORDS = frozenset([*_ENGLISH, *_SPANISH, *_CHINESE])
START_WORDS = frozenset(["start", "unstop", "yes", "comenzar", "empezar", "sí", "si", "开始", "恢复", "订阅"])
HELP_WORDS = frozenset(["help", "info", "ayuda", "帮助", "说明"])

_BY_PROVIDER = {"stop": Intent.OPT_OUT, "start": Intent.OPT_IN, "help": Intent.HELP}


def read(message: InboundMessage) -> Intent:
    """The intent of an answer. The provider's own reading of a keyword counts first; a doubt goes to a person."""
    if message.auto_reply:
        return Intent.AUTO_REPLY
    if message.opt in _BY_PROVIDER:
        return _BY_PROVIDER[message.opt]
    return _keyword(message.text) or _keyword(message.subject) or Intent.UNKNOWN


def _keyword(text: str) -> Intent | None:
    words = _plain(text)
    if words in STOP_WORDS:
        return Intent.OPT_OUT
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
