"""What a debtor types: the carrier's keywords, the carrier's answers to them, and the debtors' ready-made answers."""

from __future__ import annotations

import re
from enum import StrEnum

from outreach.sandbox.outcomes import Outcome


class Keyword(StrEnum):
    """Twilio's reading of an inbound text (OptOutType)."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


#: Twilio's default keywords (support article 223134027); the whole text must be the word.
_KEYWORDS = {
    **dict.fromkeys(("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"), Keyword.STOP),
    **dict.fromkeys(("start", "unstop"), Keyword.START),
    **dict.fromkeys(("help", "info"), Keyword.HELP),
}

CARRIER_ANSWERS = {
    Keyword.STOP: "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    Keyword.START: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    Keyword.HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}

#: The ready-made answers, by outcome and language of the message that is answered.
ANSWERS = {
    Outcome.REPLIES_STOP: {"en": "STOP", "es": "STOP", "zh": "STOP"},
    Outcome.REPLIES_PAID: {"en": "I paid yesterday", "es": "Ya pagué ayer", "zh": "我昨天已经付了"},
    Outcome.REPLIES_PROMISE: {
        "en": "I can pay on Friday",
        "es": "Puedo pagar el viernes",
        "zh": "我星期五可以付款",
    },
    Outcome.REPLIES_ABSENT: {
        "en": "I am out of the office until Monday.",
        "es": "Estoy fuera de la oficina hasta el lunes.",
        "zh": "我不在办公室，星期一回来。",
    },
}

#: The answers among which a chatty debtor picks (`reply_rate`).
CHATTY = (Outcome.REPLIES_STOP, Outcome.REPLIES_PAID, Outcome.REPLIES_PROMISE)

_CHINESE = re.compile(r"[一-鿿]")
_SPANISH = re.compile(r"[¿¡ñ]|\b(?:usted|su|cuenta|pago|pagar|saldo|hola|gracias|para|vencid[oa])\b", re.IGNORECASE)


def keyword(body: str) -> Keyword | None:
    """The carrier's keyword, when the text is one."""
    return _KEYWORDS.get(body.strip().casefold())


def language(body: str) -> str:
    """The language of a text, well enough to answer it: zh, es or en."""
    if _CHINESE.search(body):
        return "zh"
    return "es" if _SPANISH.search(body) else "en"
