"""Why a planned notice has not left: until when it waits, and under which rules, in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from outreach.domain.gate import Verdict
from outreach.domain.notice import NoticeState
from outreach.domain.verdicts import OPENING
from outreach.flow import words
from outreach.flow.wording import plain
from outreach.store.dossier import NoticeLine


@dataclass(frozen=True, slots=True)
class Cause:
    """What a notice waits for. `rule` is "" for what no rule says: a provider's rate, an outage. `until`: aware UTC."""

    reason: str
    rule: str = ""
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A notice that waits. `until` is None while it waits for a person."""

    notice: NoticeLine
    until: datetime | None
    causes: tuple[Cause, ...]

    @property
    def message(self) -> str:
        """The message as a sentence begins with it."""
        return f"{words.CHANNEL.get(self.notice.channel, self.notice.channel)} “{plain(self.notice.step)}”"

    @property
    def sentence(self) -> str:
        """Until when it waits."""
        if self.until is None:
            return f"{self.message} waits for approval"
        return f"{self.message} waits until {self.until:%-d %B %Y, %H:%M} UTC"

    @property
    def detail(self) -> str:
        """What it waits for, each with its rule."""
        return "; ".join(f"{one.reason} ({one.rule})" if one.rule else one.reason for one in self.causes)


def waiting(notices: Iterable[NoticeLine], now: datetime) -> list[Waiting]:
    """Those of an account's notices that wait at `now` (business time), the first to leave first."""
    planned = [one for one in notices if one.state == NoticeState.PLANNED]
    found = [_waiting(one) for one in planned if one.needs_approval or one.not_before > now]
    return sorted(found, key=lambda one: (one.until is None, one.until))


def _waiting(notice: NoticeLine) -> Waiting:
    if notice.needs_approval:
        return Waiting(notice, None, (Cause("A person has to approve it"),))
    decided = notice.decision or {}
    # A later wait, such as for a provider, leaves the decision of the gate before it where it is.
    if decided.get("until") != notice.not_before.isoformat():
        return Waiting(notice, notice.not_before, (Cause(notice.reason),) if notice.reason else ())
    return Waiting(notice, notice.not_before, tuple(_causes(decided)))


def _causes(decided: dict[str, Any]) -> Iterable[Cause]:
    """Every rule that puts it off, the longest first. That all hours must be open together is no rule by itself."""
    hits = [hit for hit in decided.get("hits", ()) if hit["verdict"] == Verdict.DEFER and hit["rule"] != OPENING]
    causes = [
        Cause(hit["reason"], hit["rule"], datetime.fromisoformat(hit["until"]) if hit["until"] else None)
        for hit in hits
    ]
    return sorted(causes, key=lambda one: one.until.timestamp() if one.until else 0.0, reverse=True)
