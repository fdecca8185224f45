"""Notices that the law asks for: what a message with one is for, and what an account's terms then say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from outreach.domain.campaign import LegalNotice
from outreach.domain.message import Channel
from outreach.domain.standing import Purpose, Terms
from outreach.domain.validation import provided


def purpose_of(notice: LegalNotice | None) -> Purpose:
    """What a message of a campaign's step is for."""
    if notice is None:
        return Purpose.REMINDER
    return Purpose.VALIDATION if notice is LegalNotice.VALIDATION else Purpose.LEGAL_NOTICE


def given(terms: Terms, notice: LegalNotice, at: datetime, by: Channel, zones: Iterable[str]) -> Terms:
    """The terms of an account after the notice was given at an instant (aware UTC)."""
    if notice is LegalNotice.VALIDATION:
        return replace(terms, validation=provided(at, by, zones))
    return replace(terms, notices={**terms.notices, notice.value: at})
