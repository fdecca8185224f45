"""How a text message travels: its encoding and how many segments it takes (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from collections.abc import Iterable

from outreach.domain.message import SmsEncoding, SmsMessage

#: The default alphabet of 3GPP TS 23.038, section 6.2.1, without the escape to the extension table.
GSM7_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: The extension table, section 6.2.1.1: an escape and a character, two septets.
GSM7_EXTENSION = frozenset("\f^{}\\[~]|€")
_GSM7 = GSM7_BASIC | GSM7_EXTENSION
#: Characters that look nearly alike and would turn the whole text into UCS-2.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", ""),
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032`\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        "\u2026": "...",
        "\u2022": "-",
        "\t": " ",
    }
)


def plain(body: str) -> str:
    """The text with typographic characters made plain, if that is enough for GSM-7; else the text as it is.

    A text that needs UCS-2 anyway (Chinese, an accent that GSM-7 lacks) keeps its typography.
    """
    simple = body.translate(_PLAIN)
    return body if _foreign(simple) else simple


def measure(body: str) -> SmsMessage:
    """The text with its encoding, its segments (an empty text takes one) and the characters that force UCS-2."""
    foreign = _foreign(body)
    if foreign:
        widths = [len(character.encode("utf-16-be", "surrogatepass")) // 2 for character in body]
        return SmsMessage(body, SmsEncoding.UCS2, _segments(widths, single=70, joined=67), foreign)
    if GSM7_EXTENSION.isdisjoint(body):
        return SmsMessage(body, SmsEncoding.GSM7, 1 if len(body) <= 160 else -(-len(body) // 153))
    widths = [2 if character in GSM7_EXTENSION else 1 for character in body]
    return SmsMessage(body, SmsEncoding.GSM7, _segments(widths, single=160, joined=153))


def _foreign(body: str) -> tuple[str, ...]:
    if _GSM7.issuperset(body):
        return ()
    return tuple(dict.fromkeys(c for c in body if c not in _GSM7))


def _segments(widths: Iterable[int], *, single: int, joined: int) -> int:
    """Count segments; no character is split between two, so a wide one may leave a unit unused."""
    widths = list(widths)
    if sum(widths) <= single:
        return 1
    segments, used = 1, 0
    for width in widths:
        used += width
        if used > joined:
            segments, used = segments + 1, width
    return segments
