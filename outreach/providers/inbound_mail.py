"""Reading a debtor's e-mail: whom it answers, whether a machine wrote it, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_string
from email.message import Message
from html.parser import HTMLParser

_REPLY_ADDRESS = re.compile(r"^reply\+([^@+\s]+)@", re.IGNORECASE)
_BULK = {"bulk", "junk", "list", "auto_reply"}
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
_UNSEEN = {"head", "script", "style", "title"}
_BLOCKS = {"br", "div", "li", "p", "tr"}


def read_headers(text: str) -> Message:
    """The block of headers of a mail."""
    return message_from_string(text.strip() + "\n\n")


def reply_address(addresses: Iterable[str]) -> tuple[str, str] | None:
    """The first address of the form reply+TOKEN@domain, and its token."""
    for address in addresses:
        match = _REPLY_ADDRESS.match(address)
        if match:
            return address, match[1]
    return None


def wrote_itself(headers: Message) -> bool:
    """Whether a machine wrote it: out of office, bounce, list (RFC 3834 and the headers in use before it)."""
    return (
        str(headers.get("Auto-Submitted", "no")).split(";")[0].strip().lower() != "no"
        or str(headers.get("Precedence", "")).strip().lower() in _BULK
        or str(headers.get("Return-Path", "")).strip() == "<>"
        or headers.get_content_type() == "multipart/report"
        or any(name in headers for name in _AUTO_HEADERS)
    )


def text_of_html(html: str) -> str:
    """The words of an HTML mail, a line a block, for mails that have no plain part."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self._unseen += tag in _UNSEEN
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        if tag in _BLOCKS:
            self.words.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(" ".join(data.splitlines()))
