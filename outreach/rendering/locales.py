"""Which language a debtor reads, and how dates and amounts are written there."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError

#: What a debtor reads when there is no template in a language of theirs.
DEFAULT_LANGUAGE = "en"


def languages(tag: str) -> list[str]:
    """The BCP 47 tags to look for, best first: "zh-Hans-CN" gives zh-Hans-CN, zh-Hans, zh, en."""
    parts = [part for part in tag.replace("_", "-").split("-") if part]
    chain = ["-".join(parts[:length]) for length in range(len(parts), 0, -1)]
    return list(dict.fromkeys([*chain, DEFAULT_LANGUAGE]))


@lru_cache(maxsize=512)
def format_locale(text_language: str, debtor_language: str, country: str) -> str:
    """The locale (as "es_US") that writes amounts and dates in a text.

    It is that of the text's language: as the debtor's own tag has it, else as the debtor's country writes it,
    else the language's own.
    """
    language = text_language.split("-", maxsplit=1)[0]
    own = debtor_language.replace("_", "-")
    tags = [f"{language}-{country}", language]
    if "-" in own and own.split("-")[0].lower() == language.lower():
        tags.insert(0, own)
    for tag in tags:
        try:
            return str(Locale.parse(tag, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return DEFAULT_LANGUAGE


def babel(locale: str) -> Locale:
    """The parsed locale of a name that `format_locale` gave."""
    return _parse(locale)


_parse = lru_cache(maxsize=512)(Locale.parse)
