"""The audit chain: each entry seals one row by its digests and names the hash of the entry before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import orjson

#: What the first entry names as the one before it.
BEGINNING = bytes(32)


@dataclass(frozen=True, slots=True)
class Entry:
    """A link of the chain. `facts` and `personal` are SHA-256 digests of the row's two parts.

    `personal` is salted, so that once the salt is erased nobody can test a guess against it; `salt` is no part of the
    link. `row_key` finds the row in the table that `source` names.
    """

    seq: int
    source: str
    row_key: str
    account_id: int | None
    facts: bytes
    personal: bytes | None
    salt: bytes | None
    hash: bytes


def canonical(values: Mapping[str, Any]) -> bytes:
    """JSON with sorted keys, no spaces, UTC instants ending in Z, and bytes as their SHA-256."""
    return orjson.dumps(values, default=_digest_of_bytes, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)


def digest(values: Mapping[str, Any], salt: bytes = b"") -> bytes:
    """The digest of one part of a row."""
    return sha256(salt + canonical(values)).digest()


def link(previous: bytes, entry: Entry) -> bytes:
    """The hash of an entry that follows `previous`: SHA-256 over it and the entry's canonical JSON."""
    told = {
        "seq": entry.seq,
        "source": entry.source,
        "key": entry.row_key,
        "account": entry.account_id,
        "facts": entry.facts.hex(),
        "personal": entry.personal.hex() if entry.personal else None,
    }
    return sha256(previous + canonical(told)).digest()


def _digest_of_bytes(value: object) -> str:
    if isinstance(value, bytes):
        return sha256(value).hexdigest()
    raise TypeError(f"{type(value).__name__} cannot be sealed")
