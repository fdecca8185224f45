"""What a wish names: the language that is asked for, the convenient hours, the channels."""

from __future__ import annotations

import re
from collections.abc import Iterable

from outreach.domain.intents import Intent
from outreach.domain.intents.said import Said

_LANGUAGES = {
    "en": r"english|ingles|英文|英语",
    "es": r"spanish|espanol|castellano|西班牙(?:语|文)?",
    "zh": r"chinese|mandarin|cantonese|chino|mandarin|中文|普通话|国语|汉语|华语",
}
_NAMED = re.compile("|".join(f"(?P<{tag}>{words})" for tag, words in _LANGUAGES.items()))
_NOT = re.compile(r"(?:\b(?:no|not|dont|cant|doesnt|isnt|sin|without|little|poco)\b[^.?]{0,30}|[不别没][^,.?]{0,6})$")

_CLOCK = r"(?P<{0}hour>\d{{1,2}})(?:[:.](?P<{0}minute>\d\d))? ?(?P<{0}half>am|pm|a m|p m)?"
_NOON = {"noon": 12, "midday": 12, "mediodia": 12, "lunch": 12, "lunchtime": 12}
_AT = rf"(?:{_CLOCK.format('')}|(?P<noon>{'|'.join(_NOON)}))"
_TO = "(?:and|to|until|till|y|a|hasta|,)"
_FROM_TO = re.compile(
    rf"\b(?:between|from|entre|de) (?:las? )?{_CLOCK.format('a')} {_TO} (?:las? )?{_CLOCK.format('b')}\b"
)
_AFTER = re.compile(rf"\b(?:after|despues de|a partir de|past|luego de) (?:las? )?{_AT}")
_BEFORE = re.compile(rf"\b(?:before|antes de|until|hasta) (?:las?|el)? ?{_AT}")
#: "Do not write before 10" names what is inconvenient, "write before 10" what is convenient.
_DONT = re.compile(r"\b(?:dont|do not|never|not|no|stop|quit|nunca|sin|please no)\b")
_HAN_AFTER = re.compile(r"(?P<part>早上|上午|中午|下午|晚上|傍晚)?(?P<hour>\d{1,2})点(?:半)?(?:以后|之后|后)")
_HAN_BEFORE = re.compile(r"(?P<part>早上|上午|中午|下午|晚上|傍晚)?(?P<hour>\d{1,2})点(?:半)?(?:以前|之前|前)")
#: The hours in which anybody may be written to at all, wherever it is narrower the law narrows it.
_FIRST, _LAST = 8, 21

_CALLS_OFF = re.compile(
    r"\b(?:no|not|dont|stop|never|quit|without|sin) (?:[^ .?]+ ){0,3}"
    r"(?:call|calls|calling|phone|phoning|ring|llamen|llame|llamadas|llamar)\b"
    r"|\bin writing\b|\bwritten\b|\bpor escrito\b"
    r"|(?:不要|别|不用|勿)(?:再|给我)?打(?:电话)?|书面"
)
_ONLY = re.compile(
    r"\b(?:only|just|solo|solamente|unicamente|prefer|use|by|via|por|send|through)\b[^.?]{0,24}"
    r"\b(?P<way>email|mail|correo electronico|correo|texts?|texto|sms|mensaje de texto|letters?|carta|post)\b"
    r"|\b(?P<way2>email|text|correo|texto|letter|carta)s? "
    r"(?:only|me instead|instead|solamente|is (?:fine|ok|better|best))\b"
    r"|(?:只|就|改|请)(?:用|发|通过|寄)?(?P<way3>邮件|电邮|短信|信件|email)"
)
_WAYS = {
    **dict.fromkeys(("email", "mail", "correo electronico", "correo", "邮件", "电邮"), "email"),
    **dict.fromkeys(("text", "texts", "texto", "sms", "mensaje de texto", "短信"), "sms"),
    **dict.fromkeys(("letter", "letters", "carta", "post", "信件"), "letter"),
}


def details(said: Said, intents: Iterable[Intent], language: str) -> dict[str, str]:
    """What the wishes among `intents` name; what cannot be told is left out. Hours are HH:MM-HH:MM of the day."""
    found, wanted = {}, set(intents)
    text = said.line + said.han
    if Intent.LANGUAGE_REQUEST in wanted and (asked := _language(text, language)):
        found["language"] = asked
    if Intent.INCONVENIENT_TIME in wanted and (hours := _hours(said)):
        found["hours"] = hours
    if Intent.CHANNEL_PREFERENCE in wanted and (channel := _channel(text)):
        found["channel"] = channel
    return found


def _language(text: str, written_in: str) -> str:
    """The language that is named without a "no" before it; else the one that is written, unless that is refused."""
    refused = set()
    for named in _NAMED.finditer(text):
        tag = str(named.lastgroup)
        if _NOT.search(text[: named.start()].rstrip()):
            refused.add(tag)
        else:
            return tag
    return written_in if refused and written_in not in refused else ""


def _hours(said: Said) -> str:
    line = said.line.replace(" . ", " ")
    both = _FROM_TO.search(line)
    if both is not None:
        # Hours in the middle of the day that are inconvenient leave two pieces: a person keeps them.
        is_refused = _DONT.search(line[: both.start()]) is not None
        return "" if is_refused else _window(_hour(both, "a", both["bhalf"]), _hour(both, "b", both["bhalf"]))
    for pattern, is_after in ((_AFTER, True), (_BEFORE, False)):
        at = pattern.search(line)
        if at is not None:
            return _side(_noon(at), is_after=is_after != bool(_DONT.search(line[: at.start()])))
    for pattern, is_after in ((_HAN_AFTER, True), (_HAN_BEFORE, False)):
        at = pattern.search(said.han)
        if at is not None:
            hour = int(at["hour"]) + (12 if at["part"] in ("下午", "晚上", "傍晚") and int(at["hour"]) < 12 else 0)
            return _side(hour * 60, is_after=is_after != bool(re.search("[不别勿]", said.han)))
    return ""


def _side(minutes: int, *, is_after: bool) -> str:
    return _window(minutes, _LAST * 60) if is_after else _window(_FIRST * 60, minutes)


def _window(opens: int, closes: int) -> str:
    if not 0 <= opens < closes <= 24 * 60 - 1:
        return ""
    return f"{opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"


def _noon(at: re.Match[str]) -> int:
    return _NOON[at["noon"]] * 60 if at["noon"] else _hour(at, "", None)


def _hour(at: re.Match[str], side: str, other_half: str | None) -> int:
    """Minutes of the day. An hour without am or pm is taken for one between eight in the morning and eight at night."""
    hour, minute = int(at[f"{side}hour"]), int(at[f"{side}minute"] or 0)
    half = (at[f"{side}half"] or other_half or "").replace(" ", "")
    if (half == "pm" and hour < 12) or (not half and hour < _FIRST):
        hour += 12
    return hour * 60 + minute


def _channel(text: str) -> str:
    only = _ONLY.search(text)
    way = _WAYS.get(next((one for one in only.groups() if one), ""), "") if only else ""
    if _CALLS_OFF.search(text):
        return "no_call"
    return f"only_{way}" if way else ""
