"""The pack file as it is written: one version of a pack, whom it concerns, and its rules."""

from __future__ import annotations

from outreach.documents.model import FileModel, key
from outreach.documents.words import CountryValue, DebtValue, LicenceValue, RoleValue, SlugValue
from outreach.domain.policy import Applies, Pack
from outreach.policies.rule_base import Text
from outreach.policies.rule_kinds import AnyRule
from outreach.policies.words import AreaValue, DayValue, PostalValue, StateValue, StatusValue, VersionValue


class AppliesKeys(FileModel):
    """Whom the pack concerns. One of the places is enough; roles and kinds of debt must fit, too."""

    countries: list[CountryValue] = key("Countries where the debtor may be.", ["US"], default=[], min_length=1)
    states: list[StateValue] = key("States where the debtor may be.", ["US-NY"], default=[], min_length=1)
    postal_codes: list[PostalValue] = key(
        "Beginnings of postal codes, with their country.", ["US:104"], default=[], min_length=1
    )
    area_codes: list[AreaValue] = key("Area codes of the debtor's numbers.", ["212"], default=[], min_length=1)
    licences: list[LicenceValue] = key("Where the collector is licensed.", ["US-CA"], default=[], min_length=1)
    roles: list[RoleValue] = key("In whose name is collected.", ["third_party"], default=[], min_length=1)
    debt: list[DebtValue] = key("What the debt is from.", ["consumer"], default=[], min_length=1)
    not_only: list[CountryValue] = key(
        "Countries whose debtors are left to their own packs when nothing else touches them.",
        ["CN"],
        default=[],
        min_length=1,
    )

    def applies(self) -> Applies:
        """Whom the keys mean."""
        return Applies(
            countries=frozenset(self.countries),
            states=frozenset(self.states),
            postal_codes=tuple(self.postal_codes),
            area_codes=frozenset(self.area_codes),
            licences=frozenset(self.licences),
            roles=frozenset(self.roles),
            debt=frozenset(self.debt),
            not_only=frozenset(self.not_only),
        )


class PackKeys(FileModel):
    """An Outreach policy pack: what the law of a place asks, with the source of every rule."""

    pack: SlugValue = key("Name of the pack; the file is <pack>@<version>.yaml.", "us-federal")
    version: VersionValue = key("Version of the pack, in quotes.", "2026.1")
    title: Text = key("What the pack holds, for people.", "Fair Debt Collection Practices Act and Regulation F")
    status: StatusValue = key(
        "How sure it is: verified at an official source, secondary, unverified (may only tighten), or proposed (not in "
        "force, never applied).",
        "secondary",
    )
    effective_from: DayValue | None = key("First day in force; left out, since ever.", "2021-11-30", default=None)
    effective_to: DayValue | None = key("From this day on it is no longer in force.", "2026-09-01", default=None)
    applies: AppliesKeys = key("Whom it concerns; left out, everybody.", {"countries": ["US"]}, default=AppliesKeys())
    rules: list[AnyRule] = key(
        "The rules; every one must be content.", [{"id": "RF-01", "kind": "hours"}], min_length=1
    )

    def built(self) -> Pack:
        """The pack that the keys mean."""
        return Pack(
            id=self.pack,
            version=self.version,
            title=self.title,
            status=self.status,
            applies=self.applies.applies(),
            rules=tuple(rule.rule(self.status) for rule in self.rules),
            effective_from=self.effective_from,
            effective_to=self.effective_to,
        )
