"""The words with which files name receivers of outcome events: where, which kinds, and where the secret is."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import PlainValidator, WithJsonSchema

from outreach.documents.problem import suggestion
from outreach.documents.words import mistake, pattern
from outreach.domain.destination import literal
from outreach.domain.outcome_event import KINDS

VARIABLE_PATTERN = r"^[A-Z][A-Z0-9_]{2,99}$"


def receiver(value: object) -> str:
    """An https address; http only for this machine, where nobody listens in."""
    text = str(value)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not re.fullmatch(r"[!-~]{1,1000}", text):
        raise mistake(f"`{text}` is not an address", "Write it like https://erp.northwind.example/outreach")
    if parts.username or parts.password or parts.fragment:
        raise mistake("the address holds a password or a fragment", "Leave them out: events are signed instead")
    here = literal(host)
    if parts.scheme == "http" and not (here and here.is_loopback):
        raise mistake(f"`{text}` is not encrypted", "Write https; http is for localhost only")
    return text


def variable(value: object) -> str:
    """The name of an environment variable; what looks like a secret is refused without being repeated."""
    if not isinstance(value, str) or not re.match(VARIABLE_PATTERN, value):
        raise mistake("this is not the name of an environment variable", "Write its name, never the secret itself")
    return value


def kind(value: object) -> str:
    """A kind of outcome event."""
    if value not in KINDS:
        raise mistake(f"`{value}` is no kind of outcome event", suggestion(str(value), KINDS))
    return str(value)


ReceiverValue = Annotated[str, PlainValidator(receiver), pattern(r"^https?://\S+$")]
VariableValue = Annotated[str, PlainValidator(variable), pattern(VARIABLE_PATTERN)]
KindValue = Annotated[str, PlainValidator(kind), WithJsonSchema({"type": "string", "enum": list(KINDS)})]
