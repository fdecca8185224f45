"""The words by which debtors name days and amounts, in English, Spanish and Chinese: data, no rules.

All is written as `folding.fold` leaves it: lower case, without accents. Common misspellings stand beside the words.
"""

from __future__ import annotations

#: Weekdays by ISO number less one (Monday is 0).
WEEKDAYS = {
    **dict.fromkeys(("monday", "mon", "munday", "lunes"), 0),
    **dict.fromkeys(("tuesday", "tues", "tue", "tuseday", "teusday", "martes"), 1),
    **dict.fromkeys(("wednesday", "weds", "wed", "wensday", "wendsday", "wednsday", "miercoles"), 2),
    **dict.fromkeys(("thursday", "thurs", "thur", "thu", "thrusday", "thurday", "jueves"), 3),
    **dict.fromkeys(("friday", "fri", "firday", "fridy", "viernes"), 4),
    **dict.fromkeys(("saturday", "saterday", "sabado"), 5),
    **dict.fromkeys(("sunday", "domingo"), 6),
}
#: Weekdays that are other words as well: only after a word that leads to a day.
SHORT_WEEKDAYS = {"sat": 5, "sun": 6}
CHINESE_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6} | {
    str(number): number - 1 for number in range(1, 8)
}
MONTHS = {
    **dict.fromkeys(("january", "jan", "enero", "ene"), 1),
    **dict.fromkeys(("february", "feb", "febrero"), 2),
    **dict.fromkeys(("march", "mar", "marzo"), 3),
    **dict.fromkeys(("april", "apr", "abril", "abr"), 4),
    **dict.fromkeys(("may", "mayo"), 5),
    **dict.fromkeys(("june", "jun", "junio"), 6),
    **dict.fromkeys(("july", "jul", "julio"), 7),
    **dict.fromkeys(("august", "aug", "agosto", "ago"), 8),
    **dict.fromkeys(("september", "sept", "sep", "septiembre", "setiembre"), 9),
    **dict.fromkeys(("october", "oct", "octubre"), 10),
    **dict.fromkeys(("november", "nov", "noviembre"), 11),
    **dict.fromkeys(("december", "dec", "diciembre", "dic"), 12),
}
#: Days of the month in words.
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "twelfth": 12, "fifteenth": 15, "twentieth": 20, "thirtieth": 30, "primero": 1, "primer": 1,
    "quince": 15, "veinte": 20, "treinta": 30, "diez": 10, "cinco": 5,
}  # fmt: skip
#: Numbers in words. What multiplies stands in MULTIPLIERS.
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "couple": 2, "un": 1, "una": 1, "uno": 1,
    "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
    "once": 11, "doce": 12, "trece": 13, "catorce": 14, "quince": 15, "dieciseis": 16, "veinte": 20,
    "veinticinco": 25, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80,
    "noventa": 90, "cien": 100, "ciento": 100, "doscientos": 200, "trescientos": 300, "cuatrocientos": 400,
    "quinientos": 500, "seiscientos": 600, "setecientos": 700, "ochocientos": 800, "novecientos": 900,
}  # fmt: skip
MULTIPLIERS = {"hundred": 100, "thousand": 1_000, "grand": 1_000, "mil": 1_000}
#: Words that are an amount without a currency after them: nobody counts days or payments by them.
LARGE = frozenset({"hundred", "thousand", "grand", "mil"} | {word for word, n in NUMBERS.items() if n >= 100})
#: Words that are an amount after a word of paying or before a day: "fifty on Friday".
TENS = frozenset(word for word, n in NUMBERS.items() if 20 <= n < 100)
CHINESE_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "俩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7,
    "八": 8, "九": 9,
}  # fmt: skip
CHINESE_UNITS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "萬": 10_000}

#: The currencies that a sign or a word may stand for. 块 and 元 are also what Chinese speakers call dollars.
_DOLLARS = frozenset({"USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD"})
_PESOS = frozenset({"MXN", "ARS", "CLP", "COP", "UYU", "DOP", "PHP", "CUP"})
_YUAN = frozenset({"CNY", "TWD", "HKD", "MOP", "SGD"})
CURRENCY_WORDS = {
    "$": _DOLLARS | _PESOS,
    **dict.fromkeys(("dollars", "dollar", "bucks", "buck", "dolares", "dolar", "dlls", "刀"), _DOLLARS),
    **dict.fromkeys(("usd", "us$", "美元", "美金"), frozenset({"USD"})),
    **dict.fromkeys(("pesos", "peso", "mxn"), _PESOS),
    **dict.fromkeys(("euros", "euro", "eur", "€", "欧元"), frozenset({"EUR"})),
    **dict.fromkeys(("pounds", "pound", "quid", "gbp", "£", "英镑"), frozenset({"GBP"})),
    "¥": frozenset({"CNY", "JPY"}),
    **dict.fromkeys(("yuan", "rmb", "cny", "人民币", "人民幣"), frozenset({"CNY"})),
    **dict.fromkeys(("块钱", "塊錢", "块", "塊", "元", "圆", "圓"), _YUAN | {"USD", "CAD", "AUD"}),
}

#: Where the month is written before the day, and where people write both ways. Elsewhere the day comes first.
MONTH_FIRST = frozenset({"US", "PR", "GU", "VI", "AS", "MP", "PH", "CN", "TW", "HK", "MO", "JP", "KR", "HU", "LT"})
EITHER_FIRST = frozenset({"", "CA", "ZA", "KE", "MY", "PA", "BZ", "BS"})
#: The same by language, where nothing is known of the country: English is written both ways.
DAY_FIRST = {"es": True, "zh": False}
