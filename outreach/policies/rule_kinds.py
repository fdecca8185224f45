"""The kinds of rules in a pack file, each with its keys and what they mean."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, model_validator

from outreach.documents.model import FileModel, key
from outreach.documents.words import ClockValue, CountryValue, SlugValue, WeekdaysValue, mistake
from outreach.domain.campaign import SendWindow
from outreach.domain.closed_days import ClosedDays, Named
from outreach.domain.policy import (
    Calendar,
    Cap,
    CapScope,
    Counts,
    Forbid,
    Holds,
    Hours,
    Lint,
    OnHit,
    Recency,
    Retention,
    Status,
)
from outreach.policies.rule_base import Count, Flag, Number, RuleKeys, Text
from outreach.policies.rule_require import RequireKeys
from outreach.policies.words import (
    AnyLanguageValue,
    CalendarValue,
    ClosingValue,
    CountsValue,
    ExtraValue,
    HoldValue,
    MediumValue,
    RecordValue,
    RegexValue,
    ScopeValue,
    check_holiday,
)

Offset = Annotated[int, Field(strict=True, ge=-30, le=30)]


class WindowKeys(FileModel):
    """Hours of some weekdays, in the debtor's local time."""

    days: WeekdaysValue = key("Weekdays, as a range or a list.", "mon-sun")
    opens: ClockValue = key("First minute for a contact.", "08:00", alias="from")
    closes: ClosingValue = key(
        'From this minute on there is no contact; "24:00" is the end of the day.', "21:00", alias="to"
    )
    holidays: Flag = key("Also on public holidays of the debtor's country.", False, default=True)

    @model_validator(mode="after")
    def _opens_before_it_closes(self) -> Self:
        if self.opens >= self.closes:
            message = f"the window opens at {self.opens:%H:%M} and closes at {self.closes:%H:%M}"
            raise mistake(message, "`to` is later than `from` on the same day: write two windows around midnight", "to")
        return self

    def window(self) -> SendWindow:
        """The window that the keys mean."""
        return SendWindow(self.days, self.opens, self.closes, self.holidays)


class HoursKeys(RuleKeys):
    """Contact only within one of the windows, wherever the debtor may be."""

    usual: ClassVar = OnHit.DEFER

    kind: Literal["hours"] = key("The kind of rule.", "hours")
    windows: list[WindowKeys] = key(
        "When contact is open: one is enough.", [{"days": "mon-sun", "from": "08:00", "to": "21:00"}], min_length=1
    )
    guard: Number = key("Minutes to keep free at each end of every pack's hours; in the pack `house`.", 5, default=0)

    def rule(self, pack_status: Status) -> Hours:
        """The rule that the keys mean, in a pack of that status."""
        windows = tuple(window.window() for window in self.windows)
        return Hours(**self.common(pack_status), windows=windows, guard=self.guard)


class NamedKeys(FileModel):
    """The days around a holiday, by its name."""

    country: CountryValue = key("Whose holiday, ISO 3166-1.", "CN")
    name: Text = key("Its English name in the holidays package, or a part of it.", "Chinese New Year")
    first: Offset = key("First day, counted from the holiday.", -1, default=0)
    last: Offset = key("Last day, counted from the holiday.", 2, default=0)

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        check_holiday(self.country, self.name)
        if self.first > self.last:
            raise mistake(f"day {self.first} is after day {self.last}", "`first` is at most `last`", "first")
        return self


class CalendarKeys(RuleKeys):
    """No contact on these days."""

    usual: ClassVar = OnHit.DEFER

    kind: Literal["calendar"] = key("The kind of rule.", "calendar")
    holidays: CalendarValue = key("Public holidays of a country or a part of it.", "CA-QC", default="")
    extra: list[ExtraValue] = key("Further days of every year.", ["06-24", "easter+1"], default=[], min_length=1)
    named: list[NamedKeys] = key(
        "Days around a holiday.", [{"country": "CN", "name": "Chinese New Year"}], default=[], min_length=1
    )

    @model_validator(mode="after")
    def _names_days(self) -> Self:
        if not (self.holidays or self.extra or self.named):
            raise mistake("the rule names no days", "Add `holidays`, `extra` or `named`")
        return self

    def rule(self, pack_status: Status) -> Calendar:
        """The rule that the keys mean, in a pack of that status."""
        named = tuple(Named(one.country, one.name, one.first, one.last) for one in self.named)
        return Calendar(**self.common(pack_status), closed=ClosedDays(self.holidays, tuple(self.extra), named))


class CapKeys(RuleKeys):
    """At most so many contacts in so many local days, or hours."""

    usual: ClassVar = OnHit.DEFER

    kind: Literal["cap"] = key("The kind of rule.", "cap")
    scope: ScopeValue = key("Whose contacts are counted.", "account", default=CapScope.DEBTOR)
    counts: CountsValue = key("Which contacts are counted.", "attempts", default=Counts.ATTEMPTS)
    counted: list[MediumValue] = key("Media that count; left out, those of `when`.", ["call"], default=[], min_length=1)
    limit: Count = key("How many are allowed; the next one breaks the rule.", 7)
    days: Number = key("In how many local days, today included.", 7, default=0)
    hours: Number = key("In how many hours, instead of days.", 24, default=0)

    @model_validator(mode="after")
    def _has_one_time(self) -> Self:
        if bool(self.days) == bool(self.hours):
            raise mistake("a cap counts in `days` or in `hours`, one of them", "Write `days: 7` or `hours: 24`", "days")
        return self

    def rule(self, pack_status: Status) -> Cap:
        """The rule that the keys mean, in a pack of that status."""
        return Cap(
            **self.common(pack_status),
            scope=self.scope,
            counts=self.counts,
            counted=frozenset(self.counted or self.when.media),
            limit=self.limit,
            days=self.days,
            hours=self.hours,
        )


class ForbidKeys(RuleKeys):
    """Never, when `when` fits."""

    usual: ClassVar = OnHit.SUPPRESS

    kind: Literal["forbid"] = key("The kind of rule.", "forbid")
    providers: list[SlugValue] = key("Only through these providers.", ["twilio"], default=[], min_length=1)
    employer_provided: Flag | None = key("Only to addresses that an employer provided.", True, default=None)

    def rule(self, pack_status: Status) -> Forbid:
        """The rule that the keys mean, in a pack of that status."""
        providers = frozenset(self.providers)
        return Forbid(**self.common(pack_status), providers=providers, employer_provided=self.employer_provided)


class RecencyKeys(RuleKeys):
    """Something that shows the address to be the debtor's is not too old."""

    usual: ClassVar = OnHit.ROUTE

    kind: Literal["recency"] = key("The kind of rule.", "recency")
    days: Count = key("How old the newest message, consent or check of the number may be.", 60)

    def rule(self, pack_status: Status) -> Recency:
        """The rule that the keys mean, in a pack of that status."""
        return Recency(**self.common(pack_status), days=self.days)


class HoldKeys(RuleKeys):
    """While one of these holds is on the account, nothing."""

    usual: ClassVar = OnHit.DEFER

    kind: Literal["hold"] = key("The kind of rule.", "hold")
    reasons: list[HoldValue] = key("Which holds.", ["dispute", "cease"], min_length=1)

    def rule(self, pack_status: Status) -> Holds:
        """The rule that the keys mean, in a pack of that status."""
        return Holds(**self.common(pack_status), reasons=frozenset(self.reasons))


class LintKeys(RuleKeys):
    """What must not stand in a message."""

    usual: ClassVar = OnHit.ROUTE

    kind: Literal["lint"] = key("The kind of rule.", "lint")
    words: dict[AnyLanguageValue, Annotated[list[RegexValue], Field(min_length=1)]] = key(
        'Regular expressions that must not fit, by language; "*" is any.',
        {"en": ["\\barrest"]},
        default={},
        min_length=1,
    )
    parts: list[Literal["subject", "body"]] = key(
        "Which parts of the message; left out, all.", ["subject"], default=[], min_length=1
    )
    amounts: Flag = key("Every amount in the message must be one of the account's.", True, default=False)

    @model_validator(mode="after")
    def _looks_for_something(self) -> Self:
        if not (self.words or self.amounts):
            raise mistake("the rule looks for nothing", "Add `words`, or `amounts: true`")
        return self

    def rule(self, pack_status: Status) -> Lint:
        """The rule that the keys mean, in a pack of that status."""
        words = {language: tuple(expressions) for language, expressions in self.words.items()}
        return Lint(**self.common(pack_status), words=words, parts=frozenset(self.parts), amounts=self.amounts)


class RetentionKeys(RuleKeys):
    """How long a kind of record is kept."""

    usual: ClassVar = OnHit.SUPPRESS

    kind: Literal["retention"] = key("The kind of rule.", "retention")
    record: RecordValue = key("What is kept.", "activity")
    years: Count = key("Years after the last activity.", 3)

    def rule(self, pack_status: Status) -> Retention:
        """The rule that the keys mean, in a pack of that status."""
        return Retention(**self.common(pack_status), record=self.record, years=self.years)


AnyRule = Annotated[
    HoursKeys | CalendarKeys | CapKeys | RequireKeys | ForbidKeys | RecencyKeys | HoldKeys | LintKeys | RetentionKeys,
    Field(discriminator="kind"),
]
