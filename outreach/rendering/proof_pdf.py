"""The proof file for readers: notice by notice, what was sent, when, to whom, why, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fontTools.ttLib import TTFont
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from outreach.rendering.email import derive_text
from outreach.rendering.letter import FONTS, LetterPrinter

_PAGES = Path(__file__).parent / "pages"


def proof_pdf(document: Mapping[str, Any]) -> bytes:
    """Print a proof file (flow/proof.py). Raises LetterError."""
    html = _pages().get_template("proof.html").render(_told(document))
    with LetterPrinter() as printer:
        return printer.print(_printable(html)).pdf


def _told(document: Mapping[str, Any]) -> dict[str, Any]:
    records = document["records"]
    latest = {one["facts"]["id"]: one["facts"] for one in records["notices"]}
    notices = [_notice(facts, records) for facts in sorted(latest.values(), key=lambda one: one["planned_at"])]
    zones: Sequence[str] = next((one["zones"] for one in reversed(notices) if one["zones"]), ())
    about = {
        name: [one | {"when": _local(one["facts"]["at"], zones)} for one in records[name]]
        for name in ("replies", "timeline")
    }
    return {**document, **about, "notices": notices}


def _notice(facts: Mapping[str, Any], records: Mapping[str, Any]) -> dict[str, Any]:
    zones = (facts["decision"] or {}).get("zones") or ()
    events = [one["facts"] for one in records["notice_events"] if one["facts"]["notice_id"] == facts["id"]]
    contents = [one for one in records["contents"] if one["facts"]["notice_id"] == facts["id"]]
    return {
        "facts": facts,
        "zones": zones,
        "planned": _local(facts["planned_at"], zones),
        "contents": [one | {"said": _said(facts["channel"], one["personal"])} for one in contents],
        "events": [{"when": _local(one["at"], zones), "what": _happened(one)} for one in events],
    }


def _said(channel: str, personal: Mapping[str, Any]) -> str:
    body = str(personal["text"] or personal["body"] or "")
    return body if channel == "sms" or personal["text"] else derive_text(body)


def _happened(event: Mapping[str, Any]) -> str:
    return ", ".join(
        str(event[name]) for name in ("what", "state", "provider", "word", "reason", "code") if event[name]
    )


def _local(instant: str, zones: Sequence[str]) -> str:
    """The instant in UTC, and in each zone where the debtor may be."""
    at = datetime.fromisoformat(instant)
    local = [f"{at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M} {zone}" for zone in zones]
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" + (f" ({', '.join(local)})" if local else "")


def _values(parts: Mapping[str, Any] | None) -> str:
    return ", ".join(str(value) for value in (parts or {}).values() if value)


@cache
def _pages() -> Environment:
    pages = Environment(
        loader=FileSystemLoader(_PAGES), autoescape=select_autoescape(), undefined=StrictUndefined, trim_blocks=True
    )
    pages.filters["values"] = _values
    return pages


@cache
def _glyphs() -> frozenset[int]:
    fonts = [TTFont(file, fontNumber=0) for file in FONTS.rglob("*") if file.suffix in {".ttf", ".otf", ".ttc"}]
    return frozenset(code for font in fonts for code in font.getBestCmap())


def _printable(html: str) -> str:
    """The page with characters that no font has (a debtor's emoji) named by their number: the press refuses them."""
    return "".join(one if one in "\n\t" or ord(one) in _glyphs() else f"[U+{ord(one):04X}]" for one in html)
