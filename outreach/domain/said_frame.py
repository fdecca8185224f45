"""What a day's name means from today: the arithmetic beneath `said_days`. Pure; no answer is ever in the past."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from outreach.domain.calendar import end_of_month

#: A day of a month that has passed this year means next year only if it comes in so many days.
SENSIBLE = 183
#: Nobody counts longer ahead than so many days.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Frame:
    """The day from which days are counted, and whether 12/05 is in May (None: nobody knows)."""

    today: date
    day_first: bool | None

    def weekday(self, weekday: int, weeks: int | None = None) -> tuple[date, ...]:
        """The coming weekday, or the one of the week that is `weeks` after this one."""
        ahead = (weekday - self.today.weekday() - 1) % 7 + 1
        if weeks is not None:
            ahead = weekday - self.today.weekday() + 7 * weeks
        return self.after(ahead)

    def after(self, days: int) -> tuple[date, ...]:
        """The day so many days from now."""
        return (self.today + timedelta(days=days),) if 0 <= days <= LONGEST else ()

    def months_on(self, months: int) -> date:
        """The first of the month that is `months` after this one."""
        count = self.today.year * 12 + self.today.month - 1 + months
        return date(count // 12, count % 12 + 1, 1)

    def after_months(self, months: int) -> tuple[date, ...]:
        """The same day so many months from now, or the last of its month."""
        first = self.months_on(months)
        return (_day(first, self.today.day) or end_of_month(first),) if 1 <= months <= 12 else ()

    def of_month(self, day: int, months: int | None = None) -> tuple[date, ...]:
        """A day of the month: the next one, or the one of the month that is `months` after this one."""
        if not 1 <= day <= 31:
            return ()
        if months is not None:
            return tuple(found for found in (_day(self.months_on(months), day),) if found and found >= self.today)
        this, following = (_day(self.months_on(months), day) for months in (0, 1))
        if this is not None and this >= self.today:
            return (this,)
        if this is None:  # the 31st, said in November
            return end_of_month(self.today), following or self.months_on(1)
        return (following,) if following else (end_of_month(self.months_on(1)), self.months_on(2).replace(day=day))

    def dated(self, month: int, day: int, year: int | None = None) -> tuple[date, ...]:
        """A day of a month: of the year, else of the next year in which it makes sense."""
        if not 1 <= month <= 12:
            return ()
        years = (self.today.year, self.today.year + 1) if year is None else (year + 2000 * (year < 100),)
        found = (_day(date(one, month, 1), day) for one in years if one < date.max.year)
        coming = [one for one in found if one is not None and one >= self.today]
        return tuple(coming[:1]) if coming and (year or (coming[0] - self.today).days <= SENSIBLE) else ()

    def numeric(self, first: int, second: int, year: int | None = None) -> tuple[date, ...]:
        """12/05: by the order of the country, else whatever it can be."""
        orders = (True, False) if self.day_first is None else (self.day_first,)
        found = {
            day
            for day_first in orders
            for day in self.dated(*((second, first) if day_first else (first, second)), year)
        }
        if not found:  # 25/12 where the month comes first is still the 25th of December
            found = set(self.dated(first, second, year)) | set(self.dated(second, first, year))
        return tuple(sorted(found))


def _day(month: date, day: int) -> date | None:
    return month.replace(day=day) if 1 <= day <= monthrange(month.year, month.month)[1] else None
