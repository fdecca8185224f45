"""A file of rows, checked as a whole before its first row is read: so a wrong file changes nothing."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath
from typing import BinaryIO

from outreach.flow.importing.report import BadFile

_CHUNK = 1 << 20
_AS_UTF8 = "in Excel choose File > Save As > CSV UTF-8, elsewhere export as UTF-8"
#: First bytes of what is not text, and what it is.
_MAGIC = {
    b"PK\x03\x04": f"an Excel workbook or a zip archive: {_AS_UTF8}",
    b"\xd0\xcf\x11\xe0": f"an old Excel workbook: {_AS_UTF8}",
    b"\x1f\x8b": "compressed: unpack it first",
    b"%PDF": "a PDF: export the data as CSV",
    codecs.BOM_UTF16_LE: f'UTF-16 (Excel\'s "Unicode Text"): {_AS_UTF8}',
    codecs.BOM_UTF16_BE: f"UTF-16: {_AS_UTF8}",
}


class InputFormat(StrEnum):
    """How rows are written: CSV with a header, or one JSON object a line."""

    CSV = "csv"
    JSONL = "jsonl"

    @classmethod
    def of(cls, name: str) -> InputFormat:
        """By the ending of a file's name: .jsonl and .ndjson are JSON lines, everything else is CSV."""
        return cls.JSONL if PurePath(name).suffix.lower() in (".jsonl", ".ndjson") else cls.CSV


@dataclass(frozen=True, slots=True)
class Source:
    """Checked input. `stream` can seek; `lines` is about how many lines it has, for the progress bar."""

    stream: BinaryIO
    input_format: InputFormat
    lines: int


def check_source(stream: BinaryIO, input_format: InputFormat) -> Source:
    """Read the stream once to the end and rewind it. Raises BadFile when it is empty or not UTF-8 text."""
    _check_magic(stream.read(256))
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    lines = 0
    while chunk := stream.read(_CHUNK):
        _decode(decoder, chunk, lines, final=False)
        lines += chunk.count(b"\n")
    _decode(decoder, b"", lines, final=True)
    stream.seek(0)
    return Source(stream, input_format, lines + 1)


def _check_magic(head: bytes) -> None:
    if not head:
        raise BadFile("the file is empty: export it again")
    for magic, what in _MAGIC.items():
        if head.startswith(magic):
            raise BadFile(f"the file is {what}")
    if head.count(0) * 3 > len(head):
        raise BadFile(f"the file is UTF-16: {_AS_UTF8}")


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, lines: int, *, final: bool) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        data: bytes = error.object
        line = lines + data[: error.start].count(b"\n") + 1
        raise BadFile(f"line {line}: byte 0x{data[error.start]:02X} is not UTF-8: {_AS_UTF8}") from error
