"""What days are called in English, Spanish and Chinese, and which they are from today. Pure.

Each rule is a pattern and what its days are: one day is clear, several are what it may mean, none is a time without a
day ("payday", "next week"). No day is ever in the past.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from outreach.domain.calendar import add_days, end_of_month
from outreach.domain.campaign import DayKind, Days
from outreach.domain.said_frame import LONGEST, Frame
from outreach.domain.said_numbers import CHINESE_NUMBER, LEFT, RIGHT, WORDED, any_of, in_chinese, in_words
from outreach.domain.said_words import CHINESE_WEEKDAYS, MONTHS, ORDINALS, SHORT_WEEKDAYS, WEEKDAYS

Rule = Callable[[re.Match[str], Frame], "tuple[date, ...] | None"]
WEEKDAY = rf"(?P<wd>{any_of(WEEKDAYS)})"
_MN = rf"(?P<mn>{any_of(MONTHS)})\.?"
_D = rf"(?:(?P<d>\d{{1,2}})(?:st|nd|rd|th|ro)?|(?P<o>{any_of(ORDINALS)}))"
_YEAR = r"(?:(?:,| de| del)? ?(?P<y>20\d\d))?"
_N = rf"(?P<n>\d{{1,3}}|{WORDED})"
_ZN = rf"(?P<z>\d{{1,3}}|{CHINESE_NUMBER})"
#: What makes of a number a place in a row, a time of day, or a share.
_NOT_A_DAY = (
    r"(?! ?(?:payment|time|party|one\b|half|notice|floor|job|week|month|call|letter|pago|vez|cuota|semana|mes|de la|"
    r"dolares|pesos|dias|%|:|[.,]?\d))"
)
_TO_DAY = r"(?:on|by|before|until|till?|this|next|coming|for)"
_NEXT_ES = r"(?:proxim[oa]|siguiente|entrante|que viene)"
WEEK_ZH = r"(?:个|個)?(?:周|週|星期|礼拜|禮拜)"


def _number(match: re.Match[str]) -> int:
    found = match.groupdict()
    if found.get("z"):
        return in_chinese(found["z"]) or 0
    return in_words(found.get("n") or "") or 0


def _day_number(match: re.Match[str]) -> int:
    found = match.groupdict()
    if found.get("z"):
        return in_chinese(found["z"]) or 0
    return int(found["d"]) if found.get("d") else ORDINALS.get(found.get("o") or "", 0)


def _iso(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    year, month, day = (int(part) for part in match.groups())
    return frame.dated(month, day, year)


def _numeric(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    found = match.groupdict()
    return frame.numeric(int(found["a"]), int(found["b"]), int(found["y"]) if found.get("y") else None)


def _month_day(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    year = match.groupdict().get("y")
    return frame.dated(MONTHS[match["mn"]], _day_number(match), int(year) if year else None)


def _chinese_month_day(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    return frame.dated(in_chinese(match["m"]) or 0, _day_number(match))


def _of_month(months: int | None) -> Rule:
    return lambda match, frame: frame.of_month(_day_number(match), months)


def _weekday(weeks: int | None) -> Rule:
    return lambda match, frame: frame.weekday(WEEKDAYS[match["wd"]], weeks)


def _chinese_weekday(match: re.Match[str], frame: Frame) -> tuple[date, ...] | None:
    which = match["w"] or ""
    if which == "上":
        return None
    weeks = {"": None, "下": 1, "下下": 2}.get(which, 0)
    if match["wd"] == "末":
        return frame.weekday(6, weeks or 0)
    return frame.weekday(CHINESE_WEEKDAYS[match["wd"]], weeks)


def _month_end(months: int) -> Rule:
    return lambda _, frame: (end_of_month(frame.months_on(months)),)


def _end_of_named(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    found = match.groupdict()
    month = MONTHS[found["mn"]] if found.get("mn") else in_chinese(found.get("z") or "") or 0
    year = frame.today.year + (month < frame.today.month)
    return frame.dated(month, monthrange(year, month)[1], year) if 1 <= month <= 12 else ()


def _after(days: int, *, business: bool = False) -> Rule:
    def rule(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
        count = _number(match) * days
        if business and 0 < count <= LONGEST:
            return (add_days(frame.today, Days(count, DayKind.BUSINESS), ""),)
        return frame.after(count) if count else ()

    return rule


def _after_months(match: re.Match[str], frame: Frame) -> tuple[date, ...]:
    return frame.after_months(_number(match))


def _exactly(days: int) -> Rule:
    return lambda _, frame: frame.after(days)


def _quincena(_: re.Match[str], frame: Frame) -> tuple[date, ...]:
    middle, end = frame.today.replace(day=15), end_of_month(frame.today)
    following = frame.months_on(1).replace(day=15)
    return (next(day for day in (middle, end, following) if day > frame.today),)


def _no_day(_: re.Match[str], __: Frame) -> tuple[date, ...]:
    return ()


def _past(_: re.Match[str], __: Frame) -> None:
    return None


#: Patterns of folded text. Where two begin at the same place the longer match counts, then the earlier rule.
RULES: tuple[tuple[str, Rule], ...] = (
    (r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _iso),
    (r"(20\d\d)年(\d{1,2})月(\d{1,2})[日号號]?", _iso),
    (r"(?<![\d/.-])(?P<a>\d{1,2})([/.-])(?P<b>\d{1,2})\2(?P<y>20\d\d|\d\d)(?![\d/])", _numeric),
    (r"(?<![\d/.,$])(?P<a>\d{1,2})/(?P<b>\d{1,2})(?![\d/%]| (?:of|now|on|today|ahora|hoy)\b)", _numeric),
    (rf"{LEFT}{_MN} (?:the )?{_D}{RIGHT}{_YEAR}", _month_day),
    (rf"{LEFT}{_D} (?:of |de |del? mes de )?{_MN}{_YEAR}{RIGHT}", _month_day),
    (rf"(?P<m>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月{_ZN}[日号號]?", _chinese_month_day),
    (rf"{LEFT}{_D} (?:of|de) (?:this month|the month|este mes){RIGHT}", _of_month(None)),
    (rf"{LEFT}{_D} (?:of next month|del? (?:mes {_NEXT_ES}|{_NEXT_ES} mes|otro mes)){RIGHT}", _of_month(1)),
    (rf"{LEFT}next month,? (?:on )?(?:the )?{_D}{RIGHT}", _of_month(1)),
    (rf"下个?月(?:的)?{_ZN}[日号號]", _of_month(1)),
    (rf"下個月(?:的)?{_ZN}[日号號]", _of_month(1)),
    (rf"(?:这个?|這個?|本)月(?:的)?{_ZN}[日号號]", _of_month(0)),
    (rf"{LEFT}(?P<d>\d{{1,2}})(?:st|nd|rd|th){RIGHT}{_NOT_A_DAY}", _of_month(None)),
    (rf"{LEFT}{_TO_DAY} the {_D}{RIGHT}{_NOT_A_DAY}", _of_month(None)),
    (rf"{LEFT}the {_D} of (?:the|this) month", _of_month(None)),
    (rf"{LEFT}(?:primero|1ro|1) de(?:l| este| cada)? mes{RIGHT}", lambda _, frame: frame.of_month(1)),
    (rf"{LEFT}(?:el|al|dia|del) (?:dia )?{_D}{RIGHT}(?! de (?!este))(?! del){_NOT_A_DAY}", _of_month(None)),
    (rf"{_ZN}[号號日](?![码碼线線])", _of_month(None)),
    (rf"{LEFT}(?:last {WEEKDAY}|{WEEKDAY.replace('wd', 'wd2')} pasado)", _past),
    (rf"{LEFT}{WEEKDAY} (?:of )?next week{RIGHT}", _weekday(1)),
    (rf"{LEFT}(?:next|nxt|nex) (?:week )?(?:on )?{WEEKDAY}{RIGHT}", _weekday(1)),
    (rf"{LEFT}{WEEKDAY} after next{RIGHT}",
     lambda m, f: f.weekday(WEEKDAYS[m["wd"]], 1) + f.weekday(WEEKDAYS[m["wd"]], 2)),
    (rf"{LEFT}{WEEKDAY} de (?:la )?(?:{_NEXT_ES} semana|semana {_NEXT_ES}|otra semana){RIGHT}", _weekday(1)),
    (rf"{LEFT}(?:la )?(?:{_NEXT_ES} semana|semana {_NEXT_ES}) el {WEEKDAY}{RIGHT}", _weekday(1)),
    (rf"{LEFT}(?:(?:a|one) week (?:from|after) {WEEKDAY}|{WEEKDAY.replace('wd', 'wd2')} week){RIGHT}",
     lambda m, f: tuple(
        day + timedelta(days=7) for day in f.weekday(WEEKDAYS[m["wd"] or m["wd2"]])
    )),
    (rf"{LEFT}(?:this (?:coming )?|este ){WEEKDAY}{RIGHT}", lambda m, f: (
        f.after(0) if WEEKDAYS[m["wd"]] == f.today.weekday() else f.weekday(WEEKDAYS[m["wd"]])
    )),
    (rf"{LEFT}(?:{_NEXT_ES} )?{WEEKDAY}(?: {_NEXT_ES})?{RIGHT}", _weekday(None)),
    (rf"{LEFT}{_TO_DAY} (?P<wd>sat|sun){RIGHT}", lambda m, f: f.weekday(SHORT_WEEKDAYS[m["wd"]])),
    (rf"(?P<w>下下|下|上|这|這|本)?{WEEK_ZH}(?P<wd>[一二三四五六日天末1-7])", _chinese_weekday),
    (rf"{LEFT}(?:the )?end of (?:next week){RIGHT}", lambda _, f: f.weekday(4, 1)),
    (rf"{LEFT}(?:(?:the )?end of (?:the |this )?week|eow){RIGHT}", lambda _, f: f.weekday(4)),
    (rf"{LEFT}(?:(?:this|the) )?weekend{RIGHT}|{LEFT}(?:este )?fin de semana{RIGHT}", lambda _, f: f.weekday(6, 0)),
    (rf"{LEFT}next weekend{RIGHT}|{LEFT}{_NEXT_ES} fin de semana{RIGHT}", lambda _, f: f.weekday(6, 1)),
    (rf"{LEFT}(?:the )?(?:end|last(?: day)?) of (?:the |this )?month{RIGHT}|{LEFT}(?:month[- ]?end|eom|eomonth){RIGHT}",
     _month_end(0)),
    (rf"{LEFT}(?:the )?(?:end|last(?: day)?) of next month{RIGHT}", _month_end(1)),
    (rf"{LEFT}(?:the )?(?:end|last(?: day)?) of {_MN}{RIGHT}", _end_of_named),
    (rf"{LEFT}(?:fin(?:es|al|ales)?|ultimo(?: dia)?) del? (?:este )?mes{RIGHT}(?! {_NEXT_ES})", _month_end(0)),
    (rf"{LEFT}(?:fin(?:es|al|ales)?|ultimo(?: dia)?) del? (?:mes {_NEXT_ES}|{_NEXT_ES} mes){RIGHT}", _month_end(1)),
    (rf"{LEFT}(?:fin(?:es|al|ales)?|ultimo(?: dia)?) de {_MN}{RIGHT}", _end_of_named),
    (r"(?:这个?|這個?|本|这)?月(?:底|末)", _month_end(0)),
    (r"下(?:个|個)?月(?:底|末)", _month_end(1)),
    (r"(?P<z>1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])月(?:底|末)", _end_of_named),
    (rf"{LEFT}(?:the )?end of (?:the |this )?year{RIGHT}|{LEFT}fin(?:es|al|ales)? de(?:l)? ano{RIGHT}|年底",
     lambda _, f: f.dated(12, 31)),
    (rf"{LEFT}(?:today|tonight|tonite|2day|right now|now|this (?:afternoon|evening|morning)|in an? (?:hour|minute)"
     rf"|hoy(?: mismo)?|ahora(?: mismo)?|ahorita|esta (?:noche|tarde)){RIGHT}", _exactly(0)),
    (r"今天|今晚|今日|今儿|现在|現在|马上|馬上|立刻", _exactly(0)),
    (rf"{LEFT}(?:tomm?orr?ow|tomorow|tmrw?|tmw|tmro|2morr?ow|2moro|2mrw|manana){RIGHT}", _exactly(1)),
    (r"明天|明日|明早|明晚|明儿", _exactly(1)),
    (rf"{LEFT}(?:the )?day after (?:tomm?orr?ow|tomorow|tmrw?){RIGHT}", _exactly(2)),
    (rf"{LEFT}pasado manana{RIGHT}|(?<!大)[后後]天", _exactly(2)),
    (r"大[后後]天", _exactly(3)),
    (rf"{LEFT}(?:in|within|next|dentro de|en) (?:the next )?{_N} (?:of )?(?:business|working) days?{RIGHT}",
     _after(1, business=True)),
    (rf"{LEFT}(?:in|within|dentro de|en) (?:the next |los proximos )?{_N} (?:of )?d(?:ays?|ias?){RIGHT}", _after(1)),
    (rf"{LEFT}(?:in|within|dentro de|en) (?:the next )?{_N} (?:of )?(?:weeks?|wks?|semanas?){RIGHT}", _after(7)),
    (rf"{LEFT}(?:in|within|dentro de|en) {_N} fortnights?{RIGHT}", _after(14)),
    (rf"{LEFT}(?:in|within|dentro de|en) (?:the next )?{_N} (?:of )?(?:months?|mes(?:es)?){RIGHT}", _after_months),
    (rf"{LEFT}{_N} days from (?:now|today){RIGHT}", _after(1)),
    (rf"{LEFT}{_N} weeks? from (?:now|today){RIGHT}", _after(7)),
    (rf"{LEFT}{_N} months? from (?:now|today){RIGHT}", _after_months),
    (rf"{_ZN}(?:天|日)(?:之|以)?(?:[后後]|[内內])", _after(1)),
    (rf"{_ZN}{WEEK_ZH}(?:之|以)?(?:[后後]|[内內])", _after(7)),
    (rf"{_ZN}(?:个|個)月(?:之|以)?(?:[后後]|[内內])", _after_months),
    (rf"{LEFT}(?:(?:la|esta) )?(?:(?:{_NEXT_ES}) )?quincena(?: {_NEXT_ES})?{RIGHT}", _quincena),
    (rf"{LEFT}(?:la )?quincena del? (?:dia )?{_D}{RIGHT}", _of_month(None)),
    # Times without a day.
    (rf"{LEFT}(?:pay ?day|pay ?che(?:ck|que)|get(?:ting)? paid|gets? (?:my|the) (?:check|money)|my check|direct deposit"
     rf"|tax (?:refund|return)|refund|stimulus|settlement){RIGHT}", _no_day),
    (rf"{LEFT}(?:me paguen|me pagan|cobre|cobro|dia de (?:pago|cobro)|mi (?:cheque|sueldo|pago)|el aguinaldo|reembolso"
     rf"){RIGHT}", _no_day),
    (r"[发發](?:了|下)?(?:工资|工資|薪水|薪|钱|錢)|(?:工资|工資|公积金|公積金|奖金|獎金|钱|錢|款)(?:一)?到(?:账|賬|帐|帳|手)?|退税|退稅"
     r"|领工资|領工資", _no_day),
    (rf"{LEFT}(?:in|within) (?:a few|few|several|some|a couple or) (?:more )?(?:days|weeks|months){RIGHT}", _no_day),
    (rf"{LEFT}in (?:a|one|two|three|\d) (?:days?|weeks?|months?) or (?:so|two|three|\d){RIGHT}", _no_day),
    (rf"{LEFT}(?:en|dentro de) (?:unos|unas|algunos|algunas|pocos|pocas) (?:dias|semanas|meses){RIGHT}", _no_day),
    (rf"{LEFT}(?:(?:sometime )?(?:next|this) (?:week|month|year)|(?:the )?(?:beginning|start|first week) of"
     rf" (?:the|next) month|soon|asap|later|(?:in )?mid[- ]?month|(?:the )?middle of (?:the|next) month){RIGHT}",
     _no_day),
    (rf"{LEFT}(?:(?:{_NEXT_ES}|esta|este) (?:semana|mes|ano)|(?:semana|mes|ano) {_NEXT_ES}|pronto|luego que|mas tarde"
     rf"|(?:principios?|inicios?|mediados?) del? (?:mes|proximo mes)|cuanto antes){RIGHT}", _no_day),
    (r"(?:下下?(?:个|個)?|这|這|本)(?:周|週|星期|礼拜|禮拜)(?![一二三四五六日天末1-7])", _no_day),
    (r"下(?:个|個)?月(?![\d一二三十])|[过過](?:几|幾|两|兩|些)天|[几幾]天", _no_day),
    (r"尽快|儘快|尽早|月初|月中|以后|以後", _no_day),
)  # fmt: skip
