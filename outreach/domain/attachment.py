"""A file that a debtor sends: what it is by its bytes, and whether it may be kept. Its name proves nothing.

Agents get it as a download that no browser opens by itself. Files that are two things at once are refused all the same:
nobody needs one to show a receipt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

#: Bytes of one file, and files of one form.
LARGEST, MOST = 5 * 1024 * 1024, 3
#: As long as the column that keeps it.
LONGEST_NAME = 200

_SIGNATURES = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}
_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}
#: Where readers still look for the beginning of another kind of file.
_HEAD = 1024
_MARKUP = re.compile(rb"<(!doctype|html|head|body|script|svg|iframe)[\s>]", re.IGNORECASE)
_ZIP_END, _ZIP_END_LENGTH = b"PK\x05\x06", 22
_NAME = re.compile(r"[^\w .()-]+")


class Refusal(StrEnum):
    """Why a file is not taken."""

    KIND = "kind"
    SIZE = "size"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that may be kept."""

    name: str
    media_type: str
    body: bytes


def attachment(name: str, body: bytes) -> Attachment | Refusal:
    """The file with its true type, and a name that ends accordingly; or why it is not taken."""
    if len(body) > LARGEST:
        return Refusal.SIZE
    media_type = media_type_of(body)
    return Refusal.KIND if media_type is None else Attachment(safe_name(name, media_type), media_type, body)


def media_type_of(body: bytes) -> str | None:
    """PDF, JPEG or PNG by the bytes; None for all else, and for what is something else besides."""
    found = next((kind for signature, kind in _SIGNATURES.items() if body.startswith(signature)), None)
    head = body[:_HEAD]
    is_pdf_too = found != "application/pdf" and b"%PDF-" in head
    return None if is_pdf_too or _MARKUP.search(head) or _is_zip(body) else found


def safe_name(name: str, media_type: str) -> str:
    """The last part of a name, with nothing in it that a file system or a header minds."""
    ending = _ENDINGS[media_type]
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or name
    return (_NAME.sub("_", stem).strip(" .")[: LONGEST_NAME - len(ending)] or "file") + ending


def _is_zip(body: bytes) -> bool:
    """Whether the end of the file is that of an archive, which is read from its end."""
    at = body.rfind(_ZIP_END)
    if at < 0 or len(body) - at < _ZIP_END_LENGTH:
        return False
    comment = int.from_bytes(body[at + 20 : at + _ZIP_END_LENGTH], "little")
    return at + _ZIP_END_LENGTH + comment == len(body)
