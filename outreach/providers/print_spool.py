"""Letters through a directory that a print house collects: works offline, and the files are evidence.

<spool>/<date>/ is a day's batch: <attempt id>.pdf and <attempt id>.json per letter; closing the batch writes
manifest.jsonl (one of those objects a line) and, last, `.done` (count and SHA-256 of the manifest). A batch without
`.done` is not to be collected. A closed batch takes no letter any more: later ones go to the next day's.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path

import orjson

from outreach.domain.event import EventKind
from outreach.domain.message import Address, Channel, LetterMessage, PostalAddress
from outreach.domain.sending import (
    Capabilities,
    Finding,
    Found,
    NotSent,
    OutcomeUnknown,
    Reason,
    Scope,
    SendRequest,
    SendResult,
)
from outreach.providers.failures import CANNOT_TELL, NOT_FOUND, Clock, refuse_when_late
from outreach.providers.webhooks import NoWebhooks
from outreach.settings import Settings

MANIFEST = "manifest.jsonl"
DONE = ".done"


class PrintSpool(NoWebhooks):
    """The provider `print_spool`. What the print house says comes back as a file (`print_returns.read_returns`)."""

    name = "print_spool"
    channel = Channel.LETTER
    capabilities = Capabilities(idempotent=True, signs_webhooks=False)

    def __init__(self, spool: Path, now: Clock) -> None:
        self._spool = spool
        self._now = now

    def send(self, request: SendRequest) -> SendResult:
        """Write the letter into the open batch; a letter that lies in any batch already is not written again."""
        assert isinstance(request.content, LetterMessage)
        now = self._now()
        refuse_when_late(request, now)
        try:
            batch = self._put(request, request.content, now.date())
        except OSError as error:
            raise NotSent(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=error.strerror or "") from error
        try:
            _sync(batch)
        except OSError as error:
            raise OutcomeUnknown(Scope.PROVIDER, Reason.PROVIDER_DOWN, detail=error.strerror or "") from error
        return SendResult(f"{batch.name}/{request.attempt_id}")

    def find(self, request: SendRequest) -> Finding:
        """Whether the letter lies in a batch; batches must be kept for as long as outcomes may be asked for."""
        try:
            batch = self._holding(request.attempt_id)
        except OSError:
            return CANNOT_TELL
        if batch is not None:
            return Finding(Found.YES, f"{batch.name}/{request.attempt_id}", EventKind.ACCEPTED)
        return NOT_FOUND if self._spool.is_dir() else CANNOT_TELL

    def close_batch(self, day: date) -> int:
        """Close the batch of a day for the print house to collect, and return how many letters it holds.

        Closing it again changes nothing. A day without letters makes no batch.
        """
        batch = self._spool / day.isoformat()
        if not batch.is_dir():
            return 0
        with self._locked():
            lines = [path.with_suffix(".json").read_bytes() for path in sorted(batch.glob("*.pdf"))]
            if not (batch / DONE).exists():
                manifest = b"".join(lines)
                _write(batch / MANIFEST, manifest)
                _sync(batch)
                seal = {"count": len(lines), "sha256": hashlib.sha256(manifest).hexdigest()}
                _write(batch / DONE, orjson.dumps(seal, option=orjson.OPT_APPEND_NEWLINE))
                _sync(batch)
        return len(lines)

    def _put(self, request: SendRequest, letter: LetterMessage, today: date) -> Path:
        """The batch that holds the letter now. When the last write fails, the letter is in none."""
        self._spool.mkdir(parents=True, exist_ok=True)
        with self._locked():
            held = self._holding(request.attempt_id)
            if held is not None:
                return held
            batch = self._open_batch(today)
            batch.mkdir(exist_ok=True)
            _write(batch / f"{request.attempt_id}.json", _sheet(request, letter))
            _write(batch / f"{request.attempt_id}.pdf", letter.pdf)
        return batch

    def _holding(self, attempt_id: str) -> Path | None:
        letter = next(self._spool.glob(f"*/{attempt_id}.pdf"), None)
        return letter.parent if letter else None

    def _open_batch(self, day: date) -> Path:
        while (self._spool / day.isoformat() / DONE).exists():
            day += timedelta(days=1)
        return self._spool / day.isoformat()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep a batch from being closed while a letter is written into it, in whatever process."""
        with (self._spool / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def configured(settings: Settings, now: Clock) -> PrintSpool | None:
    """The provider, when a spool directory is set."""
    return PrintSpool(settings.print_spool, now) if settings.print_spool else None


def _sheet(request: SendRequest, letter: LetterMessage) -> bytes:
    """The letter's line of the manifest."""
    line = {
        "attempt_id": request.attempt_id,
        "file": f"{request.attempt_id}.pdf",
        "sha256": hashlib.sha256(letter.pdf).hexdigest(),
        "bytes": len(letter.pdf),
        "pages": letter.pages,
        "country": request.to.country if isinstance(request.to, PostalAddress) else "",
        "to": _address(request.to),
        "from": _address(request.sender),
    }
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _address(address: Address) -> object:
    return asdict(address) if isinstance(address, PostalAddress) else address


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def _sync(directory: Path) -> None:
    """Make the names in a directory outlast a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
