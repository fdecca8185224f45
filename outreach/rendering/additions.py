"""Texts that the law asks for, which a message gets when its template does not have them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markupsafe import escape


def with_additions(text: str, additions: Sequence[str]) -> Iterator[str]:
    """A plain text, and after it on lines of their own the additions that its template did not print by itself."""
    yield text
    for words in additions:
        if words not in text:
            yield f"\n{words}"


def lacks_additions(html: str, additions: Sequence[str]) -> bool:
    """Whether a page lacks a line of one of the additions."""
    return any(str(escape(line)) not in html for words in additions for line in words.split("\n"))
