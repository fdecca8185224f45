"""Reading a debtor's e-mail: whom it answers, whether a machine wrote it, and its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_string
from email.message import Message

from inscriptis import get_text

_REPLY_ADDRESS = re.compile(r"^reply\+([^@+\s]+)@", re.IGNORECASE)
_BULK = {"bulk", "junk", "list", "auto_reply"}
_AUTO_HEADERS = ("X-Autoreply", "X-Autorespond", "X-Auto-Reply")
#: Characters that are read: whoever writes to us must not keep us busy for minutes.
LONGEST_HTML, LONGEST_HEADERS = 500_000, 200_000


def read_headers(text: str) -> Message:
    """The block of headers of a mail, as far as LONGEST_HEADERS."""
    return message_from_string(text[:LONGEST_HEADERS].strip() + "\n\n")


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
    """The words of an HTML mail, a line a block, for mails that have no plain part; those of its first LONGEST_HTML."""
    lines = (" ".join(line.split()) for line in get_text(html[:LONGEST_HTML]).splitlines())
    return "\n".join(line for line in lines if line)
