"""E-mails: inlined CSS, a text part, and the headers by which a reader unsubscribes with one click."""

from __future__ import annotations

import html as entities
import re

from css_inline import CSSInliner
from inscriptis import get_text
from inscriptis.model.config import ParserConfig

from outreach.domain.message import EmailMessage

_INLINER = CSSInliner(keep_style_tags=False, load_remote_stylesheets=False)
_TEXT = ParserConfig(display_links=True)
_SELF_LINK = re.compile(r"\[([^\]]+)\]\((?:mailto:|tel:)?\1\)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029]")
_HTTP_URL = re.compile(r"https?://[^\s<>,]+")
_MAILBOX = re.compile(r"[^\s<>,;:?&@]+@[^\s<>,;:?&@]+", re.ASCII)


class HeaderInjection(ValueError):
    """A value that would end its header and begin another."""


def one_line(markup: str) -> str:
    """A header value from escaped markup; raises HeaderInjection when it holds a line break or control character."""
    value = entities.unescape(markup).strip()
    if _CONTROL.search(value):
        raise HeaderInjection("a line break or control character")
    return value


def inline(html: str) -> str:
    """The page with its style sheet moved into `style` attributes, as mail programs need it. Fetches nothing."""
    return _INLINER.inline(html)


def derive_text(html: str) -> str:
    """The text part of a page: one line an item, links with their addresses."""
    # The head says nothing to a reader, and a fifth of the work is to pass over it.
    _, tag, body = html.partition("<body")
    text = get_text(tag + body or html, _TEXT)
    text = _LINK.sub(r"\1: \2", _SELF_LINK.sub(r"\1", text))
    lines = [re.sub(r"(?<=\S) {3,}", "   ", line.strip()) for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def unsubscribe_headers(url: str, mailto: str) -> dict[str, str]:
    """List-Unsubscribe (RFC 2369) and, for an https URL, List-Unsubscribe-Post (RFC 8058); none when both are "".

    Raises HeaderInjection when either is not an address of its kind.
    """
    if url and not _HTTP_URL.fullmatch(url):
        raise HeaderInjection("unsubscribe_url is not an http(s) URL")
    if mailto and not _MAILBOX.fullmatch(mailto):
        raise HeaderInjection("unsubscribe_mailto is not an e-mail address")
    ways = [f"<{way}>" for way in (url, f"mailto:{mailto}?subject=unsubscribe" if mailto else "") if way]
    headers = {"List-Unsubscribe": ", ".join(ways)} if ways else {}
    if url.startswith("https://"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def compose(subject: str, html: str, text: str | None, headers: dict[str, str]) -> EmailMessage:
    """The whole e-mail from a rendered subject (markup), page and own text part (None: derived from the page)."""
    return EmailMessage(one_line(subject), inline(html), text if text is not None else derive_text(html), headers)
