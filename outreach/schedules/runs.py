"""When a campaign runs: its cron expression as a function of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from outreach.domain.campaign import Campaign

_MINUTE = timedelta(minutes=1)
#: What comes directly after an instant.
_TICK = timedelta(microseconds=1)


class Runs:
    """The runs of a campaign, as the scheduler fires them. Thousands of accounts ask for the same one."""

    def __init__(self, campaign: Campaign) -> None:
        self._cron = CronTrigger.from_crontab(campaign.runs, timezone=campaign.timezone)
        self._known: dict[datetime, datetime | None] = {}

    def from_(self, moment: datetime) -> datetime | None:
        """The first run (aware UTC) at `moment` (aware UTC) or after it; None when there is none any more."""
        minute = moment.replace(second=0, microsecond=0)
        if minute < moment:
            minute += _MINUTE
        if minute not in self._known:
            found = self._cron.get_next_fire_time(None, minute)
            self._known[minute] = found and found.astimezone(UTC)
        return self._known[minute]

    def after(self, run: datetime, not_before: datetime) -> datetime | None:
        """The first run after `run` that is not before `not_before`."""
        return self.from_(max(not_before, run + _TICK))
