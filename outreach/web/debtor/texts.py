"""The words of the page in each language, from texts/*.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML

from outreach.rendering.locales import DEFAULT_LANGUAGE

#: The languages of the page, each by its own name. Spanish is in the form that addresses with `usted`.
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Español", "zh": "中文"}
_FOLDER = Path(__file__).parent / "texts"


class Texts:
    """The words of one language; called with a key and what is to be filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words = words(language)

    def __call__(self, key: str, **values: object) -> str:
        """The words of a key. Raises KeyError for one that is not there."""
        text = self._words[key]
        return text.format_map(values) if values else text

    def has(self, key: str) -> bool:
        """Whether there are words for a key."""
        return key in self._words


@lru_cache(maxsize=len(LANGUAGES))
def words(language: str) -> Mapping[str, str]:
    """All words of a language by key."""
    read = YAML(typ="safe").load((_FOLDER / f"{language}.yaml").read_text("utf-8"))
    return {str(key): str(text) for key, text in read.items()}


def offered(tags: str) -> str:
    """The first of the languages asked for (a BCP 47 tag, or a header Accept-Language) that the page has, or ''."""
    for part in tags.split(","):
        language = part.partition(";")[0].strip().replace("_", "-").partition("-")[0].lower()
        if language in LANGUAGES:
            return language
    return ""


def language_of(chosen: str, recorded: str, accepted: str) -> str:
    """What a page is written in: what was chosen on it, else the debtor's language, else the browser's."""
    return next(filter(None, (offered(chosen), offered(recorded), offered(accepted))), DEFAULT_LANGUAGE)
